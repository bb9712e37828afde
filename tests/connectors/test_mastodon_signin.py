"""Connecting an account, and the one sentence for whatever is wrong."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.connectors.base import Context, SignIn
from app.connectors.channels.mastodon import (
    Mastodon,
    sign_in_with_browser,
    sign_in_with_token,
)
from app.domain.errors import AuthExpired, BadInput, Rejected, SeamlineError, Unreachable
from tests.connectors.mastodon_wire import Json, Route, Server, account, html_page
from tests.peers.mastodon import MastodonServer, Person

INSTANCE: Json = {"domain": "shop.example", "version": "4.7.0", "title": "Shop"}
ME = account(1, "brand", display_name="Brand", avatar="https://shop.example/a.png")


def connect(typed: str = "shop.example", key: str = "t", /, **routes: Route) -> SignIn:
    """Sign in with a token at a server with these routes; the names stand for paths."""
    paths = {
        "v1": "/api/v1/instance",
        "v2": "/api/v2/instance",
        "me": "/api/v1/accounts/verify_credentials",
        "app": "/api/v1/apps/verify_credentials",
    }
    server = Server({paths[name]: route for name, route in routes.items()})
    return asyncio.run(sign_in_with_token(typed, key, transport=server.transport))


def refused(typed: str = "shop.example", key: str = "t", /, **routes: Route) -> SeamlineError:
    with pytest.raises(SeamlineError) as caught:
        connect(typed, key, **routes)
    assert caught.value.hint
    return caught.value


def test_a_token_tells_who_it_belongs_to() -> None:
    signed = connect(v2=INSTANCE, me=ME)
    assert signed.profile.server == "https://shop.example"
    assert signed.profile.native_id == "1@shop.example"
    assert signed.profile.handle == "@brand@shop.example"
    assert signed.profile.display_name == "Brand"
    assert signed.secrets == {"token": "t"}


@pytest.mark.parametrize(
    ("instance", "domain"),
    [
        ({"uri": "gts.example", "version": "0.19.0"}, "gts.example"),
        ({"uri": "https://pleroma.example", "version": "2.7.2"}, "pleroma.example"),
        (
            {"uri": "gts.shop.example", "account_domain": "shop.example", "version": "0.19.0"},
            "shop.example",
        ),
    ],
)
def test_servers_with_only_the_first_version_of_the_instance(instance: Json, domain: str) -> None:
    signed = connect("gts.example", v1=instance, me=ME)
    assert signed.profile.handle == f"@brand@{domain}"


@pytest.mark.parametrize(
    "answers",
    [
        {"v2": html_page(200), "v1": html_page(200)},
        {"v2": httpx.Response(404), "v1": httpx.Response(404)},
        {"v2": {"hello": "world"}, "v1": {"hello": "world"}},
        {"v2": {"version": "1"}, "v1": {"version": "1"}},
    ],
)
def test_another_kind_of_server_is_called_that(answers: dict[str, Route]) -> None:
    error = refused(**answers)
    assert isinstance(error, BadInput)
    assert error.message == "shop.example is not a Mastodon server."


def test_a_server_that_points_elsewhere_says_where() -> None:
    moved = httpx.Response(301, headers={"location": "https://social.shop.example/api"})
    assert "social.shop.example" in refused(v2=moved, v1=moved).hint


def _no_such_name(code: int) -> httpx.ConnectError:
    error = httpx.ConnectError("name")
    error.__cause__ = socket.gaierror(code, "name")
    return error


def test_a_name_that_does_not_exist_is_told_from_no_network() -> None:
    misspelt = refused(v2=_no_such_name(socket.EAI_NONAME))
    assert isinstance(misspelt, BadInput)
    assert misspelt.message == "There is no server called shop.example."
    assert isinstance(refused(v2=_no_such_name(socket.EAI_AGAIN)), Unreachable)
    assert isinstance(refused(v2=httpx.ConnectError("no route")), Unreachable)


def test_a_wrong_token_is_said_so() -> None:
    error = refused(v2=INSTANCE, me=httpx.Response(401, json={"error": "invalid"}))
    assert isinstance(error, AuthExpired)
    assert "token" in error.message


@pytest.mark.parametrize("token", ["", "  ", "two words", "tab\tin it"])
def test_what_cannot_be_a_token_is_not_sent(token: str) -> None:
    assert isinstance(refused("shop.example", token), BadInput)


def test_a_missing_scope_is_named() -> None:
    forbidden = httpx.Response(403, json={"error": "This action is outside the authorized scopes"})
    assert "read:accounts" in refused(v2=INSTANCE, me=forbidden).message
    app = {"name": "x", "scopes": ["read", "write:statuses", "write:favourites"]}
    error = refused(v2=INSTANCE, me=ME, app=app)
    assert isinstance(error, Rejected)
    assert "write:media" in error.message
    assert "write:statuses" not in error.message


@pytest.mark.parametrize("typed", ["", "two words", "ftp://shop.example", "http://shop.example"])
def test_an_address_that_is_none_is_refused_before_anything_is_asked(typed: str) -> None:
    assert isinstance(refused(typed), BadInput)


# In the browser.

Browser = Callable[[str], None]


class Visitor:
    """A browser with a person in front of it; works beside the loop, as a real one does."""

    def __init__(self, act: Callable[[httpx.Client, str], None]) -> None:
        self._act = act
        self._thread: threading.Thread | None = None
        self.failed: BaseException | None = None

    def open(self, address: str) -> None:
        self._thread = threading.Thread(target=self._run, args=(address,))
        self._thread.start()

    def _run(self, address: str) -> None:
        try:
            with httpx.Client(trust_env=False, timeout=10) as client:
                self._act(client, address)
        except BaseException as error:  # noqa: BLE001  # handed to the test's thread
            self.failed = error

    def left(self) -> None:
        assert self._thread is not None
        self._thread.join(10)
        assert not self._thread.is_alive()
        if self.failed is not None:
            raise self.failed


def agreeing(person: Person) -> Callable[[httpx.Client, str], None]:
    """Choose this person’s account on the server’s page, and follow where that leads."""

    def act(client: httpx.Client, address: str) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert query["code_challenge_method"] == "S256"
        assert len(query["code_challenge"]) == 43
        assert query["scope"] == "read write"
        page = client.get(address)
        assert page.is_success
        form = {name: query[name] for name in ("redirect_uri", "client_id", "scope", "state")}
        answer = client.post(
            f"{urlsplit(address).scheme}://{urlsplit(address).netloc}/oauth/authorize",
            data={**form, "username": person.username},
        )
        back = client.get(answer.headers["location"])
        assert back.is_success
        assert "You can close this window" in back.text

    return act


@pytest.mark.peer
def test_signing_in_through_the_browser(mastodon: MastodonServer) -> None:
    brand = mastodon.person("brand")
    visitor = Visitor(agreeing(brand))

    async def run() -> str:
        signed = await sign_in_with_browser(mastodon.url, visitor.open)
        connector = Mastodon(Context(signed.profile, signed.secrets))
        try:
            assert (await connector.limits()).max_length == 500
            async for _ in connector.pull("notifications", cursor=None):
                pass
        finally:
            await connector.close()
        return signed.profile.handle

    assert asyncio.run(run()) == brand.handle
    visitor.left()


def oauth_server(**changes: Route) -> Server:
    routes: dict[str, Route] = {
        "/api/v2/instance": INSTANCE,
        "/api/v1/apps": {"client_id": "c", "client_secret": "s"},
        "/oauth/token": {"access_token": "fresh", "scope": "read write"},
        "/api/v1/accounts/verify_credentials": ME,
    }
    return Server({**routes, **changes})


def through_browser(server: Server, act: Callable[[httpx.Client, str], None]) -> SignIn:
    visitor = Visitor(act)
    try:
        return asyncio.run(
            sign_in_with_browser(
                "shop.example", visitor.open, patience=10, transport=server.transport
            )
        )
    finally:
        visitor.left()


def coming_back(**changes: str) -> Callable[[httpx.Client, str], None]:
    """Come back with a code, or as ``changes`` say."""

    def act(client: httpx.Client, address: str) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        back = query["redirect_uri"]
        assert client.get(f"{back}favicon.ico").status_code == 404
        forged = client.get(back, params={"code": "stolen", "state": "guessed"})
        assert forged.status_code == 400
        answer: dict[str, Any] = {"code": "good", "state": query["state"], **changes}
        assert client.get(back, params=answer).is_success

    return act


def test_only_the_answer_that_carries_our_state_counts() -> None:
    server = oauth_server()
    signed = through_browser(server, coming_back())
    assert signed.secrets == {"token": "fresh"}
    (exchange,) = server.asked("/oauth/token")
    form = parse_qs(exchange.content.decode())
    assert form["code"] == ["good"]
    assert form["grant_type"] == ["authorization_code"]
    assert len(form["code_verifier"][0]) >= 43
    (registered,) = server.asked("/api/v1/apps")
    uris = parse_qs(registered.content.decode())["redirect_uris"]
    assert uris == form["redirect_uri"]
    assert uris[0].startswith("http://127.0.0.1:")


def test_a_person_who_says_no_is_understood() -> None:
    with pytest.raises(Rejected, match="did not let Seamline in") as caught:
        through_browser(oauth_server(), coming_back(code="", error="access_denied"))
    assert caught.value.reason == "access_denied"


def test_less_than_was_asked_for_is_named() -> None:
    server = oauth_server(**{"/oauth/token": {"access_token": "fresh", "scope": "read"}})
    with pytest.raises(Rejected, match="write:statuses"):
        through_browser(server, coming_back())


def test_a_code_the_server_does_not_take_is_said_so() -> None:
    bad = httpx.Response(400, json={"error": "invalid_grant", "error_description": "expired"})
    with pytest.raises(Rejected) as caught:
        through_browser(oauth_server(**{"/oauth/token": bad}), coming_back())
    assert caught.value.reason == "expired"


def test_waiting_for_the_browser_ends() -> None:
    with pytest.raises(Rejected, match="in time"):
        asyncio.run(
            sign_in_with_browser(
                "shop.example",
                lambda _address: None,
                patience=0.05,
                transport=oauth_server().transport,
            )
        )


def test_waiting_for_the_browser_can_be_cancelled_and_closes_the_port() -> None:
    opened: list[str] = []

    async def run() -> str:
        ready = asyncio.Event()

        def open_browser(address: str) -> None:
            opened.append(address)
            ready.set()

        waiting = asyncio.create_task(
            sign_in_with_browser("shop.example", open_browser, transport=oauth_server().transport)
        )
        await ready.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        return parse_qs(urlsplit(opened[0]).query)["redirect_uri"][0]

    back = urlsplit(asyncio.run(run()))
    with pytest.raises(OSError, match=r"refused|Connect"):
        socket.create_connection(("127.0.0.1", back.port or 0), timeout=2)
