"""What is told between two looks, and what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.clocks import ClockKind, Deadline
from app.domain.errors import BadInput
from app.domain.ids import CaseId, OutboxId
from app.domain.outbox import OutboxState
from app.domain.replies import Draft
from app.domain.views import CaseRow, OutboxEntry
from app.services.noticing import Noticing
from app.services.notification_settings import NEVER, About, NotificationSettings
from tests.services.desk import Desk
from tests.ui.dialog_services import CASE, MARTA, MINUTE, NOW_MS, case_row, outbox_item

ROW = replace(case_row(), unread=True)


def _later(row: CaseRow, by: int = 1) -> CaseRow:
    return replace(row, last_ms=row.last_ms + by * MINUTE)


def _entry(number: str, state: OutboxState, name: str = "Marta Lindqvist") -> OutboxEntry:
    item = replace(outbox_item(CASE, Draft("On  its\nway")), id=OutboxId(number), state=state)
    return OutboxEntry(item, NOW_MS, MARTA, name, "Ines", None, 0)


def test_what_was_there_at_the_first_look_is_not_news() -> None:
    late = replace(ROW, deadline=Deadline(NOW_MS - 80 * MINUTE, NOW_MS + 20 * MINUTE))
    noticing = Noticing()
    outbox = (_entry("o1", OutboxState.FAILED),)
    assert noticing.look((late,), outbox, NOW_MS) == ()
    assert noticing.look((late,), outbox, NOW_MS + MINUTE) == ()


def test_a_promise_is_told_before_it_is_late() -> None:
    deadline = Deadline(NOW_MS - 30 * MINUTE, NOW_MS + 5 * MINUTE, kind=ClockKind.PROMISE)
    noticing = Noticing()
    noticing.look((), (), NOW_MS)
    (news,) = noticing.look((replace(ROW, unread=False, deadline=deadline),), (), NOW_MS)
    assert (news.about, news.title) == (About.DUE, "Marta Lindqvist: promised in 5 min")


def test_a_message_in_my_work_is_told_once_with_its_words() -> None:
    noticing = Noticing()
    noticing.look((ROW,), (), NOW_MS)
    (news,) = noticing.look((_later(ROW),), (), NOW_MS)
    assert (news.about, news.title) == (About.MESSAGE, "Marta Lindqvist wrote")
    assert news.text.startswith("It has been plugged in all night")
    assert news.case == ROW.case
    assert noticing.look((_later(ROW),), (), NOW_MS) == ()


@pytest.mark.parametrize(
    "row",
    [
        replace(_later(ROW), unread=False),
        replace(_later(ROW), snippet_ours=True),
        replace(ROW, case=CaseId(1), last_ms=NOW_MS - 25 * 60 * MINUTE),
    ],
    ids=["read", "ours", "old, from the history"],
)
def test_what_is_no_news_is_not_told(row: CaseRow) -> None:
    noticing = Noticing()
    noticing.look((ROW,), (), NOW_MS)
    assert noticing.look((row,), (), NOW_MS) == ()


def test_a_case_that_comes_to_me_unread_is_told() -> None:
    noticing = Noticing()
    noticing.look((), (), NOW_MS)
    assert [news.case for news in noticing.look((ROW,), (), NOW_MS)] == [ROW.case]


def test_a_reply_that_falls_due_is_told_once_for_each_deadline() -> None:
    row = replace(ROW, deadline=Deadline(NOW_MS, NOW_MS + 60 * MINUTE))
    noticing = Noticing()
    noticing.look((row,), (), NOW_MS)
    assert noticing.look((row,), (), NOW_MS + 39 * MINUTE) == ()
    (news,) = noticing.look((row,), (), NOW_MS + 42 * MINUTE)
    assert (news.about, news.title) == (About.DUE, "Marta Lindqvist: reply due in 18 min")
    assert noticing.look((row,), (), NOW_MS + 43 * MINUTE) == ()


def test_what_turned_late_while_nobody_looked_is_told_once() -> None:
    """The machine slept over the last third; and a case comes to me that is late already."""
    row = replace(ROW, deadline=Deadline(NOW_MS, NOW_MS + 60 * MINUTE))
    theirs = replace(row, case=CaseId(2), name="Ada", unread=False)
    noticing = Noticing()
    noticing.look((row,), (), NOW_MS)
    (news,) = noticing.look((row,), (), NOW_MS + 250 * MINUTE)
    assert (news.about, news.title) == (About.DUE, "Marta Lindqvist: reply 3 h 10 late")
    (news,) = noticing.look((row, theirs), (), NOW_MS + 251 * MINUTE)
    assert news.title == "Ada: reply 3 h 11 late"
    assert noticing.look((row, theirs), (), NOW_MS + 252 * MINUTE) == ()


def test_what_was_late_at_the_first_look_or_for_days_is_no_news() -> None:
    late = replace(ROW, deadline=Deadline(NOW_MS - 80 * MINUTE, NOW_MS - 20 * MINUTE))
    noticing = Noticing()
    assert noticing.look((late,), (), NOW_MS) == ()
    assert noticing.look((late,), (), NOW_MS + MINUTE) == ()
    days = replace(late, deadline=Deadline(0, NOW_MS - 25 * 60 * MINUTE), case=CaseId(2))
    days = replace(days, unread=False)
    assert noticing.look((late, days), (), NOW_MS + MINUTE) == ()


def test_what_could_not_be_sent_is_told_again_when_it_fails_again() -> None:
    noticing = Noticing()
    noticing.look((), (_entry("o1", OutboxState.QUEUED),), NOW_MS)
    failed, held = _entry("o1", OutboxState.FAILED), _entry("o2", OutboxState.HELD, "")
    told = noticing.look((), (failed, held), NOW_MS)
    assert [(news.title, news.text) for news in told] == [
        ("Not sent to Marta Lindqvist", "On its way"),
        ("Look again before it leaves to the customer", "On its way"),
    ]
    assert noticing.look((), (_entry("o1", OutboxState.SENDING), held), NOW_MS) == ()
    assert len(noticing.look((), (failed, held), NOW_MS)) == 1


def test_many_at_once_are_told_as_one() -> None:
    noticing = Noticing()
    noticing.look((), (), NOW_MS)
    rows = tuple(replace(ROW, case=CaseId(n)) for n in range(1, 5))
    (news,) = noticing.look(rows, (), NOW_MS)
    assert (news.title, news.text, news.case) == ("4 new messages in My work", "", None)


def test_long_words_are_cut() -> None:
    noticing = Noticing()
    noticing.look((), (), NOW_MS)
    (news,) = noticing.look((replace(ROW, snippet="long " * 1000),), (), NOW_MS)
    assert len(news.text) <= 140
    assert news.text.endswith("…")


def test_quiet_hours_and_kinds_are_kept(desk: Desk) -> None:
    settings = NotificationSettings(desk.directory)
    assert settings.quiet_hours() == NEVER
    assert not any(
        settings.is_quiet(datetime(2026, 11, 19, hour, tzinfo=UTC)) for hour in range(24)
    )
    settings.set_quiet_hours((22, 7)).result()
    quiet = [
        hour for hour in range(24) if settings.is_quiet(datetime(2026, 11, 19, hour, tzinfo=UTC))
    ]
    assert quiet == [0, 1, 2, 3, 4, 5, 6, 22, 23]
    assert all(settings.wants(about) for about in About)
    settings.set_wants(About.DUE, wants=False).result()
    assert [about for about in About if settings.wants(about)] == [About.MESSAGE, About.FAILED]
    with pytest.raises(BadInput, match="Quiet hours cannot be 3-4"):
        settings.set_quiet_hours((3, 4))
