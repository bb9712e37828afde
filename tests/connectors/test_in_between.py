"""What answers in a service's place is told from the service itself."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable

import httpx
import pytest

from app.connectors.base import Context, Profile
from app.connectors.channels.bluesky import Bluesky
from app.connectors.http import Elsewhere, Http
from app.domain.errors import ConnectorError, ContractBroken, Unreachable
from app.domain.interactions import Channel
from app.sync.in_between import in_words
from tests.connectors.mastodon_wire import html_page

_REQUEST = httpx.Request("GET", "https://shop.example/api")


def ask(answer: Callable[[httpx.Request], httpx.Response], *, closed: bool = False) -> None:
    async def run() -> None:
        http = Http("https://shop.example", label="Shop", transport=httpx.MockTransport(answer))
        if closed:
            await http.close()
        try:
            await http.request("GET", "/api")
        finally:
            await http.close()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("code", "foreign"), [(18, True), (20, True), (62, True), (10, False), (9, False)]
)
def test_a_certificate_of_somebody_else_is_told_from_one_out_of_time(
    code: int, foreign: bool
) -> None:
    refused = ssl.SSLCertVerificationError(1, "certificate verify failed")
    refused.verify_code = code

    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("handshake", request=request) from refused

    with pytest.raises(Unreachable, match="no safe connection") as caught:
        ask(answer)
    assert caught.value.in_between is foreign
    said = in_words(caught.value, "https://shop.example")
    assert ("Something between this laptop and shop.example" in said.message) is foreign


@pytest.mark.parametrize(
    ("status", "location", "between"),
    [
        (302, "https://login.hotel.example/", True),
        (303, "https://login.hotel.example/", True),
        (307, "https://login.hotel.example/", True),
        (302, "/login", False),
        (301, "https://new.example/api", False),
        (308, "https://new.example/api", False),
        (301, "http://192.168.1.1/login", True),
    ],
)
def test_a_server_that_has_moved_for_good_is_nobody_in_between(
    status: int, location: str, between: bool
) -> None:
    response = httpx.Response(status, headers={"location": location}, request=_REQUEST)
    assert Elsewhere("shop.example", response).in_between is between


def test_a_client_that_was_closed_meanwhile_has_sent_nothing() -> None:
    with pytest.raises(Unreachable, match="made anew") as caught:
        ask(lambda _request: httpx.Response(200), closed=True)
    assert not caught.value.reached


def test_a_portal_is_no_verdict_on_a_bluesky_token() -> None:
    """The token is spent, and a hotel answers the request for a new one."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("refreshSession"):
            return html_page(401)
        return httpx.Response(400, json={"error": "ExpiredToken", "message": "Spent"})

    async def run() -> None:
        profile = Profile(Channel.BLUESKY, "https://shop.example", "did:plc:a", "@a.example")
        context = Context(profile, {"access": "a", "refresh": "b"})
        bluesky = Bluesky(context, transport=httpx.MockTransport(answer))
        try:
            async for _page in bluesky.pull("notifications", cursor=None):
                raise AssertionError("nothing can be read")
        finally:
            await bluesky.close()

    with pytest.raises(ConnectorError) as caught:
        asyncio.run(run())
    assert isinstance(caught.value, ContractBroken)
    assert caught.value.in_between
