"""Requests to one Mastodon server for one account, and its refusals in the domain’s words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from app.connectors.channels.mastodon.shapes import Failure, Instance
from app.connectors.html import html_to_text
from app.connectors.http import (
    Elsewhere,
    Http,
    is_redirection,
    is_web_page,
    wants_sign_in_to_network,
)
from app.domain.clock import Clock
from app.domain.errors import (
    AuthExpired,
    ConnectorError,
    ContractBroken,
    Rejected,
    Unreachable,
)

T = TypeVar("T")
Params = list[tuple[str, str]]

_LONGEST_REASON = 200
_ENDS = (".", "!", "?", "…")
_LOGIN_TROUBLE = re.compile(r"login|suspend|disabled|moved|confirm|pending|approv", re.IGNORECASE)


class Gone(Rejected):
    """The service says that what was asked for does not exist, or not for us."""


class ScopeMissing(AuthExpired):
    """The sign-in is good but was granted less than what was asked."""


def host_of(server: str) -> str:
    return urlsplit(server).netloc


class Api:
    """The server of one account; ``token`` may be empty for what anybody may ask."""

    def __init__(
        self,
        server: str,
        token: str,
        *,
        clock: Clock | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.server = server
        self.host = host_of(server)
        self.token = token
        self.http = Http(server, label=self.host, clock=clock, transport=transport)
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def close(self) -> None:
        await self.http.close()

    async def get(self, path: str, params: Params | None = None) -> httpx.Response:
        response = await self.http.request("GET", path, headers=self._headers, params=params)
        return self._checked(response, writes=False)

    async def read(self, shape: type[T], path: str, params: Params | None = None) -> T:
        """The answer to a GET as ``shape``; raises a ``ConnectorError``."""
        return self.http.decode(await self.get(path, params), shape)

    async def post(
        self, path: str, *, headers: Mapping[str, str] | None = None, **kwargs: Any
    ) -> httpx.Response:
        """A request that changes something; ``kwargs`` as httpx takes them."""
        merged = {**self._headers, **(headers or {})}
        response = await self.http.request("POST", path, headers=merged, **kwargs)
        return self._checked(response, writes=True)

    async def delete(self, path: str) -> httpx.Response:
        response = await self.http.request("DELETE", path, headers=self._headers)
        return self._checked(response, writes=True)

    async def instance(self) -> Instance:
        """What the server says of itself: version 2, or 1 where there is no 2."""
        try:
            return await self.read(Instance, "/api/v2/instance")
        except (Rejected, ContractBroken):
            return await self.read(Instance, "/api/v1/instance")

    def _checked(self, response: httpx.Response, *, writes: bool) -> httpx.Response:
        if response.is_success:
            return response
        raise self._problem(response, writes=writes)

    def _problem(self, response: httpx.Response, *, writes: bool) -> ConnectorError:
        status = response.status_code
        if status == httpx.codes.TOO_MANY_REQUESTS:
            return self.http.rate_limited(response)
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            if status == httpx.codes.SERVICE_UNAVAILABLE and "retry-after" in response.headers:
                return self.http.rate_limited(response, reached=writes)
            return Unreachable(
                f"{self.host} has a problem of its own (status {status}).",
                hint="It is tried again by itself.",
                reached=True,
                in_between=wants_sign_in_to_network(response),
            )
        if status == httpx.codes.CONFLICT and writes:
            # With an idempotency key this says that the first try has not come to its end yet.
            return Unreachable(
                f"{self.host} is still at work on an earlier request.",
                hint="It is looked up before anything is sent again.",
                reached=True,
            )
        if is_redirection(response):
            return Elsewhere(self.host, response)
        if is_web_page(response):
            return self.http.web_page(response)
        return self._refusal(response, reason_of(response))

    def _refusal(self, response: httpx.Response, reason: str) -> ConnectorError:
        status = response.status_code
        if status == httpx.codes.UNAUTHORIZED:
            return AuthExpired(
                f"{self.host} no longer accepts the sign-in of this account.",
                hint="Connect the account again.",
            )
        if status == httpx.codes.FORBIDDEN and "scope" in reason.lower():
            return ScopeMissing(
                f"The sign-in at {self.host} was not granted everything that Seamline uses.",
                hint="Connect the account again and grant reading and writing.",
            )
        if status == httpx.codes.FORBIDDEN and _LOGIN_TROUBLE.search(reason):
            return AuthExpired(
                f"{self.host} does not let this account in: {reason}",
                hint="Sign in there in a browser to see why.",
            )
        if status in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
            return Gone(
                f"{self.host} does not have what was asked for.",
                reason=reason,
                hint="It was deleted, or is not visible to this account.",
            )
        mendable = status != httpx.codes.FORBIDDEN and response.request.method != "GET"
        return Rejected(
            ended(f"{self.host} refused: {reason or f'status {status}'}"),
            reason=reason,
            hint="Change it and send it again."
            if mendable
            else "Look at the account there in a browser to see why.",
        )


def ended(sentence: str) -> str:
    """With a full stop, where the service’s own words did not bring an end."""
    return sentence if sentence.endswith(_ENDS) else f"{sentence}."


def reason_of(response: httpx.Response) -> str:
    """The service’s own words for a refusal, shortened; "" when it gives none."""
    try:
        failure = msgspec.json.decode(response.content, type=Failure)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # Not by the charset it names: some of those are no charsets, and fail.
        plain = "text/plain" in response.headers.get("content-type", "")
        text = response.content.decode("utf-8", "replace") if plain else ""
    else:
        text = failure.error_description or failure.error or ""
    text = " ".join(html_to_text(text).split())
    return text if len(text) <= _LONGEST_REASON else f"{text[: _LONGEST_REASON - 1]}…"
