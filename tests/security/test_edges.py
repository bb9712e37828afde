"""Where a hostile server, or whoever stands in between, tries to lead the program somewhere."""

from __future__ import annotations

import asyncio
import gzip
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest
import zstandard

from app.cli.main import complain
from app.connectors.channels.bluesky import sign_in
from app.connectors.channels.bluesky.session import PDS
from app.connectors.channels.mastodon.api import reason_of
from app.connectors.channels.mastodon.shapes import Instance
from app.connectors.channels.mastodon.signin import _challenge, domain_of
from app.connectors.channels.mastodon.streaming import streaming_url
from app.connectors.http import Elsewhere, Http, server_url
from app.domain.errors import BadInput, ContractBroken, Rejected
from tests.connectors.test_mastodon_signin import coming_back, oauth_server, through_browser

ZEROS = b"[" + b"0," * 100_000 + b"0]"


def asked(answer: httpx.Response) -> httpx.Response:
    """What a client makes of an answer."""

    async def run() -> httpx.Response:
        http = Http(
            "https://shop.example",
            label="shop.example",
            transport=httpx.MockTransport(lambda _request: answer),
        )
        try:
            return await http.request("GET", "/x")
        finally:
            await http.close()

    return asyncio.run(run())


def packed(encoding: str, body: bytes) -> httpx.Response:
    stream = httpx.ByteStream(body)
    return httpx.Response(200, headers={"content-encoding": encoding}, stream=stream)


@pytest.mark.parametrize("encoding", ["gzip, gzip", "gzip,deflate,gzip", "zstd", "br", "x-odd"])
def test_a_body_packed_as_nobody_asked_is_not_unpacked(encoding: str) -> None:
    body = zstandard.compress(ZEROS) if encoding == "zstd" else gzip.compress(gzip.compress(ZEROS))
    with pytest.raises(ContractBroken, match="packed in a way"):
        asked(packed(encoding, body))


def test_a_body_packed_once_is_read_and_one_too_large_is_not() -> None:
    assert asked(packed("gzip", gzip.compress(ZEROS))).content == ZEROS
    with pytest.raises(ContractBroken, match="16 MB"):
        asked(packed("gzip", gzip.compress(b"\x00" * 40_000_000)))


@pytest.mark.parametrize(
    "charset", ["hex", "punycode", "idna", "zip", "rot13", "undefined", "base64", "utf-7"]
)
def test_a_refusal_in_no_charset_is_read_all_the_same(charset: str) -> None:
    kind = f"text/plain; charset={charset}"
    answer = httpx.Response(400, headers={"content-type": kind}, content=b"not \xff you")
    assert reason_of(answer) == "not \ufffd you"


@pytest.mark.parametrize("location", ["http://[", "https://[::bad/", "//[", "http://a:b:c/", ""])
def test_a_redirection_to_nowhere_is_one_all_the_same(location: str) -> None:
    request = httpx.Request("GET", "https://shop.example/x")
    answer = httpx.Response(302, headers={"location": location}, request=request)
    assert "does not follow" in Elsewhere("shop.example", answer).hint


@pytest.mark.parametrize(
    "told",
    ["wss://127.0.0.1:1", "wss://10.0.0.1", "wss://[::1]:1", "wss://printer.local", "wss://127.1",
     "wss://2130706433", "wss://["],
)  # fmt: skip
def test_a_server_cannot_have_us_listen_inside_our_network(told: str) -> None:
    instance = msgspec.convert({"version": "4", "urls": {"streaming_api": told}}, Instance)
    assert urlsplit(streaming_url("https://shop.example", instance)).netloc == "shop.example"


def test_a_stream_elsewhere_gets_no_name_of_ours() -> None:
    told = "ws://user:word@stream.example/"
    instance = msgspec.convert({"version": "4", "urls": {"streaming_api": told}}, Instance)
    assert streaming_url("https://shop.example", instance).startswith(
        "wss://stream.example/api/v1/streaming?"
    )
    broken = msgspec.convert({"version": "4", "uri": "http://[bad"}, Instance)
    assert domain_of(broken, "Shop.example") == "shop.example"


def _bluesky(pds: str) -> httpx.MockTransport:
    answer: dict[str, Any] = {
        "accessJwt": "a", "refreshJwt": "r", "handle": "brand.example", "did": "did:plc:brand",
        "didDoc": {"service": [{"id": "#atproto_pds", "serviceEndpoint": pds}]},
    }  # fmt: skip
    return httpx.MockTransport(lambda _request: httpx.Response(200, json=answer))


@pytest.mark.parametrize(
    ("pds", "taken"),
    [
        ("https://pds.example", True),
        ("http://pds.example", False),
        ("http://127.0.0.1:8080", False),
        ("https://10.0.0.1", False),
        ("https://169.254.169.254", False),
        ("https://localhost", False),
        ("file:///etc/passwd", False),
        ("https://[", False),
    ],
)
def test_a_did_document_cannot_send_our_token_inside(pds: str, taken: bool) -> None:
    signed = asyncio.run(sign_in("https://bsky.example", "brand", "word", transport=_bluesky(pds)))
    assert (signed.secrets.get(PDS) == pds) is taken


@pytest.mark.parametrize(
    "typed", ["http://shop.example", "http://10.0.0.1", "http://[2001:db8::1]"]
)
def test_plain_http_leaves_this_machine_for_nobody(typed: str) -> None:
    with pytest.raises(BadInput, match="anybody on the way can read"):
        server_url(typed)


def test_certificates_are_verified_always() -> None:
    import ssl

    http = Http("https://shop.example", label="it")
    pool: Any = http.client._transport
    context: ssl.SSLContext = pool._pool._ssl_context
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert not http.client.follow_redirects
    asyncio.run(http.close())


def test_an_error_of_a_service_cannot_drive_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    complain(Rejected("It refused: \x1b[2J\x9b31m\u202egnp\nseamline: all is well."), 1)
    told = capsys.readouterr().err
    assert told == "seamline: It refused: [2J 31mgnp seamline: all is well.\n"


def test_the_code_is_good_only_with_the_word_that_began_it() -> None:
    """RFC 7636, appendix B; and what is sent at the end is what the challenge was made of."""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert _challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    challenges: list[str] = []
    server = oauth_server()

    def act(client: httpx.Client, address: str) -> None:
        challenges.append(parse_qs(urlsplit(address).query)["code_challenge"][0])
        coming_back()(client, address)

    through_browser(server, act)
    (exchange,) = server.asked("/oauth/token")
    sent = parse_qs(exchange.content.decode())["code_verifier"][0]
    assert [_challenge(sent)] == challenges
