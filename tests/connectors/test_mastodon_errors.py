"""Every refusal and breakdown in the domain’s words, and whether the wish may have arrived."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.connectors.channels.mastodon import Mastodon
from app.domain.clock import FakeClock
from app.domain.errors import (
    AuthExpired,
    ConnectorError,
    ContractBroken,
    RateLimited,
    Rejected,
    Unreachable,
)
from app.domain.outbox import Act
from tests.connectors.mastodon_wire import START, Server, html_page, pulled, use, wished

POST = "POST /api/v1/statuses"


def refusal(status_code: int, error: str, **headers: str) -> httpx.Response:
    return httpx.Response(status_code, json={"error": error}, headers=headers)


def sending(answer: httpx.Response | Exception) -> ConnectorError:
    """What sending a reply raises when the server answers so."""
    server = Server({POST: answer})
    item = wished(Act.REPLY, "5", text="hello")
    with pytest.raises(ConnectorError) as caught:
        use(server, lambda connector: connector.send(item))
    return caught.value


@pytest.mark.parametrize(
    ("answer", "kind", "reached"),
    [
        (refusal(401, "The access token was revoked"), AuthExpired, False),
        (refusal(403, "This action is outside the authorized scopes"), AuthExpired, False),
        (refusal(403, "Your login is currently disabled"), AuthExpired, False),
        (refusal(403, "This action is not allowed"), Rejected, False),
        (refusal(404, "Record not found"), Rejected, False),
        (refusal(410, "Gone"), Rejected, False),
        (refusal(422, "Validation failed: Text is too long"), Rejected, False),
        (refusal(400, "bad media id"), Rejected, False),
        (refusal(429, "Too many requests"), RateLimited, False),
        (refusal(500, "An unexpected error occurred"), Unreachable, True),
        (html_page(502), Unreachable, True),
        (html_page(503), Unreachable, True),
        (refusal(503, "busy", **{"retry-after": "30"}), RateLimited, True),
        (refusal(409, "Another request is being worked on"), Unreachable, True),
        (html_page(403), ContractBroken, False),
        (html_page(404), ContractBroken, False),
        (html_page(200), ContractBroken, True),
        (
            httpx.Response(302, headers={"location": "https://login.example/"}),
            ContractBroken,
            False,
        ),
        (httpx.Response(200, content=b'{"error": "trunc'), ContractBroken, True),
        (httpx.Response(200, json={"unexpected": True}), ContractBroken, True),
        (httpx.ConnectError("refused"), Unreachable, False),
        (httpx.ConnectTimeout("slow"), Unreachable, False),
        (httpx.ReadTimeout("slow"), Unreachable, True),
        (httpx.RemoteProtocolError("cut"), Unreachable, True),
    ],
)
def test_each_answer_has_its_word(
    answer: httpx.Response | Exception, kind: type[ConnectorError], reached: bool
) -> None:
    error = sending(answer)
    assert type(error) in (kind, *kind.__subclasses__())
    assert error.reached is reached
    assert "shop.example" in error.message or "no longer there" in error.message
    assert "\n" not in str(error)


def test_a_refusal_says_the_services_own_words() -> None:
    error = sending(refusal(422, "Validation failed: Text is too long"))
    assert isinstance(error, Rejected)
    assert error.reason == "Validation failed: Text is too long"
    assert "Text is too long" in error.message
    long = sending(refusal(422, "x" * 900))
    assert isinstance(long, Rejected)
    assert len(long.reason) == 200


def test_a_refusal_in_plain_text_or_of_another_shape_is_understood() -> None:
    plain = httpx.Response(
        422, content=b"Nope, <b>too</b> long", headers={"content-type": "text/plain"}
    )
    assert "Nope, too long" in sending(plain).message
    odd = httpx.Response(422, json={"error": {"ena": ["bad"]}})
    assert "status 422" in sending(odd).message


NOW = datetime(2026, 11, 19, 10, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "rest"),
    [
        ({"retry-after": "30"}, timedelta(seconds=30)),
        ({"retry-after": "Thu, 19 Nov 2026 10:50:00 GMT"}, timedelta(minutes=5)),
        ({"x-ratelimit-reset": "2026-11-19T10:47:00.000000Z"}, timedelta(minutes=2)),
        ({"x-ratelimit-reset": str(int(NOW.timestamp()) + 90)}, timedelta(seconds=90)),
        ({"x-ratelimit-reset": "nonsense"}, timedelta(seconds=60)),
        ({}, timedelta(seconds=60)),
        ({"retry-after": "-5"}, timedelta(seconds=1)),
    ],
)
def test_a_rest_is_read_from_any_header_that_names_it(
    headers: dict[str, str], rest: timedelta
) -> None:
    server = Server({"/api/v1/notifications": refusal(429, "Too many requests", **headers)})

    async def scenario(connector: Mastodon) -> datetime:
        connector._api.http.clock = FakeClock(NOW)
        with pytest.raises(RateLimited) as caught:
            await anext(aiter(connector.pull("notifications", cursor=None)))
        return caught.value.retry_at

    assert use(server, scenario) == NOW + rest


def test_an_overloaded_server_that_names_its_rest_is_given_it() -> None:
    server = Server({"/api/v1/notifications": refusal(503, "busy", **{"retry-after": "30"})})
    with pytest.raises(RateLimited):
        pulled(server)


def test_a_page_of_something_else_is_no_list_of_notifications() -> None:
    odd = [httpx.Response(200, json={"error": "odd"}), httpx.Response(200), html_page(200)]
    for answer in odd:
        server = Server({"/api/v1/notifications": answer})
        with pytest.raises(ContractBroken) as caught:
            pulled(server)
        assert "/api/v1/notifications" in caught.value.detail


def test_a_search_the_server_does_not_offer_is_said_so() -> None:
    server = Server({"/api/v2/search": refusal(404, "no search")})
    with pytest.raises(Rejected, match="offers no search") as caught:
        use(server, _first)
    assert "#hashtag" in caught.value.hint


def test_a_sign_in_without_searching_stays_good_for_all_the_rest() -> None:
    scope = refusal(403, "This action is outside the authorized scopes")
    with pytest.raises(Rejected, match="does not include searching"):
        use(Server({"/api/v2/search": scope}), _first)


async def _first(connector: Mastodon) -> object:
    return await anext(aiter(connector.listen("words", cursor=None)))


def test_what_is_gone_is_told_after_asking_for_each_by_itself() -> None:
    kept = {
        "id": "5",
        "created_at": START.isoformat(),
        "account": {"id": "7", "acct": "l@f.example"},
    }
    bulk: Callable[[httpx.Request], list[object]] = lambda _request: []  # noqa: E731  # a route
    server = Server({"/api/v1/statuses": bulk, "/api/v1/statuses/5": kept})
    page = use(server, lambda connector: connector.refetch(("5", "6", "favourite:5:l@f.example")))
    assert [fact.native_id for fact in page.facts] == ["5"]
    assert page.gone == ("6",)


def test_a_proxys_page_never_makes_posts_gone() -> None:
    server = Server({"/api/v1/statuses": html_page(404), "/api/v1/statuses/5": html_page(404)})
    with pytest.raises(ContractBroken):
        use(server, lambda connector: connector.refetch(("5",)))
