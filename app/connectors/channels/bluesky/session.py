"""A signed-in session with a personal data server: calls, errors, and keeping the tokens fresh.

An access token lives two hours. When a server says it is spent, the refresh token is exchanged
for a new pair, once for however many calls are waiting, and the new pair is stored before it is
used: a refresh token is good for one exchange. Where even that is refused, the app password
signs in again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar

import httpx
import msgspec

from app.connectors.base import Context, Secrets
from app.connectors.channels.bluesky.shapes import DidDocument, ErrorBody, SessionAnswer
from app.connectors.http import (
    SIGN_IN_FIRST,
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

ACCESS = "access"
REFRESH = "refresh"
APP_PASSWORD = "app_password"  # noqa: S105 - the name of a secret, not one
PDS = "pds"

Params = Mapping[str, str | int | Sequence[str]]
T = TypeVar("T")

_SPENT = frozenset({"ExpiredToken", "InvalidToken", "AuthMissing", "AuthenticationRequired"})
_ACCOUNT_CLOSED = {
    "AccountTakedown": "Its server has taken this Bluesky account down.",
    "AccountDeactivated": "This Bluesky account is deactivated.",
}
_LONGEST_REASON = 300


class Refused(Rejected):
    """A refusal with the protocol’s own name for it, such as ``NotFound``."""

    def __init__(self, message: str, *, name: str, reason: str, hint: str = "") -> None:
        super().__init__(message, reason=reason, hint=hint)
        self.name = name


class Session:
    """One account’s authenticated calls (XRPC) to its server.

    ``context.secrets`` holds ``access`` and ``refresh``, and where known ``app_password`` (to sign
    in again) and ``pds`` (the server that keeps the account’s posts, when it is not the one that
    was signed in to).
    """

    def __init__(
        self,
        context: Context,
        *,
        clock: Clock | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.did = context.profile.native_id
        self._profile = context.profile
        self._save = context.save_secrets
        self._secrets: Secrets = dict(context.secrets)
        self._renewing = asyncio.Lock()
        base = self._secrets.get(PDS) or context.profile.server
        self._clock = clock
        self._transport = transport
        self.http = Http(base, label=label_of(base), clock=clock, transport=transport)

    async def close(self) -> None:
        await self.http.close()

    async def get(self, method: str, shape: type[T], params: Params) -> T:
        """A query. Raises the ``ConnectorError`` family; it changes nothing, however it ends."""
        with changing_nothing():
            response = await self._authorised("GET", method, params=params)
            return self.http.decode(response, shape)

    async def post(self, method: str, shape: type[T], body: object) -> T:
        """A procedure with a JSON body. An answer that cannot be read counts as arrived."""
        return await self.post_bytes(method, shape, msgspec.json.encode(body), "application/json")

    async def post_bytes(self, method: str, shape: type[T], body: bytes, mime: str) -> T:
        response = await self._authorised("POST", method, content=body, mime=mime)
        return self.http.decode(response, shape)

    async def _authorised(
        self,
        verb: str,
        method: str,
        *,
        params: Params | None = None,
        content: bytes | None = None,
        mime: str = "",
    ) -> httpx.Response:
        for attempt in (1, 2):
            token = self._secrets.get(ACCESS, "")
            headers = {"Authorization": f"Bearer {token}"}
            if mime:
                headers["Content-Type"] = mime
            response = await self.http.request(
                verb, f"/xrpc/{method}", headers=headers, params=params, content=content
            )
            if response.status_code == httpx.codes.OK:
                return response
            if attempt == 1 and _error_of(response).error in _SPENT:
                await self._renew(token)
                continue
            break
        raise failure(self.http, response)

    async def _renew(self, spent: str) -> None:
        """New tokens in place of ``spent``; nothing to do when another call renewed meanwhile."""
        async with self._renewing:
            if self._secrets.get(ACCESS, "") != spent:
                return
            # The call that found its token spent was refused: however the renewal ends, that
            # call has not taken effect.
            with changing_nothing():
                answer = await self._refreshed() or await self._signed_in_again()
            secrets = {**self._secrets, ACCESS: answer.access_jwt, REFRESH: answer.refresh_jwt}
            self._save(secrets)
            self._secrets = secrets

    async def _refreshed(self) -> SessionAnswer | None:
        """The next pair of tokens; None when the refresh token is not taken any more."""
        response = await self.http.request(
            "POST",
            "/xrpc/com.atproto.server.refreshSession",
            headers={"Authorization": f"Bearer {self._secrets.get(REFRESH, '')}"},
        )
        # A web page is no verdict on the token: it comes from the network, not from Bluesky.
        if response.status_code in (400, 401) and not is_web_page(response):
            return None
        if response.status_code != httpx.codes.OK:
            raise failure(self.http, response)
        return self.http.decode(response, SessionAnswer)

    async def _signed_in_again(self) -> SessionAnswer:
        password = self._secrets.get(APP_PASSWORD, "")
        if not password:
            raise self._expired()
        http = Http(
            self._profile.server,
            label=label_of(self._profile.server),
            clock=self._clock,
            transport=self._transport,
        )
        try:
            response = await create_session(http, self.did, password)
        finally:
            await http.close()
        if _error_of(response).error == "AuthenticationRequired":
            raise self._expired()
        if response.status_code != httpx.codes.OK:
            raise failure(http, response)
        return http.decode(response, SessionAnswer)

    def _expired(self) -> AuthExpired:
        return AuthExpired(
            f"Bluesky no longer accepts the sign-in of {self._profile.handle}.",
            hint="Connect the account again with a new app password.",
        )


@contextmanager
def changing_nothing() -> Iterator[None]:
    """Around requests that cannot have carried out the wish: their failures have not reached."""
    try:
        yield
    except ConnectorError as error:
        error.reached = False
        raise


def label_of(url: str) -> str:
    """What a person reads for a server: its host."""
    host = url.partition("://")[2]
    return "Bluesky" if host == "bsky.social" else host


async def create_session(http: Http, identifier: str, password: str) -> httpx.Response:
    """The server’s answer to a sign-in, whatever its status."""
    return await http.request(
        "POST",
        "/xrpc/com.atproto.server.createSession",
        json={"identifier": identifier, "password": password},
    )


def pds_of(answer: SessionAnswer) -> str:
    """The server that keeps the account’s records, from its DID document; "" when not told."""
    try:
        document = msgspec.json.decode(answer.did_doc, type=DidDocument | None)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    for service in document.service if document else ():
        if service.id.endswith("#atproto_pds"):
            return service.service_endpoint
    return ""


def failure(http: Http, response: httpx.Response) -> ConnectorError:
    """The error an answer other than 200 means.

    Refusals (4xx) have not taken effect. An answer of 5xx to a write may have: it is ``reached``.
    """
    status, body = response.status_code, _error_of(response)
    reason = " ".join(body.message.split())[:_LONGEST_REASON]
    writes = response.request.method != "GET"
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return http.rate_limited(response)
    if status == httpx.codes.SERVICE_UNAVAILABLE and "retry-after" in response.headers:
        return http.rate_limited(response, reached=writes)
    if httpx.codes.is_server_error(status) and status != httpx.codes.NOT_IMPLEMENTED:
        return Unreachable(
            f"{http.label} is having trouble (HTTP {status}).",
            hint="It is tried again by itself.",
            reached=writes,
            in_between=wants_sign_in_to_network(response),
        )
    if is_redirection(response):
        return Elsewhere(http.label, response)
    if is_web_page(response):
        return http.web_page(response)
    if body.error in _ACCOUNT_CLOSED:
        return Refused(
            _ACCOUNT_CLOSED[body.error],
            name=body.error,
            reason=reason,
            hint="Sign in to Bluesky in a browser to see why.",
        )
    if status == httpx.codes.UNAUTHORIZED or body.error in _SPENT:
        return AuthExpired(
            f"{http.label} no longer accepts this sign-in.",
            hint="Connect the account again with a new app password.",
        )
    if body.error:
        return Refused(
            f"{http.label} refused: {reason or body.error}.".replace("..", "."),
            name=body.error,
            reason=reason or body.error,
            hint="Change what was sent, or look at it on Bluesky."
            if writes
            else "Look at the account on Bluesky.",
        )
    return ContractBroken(
        f"{http.label} answered as Bluesky’s servers do not (HTTP {status}).",
        detail=response.request.url.path,
        hint=SIGN_IN_FIRST,
        reached=False,
    )


def _error_of(response: httpx.Response) -> ErrorBody:
    if response.status_code == httpx.codes.OK:
        return ErrorBody()
    try:
        return msgspec.json.decode(response.content, type=ErrorBody)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ErrorBody()
