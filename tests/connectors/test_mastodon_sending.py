"""What leaves: mention, visibility, key, pictures; and how it is found again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.connectors.base import Limits
from app.connectors.channels.mastodon import Mastodon
from app.connectors.channels.mastodon.counting import measure
from app.domain.errors import ContractBroken, Rejected, Unreachable
from app.domain.interactions import Direction, Kind, Visibility
from app.domain.outbox import Act, OutboxItem
from tests.connectors.harness import picture
from tests.connectors.mastodon_wire import (
    BRAND,
    LENA,
    START,
    Json,
    Server,
    page_of,
    status,
    use,
    wished,
)

POSTS = "/api/v1/accounts/1/statuses"
FOR_LENA = {"id": "7", "username": "Lena", "acct": "Lena@far.example"}


def reply(text: str = "Yes", target: str = "5", **changes: Any) -> OutboxItem:
    fields = {"text": text, "attempted_at": START, **changes}
    return wished(Act.REPLY, target, **fields)


def posted(item: OutboxItem) -> tuple[Json, httpx.Request]:
    """The body and the request that left for this item."""
    answer = status(9, BRAND, "Yes", in_reply_to_id="5", mentions=[FOR_LENA])
    server = Server({"POST /api/v1/statuses": answer})
    delivered = use(server, lambda connector: connector.send(item))
    assert delivered.native_id == "9"
    assert delivered.fact is not None
    assert delivered.fact.direction is Direction.OUTBOUND
    (body,) = server.sent("/api/v1/statuses")
    return body, server.asked("/api/v1/statuses")[0]


@pytest.mark.parametrize(
    ("text", "mention", "sent"),
    [
        ("Yes", "@Lena@far.example", "@Lena@far.example Yes"),
        ("@lena@FAR.example yes", "@Lena@far.example", "@lena@FAR.example yes"),
        ("Dear @Lena@far.example, yes", "@Lena@far.example", "Dear @Lena@far.example, yes"),
        ("@Lena yes", "@Lena@far.example", "@Lena@far.example @Lena yes"),
        (
            "@Lena@far.example.org yes",
            "@Lena@far.example",
            "@Lena@far.example @Lena@far.example.org yes",
        ),
        ("Yes", "@tom@shop.example", "@tom Yes"),
        ("@tom yes", "@tom@shop.example", "@tom yes"),
        ("@tom@shop.example yes", "@tom@shop.example", "@tom@shop.example yes"),
        ("@tommy yes", "@tom@shop.example", "@tom @tommy yes"),
        ("  Yes\n", "", "Yes"),
    ],
)
def test_the_customer_is_mentioned_once(text: str, mention: str, sent: str) -> None:
    body, _ = posted(reply(text, mention=mention))
    assert body["status"] == sent


@pytest.mark.parametrize(
    ("visibility", "name"),
    [
        (Visibility.PUBLIC, "public"),
        (Visibility.UNLISTED, "unlisted"),
        (Visibility.FOLLOWERS, "private"),
        (Visibility.DIRECT, "direct"),
    ],
)
def test_visibility_is_always_said(visibility: Visibility, name: str) -> None:
    body, request = posted(reply(visibility=visibility, warning="Order", language="de"))
    assert body["visibility"] == name
    assert body["in_reply_to_id"] == "5"
    assert body["spoiler_text"] == "Order"
    assert body["language"] == "de"
    assert request.headers["Idempotency-Key"] == "key-1"
    assert request.headers["Authorization"] == "Bearer t"


def test_an_answer_to_a_deleted_post_is_said_so() -> None:
    with pytest.raises(Rejected, match="no longer there"):
        use(Server(), lambda connector: connector.send(reply()))


def test_pictures_are_waited_for() -> None:
    waited: list[float] = []
    states = iter([206, 206, 200])
    server = Server(
        {
            "POST /api/v2/media": httpx.Response(202, json={"id": "m1", "url": None}),
            "/api/v1/media/m1": lambda _request: httpx.Response(next(states), json={"id": "m1"}),
            "POST /api/v1/statuses": status(9, BRAND),
        }
    )

    async def scenario(connector: Mastodon) -> None:
        async def sleep(seconds: float) -> None:
            waited.append(seconds)

        connector._sender._sleep = sleep
        await connector.send(reply(attachments=(picture("A torn box"),)))

    use(server, scenario)
    assert waited == [1.0, 1.0, 1.0]
    assert server.sent("/api/v1/statuses")[0]["media_ids"] == ["m1"]
    assert b"A torn box" in server.asked("/api/v2/media")[0].content


def test_an_old_server_takes_pictures_at_the_first_address() -> None:
    server = Server({"POST /api/v1/media": {"id": "m1"}, "POST /api/v1/statuses": status(9, BRAND)})
    use(server, lambda connector: connector.send(reply(attachments=(picture(""),))))
    assert server.sent("/api/v1/statuses")[0]["media_ids"] == ["m1"]


@pytest.mark.parametrize("trouble", [httpx.ReadTimeout("slow"), httpx.Response(502)])
def test_an_upload_that_fails_has_sent_nothing(trouble: httpx.Response | Exception) -> None:
    server = Server({"POST /api/v2/media": trouble})
    with pytest.raises(Unreachable) as caught:
        use(server, lambda connector: connector.send(reply(attachments=(picture(""),))))
    assert caught.value.reached is False
    assert server.asked("/api/v1/statuses") == []


def test_a_picture_the_server_does_not_take_is_named() -> None:
    refused = httpx.Response(422, json={"error": "File type not supported"})
    server = Server({"POST /api/v2/media": refused})
    with pytest.raises(Rejected, match=r"dot\.png") as caught:
        use(server, lambda connector: connector.send(reply(attachments=(picture(""),))))
    assert "File type not supported" in caught.value.message


def found(item: OutboxItem, *posts: Json) -> str | None:
    server = Server({POSTS: lambda request: page_of(list(posts), request)})
    delivered = use(server, lambda connector: connector.find_sent(item))
    return delivered.native_id if delivered else None


def sent_post(native_id: int, text: str, **fields: Any) -> Json:
    return status(native_id, BRAND, text, **{"in_reply_to_id": "5", **fields})


def test_what_arrived_is_found_whatever_the_server_made_of_its_marks() -> None:
    item = reply("Yes, see https://shop.example/a & **call** us", mention="@Lena@far.example")
    shown = (
        '<span class="h-card"><a href="https://far.example/@Lena" class="mention">@<span>Lena'
        '</span></a></span> Yes, see <a href="https://shop.example/a">shop.example/a</a> &amp; '
        "<strong>call</strong> us"
    )
    assert found(item, sent_post(60, shown)) == "60"


@pytest.mark.parametrize(
    "post",
    [
        sent_post(60, "No"),
        sent_post(60, "Yes", in_reply_to_id="6"),
        sent_post(60, "Yes", in_reply_to_id=None),
        sent_post(60, "Yes", media_attachments=[{"id": "1"}]),
        sent_post(60, "Yes", created_at=(START - timedelta(hours=27)).isoformat()),
    ],
)
def test_another_post_is_not_taken_for_ours(post: Json) -> None:
    assert found(reply("Yes"), post) is None


@pytest.mark.parametrize("earlier", [timedelta(minutes=3), timedelta(hours=2)])
def test_the_same_answer_at_another_time_may_be_ours_if_a_clock_was_wrong(
    earlier: timedelta,
) -> None:
    """Set right since, our clock no longer tells; an agent who looks there does."""
    post = sent_post(60, "Yes", created_at=(START - earlier).isoformat())
    with pytest.raises(ContractBroken, match="shows the same answer from"):
        found(reply("Yes"), post)
    assert found(reply("Yes"), post, sent_post(61, "Yes")) == "61"


def test_posts_from_before_the_attempt_are_read_in_case_a_clock_was_wrong() -> None:
    """Ours left when our clock was fast, and others of ours were posted since."""
    ours = sent_post(60, "Yes", created_at=(START - timedelta(minutes=10)).isoformat())
    others = [
        sent_post(100 + number, "other", created_at=(START - timedelta(minutes=5)).isoformat())
        for number in range(60)
    ]
    with pytest.raises(ContractBroken, match="shows the same answer from"):
        found(reply("Yes"), ours, *others)


def test_a_message_of_emoji_alone_is_found_too() -> None:
    assert found(reply("🎉 ❤️"), sent_post(60, "🎉 ❤️")) == "60"
    assert found(reply("🎉"), sent_post(60, "❤️")) is None


def test_the_search_goes_down_to_the_attempt_and_no_further() -> None:
    others = [sent_post(number, f"other {number}") for number in range(100, 180)]
    assert found(reply("Yes"), sent_post(60, "Yes"), *others) == "60"
    many = [sent_post(number, f"other {number}") for number in range(100, 400)]
    with pytest.raises(Unreachable, match="cannot tell"):
        found(reply("Yes"), *many)


def test_likes_and_boosts_of_ours_become_facts() -> None:
    liked = status(5, LENA, favourited=True, reblogged=False)
    server = Server(
        {
            "POST /api/v1/statuses/5/favourite": liked,
            "POST /api/v1/statuses/5/reblog": status(30, BRAND, "", reblog=liked),
            "/api/v1/statuses/5": liked,
        }
    )

    async def scenario(connector: Mastodon) -> None:
        like = await connector.send(wished(Act.LIKE, "5"))
        assert like.native_id == "favourite:5:brand@shop.example"
        assert like.fact is not None
        assert like.fact.kind is Kind.LIKE
        assert like.fact.party is not None
        assert like.fact.party.native_id == "lena@far.example"
        boost = wished(Act.BOOST, "5")
        sent = await connector.send(boost)
        assert sent.native_id == "reblog:5:brand@shop.example"
        assert await connector.find_sent(boost) is None
        assert await connector.find_sent(wished(Act.LIKE, "5"))

    use(server, scenario)


def test_a_like_can_be_taken_back() -> None:
    server = Server({"POST /api/v1/statuses/5/unfavourite": status(5)})
    item = wished(Act.DELETE, "favourite:5:brand@shop.example")
    use(server, lambda connector: connector.send(item))
    assert len(server.asked("/api/v1/statuses/5/unfavourite")) == 1


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("", 0),
        ("hello", 5),
        ("👩‍👩‍👧 é", 3),
        ("see https://shop.example/a/very/long/address?with=much&in=it.", 4 + 23 + 1),
        ("https://a.example https://b.example", 47),
        ("@lena@far.example hello", 11),
        ("@lena hello", 11),
        ("mail a@b.example", 16),
        ("https://far.example/@lena@x.example", 23),
    ],
)
def test_length_is_counted_as_mastodon_counts(text: str, used: int) -> None:
    length = measure(text, Limits(max_length=500))
    assert length.used == used
    assert length.left == 500 - used


@pytest.mark.parametrize(
    ("instance", "expected"),
    [
        ({"configuration": {"statuses": {"max_characters": 5000}}}, 5000),
        ({"max_toot_chars": 3000}, 3000),
        ({}, 500),
    ],
)
def test_limits_come_from_either_version_of_the_instance(instance: Json, expected: int) -> None:
    told = {"version": "4.7.0", "domain": "shop.example", **instance}
    for path in ("/api/v2/instance", "/api/v1/instance"):
        limits = use(Server({path: told}), lambda connector: connector.limits())
        assert limits.max_length == expected


def test_limits_fall_back_offline() -> None:
    server = Server({"/api/v2/instance": httpx.ConnectError("down")})
    assert use(server, lambda connector: connector.limits()).max_length == 500
