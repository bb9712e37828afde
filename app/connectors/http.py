"""One HTTP client for all connectors: time-outs, sizes, and errors in the domain's words."""

from __future__ import annotations

import email.utils
import ipaddress
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from app import __version__
from app.domain.clock import Clock, SystemClock
from app.domain.errors import BadInput, ContractBroken, RateLimited, Unreachable

USER_AGENT = f"Seamline/{__version__}"
TIMEOUT = httpx.Timeout(connect=10.0, read=30.0, write=30.0, pool=30.0)
MAX_BODY = 16 * 1024 * 1024
_DEFAULT_REST = timedelta(seconds=60)
_LONGEST_REST = timedelta(hours=24)
_EPOCH_FROM = 10_000_000
"""A larger number in a header is a moment since 1970, a smaller one seconds from now."""

T = TypeVar("T")


def is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def server_url(typed: str) -> str:
    """The base URL (scheme, host, port) of a server as a person types it.

    A missing scheme means https; plain http is taken only for this very machine.
    """
    text = typed.strip().rstrip("/")
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if not host or parts.scheme not in ("http", "https") or " " in text or parts.username:
        raise BadInput(
            f"“{typed.strip()}” is not a server address.",
            hint="Write it like https://mastodon.social.",
        )
    if parts.scheme == "http" and not is_loopback(host):
        raise BadInput(
            f"{host} was given with http, which anybody on the way can read.",
            hint=f"Write https://{host}.",
        )
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port else "")


class Http:
    """An httpx client bound to one server; answers are whole bodies within a size.

    Every failure of the transport becomes ``Unreachable``; its ``reached`` is false only when no
    connection was made, so the server cannot have seen the request.
    """

    def __init__(
        self,
        base_url: str,
        *,
        label: str,
        clock: Clock | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.base_url = base_url
        self.label = label
        self.clock = clock or SystemClock()
        self.client = httpx.AsyncClient(
            base_url=base_url,
            timeout=TIMEOUT,
            headers={"User-Agent": USER_AGENT},
            follow_redirects=False,
            transport=transport,
        )

    async def close(self) -> None:
        await self.client.aclose()

    async def request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> httpx.Response:
        """The answer, its body read; any status. ``kwargs`` as httpx takes them."""
        try:
            async with self.client.stream(method, path, headers=headers, **kwargs) as response:
                body = bytearray()
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > MAX_BODY:
                        raise ContractBroken(
                            f"{self.label} sent an answer of more than 16 MB.",
                            detail=f"{method} {urlsplit(path).path}",
                            hint="It was not read.",
                        )
                # The body is decoded already; the headers must not ask for it again.
                kept = [
                    (name, value)
                    for name, value in response.headers.multi_items()
                    if name.lower() not in ("content-encoding", "content-length")
                ]
                return httpx.Response(
                    response.status_code,
                    headers=kept,
                    content=bytes(body),
                    request=response.request,
                )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Unreachable(
                f"{self.label} cannot be reached.",
                hint="Check the connection; it is tried again by itself.",
                reached=False,
            ) from error
        except httpx.TimeoutException as error:
            raise Unreachable(
                f"{self.label} didn’t answer in time.",
                hint="It is tried again by itself.",
                reached=True,
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unreachable(
                f"The connection to {self.label} broke.",
                hint="It is tried again by itself.",
                reached=True,
            ) from error

    def decode(self, response: httpx.Response, shape: type[T]) -> T:
        """The body as ``shape``; raises ``ContractBroken`` saying where it departs."""
        try:
            return msgspec.json.decode(response.content, type=shape, strict=False)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            kind = response.headers.get("content-type", "nothing").split(";")[0]
            raise ContractBroken(
                f"{self.label} sent {kind} that cannot be read.",
                detail=f"{response.request.url.path}: {error}",
                hint="If a network asks you to sign in first, do that in a browser.",
            ) from error

    def rate_limited(self, response: httpx.Response) -> RateLimited:
        """The rest a 429 (or 503 with a date) asks for, from whichever header names it."""
        retry_at = self._retry_at(response.headers)
        return RateLimited(
            f"{self.label} asks for a rest until {retry_at.astimezone():%H:%M}.",
            retry_at=retry_at,
            hint="It goes on by itself.",
        )

    def _retry_at(self, headers: httpx.Headers) -> datetime:
        now = self.clock.now()
        for name in ("retry-after", "ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset"):
            at = _parse_moment(headers.get(name, ""), now)
            if at is not None:
                return min(max(at, now + timedelta(seconds=1)), now + _LONGEST_REST)
        return now + _DEFAULT_REST


def _parse_moment(value: str, now: datetime) -> datetime | None:
    """A header's moment: seconds from now, epoch seconds, ISO 8601 or an HTTP date."""
    value = value.strip()
    if not value:
        return None
    try:
        number = float(value)
    except ValueError:
        pass
    else:
        try:
            far = number > _EPOCH_FROM
            return datetime.fromtimestamp(number, UTC) if far else now + timedelta(seconds=number)
        except (OverflowError, ValueError, OSError):
            return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        try:
            at = email.utils.parsedate_to_datetime(value)
        except ValueError:
            return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
