"""Pictures from strangers: what is taken, what is refused, and what never leaves this machine."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.connectors.addresses import is_public, resolve
from app.connectors.picture_size import pixel_size, sane_extent
from app.connectors.pictures import MAX_BYTES, Fetched, PictureClient
from app.domain.errors import ConnectorError, Rejected, Unreachable
from tests.e2e.pictures import a_picture
from tests.faults import server as faulty
from tests.faults.server import Answer, FaultServer, SilentServer, of_somebody_else

PICTURE = a_picture(64, 48)
PUBLIC = "93.184.215.14"
BOMB = PICTURE[:16] + (50_000).to_bytes(4, "big") * 2 + PICTURE[24:]
INSIDE = (
    "http://127.0.0.1:{port}/secret", "https://127.0.0.1:{port}/secret",
    "https://10.0.0.1/p.png", "https://169.254.169.254/latest/meta-data", "https://[::1]/p.png",
    "https://192.168.1.1/p.png", "https://172.16.0.1/p.png", "https://100.64.0.1/p.png",
    "https://[fe80::1]/p.png", "https://[fd00::1]/p.png", "https://[::ffff:10.0.0.1]/p.png",
    "https://[64:ff9b::a00:1]/p.png", "https://0.0.0.0/p.png", "https://2130706433/p.png",
    "https://0x7f.1/p.png", "https://localhost/p.png",
)  # fmt: skip


def answering(answer: Answer) -> FaultServer:
    return FaultServer(lambda _request: answer)


async def fetched(server: FaultServer, path: str = "/p.png", time_s: float = 30.0) -> Fetched:
    """What the client makes of the server, which is the account’s own."""
    own = f"http://127.0.0.1:{server.port}"
    return await PictureClient(time_s=time_s).fetch(own + path, own=own)


def refused(answer: Answer, kind: type[ConnectorError] = Rejected) -> str:
    async def run() -> str:
        async with answering(answer) as server:
            with pytest.raises(kind) as caught:
                await fetched(server)
            return str(caught.value)

    return asyncio.run(run())


def test_a_picture_comes_and_nothing_of_ours_goes_along() -> None:
    async def run() -> None:
        async with answering(Answer(body=PICTURE, headers={"set-cookie": "who=you"})) as server:
            assert await fetched(server) == Fetched(PICTURE, "image/png", 64, 48)
            await fetched(server)
            sent = server.requests[1].headers
            assert set(sent) == {"host", "user-agent", "accept", "accept-encoding", "connection"}

    asyncio.run(run())


@pytest.mark.parametrize(
    ("mime", "body"),
    [
        ("image/gif", b"GIF89a" + (3).to_bytes(2, "little") * 2 + bytes(8)),
        ("image/jpeg", bytes.fromhex("ffd8ffe00002ffc20011080003000300000000")),
        ("image/webp", b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + (2).to_bytes(3, "little") * 2),
    ],
)
def test_kinds_are_told_by_the_first_bytes_and_not_by_the_server(mime: str, body: bytes) -> None:
    async def run() -> Fetched:
        async with answering(Answer(body=body, headers={"content-type": "text/html"})) as server:
            return await fetched(server)

    assert asyncio.run(run()) == Fetched(body, mime, 3, 3)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(body=b"", headers={"x": "y"}), "is no picture"),
        (Answer(body=b"<svg xmlns='http://www.w3.org/2000/svg'></svg>",
                headers={"content-type": "image/png"}), "is no picture"),
        (Answer(body=b"<!doctype html><title>Sign in</title>"), "is no picture"),
        (Answer(size=64 * 1024 * 1024), "is no picture"),
        (Answer(body=PICTURE[:18]), "damaged"),
        (Answer(body=BOMB), "40 million pixels"),
        (Answer(404), "no longer at 127.0.0.1"),
        (Answer(403), "does not give the picture out"),
    ],
)  # fmt: skip
def test_what_is_no_picture_for_us_is_named(answer: Answer, told: str) -> None:
    assert told in refused(answer)


def test_a_large_picture_is_refused_before_its_first_byte_is_read() -> None:
    promised = Answer(body=PICTURE + bytes(MAX_BYTES), stop_at=0.0, stalls=True)
    assert "larger than 10 MB" in refused(promised)


def test_a_large_picture_that_does_not_tell_its_size_is_cut_off() -> None:
    async def endless(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + PICTURE)
        while True:
            writer.write(bytes(65_536))
            await writer.drain()

    error = asyncio.run(against(endless))
    assert isinstance(error, Rejected)
    assert "larger than 10 MB" in str(error)


def test_a_server_that_trickles_for_ever_is_left() -> None:
    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # No read ever times out while bytes keep coming: only the limit for the whole helps.
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n")
        for byte in PICTURE * 50:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.01)

    error = asyncio.run(against(drip, time_s=0.3))
    assert isinstance(error, Unreachable)
    assert "in time" in str(error)


async def against(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    time_s: float = 30.0,
) -> ConnectorError:
    """How the client fails before a server that speaks as ``serve`` does."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.CancelledError):
            await reader.readuntil(b"\r\n\r\n")
            await serve(reader, writer)
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    own = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    with pytest.raises(ConnectorError) as caught:
        await PictureClient(time_s=time_s).fetch(f"{own}/p.png", own=own)
    server.close()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    return caught.value


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(body=PICTURE, stop_at=0.5), "broke"),
        (Answer(503), "status 503"),
        (Answer(429), "status 429"),
        (Answer(stop_at=-1.0), "broke"),
    ],
)
def test_what_may_pass_can_be_tried_again(answer: Answer, told: str) -> None:
    assert told in refused(answer, Unreachable)


def test_silence_and_an_empty_port_are_told_apart() -> None:
    async def run() -> None:
        async with SilentServer() as server:
            with pytest.raises(Unreachable, match="in time"):
                await fetched(server, time_s=0.2)
        with pytest.raises(Unreachable, match="cannot be reached"):
            await fetched(server)

    asyncio.run(run())


def test_a_redirection_on_the_own_server_is_followed() -> None:
    def respond(request: httpx.Request) -> Answer:
        if request.url.path == "/p.png":
            return Answer(302, headers={"location": "/really.png"})
        return Answer(body=PICTURE)

    async def run() -> None:
        async with FaultServer(respond) as server:
            assert (await fetched(server)).width == 64

    asyncio.run(run())


def test_a_redirection_in_a_circle_ends() -> None:
    async def run() -> int:
        async with answering(Answer(301, headers={"location": "/p.png"})) as server:
            with pytest.raises(Rejected, match="on and on"):
                await fetched(server)
            return len(server.requests)

    assert asyncio.run(run()) == 4


@pytest.mark.parametrize("target", INSIDE)
def test_nothing_follows_a_redirection_into_a_private_network(target: str) -> None:
    """The server that is redirected to counts: it must not hear a word."""

    async def run() -> tuple[str, int]:
        async with answering(Answer(body=PICTURE)) as inside:
            leads = Answer(302, headers={"location": target.format(port=inside.port)})
            async with answering(leads) as server:
                with pytest.raises(Rejected) as caught:
                    await fetched(server)
            return str(caught.value), len(inside.requests)

    said, heard = asyncio.run(run())
    assert "private network" in said or "without encryption" in said
    assert heard == 0


@pytest.mark.parametrize("url", INSIDE)
def test_nothing_goes_to_a_private_address_of_a_message(url: str) -> None:
    async def run() -> int:
        async with answering(Answer(body=PICTURE)) as inside:
            with pytest.raises(Rejected):
                await PictureClient().fetch(
                    url.format(port=inside.port), own="https://social.example"
                )
            return len(inside.requests)

    assert asyncio.run(run()) == 0


@pytest.mark.parametrize(
    "url",
    ["", "p.png", "file:///etc/passwd", "data:image/png;base64,AAAA", "ftp://h.example/p.png",
     "http://pics.example/p.png", "https://", "https://pics.example\\@127.0.0.1/p.png",
     "https://pics.example:99999/p.png", "javascript:alert(1)"],
)  # fmt: skip
def test_only_addresses_of_the_encrypted_web_are_asked(url: str) -> None:
    asked: list[str] = []

    async def find(host: str, _port: int) -> tuple[str, ...]:
        asked.append(host)
        return (PUBLIC,)

    with pytest.raises(Rejected):
        asyncio.run(PictureClient(find=find).fetch(url))
    assert asked == []


def test_a_name_is_looked_up_once_and_the_judged_address_is_the_one_connected_to() -> None:
    """A second look-up could be answered with 127.0.0.1: there is none."""
    lookups: list[str] = []
    seen: list[httpx.Request] = []

    async def find(host: str, _port: int) -> tuple[str, ...]:
        lookups.append(host)
        return (PUBLIC,) if len(lookups) == 1 else ("127.0.0.1",)

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, stream=httpx.ByteStream(PICTURE))

    client = PictureClient(find=find, transport=httpx.MockTransport(respond))
    got = asyncio.run(client.fetch("https://who:secret@pics.example:8443/a/p.png?x=1#y"))
    assert got.mime == "image/png"
    assert lookups == ["pics.example"]
    (request,) = seen
    assert str(request.url).partition("#")[0] == f"https://{PUBLIC}:8443/a/p.png?x=1"
    assert request.headers["host"] == "pics.example:8443"
    assert request.extensions["sni_hostname"] == "pics.example"
    assert "authorization" not in request.headers


@pytest.mark.parametrize("found", [("10.0.0.7",), (PUBLIC, "127.0.0.1"), ("::1", PUBLIC)])
def test_a_name_that_stands_for_a_private_address_is_refused(found: tuple[str, ...]) -> None:
    async def find(_host: str, _port: int) -> tuple[str, ...]:
        return found

    transport = httpx.MockTransport(lambda _request: pytest.fail("something was asked"))
    with pytest.raises(Rejected, match="private network"):
        asyncio.run(PictureClient(find=find, transport=transport).fetch("https://p.example/p.png"))


def test_a_name_nobody_knows() -> None:
    async def find(_host: str, _port: int) -> tuple[str, ...]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    with pytest.raises(Unreachable, match="cannot be reached"):
        asyncio.run(PictureClient(find=find).fetch("https://pics.example/p.png"))


def test_few_are_fetched_at_a_time() -> None:
    running = most = 0

    async def respond(_request: httpx.Request) -> httpx.Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        for _ in range(20):
            await asyncio.sleep(0)
        running -= 1
        return httpx.Response(200, stream=httpx.ByteStream(PICTURE))

    async def find(_host: str, _port: int) -> tuple[str, ...]:
        return (PUBLIC,)

    async def run() -> None:
        client = PictureClient(find=find, transport=httpx.MockTransport(respond))
        await asyncio.gather(*(client.fetch(f"https://p.example/{n}.png") for n in range(20)))

    asyncio.run(run())
    assert most == 4


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.9.9.9", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1",
     "0.0.0.0",  # noqa: S104 - nothing listens there
     "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1%eth0", "fc00::1", "ff02::1",
     "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::1", "nonsense", ""],
)  # fmt: skip
def test_private_addresses(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "2606:4700::1111", "64:ff9b::5db8:d70e"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


def test_the_system_resolves_an_address_to_itself() -> None:
    assert asyncio.run(resolve("127.0.0.1", 443)) == ("127.0.0.1",)


_STARTS = (b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBPVP8X",
           b"RIFF\0\0\0\0WEBPVP8L", b"RIFF\0\0\0\0WEBPVP8 ", b"")  # fmt: skip


@given(st.sampled_from(_STARTS), st.binary(max_size=300))
def test_the_size_of_anything_is_sane_or_none(start: bytes, rest: bytes) -> None:
    size = pixel_size(start + rest)
    assert size is None or min(size) > 0


@given(st.lists(st.sampled_from([b"\xff", b"\xff\xe0\x00\x02", b"\xff\x01", b"\x00"]), max_size=60))
def test_the_segments_of_a_photograph_are_walked_to_an_end(parts: list[bytes]) -> None:
    frame = bytes.fromhex("ffc00011080003000500000000")
    size = pixel_size(b"\xff\xd8" + b"".join(parts) + frame)
    assert size == (None if b"\x00" in parts else (5, 3))


def test_a_megabyte_of_nothing_is_passed_at_once() -> None:
    begun = time.thread_time()
    assert pixel_size(b"\xff\xd8" + b"\xff" * 1_000_000) is None
    assert time.thread_time() - begun < 0.05


@given(st.integers(-(10**20), 10**20), st.integers(-(10**20), 10**20))
def test_a_size_that_a_service_tells_is_believed_within_reason(width: int, height: int) -> None:
    told = sane_extent(width, height)
    assert told in ((width, height), (0, 0))
    assert max(told) < 65_536
    assert min(told) > 0 or told == (0, 0)


@pytest.mark.parametrize(
    ("host", "vouched", "comes"),
    [
        ("portal.hotel.example", True, True),
        ("pics.example", True, False),
        ("portal.hotel.example", False, False),
    ],
)
def test_the_certificate_must_be_that_of_the_host_though_an_address_is_connected_to(
    monkeypatch: pytest.MonkeyPatch, host: str, vouched: bool, comes: bool
) -> None:
    certificates = ssl.create_default_context()
    if vouched:
        certificates.load_verify_locations(Path(faulty.__file__).with_name("foreign.pem"))
    monkeypatch.setattr("app.connectors.pictures._certificates", lambda: certificates)

    async def find(_host: str, _port: int) -> tuple[str, ...]:
        return ("127.0.0.1",)

    async def run() -> int:
        leads = Answer(body=PICTURE)
        async with FaultServer(lambda _request: leads, tls=of_somebody_else()) as there:
            own = f"https://{host}:{there.port}"
            asked = PictureClient(find=find).fetch(f"{own}/p.png", own=own)
            if comes:
                assert (await asked).width == 64
            else:
                with pytest.raises(Unreachable, match="cannot be reached"):
                    await asked
            return len(there.requests)

    assert asyncio.run(run()) == comes
