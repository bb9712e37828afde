"""Posts and notifications as facts: kinds, directions, whom they concern, what may be missing."""

from __future__ import annotations

from typing import Any

import pytest

from app.connectors.channels.mastodon.facts import id_order
from app.connectors.channels.mastodon.windows import OVERLAP, Window
from app.domain.interactions import Direction, InteractionFact, Kind, Visibility
from tests.connectors.mastodon_wire import (
    BRAND,
    LENA,
    TOM,
    Server,
    notification,
    pulled,
    status,
    use,
)

FOR_LENA = {"id": "7", "username": "Lena", "acct": "Lena@far.example"}


def facts(*notifications: dict[str, Any]) -> dict[str, InteractionFact]:
    """What a pull of these notifications gives, by native id."""
    server = Server({"/api/v1/notifications": list(notifications)})
    return {fact.native_id: fact for page in pulled(server) for fact in page.facts}


def own(*posts: dict[str, Any], **routes: Any) -> dict[str, InteractionFact]:
    """What a pull of our own posts gives."""
    server = Server({"/api/v1/accounts/1/statuses": list(posts), **routes})
    return {fact.native_id: fact for page in pulled(server, "own_posts") for fact in page.facts}


def test_identities_are_qualified_and_lower_case_while_handles_read_as_written() -> None:
    found = facts(notification(2), notification(1, status=status(1, by=TOM), account=TOM))
    assert found["2"].author.native_id == "lena@far.example"
    assert found["2"].author.handle == "@Lena@far.example"
    assert found["2"].author.display_name == "Lena 🌻"
    assert found["2"].author.followers == 40
    assert found["1"].author.native_id == "tom@shop.example"


@pytest.mark.parametrize(
    ("name", "visibility"),
    [
        ("public", Visibility.PUBLIC),
        ("unlisted", Visibility.UNLISTED),
        ("private", Visibility.FOLLOWERS),
        ("direct", Visibility.DIRECT),
        ("local", Visibility.UNLISTED),
        ("something new", Visibility.DIRECT),
    ],
)
def test_a_visibility_we_do_not_know_is_the_narrowest(name: str, visibility: Visibility) -> None:
    fact = facts(notification(1, status=status(1, visibility=name)))["1"]
    assert fact.visibility is visibility
    assert (fact.kind is Kind.DIRECT) == (visibility is Visibility.DIRECT)


def test_an_answer_to_us_is_a_reply_and_to_another_a_mention() -> None:
    found = facts(
        notification(3, status=status(3, in_reply_to_id="9", in_reply_to_account_id="1")),
        notification(2, status=status(2, in_reply_to_id="8", in_reply_to_account_id="8")),
    )
    assert found["3"].kind is Kind.REPLY
    assert found["2"].kind is Kind.MENTION


def test_a_quote_of_ours_comes_in() -> None:
    quoting = status(5, mentions=[], quote={"state": "accepted", "quoted_status": status(1, BRAND)})
    hidden = status(4, mentions=[], quote={"state": "pending", "quoted_status": None})
    forks = [status(3, mentions=[], quote=True), status(2, mentions=[], quote=status(1, BRAND))]
    found = facts(
        notification(5, "quote", status=quoting),
        *(notification(int(one["id"]), "quote", status=one) for one in (hidden, *forks)),
    )
    assert [found[one].kind for one in ("5", "4", "3", "2")] == [Kind.QUOTE] * 4
    assert [found[one].direction for one in ("5", "4", "3", "2")] == [Direction.INBOUND] * 4


def test_unknown_kinds_and_missing_posts_break_nothing() -> None:
    found = facts(
        notification(9, "moderation_warning", account=None),
        notification(8, "pleroma:emoji_reaction"),
        notification(7, "favourite", status=None),
        notification(6, "mention", status=None),
        notification(5, "follow"),
        {"id": "4", "nonsense": True},
        notification(3, status={"id": "3", "account": "not an account"}),
        notification(2),
    )
    assert set(found) == {"follow:lena@far.example", "2"}


def test_the_same_like_by_the_same_person_is_one_interaction() -> None:
    liked = status(1, BRAND)
    found = facts(
        notification(12, "favourite", status=liked), notification(11, "favourite", status=liked)
    )
    like = found["favourite:1:lena@far.example"]
    assert set(found) == {"1", "favourite:1:lena@far.example"}
    assert like.kind is Kind.LIKE
    assert like.in_reply_to == "1"
    assert found["1"].direction is Direction.OUTBOUND


def test_only_what_no_server_leaves_out_is_needed() -> None:
    bare: dict[str, Any] = {
        "id": "01J9ZZZZZZZZZZZZZZZZZZZZZZ",
        "created_at": "2026-11-19T08:00:00.000Z",
    }
    bare |= {"account": {"id": "7", "acct": "lena@far.example"}, "content": None, "mentions": None}
    fact = facts(notification(1, status=bare))[bare["id"]]
    assert fact.direction is Direction.INBOUND
    assert fact.text == ""
    assert fact.likes == 0


@pytest.mark.parametrize(
    ("meta", "size"),
    [
        ({"original": {"width": 1200, "height": 900, "size": "1200x900"}}, (1200, 900)),
        ({"small": {"width": 400, "height": 300}, "focus": {"x": 0.1}}, (400, 300)),
        ({"original": {"width": 10**12, "height": 1}}, (0, 0)),
        ({"original": {"width": -4, "height": 3}}, (0, 0)),
        ({"original": {"width": "wide"}}, (0, 0)),
        ({"original": None}, (0, 0)),
        ({}, (0, 0)),
        (None, (0, 0)),
        ([1, 2], (0, 0)),
        ("large", (0, 0)),
    ],
)
def test_the_size_of_a_picture_is_kept_where_the_server_tells_a_sane_one(
    meta: object, size: tuple[int, int]
) -> None:
    picture = {"id": "1", "type": "image", "url": "https://far.example/a", "meta": meta}
    (media,) = facts(notification(1, status=status(1, media_attachments=[picture])))["1"].media
    assert media.mime == "image/*"
    assert (media.width, media.height) == size


def test_pictures_warnings_polls_and_edits_are_kept() -> None:
    picture = {
        "id": "1",
        "type": "image",
        "url": "https://far.example/a.webp",
        "preview_url": "https://far.example/small.webp",
        "description": "A torn box",
    }
    working = {"id": "2", "type": "image", "url": None, "remote_url": None}
    post = status(
        1,
        text="torn",
        media_attachments=[picture, working],
        spoiler_text="Complaint",
        language="en",
        edited_at="2026-11-19T09:00:00Z",
        poll={"options": [{"title": "yes"}, {"title": "no"}]},
        favourites_count=3,
        reblogs_count=2,
    )
    fact = facts(notification(1, status=post))["1"]
    assert fact.media[0].description == "A torn box"
    assert fact.media[0].mime == "image/webp"
    assert fact.media[1].url == ""
    assert (fact.warning, fact.language, fact.likes, fact.boosts) == ("Complaint", "en", 3, 2)
    assert fact.text == "torn\n\n• yes\n• no"
    assert fact.edited_at is not None
    assert b'"spoiler_text"' in fact.raw


def test_our_own_posts_know_whom_they_speak_to() -> None:
    found = own(
        status(5, BRAND, "@Lena hi", visibility="direct", mentions=[FOR_LENA]),
        status(4, BRAND, "thanks to @Lena for the photo", mentions=[FOR_LENA]),
        status(3, BRAND, "News"),
    )
    assert found["5"].kind is Kind.DIRECT
    assert found["5"].party is not None
    assert found["5"].party.native_id == "lena@far.example"
    assert found["4"].kind is Kind.POST
    assert found["4"].party is None
    assert found["3"].party is None


def test_an_answer_of_ours_without_a_mention_finds_its_addressee() -> None:
    answer = status(5, BRAND, "Yes", in_reply_to_id="2", in_reply_to_account_id="7", mentions=[])
    found = own(answer, **{"/api/v1/accounts/7": LENA})
    assert found["5"].party is not None
    assert found["5"].party.handle == "@Lena@far.example"
    assert found["5"].kind is Kind.REPLY


def test_an_answer_to_a_deleted_account_stands_without_an_addressee() -> None:
    found = own(status(5, BRAND, "Yes", in_reply_to_id="2", in_reply_to_account_id="7"))
    assert found["5"].party is None


def test_a_boost_of_ours_brings_what_it_boosted() -> None:
    found = own(status(9, BRAND, "", reblog=status(2, LENA, "Lovely shop", mentions=[])))
    assert set(found) == {"2", "reblog:2:brand@shop.example"}
    assert found["2"].direction is Direction.AROUND
    boost = found["reblog:2:brand@shop.example"]
    assert boost.direction is Direction.OUTBOUND
    assert boost.party is not None
    assert boost.party.native_id == "lena@far.example"


def test_the_direction_of_a_post_does_not_depend_on_where_it_is_met() -> None:
    answer = status(3, in_reply_to_id="2", in_reply_to_account_id="8")
    server = Server(
        {
            "/api/v1/notifications": [notification(3, status=answer)],
            "/api/v1/statuses/3": answer,
            "/api/v1/statuses/3/context": {
                "ancestors": [status(2, TOM, "who knows?", mentions=[])],
                "descendants": [],
            },
        }
    )
    (page,) = pulled(server)
    thread = use(server, lambda connector: connector.thread("3"))
    mine = {fact.native_id: (fact.direction, fact.kind, fact.root) for fact in page.facts}
    assert mine == {fact.native_id: (fact.direction, fact.kind, fact.root) for fact in thread.facts}
    assert mine["2"] == (Direction.AROUND, Kind.POST, "2")
    assert mine["3"] == (Direction.INBOUND, Kind.MENTION, "2")


def test_ids_sort_by_length_then_text() -> None:
    ids = ["99", "100", "01J9B", "01J9A"]
    assert sorted(ids, key=id_order) == ["99", "100", "01J9A", "01J9B"]


def test_a_window_remembers_what_was_seen_below_its_top() -> None:
    window = Window().grown(str(number) for number in range(1000, 1100))
    assert window.floor == str(1100 - OVERLAP)
    assert Window.parse(window.cursor) == window
    assert window.knows("1050")
    assert not window.knows("1100")
    assert not window.knows("999")
    assert Window.parse("not ours") is None
    full = window.grown(str(number) for number in range(1100, 1300))
    assert full.knows("1000")
