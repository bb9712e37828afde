"""One HTTP client for all connectors: time-outs, sizes, and errors in the domain's words."""

from __future__ import annotations

import email.utils
import functools
import ipaddress
import re
import socket
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from app import __version__
from app.connectors.nesting import shallow
from app.domain.clock import Clock, SystemClock
from app.domain.errors import BadInput, ContractBroken, RateLimited, Unreachable
from app.domain.links import exposed_line

USER_AGENT = f"Seamline/{__version__}"
TIMEOUT = httpx.Timeout(connect=10.0, read=30.0, write=30.0, pool=30.0)
MAX_BODY = 16 * 1024 * 1024
_DEFAULT_REST = timedelta(seconds=60)
_LONGEST_REST = timedelta(hours=24)
_EPOCH_FROM = 10_000_000
"""A larger number in a header is a moment since 1970, a smaller one seconds from now."""

SIGN_IN_FIRST = (
    "Perhaps this network wants you to sign in first: open any page in a browser, then try again."
)
_REDIRECTIONS = range(300, 400)
_ENCODINGS = ("gzip", "deflate")
"""How bodies may be packed: one of these, once. Others unpack a message into gigabytes at a blow
(zstd) or may be packed again and again, each time a thousandfold."""
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?\.?")
_LONGEST_HOST = 253
_LONGEST_LABEL = 63
_LONGEST_ECHO = 80
_SHOWN = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""What reorders is not printable either, but is written out rather than left out."""
_FOR_NOW = (302, 303, 307)
"""What a network’s own page redirects with; a server that has moved says so for good."""
_OUT_OF_TIME = (9, 10)
"""OpenSSL’s codes for a certificate that is not yet, or no longer, valid: the service’s own."""

T = TypeVar("T")


class Elsewhere(ContractBroken):
    """The answer was a redirection, which is never followed: it could lead us anywhere.

    ``target`` is the host it leads to, "" when it is the same.
    """

    def __init__(self, label: str, response: httpx.Response) -> None:
        asked = response.request.url
        try:
            parts = urlsplit(response.headers.get("location", ""))
            target, host = parts.netloc.rpartition("@")[2], parts.hostname or ""
        except ValueError:
            target, host = "an address that is none", ""
        self.target = "" if target == asked.netloc.decode("ascii") else target[:_LONGEST_HOST]
        self.leads_inside = bool(self.target) and is_private(host)
        super().__init__(
            f"{label} sends on to {self.target or 'another page'}.",
            detail=f"{response.request.method} {asked.path}",
            hint=f"Seamline does not follow into a private network. {SIGN_IN_FIRST}"
            if self.leads_inside
            else "Seamline does not follow. Connect the account at its new address, or sign in to"
            " this network in a browser first.",
            # “See other” may be the answer to what was done; the rest say that nothing was.
            reached=response.status_code == httpx.codes.SEE_OTHER
            and response.request.method != "GET",
            in_between=self.leads_inside
            or (bool(self.target) and response.status_code in _FOR_NOW),
        )

    @property
    def advice(self) -> str:
        """What to do about it when an account is being connected."""
        if not self.target:
            return ""
        if self.leads_inside:
            return self.hint
        return f"It points to {self.target}: try that. {SIGN_IN_FIRST}"


@functools.cache
def _tls() -> ssl.SSLContext:
    """One for all clients: reading the list of authorities takes longer than many a request."""
    return httpx.create_ssl_context()


def is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_private(host: str) -> bool:
    """Whether a host is named as one of this machine or of the network around it.

    Systems also read 127.1, 0177.0.0.1 and 2130706433 as addresses, and so does this.
    """
    host = host.rstrip(".").lower()
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        pass
    try:
        return not ipaddress.IPv4Address(socket.inet_aton(host)).is_global
    except (OSError, ValueError):
        return is_loopback(host) or host.endswith((".local", ".internal", ".home.arpa"))


def _network_name(host: str) -> str:
    """The host in ASCII, an address of version 6 without its brackets; "" when it is none.

    Raises ValueError or httpx.InvalidURL for what cannot be a host either.
    """
    if ":" in host:
        return str(ipaddress.IPv6Address(host))
    name = httpx.URL(scheme="https", host=host).raw_host.decode("ascii").lower() if host else ""
    fits = len(name) <= _LONGEST_HOST and max(map(len, name.split("."))) <= _LONGEST_LABEL
    return name if fits and ".." not in name and _HOST.fullmatch(name) else ""


def server_url(typed: str) -> str:
    """The base URL (scheme, host, port) of a server as a person types it.

    A missing scheme means https; plain http is taken only for this very machine. A host in
    other letters than Latin comes back as the network knows it (``xn--…``), so that none can
    pretend to be another.
    """
    text = typed.strip().rstrip("/")
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
        host = _network_name(parts.hostname or "")
    except (ValueError, httpx.InvalidURL):
        host, port, parts = "", None, urlsplit("")
    if not host or parts.scheme not in ("http", "https") or " " in text or "@" in parts.netloc:
        shown = exposed_line("".join(c if c.isprintable() or c in _SHOWN else " " for c in typed))
        shown = shown.strip()
        raise BadInput(
            f"“{shown if len(shown) <= _LONGEST_ECHO else shown[:_LONGEST_ECHO] + '…'}”"
            " is not a server address.",
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
            verify=_tls(),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": ", ".join(_ENCODINGS)},
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
        if self.client.is_closed:  # by whoever makes all connections anew, as after a sleep
            raise Unreachable(
                f"The connection to {self.label} is being made anew.",
                hint="It is tried again by itself.",
                reached=False,
            )
        try:
            async with self.client.stream(method, path, headers=headers, **kwargs) as response:
                if response.headers.get("content-encoding", "identity").strip().lower() not in (
                    "",
                    "identity",
                    *_ENCODINGS,
                ):
                    raise self._oddly_packed(response)
                if int(response.headers.get("content-length", "0")) > MAX_BODY:
                    raise self._too_much(response)
                body = bytearray()
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > MAX_BODY:
                        raise self._too_much(response)
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
            if _is_about_tls(error):
                reason, hint = _why_unsafe(error)
                raise Unreachable(
                    f"There is no safe connection to {self.label}: {reason}.",
                    hint=hint,
                    reached=False,
                    in_between=_is_of_somebody_else(error),
                ) from error
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
        """The body as ``shape``; raises ``ContractBroken`` saying where it departs.

        What is nested too deep to be read is taken out, so that one message cannot keep back those
        around it.
        """
        try:
            try:
                return msgspec.json.decode(response.content, type=shape, strict=False)
            except RecursionError:
                return msgspec.json.decode(shallow(response.content), type=shape, strict=False)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            if is_web_page(response):
                raise self.web_page(response) from error
            raise ContractBroken(
                f"{self.label} sent an answer that cannot be read.",
                detail=f"{response.request.url.path}: {error}",
                hint="It is tried again by itself. If it stays so, its server has a problem.",
            ) from error

    def web_page(self, response: httpx.Response) -> ContractBroken:
        """HTML where data was promised: from a network’s own page, or a proxy on the way.

        ``reached`` only where the status claims success.
        """
        return ContractBroken(
            f"{self.label} sent a web page where an answer was due"
            f" (status {response.status_code}).",
            detail=f"{response.request.method} {response.request.url.path}",
            hint=SIGN_IN_FIRST,
            reached=response.is_success,
            in_between=True,
        )

    def _oddly_packed(self, response: httpx.Response) -> ContractBroken:
        return ContractBroken(
            f"{self.label} sent an answer packed in a way that was not asked for.",
            detail=response.headers.get("content-encoding", "")[:_LONGEST_ECHO],
            hint="It was not read. If it stays so, its server has a problem.",
        )

    def _too_much(self, response: httpx.Response) -> ContractBroken:
        return ContractBroken(
            f"{self.label} sent an answer of more than 16 MB.",
            detail=f"{response.request.method} {response.request.url.path}",
            hint="It was not read. If it stays so, its server has a problem.",
        )

    def their_clock(self, response: httpx.Response) -> timedelta:
        """How far the server’s clock is ahead of ours by its ``Date``; zero where it has none."""
        now = self.clock.now()
        return (_parse_moment(response.headers.get("date", ""), now) or now) - now

    def rate_limited(self, response: httpx.Response, *, reached: bool = False) -> RateLimited:
        """The rest a 429 (or 503 with a date) asks for, from whichever header names it.

        ``reached``: whether the request may have been carried out all the same.
        """
        retry_at = self.clock.now() + self._rest(response)
        limited = RateLimited(
            f"{self.label} asks for a rest until {retry_at.astimezone():%H:%M}.",
            retry_at=retry_at,
            hint="It goes on by itself.",
        )
        limited.reached = reached
        return limited

    def _rest(self, response: httpx.Response) -> timedelta:
        """How long to wait. A moment is one on the server’s clock, which need not be ours."""
        theirs = self.clock.now() + self.their_clock(response)
        for name in ("retry-after", "ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset"):
            at = _parse_moment(response.headers.get(name, ""), theirs)
            if at is not None:
                return min(max(at - theirs, timedelta(seconds=1)), _LONGEST_REST)
        return _DEFAULT_REST


def is_web_page(response: httpx.Response) -> bool:
    start = response.content[:64].lstrip().lower()
    return "html" in response.headers.get("content-type", "") or start.startswith(
        (b"<!doctype html", b"<html")
    )


def wants_sign_in_to_network(response: httpx.Response) -> bool:
    """RFC 6585, section 6: sent by what controls the network, never by the service itself."""
    return response.status_code == httpx.codes.NETWORK_AUTHENTICATION_REQUIRED


def is_redirection(response: httpx.Response) -> bool:
    return response.status_code in _REDIRECTIONS


def _is_about_tls(error: BaseException) -> bool:
    """Whether the handshake failed, as opposed to one that was not over in time."""
    seen: BaseException | None = error if isinstance(error, httpx.ConnectError) else None
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return not isinstance(seen, ssl.SSLWantReadError | ssl.SSLWantWriteError)
        seen = seen.__cause__ or seen.__context__
    return False


def _verify_code(error: BaseException) -> int:
    """What OpenSSL found wrong with a certificate; 0 when it was not about the certificate."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return seen.verify_code
        seen = seen.__cause__ or seen.__context__
    return 0


def _is_of_somebody_else(error: BaseException) -> bool:
    """Whether the certificate is good for another host, or vouched for by nobody we know."""
    return _verify_code(error) not in (0, *_OUT_OF_TIME)


def _why_unsafe(error: BaseException) -> tuple[str, str]:
    """Half a sentence for what is wrong, and what to do about it."""
    code = _verify_code(error)
    if not code:
        return "it does not encrypt as it should", SIGN_IN_FIRST
    if code in _OUT_OF_TIME:
        hint = "Check the date and the clock of this computer; if they are right, try again later."
        return "its certificate is not valid at this time", hint
    return "its certificate is not its own", SIGN_IN_FIRST


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
