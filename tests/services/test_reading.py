"""Queues, timelines, search and replies as a screen asks for them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.errors import BadInput
from app.domain.ids import CustomerId
from app.domain.interactions import Direction, Kind, Visibility
from app.domain.outbox import Act, Attachment, OutboxState
from app.domain.replies import Draft, Written
from app.domain.views import (
    InteractionItem,
    OutboxEntry,
    QueueFilter,
    QueueName,
    QueueRef,
    QueueSort,
)
from tests.conftest import NOW
from tests.services.desk import Desk
from tests.store.building import answered, identity, said

ALL = QueueRef(QueueName.ALL)


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Forty customers who wait since a minute each, one after the other."""
    desk.take(*(said(f"m{n}", f"c{n:02}", f"Question {n}?", at=60 * n) for n in range(40)))
    return desk


@pytest.mark.parametrize("sort", list(QueueSort))
def test_a_queue_is_paged_without_gaps_or_doubles(busy: Desk, sort: QueueSort) -> None:
    seen: list[str] = []
    after = None
    while True:
        page = busy.queues.page(ALL, sort=sort, after=after, limit=7).result()
        seen += [row.name for row in page.rows]
        after = page.rows[-1].cursor
        if not page.more:
            break
    expected = [f"C{n:02}" for n in range(40)]
    if sort is QueueSort.REACH:  # all have as many followers
        assert sorted(seen) == expected
    else:
        assert seen == (expected[::-1] if sort is QueueSort.NEWEST else expected)


def test_due_soon_is_the_last_third_and_later(busy: Desk) -> None:
    page = busy.queues.page(ALL, filter=QueueFilter.DUE_SOON, limit=100).result()
    # A first reply is promised within the hour; the last third begins after 40 minutes.
    assert [row.name for row in page.rows] == [f"C{n:02}" for n in range(21)]


def test_unread_only(busy: Desk) -> None:
    page = busy.queues.page(ALL, limit=100).result()
    busy.cases.mark_seen(page.rows[0].case).result()
    unread = busy.queues.page(ALL, filter=QueueFilter.UNREAD, limit=100).result()
    assert len(unread.rows) == 39


def test_a_timeline_is_paged_from_the_newest(desk: Desk) -> None:
    desk.take(*(said(f"m{n}", "ada", f"Message {n}", at=n) for n in range(50)))
    customer = CustomerId(identity("ada"))
    texts: list[str] = []
    before = None
    pages = 0
    while True:
        page = desk.timelines.page(customer, before=before, limit=20).result()
        pages += 1
        texts = [i.text for i in page.items if isinstance(i, InteractionItem)] + texts
        before = page.before
        if before is None:
            break
    assert texts == [f"Message {n}" for n in range(50)]
    assert pages == 3


def test_the_timeline_holds_marketing_and_service_of_one_person(desk: Desk) -> None:
    desk.take(
        said("ad", "halden", "Huila is here", author=_us(), direction=Direction.OUTBOUND,
             kind=Kind.POST, at=0),
        said("like", "ada", "", kind=Kind.LIKE, in_reply_to="ad", at=1),
        said("q", "ada", "@halden my Duo leaks?", at=2),
        answered("a", "q", "Sorry to hear", at=3),
    )  # fmt: skip
    page = desk.timelines.page(CustomerId(identity("ada"))).result()
    items = [i for i in page.items if isinstance(i, InteractionItem)]
    assert [i.native_id for i in items] == ["ad", "like", "q", "a"]
    assert [i.ours for i in items] == [True, False, False, True]
    assert items[1].in_reply_to == "ad"


def _us() -> object:
    from tests.store.building import US

    return US


def test_a_reply_waits_in_its_window_and_can_be_undone(desk: Desk) -> None:
    desk.take(said("1", "ada", "@halden help?", visibility=Visibility.FOLLOWERS))
    case = desk.only_case()
    item = desk.replies.reply(case, Draft("On it")).result()
    assert item.state is OutboxState.QUEUED
    assert item.not_before == NOW + timedelta(seconds=6)
    assert (item.visibility, item.target, item.mention) == (Visibility.FOLLOWERS, "1", "@ada")
    page = desk.timelines.page(CustomerId(identity("ada"))).result()
    wishes = [i for i in page.items if isinstance(i, OutboxEntry)]
    assert [(w.item.text, w.agent_name, w.place) for w in wishes] == [("On it", "Ines Duarte", 1)]
    assert desk.queues.counts().result().outbox_waiting == 1
    undone = desk.replies.undo_send(item.id).result()
    assert undone.state is OutboxState.CANCELLED
    assert desk.replies.draft(case).result().text == "On it"
    assert desk.queues.counts().result().outbox_waiting == 0


def test_what_a_service_would_refuse_is_refused_here(desk: Desk) -> None:
    desk.take(said("1", "ada", "@halden help?"))
    case = desk.only_case()
    with pytest.raises(BadInput, match="too long"):
        desk.replies.reply(case, Draft("x" * 501)).result()
    with pytest.raises(BadInput, match="The reply is 4 characters too long"):
        # The server counts the customer's name, which goes in front.
        desk.replies.reply(case, Draft("x" * 499)).result()
    with pytest.raises(BadInput, match="is empty"):
        desk.replies.reply(case, Draft("  "))
    many = tuple(Attachment(f"{n}.png", "image/png", b"x") for n in range(5))
    with pytest.raises(BadInput, match="4 pictures"):
        desk.replies.reply(case, Draft("see", attachments=many)).result()
    assert desk.queues.outbox().result() == ()


def test_only_our_own_posts_are_deleted(desk: Desk) -> None:
    desk.take(said("1", "ada", "@halden help?"), answered("2", "1", "Sure", at=4))
    page = desk.timelines.page(CustomerId(identity("ada"))).result()
    theirs, ours = (i for i in page.items if isinstance(i, InteractionItem))
    with pytest.raises(BadInput, match="not ours"):
        desk.replies.delete(theirs.uid).result()
    item = desk.replies.delete(ours.uid).result()
    assert (item.act, item.target) == (Act.DELETE, "2")


def test_drafts_are_kept_and_marked(desk: Desk) -> None:
    desk.take(said("1", "ada", "@halden help?"))
    case = desk.only_case()
    desk.replies.save_draft(case, Written(text="Dear Ada")).result()
    assert desk.queues.rows([case]).result()[0].has_draft
    assert desk.replies.draft(case).result().text == "Dear Ada"
    desk.replies.save_draft(case, Written()).result()
    assert not desk.queues.rows([case]).result()[0].has_draft


def test_search_finds_people_cases_and_messages(desk: Desk) -> None:
    desk.take(
        said("1", "ada", "@halden my grinder squeals?"), said("2", "bo", "Grinder fine", at=5)
    )
    results = desk.search.find("grind").result()
    assert results.messages_count == 2
    assert [hit.name for hit in results.messages] == ["Bo", "Ada"]
    assert {hit.title for hit in results.cases} == {"my grinder squeals?", "Grinder fine"}
    assert results.total_interactions == 2
    people = desk.search.find("ad").result()
    assert [hit.name for hit in people.customers] == ["Ada"]
    by_ref = desk.search.find(results.cases[0].ref).result()
    assert by_ref.cases[0].case == results.cases[0].case
