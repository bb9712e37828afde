"""The case list: pages as one scrolls, refreshes as one reads, rows painted once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtCore import QElapsedTimer, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.domain.cases import Status
from app.domain.changes import ChangeSet
from app.domain.clocks import Deadline
from app.domain.departments import SEEDED
from app.domain.errors import WorkspaceError
from app.domain.events import Event, EventType
from app.domain.ids import AgentId, CaseId, DeviceId, EventId
from app.domain.right_of_way import SCREEN
from app.domain.views import CasePage, CaseRow, QueueFilter, QueueName, QueueRef, QueueSort
from app.services.queues import Departure
from app.ui.bridge import UiBridge
from app.ui.delegates import case_delegate
from app.ui.delegates.case_delegate import CaseDelegate
from app.ui.models import queue_loader
from app.ui.models.departure_words import departure_words
from app.ui.models.queue_loader import PAGE_ROWS, AfterLeaving
from app.ui.room import LIST, LIST_LEAST
from app.ui.runtime import prepare
from app.ui.theme import painting, theme
from app.ui.views.case_list import CaseListPane
from app.ui.views.skeleton import RowsSkeleton
from tests.ui.driving import button, child
from tests.ui.rows import MINUTE, NOW_MS, case_row

MY_WORK = QueueRef(QueueName.MY_WORK)
_BY_ID = {department.id: department for department in SEEDED}


@dataclass
class HeldQueues:
    """Pages of a list of rows; answers at once, or when told to."""

    rows: list[CaseRow] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    holding: bool = False
    held: list[Callable[[], None]] = field(default_factory=list)
    trouble: WorkspaceError | None = None
    own: bool = True
    """Whether whoever sits here closed it."""

    def page(self, queue: QueueRef, **how: Any) -> Future[CasePage]:
        self.asked.append({"queue": queue} | how)
        future: Future[CasePage] = Future()

        def answer() -> None:
            if self.trouble is not None:
                future.set_exception(self.trouble)
                return
            start = 0
            if how.get("after") is not None:
                cursors = [row.cursor for row in self.rows]
                start = cursors.index(how["after"]) + 1
            chosen = self.rows[start : start + how["limit"]]
            if how.get("filter") is QueueFilter.UNREAD:
                chosen = [row for row in chosen if row.unread]
            future.set_result(CasePage(tuple(chosen), len(self.rows) > start + how["limit"]))

        if self.holding:
            self.held.append(answer)
        else:
            answer()
        return future

    def everything(self, _queue: QueueRef, **how: Any) -> Future[tuple[CaseId, ...]]:
        unread = how["filter"] is QueueFilter.UNREAD
        future: Future[tuple[CaseId, ...]] = Future()
        future.set_result(tuple(row.case for row in self.rows if row.unread or not unread))
        return future

    def departure(self, case: CaseId) -> Future[Departure]:
        """What is not in the queue any more has been closed."""
        future: Future[Departure] = Future()
        closed = Event(
            EventId("e1"), EventType.CASE_CLOSED, case, AgentId("theo"), DeviceId("d"), 1, {}
        )
        row = case_row(case, status=Status.CLOSED)
        future.set_result(Departure(row, closed, self.own, "Theo Brandt", ""))
        return future


@pytest.fixture
def queues() -> HeldQueues:
    return HeldQueues([case_row(number) for number in range(130)])


@pytest.fixture
def pane(queues: HeldQueues, qtbot: QtBot) -> CaseListPane:
    prepare("light")
    service = SimpleNamespace(
        page=queues.page, departure=queues.departure, everything=queues.everything
    )
    pane = CaseListPane(cast("Any", service), UiBridge(), lambda: NOW_MS, _BY_ID.__getitem__)
    qtbot.addWidget(pane)
    pane.resize(LIST, 800)
    pane.show()
    with qtbot.waitSignal(pane.loader.loaded):
        pane.show_queue(MY_WORK, "My work")
    return pane


def test_pages_are_read_ahead_of_the_reader(
    pane: CaseListPane, queues: HeldQueues, qtbot: QtBot
) -> None:
    assert pane.model.rowCount() == PAGE_ROWS
    bar = pane.rows.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: pane.model.rowCount() == 2 * PAGE_ROWS)
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: pane.model.rowCount() == 130)
    assert not pane.model.more
    assert [row.case for row in pane.model.rows()] == list(range(130))
    bar.setValue(bar.maximum())
    assert len(queues.asked) == 3


def test_after_a_slow_refresh_commits_wait_for_a_while_and_are_shown_together(
    pane: CaseListPane, queues: HeldQueues, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_loader, "_LONGEST_REST_MS", 200)
    queues.holding = True
    pane.loader.changed(ChangeSet(cases=frozenset({CaseId(1)})))
    took = QElapsedTimer()
    took.start()
    qtbot.waitUntil(lambda: took.elapsed() > 60)  # four times as long is more than the longest rest
    with qtbot.waitSignal(pane.loader.refreshed):
        queues.held.pop()()
    queues.holding = False
    asked = len(queues.asked)
    for number in range(3):
        pane.loader.changed(ChangeSet(cases=frozenset({CaseId(number)})))
    assert len(queues.asked) == asked
    with qtbot.waitSignal(pane.loader.refreshed):
        pass
    assert len(queues.asked) == asked + 1


def test_commits_during_a_read_ask_once_more_after_it(
    pane: CaseListPane, queues: HeldQueues, qtbot: QtBot
) -> None:
    queues.holding = True
    before = len(queues.asked)
    for number in range(5):
        pane.loader.changed(ChangeSet(cases=frozenset({CaseId(number)})))
    assert len(queues.asked) == before + 1
    queues.holding = False
    queues.held.pop()()
    qtbot.waitUntil(lambda: len(queues.asked) == before + 2)


def test_a_commit_that_concerns_no_queue_asks_nothing(
    pane: CaseListPane, queues: HeldQueues
) -> None:
    before = len(queues.asked)
    pane.loader.changed(ChangeSet(interactions=500))
    assert len(queues.asked) == before


def test_another_queue_drops_the_answer_of_the_last(
    pane: CaseListPane, queues: HeldQueues, qtbot: QtBot
) -> None:
    queues.holding = True
    pane.show_queue(QueueRef(QueueName.UNASSIGNED), "Unassigned")
    pane.show_queue(QueueRef(QueueName.SNOOZED), "Snoozed")
    first, second = queues.held
    with qtbot.waitSignal(pane.loader.loaded):
        queues.rows = [case_row(200)]
        second()
        queues.rows = [case_row(300)]
        first()
    assert [row.case for row in pane.model.rows()] == [200]


def test_a_refresh_keeps_the_place_and_the_choice(
    pane: CaseListPane, queues: HeldQueues, qtbot: QtBot
) -> None:
    pane.select_case(CaseId(30))
    at = pane.rows.visualRect(pane.model.index_of(CaseId(30))).top()
    queues.rows[0:0] = [case_row(900), case_row(901)]
    pane.loader.changed(ChangeSet(cases=frozenset({CaseId(900)})))
    qtbot.waitUntil(lambda: pane.model.rows()[0].case == 900)
    row = pane.current_row()
    assert row is not None
    assert row.case == 30
    assert pane.rows.visualRect(pane.model.index_of(CaseId(30))).top() == at


def test_a_case_that_leaves_gives_way_to_the_next(
    pane: CaseListPane, queues: HeldQueues, qtbot: QtBot
) -> None:
    pane.select_case(CaseId(3))
    del queues.rows[3]
    with qtbot.waitSignal(pane.case_chosen) as chosen:
        pane.loader.changed(ChangeSet(cases=frozenset({CaseId(3)})))
    assert chosen.args is not None
    assert chosen.args[0].case == 4


def test_what_comes_before_the_case_at_hand_does_not_push_it_out(
    pane: CaseListPane, queues: HeldQueues, qtbot: QtBot
) -> None:
    """Only fifty are loaded, and the last of them is being read."""
    last = CaseId(PAGE_ROWS - 1)
    pane.select_case(last)
    top = pane.rows.visualRect(pane.model.index_of(last)).top()
    queues.rows[0:0] = [case_row(900 + number) for number in range(5)]
    pane.loader.changed(ChangeSet(cases=frozenset({CaseId(900)})))
    qtbot.waitUntil(lambda: pane.model.rows()[0].case == 900)
    row = pane.current_row()
    assert row is not None
    assert row.case == last
    assert pane.rows.visualRect(pane.model.index_of(last)).top() == top


def test_a_case_that_leaves_may_stay_until_another_is_chosen(
    pane: CaseListPane, queues: HeldQueues, qtbot: QtBot
) -> None:
    pane.loader.after = AfterLeaving.STAY
    pane.select_case(CaseId(3))
    del queues.rows[3]
    pane.loader.changed(ChangeSet(cases=frozenset({CaseId(3)})))
    qtbot.waitUntil(lambda: pane.model.rows()[3].status is Status.CLOSED)
    row = pane.current_row()
    assert row is not None
    assert row.case == 3
    pane.step(1)
    qtbot.waitUntil(lambda: not pane.model.index_of(CaseId(3)).isValid())
    row = pane.current_row()
    assert row is not None
    assert row.case == 4


@pytest.mark.parametrize("after", list(AfterLeaving))
def test_whoever_reads_a_case_stays_when_somebody_else_moves_it(
    pane: CaseListPane, queues: HeldQueues, qtbot: QtBot, after: AfterLeaving
) -> None:
    pane.loader.after, queues.own = after, False
    pane.select_case(CaseId(3))
    del queues.rows[3]
    told: list[Departure] = []
    pane.loader.moved.connect(told.append)
    with qtbot.assertNotEmitted(pane.case_chosen, wait=0):
        for number in (3, 900):
            with qtbot.waitSignal(pane.loader.refreshed):
                pane.loader.refresh()
            queues.rows.insert(0, case_row(900 + number))
    row = pane.current_row()
    assert row is not None
    assert (row.case, row.status) == (3, Status.CLOSED)
    assert [departure_words(one) for one in told] == [
        "Theo Brandt closed this case. It stays here while you read."
    ]
    pane.step(1)
    qtbot.waitUntil(lambda: not pane.model.index_of(CaseId(3)).isValid())


def test_a_case_that_leaves_may_leave_nothing_at_hand(
    pane: CaseListPane, queues: HeldQueues, qtbot: QtBot
) -> None:
    pane.loader.after = AfterLeaving.LIST
    pane.select_case(CaseId(3))
    del queues.rows[3]
    with qtbot.waitSignal(pane.case_chosen) as chosen:
        pane.loader.changed(ChangeSet(cases=frozenset({CaseId(3)})))
    assert chosen.args == [None]
    qtbot.waitUntil(lambda: not pane.model.index_of(CaseId(3)).isValid())
    assert pane.current_row() is None
    pane.step(1)
    row = pane.current_row()
    assert row is not None
    assert row.case == 0


def test_a_slow_read_shows_a_skeleton_and_a_fast_one_nothing(
    pane: CaseListPane, queues: HeldQueues, qtbot: QtBot
) -> None:
    skeleton = child(pane, RowsSkeleton)
    with qtbot.waitSignal(pane.loader.loaded):
        pane.show_queue(QueueRef(QueueName.SNOOZED), "Snoozed")
    queues.holding = True
    pane.show_queue(QueueRef(QueueName.UNASSIGNED), "Unassigned")
    assert pane.rows.isVisible()
    qtbot.waitUntil(skeleton.isVisible)
    queues.held.pop()()
    qtbot.waitUntil(pane.rows.isVisible)
    assert not skeleton.isVisible()


def test_a_read_that_fails_takes_its_skeleton_away(
    pane: CaseListPane, queues: HeldQueues, qtbot: QtBot
) -> None:
    queues.holding = True
    queues.trouble = WorkspaceError("The disk is full.")
    pane.show_queue(QueueRef(QueueName.UNASSIGNED), "Unassigned")
    qtbot.waitUntil(child(pane, RowsSkeleton).isVisible)
    queues.held.pop()()
    qtbot.waitUntil(pane.rows.isVisible)


def test_filters_and_order_ask_anew(pane: CaseListPane, queues: HeldQueues, qtbot: QtBot) -> None:
    queues.rows[5] = case_row(5, unread=True)
    with qtbot.waitSignal(pane.loader.loaded):
        QTest.mouseClick(button(pane, "Unread"), Qt.MouseButton.LeftButton)
    assert queues.asked[-1]["filter"] is QueueFilter.UNREAD
    assert [row.case for row in pane.model.rows()] == [5]
    pane.loader.set_sort(QueueSort.NEWEST)
    assert queues.asked[-1]["sort"] is QueueSort.NEWEST


def test_counts_stand_beside_the_filters_when_all_is_loaded(
    pane: CaseListPane, queues: HeldQueues, qtbot: QtBot
) -> None:
    due = Deadline(NOW_MS - 50 * MINUTE, NOW_MS + 10 * MINUTE)
    queues.rows = [case_row(1, unread=True), case_row(2, unread=True, deadline=due), case_row(3)]
    pane.loader.refresh()
    qtbot.waitUntil(lambda: pane.model.rowCount() == 3)
    assert button(pane, "Unread 2")
    assert button(pane, "Due soon 1")


def test_the_head_tells_how_many_of_the_queue_are_shown(
    pane: CaseListPane, queues: HeldQueues, qtbot: QtBot
) -> None:
    def head(words: str) -> bool:
        return any(label.text() == words for label in pane.findChildren(QLabel))

    pane.show_count(1214, None)
    assert head("1,214")
    queues.rows = [case_row(n, unread=n % 2 == 0) for n in range(130)]
    with qtbot.waitSignal(pane.loader.loaded):
        QTest.mouseClick(button(pane, "Unread"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: head("65 of 1,214"))  # more than a page
    queues.rows = queues.rows[:9]
    pane.loader.refresh()
    qtbot.waitUntil(lambda: head("5 of 1,214"))
    with qtbot.waitSignal(pane.loader.loaded):
        QTest.mouseClick(button(pane, "All"), Qt.MouseButton.LeftButton)
    assert head("1,214")


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The cases whose rows are painted from now on, one entry for each painting."""
    cases: list[int] = []
    paint = CaseDelegate.paint

    def counted(
        self: CaseDelegate, painter: QPainter, rect: QRectF, row: CaseRow, **how: bool
    ) -> None:
        cases.append(row.case)
        paint(self, painter, rect, row, **how)

    monkeypatch.setattr(CaseDelegate, "paint", counted)
    return cases


def test_what_is_the_same_after_a_refresh_comes_as_the_very_rows_that_are_shown(
    pane: CaseListPane, queues: HeldQueues, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = list(pane.model.rows())
    pages: list[CasePage] = []
    monkeypatch.setattr(pane.model, "show_page", pages.append)
    queues.rows = [replace(row, unread=row.case == 3) for row in queues.rows]
    with qtbot.waitSignal(pane.loader.refreshed):
        pane.loader.refresh()
    known = [now is then for now, then in zip(pages[0].rows, before, strict=True)]
    assert known == [row.case != 3 for row in before]


@pytest.mark.parametrize(("by", "comes"), [(10, 17), (-10, 8)], ids=["down", "up"])
def test_the_row_that_comes_next_is_painted_between_two_frames(
    pane: CaseListPane, painted: list[int], qtbot: QtBot, by: int, comes: int
) -> None:
    height, sight = pane.rows.row_height(), pane.rows.viewport().height()
    bar = pane.rows.verticalScrollBar()
    bar.setValue(9 * height + 20 if by < 0 else 17 * height - sight - 20)
    bar.setValue(bar.value() + by)
    pane.rows.viewport().repaint()
    assert comes not in painted
    qtbot.waitUntil(lambda: comes in painted)
    painted.clear()
    bar.setValue(bar.value() + 2 * by)
    pane.rows.viewport().repaint()
    assert painted == []


def test_a_list_that_scrolls_goes_first(pane: CaseListPane, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not SCREEN.is_taken)
    pane.rows.verticalScrollBar().setValue(300)
    assert SCREEN.is_taken
    qtbot.waitUntil(lambda: not SCREEN.is_taken)


def test_each_row_is_painted_once_however_far_one_scrolls(
    pane: CaseListPane, painted: list[int]
) -> None:
    pane.rows.verticalScrollBar().setValue(1000)
    pane.rows.viewport().repaint()
    painted.clear()
    for value in range(1000, 1400, 10):
        pane.rows.verticalScrollBar().setValue(value)
        pane.rows.viewport().repaint()
    assert len(painted) == len(set(painted))
    assert len(painted) <= 5


def test_hovering_paints_the_row_and_the_line_below_it(
    pane: CaseListPane, painted: list[int], qtbot: QtBot
) -> None:
    pane.rows.viewport().repaint()
    painted.clear()
    QTest.mouseMove(pane.rows.viewport(), pane.rows.visualRect(pane.model.index(2)).center())
    qtbot.waitUntil(lambda: 2 in painted)
    assert set(painted) <= {2, 3}


@pytest.mark.parametrize("width", [LIST_LEAST, LIST, 420])
@pytest.mark.parametrize("failed", [False, True])
@pytest.mark.parametrize("tags", [("firmware-3.2", "press", "leak"), ("x",) * 40, ("長い" * 30,)])
def test_tags_never_reach_the_department(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, width: int, failed: bool, tags: tuple[str, ...]
) -> None:
    prepare("light")
    boxes: list[QRectF] = []
    monkeypatch.setattr(
        case_delegate, "draw_tag", lambda _painter, box, _words, _ground: boxes.append(box)
    )
    delegate = CaseDelegate(lambda: NOW_MS, _BY_ID.__getitem__)
    image = QImage(width, delegate.row_height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    row = case_row(1, tags=tags, outbox_failed=failed)
    delegate.paint(
        painter, QRectF(image.rect()), row, selected=False, hovered=False, focused=False, rule=True
    )
    painter.end()
    name = theme().font("caption")
    dot = width - 16 - painting.metrics(name).horizontalAdvance(_BY_ID[row.department].short) - 12
    assert all(box.right() <= dot for box in boxes)
    assert boxes or width == LIST_LEAST


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"unread": True, "reach": 1_200_000, "has_draft": True},
        {"tags": tuple(f"a-tag-with-a-long-name-{n}" for n in range(40))},
        {"name": "Bartholomew " * 12, "handle": "@x" * 80, "reach": 48_000},
        {"name": "محمد علي", "snippet": "مرحبا، الجهاز لا يعمل بعد التحديث " * 20},
        {"name": "", "handle": "", "snippet": "", "deadline": None},
        {"snippet": "😀" * 300},
        {"status": Status.SNOOZED, "snoozed_until_ms": NOW_MS + 26 * 60 * MINUTE},
        {"status": Status.CLOSED, "outbox_failed": True},
        {"deadline": Deadline(NOW_MS - 90 * MINUTE, NOW_MS - 12 * MINUTE)},
    ],
)
def test_no_row_breaks_out_of_its_place(qtbot: QtBot, changes: dict[str, Any]) -> None:
    prepare("light")
    delegate = CaseDelegate(lambda: NOW_MS, _BY_ID.__getitem__)
    width, height, margin = LIST, delegate.row_height, 40
    image = QImage(width + 2 * margin, height + 2 * margin, QImage.Format.Format_RGB32)
    ground = theme().colour("surface")
    image.fill(ground)
    painter = QPainter(image)
    rect = QRectF(margin, margin, width, height)
    delegate.paint(
        painter,
        rect,
        case_row(1, **changes),
        selected=False,
        hovered=False,
        focused=False,
        rule=True,
    )
    painter.end()
    inside = any(
        image.pixelColor(x, y) != ground
        for x in range(margin, margin + width, 3)
        for y in range(margin, margin + height, 3)
    )
    assert inside
    outside = [
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if not rect.contains(x, y) and image.pixelColor(x, y) != ground
    ]
    assert outside == []
