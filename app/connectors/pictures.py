"""Fetches the pictures that messages point to, each as from a stranger.

Anybody can put an address into a message. Behind it may wait a server that counts its readers, a
file that fills the memory, a redirection into the network of this office, or no picture at all.
So nothing is sent along (no cookie, no sign-in, no referrer), and what comes back is bounded in
size, pixels, time and number before anything looks at it. Only pictures are taken, told by their
first bytes and never by what a server calls them; SVG is a program and not among them.
"""

from __future__ import annotations

import asyncio
import functools
import ssl
from urllib.parse import urljoin, urlsplit

import httpx

from app.connectors.addresses import Resolve, is_public, resolve
from app.connectors.http import USER_AGENT, is_redirection
from app.connectors.picture_size import pixel_size
from app.domain.errors import ConnectorError, Rejected, Unreachable
from app.domain.links import target_of
from app.domain.records import dataclass

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_REDIRECTIONS = 3
TIME_S = 30.0
"""For one picture from asking to its last byte, however steadily it trickles."""
AT_ONCE = 4
_TIMEOUT = httpx.Timeout(connect=8.0, read=15.0, write=8.0, pool=8.0)
_ADDRESSES_TRIED = 3
_PORTS = {"https": 443, "http": 80}
_TELLING = 16
"""So many bytes tell what kind of picture it is."""
_HEADER = 1024 * 1024
"""A JPEG tells its size only after what the camera wrote, but not later than this."""
_HEADERS = {
    "User-Agent": USER_AGENT,
    "Accept": "image/jpeg, image/png, image/gif, image/webp",
    # Compressed once more, a small answer could unfold into any size.
    "Accept-Encoding": "identity",
    "Connection": "close",
}
_NOT_LOADED = "It was not loaded."


@dataclass(frozen=True, slots=True)
class Fetched:
    """A picture as it was sent: its bytes, its kind, its width and height in pixels."""

    body: bytes
    mime: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Place:
    url: httpx.URL
    host: str
    port: int
    trusted: bool


class PictureClient:
    """Lives on the network thread’s loop; keeps no connection and nothing else between pictures."""

    def __init__(
        self,
        *,
        find: Resolve = resolve,
        transport: httpx.AsyncBaseTransport | None = None,
        time_s: float = TIME_S,
    ) -> None:
        self._find = find
        self._transport = transport
        self._time_s = time_s
        self._few = asyncio.Semaphore(AT_ONCE)

    async def fetch(self, url: str, *, own: str = "") -> Fetched:
        """The picture at ``url``.

        ``own`` is the base URL of the account’s own server, which an agent named: it alone may be
        a private address, and on this very machine speak plain http. Raises Unreachable where
        trying again may help, Rejected where it does not.
        """
        async with self._few:
            try:
                async with asyncio.timeout(self._time_s):
                    return await self._follow(url, _origin(own))
            except TimeoutError as error:
                raise Unreachable(f"{_host(url)} didn’t send the picture in time.") from error

    async def _follow(self, url: str, own: tuple[str, str, int] | None) -> Fetched:
        first = url
        for _ in range(1 + MAX_REDIRECTIONS):
            answer = await self._get(_checked(url, own))
            if isinstance(answer, Fetched):
                return answer
            url = urljoin(url, answer)
        raise Rejected(f"{_host(first)} sends on and on.", hint=_NOT_LOADED)

    async def _get(self, place: _Place) -> Fetched | str:
        """The picture, or where it is said to be."""
        last: httpx.HTTPError | None = None
        for address in await self._addresses(place):
            try:
                return await self._ask(place, address)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                last = error
            except httpx.TimeoutException as error:
                raise Unreachable(f"{place.host} didn’t send the picture in time.") from error
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise Unreachable(f"The connection to {place.host} broke.") from error
        raise Unreachable(f"{place.host} cannot be reached.") from last

    async def _addresses(self, place: _Place) -> tuple[str, ...]:
        try:
            found = await self._find(place.host, place.port)
        except (OSError, UnicodeError) as error:
            raise Unreachable(f"{place.host} cannot be reached.") from error
        # One private address among public ones is a trap rather than a mistake.
        if not place.trusted and not all(is_public(address) for address in found):
            raise Rejected("The picture leads into a private network.", hint=_NOT_LOADED)
        return found[:_ADDRESSES_TRIED]

    async def _ask(self, place: _Place, address: str) -> Fetched | str:
        """Connect to ``address``; the certificate must still be that of the host."""
        default = _PORTS[place.url.scheme] == place.port
        named = f"[{place.host}]" if ":" in place.host else place.host
        headers = {**_HEADERS, "Host": named if default else f"{named}:{place.port}"}
        # A client of its own for each: no cookie of one picture can go with another. Without
        # trust in the environment no password of a .netrc goes along either.
        async with (
            httpx.AsyncClient(
                verify=_certificates(), trust_env=False, timeout=_TIMEOUT, transport=self._transport
            ) as client,
            client.stream(
                "GET",
                place.url.copy_with(host=address),
                headers=headers,
                extensions={"sni_hostname": place.host},
            ) as response,
        ):
            target = response.headers.get("location", "")
            if is_redirection(response) and target:
                return str(target)
            if response.status_code != httpx.codes.OK:
                raise _refusal(place.host, response.status_code)
            return await _read(place.host, response)


@functools.cache
def _certificates() -> ssl.SSLContext:
    """Whose signatures count: reading the list takes longer than many a picture."""
    return httpx.create_ssl_context()


async def _read(host: str, response: httpx.Response) -> Fetched:
    if int(response.headers.get("content-length", "0")) > MAX_BYTES:
        raise _too_large()
    body = bytearray()
    mime = ""
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MAX_BYTES:
            raise _too_large()
        if not mime and len(body) >= _TELLING:
            mime = _kind(bytes(body[:_TELLING]))
            if not mime:
                break
    if not mime:
        raise Rejected(
            f"What {host} sent is no picture.", hint="JPEG, PNG, GIF and WebP are shown."
        )
    size = pixel_size(bytes(body[:_HEADER]))
    if size is None:
        raise Rejected("The picture is damaged.", hint=_NOT_LOADED)
    width, height = size
    if width * height > MAX_PIXELS:
        raise Rejected("The picture has more than 40 million pixels.", hint=_NOT_LOADED)
    return Fetched(bytes(body), mime, width, height)


def _kind(head: bytes) -> str:
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    return "image/webp" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else ""


def _checked(url: str, own: tuple[str, str, int] | None) -> _Place:
    """Where an address leads, if it is one to go to at all."""
    target = target_of(url)
    if target is None:
        raise Rejected("The picture has no web address.", hint=_NOT_LOADED)
    try:
        parsed = httpx.URL(target.url)
    except httpx.InvalidURL as error:
        raise Rejected("The picture has no web address.", hint=_NOT_LOADED) from error
    trusted = _origin(target.url) == own
    if parsed.scheme != "https" and not trusted:
        raise Rejected("The picture comes without encryption.", hint=_NOT_LOADED)
    return _Place(parsed, target.host, parsed.port or _PORTS[parsed.scheme], trusted)


def _origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port; None where there is no host."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname or parts.scheme not in _PORTS:
        return None
    return parts.scheme, parts.hostname, port or _PORTS[parts.scheme]


def _host(url: str) -> str:
    target = target_of(url)
    return target.host if target else "The server"


def _refusal(host: str, status: int) -> ConnectorError:
    match status:
        case 404 | 410:
            return Rejected(f"The picture is no longer at {host}.")
        case 401 | 403 | 451:
            return Rejected(f"{host} does not give the picture out.")
        case _:
            return Unreachable(f"{host} didn’t send the picture (status {status}).")


def _too_large() -> Rejected:
    return Rejected("The picture is larger than 10 MB.", hint=_NOT_LOADED)
