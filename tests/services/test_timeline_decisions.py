"""Decisions stand on the page of their time, and tell what those of other pages made of them."""

from __future__ import annotations

from datetime import timedelta

from app.domain.departments import CARE, PR
from app.domain.events import EventType
from app.domain.ids import CustomerId
from app.domain.replies import Escalation
from app.domain.views import EventItem, TimelinePage
from tests.conftest import NOW
from tests.services.desk import Desk
from tests.store.building import identity, said

_ADA = CustomerId(identity("ada"))


def _pages(desk: Desk, limit: int) -> list[TimelinePage]:
    """Newest first."""
    pages = [desk.timelines.page(_ADA, limit=limit).result()]
    while pages[-1].before is not None:
        pages.append(desk.timelines.page(_ADA, before=pages[-1].before, limit=limit).result())
    return pages


def _decided(page: TimelinePage) -> list[EventItem]:
    return [item for item in page.items if isinstance(item, EventItem)]


def test_decisions_stand_on_the_page_of_their_time(desk: Desk) -> None:
    start = desk.clock.now()
    desk.take(said("1", "ada", "@halden My Duo leaks, can you help?"))
    case = desk.only_case()
    desk.cases.tag(case, ["leak"]).result()
    first, second = timedelta(hours=1), timedelta(hours=2)
    desk.clock.set(start + first)
    desk.take(said("2", "ada", "Hello?", in_reply_to="1", occurred_at=NOW + first))
    desk.cases.escalate(case, Escalation(PR, reason="Press asks")).result()
    desk.clock.set(start + second)
    desk.take(said("3", "ada", "Anybody?", in_reply_to="2", occurred_at=NOW + second))

    newest, middle, oldest = _pages(desk, 1)

    assert _decided(newest) == [], "nothing was decided since the last message"
    (handed,) = _decided(middle)
    assert handed.seam is not None
    assert (handed.seam.origin, handed.seam.target) == (CARE, PR), "though opened a page earlier"
    assert handed.seam.held_ms == handed.at_ms - oldest.items[0].at_ms
    kinds = [item.event.type for item in _decided(oldest)]
    late = EventType.CLOCK_BREACHED  # an hour after she wrote, before the tag of that moment
    assert kinds == [EventType.CASE_OPENED, late, EventType.CASE_TAGGED]
    for page in (newest, middle, oldest):
        assert [holding.department for holding in page.holdings] == [CARE, PR]


def test_what_is_undone_on_a_later_page_says_so_on_its_own(desk: Desk) -> None:
    desk.take(said("1", "ada", "@halden My Duo leaks, can you help?"))
    case = desk.only_case()
    tagged = desk.cases.tag(case, ["leak"]).result()
    desk.clock.set(NOW + timedelta(hours=1))
    desk.take(said("2", "ada", "Hello?", in_reply_to="1", occurred_at=desk.clock.now()))
    desk.cases.undo_event(tagged.id).result()

    newest, oldest = _pages(desk, 1)

    assert _decided(newest) == []
    assert {item.event.id: item.undone for item in _decided(oldest)}[tagged.id]
