"""Whoever has opened somebody stays there, and with them what was written, sought and chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.excerpt import Excerpt, Strand
from app.domain.ids import CaseId, CustomerId, founding_customer
from app.domain.replies import Draft
from app.domain.views import CaseRow, CustomerCard, QueueName, QueueRef
from app.store import people
from app.ui.lock_place import Place, go_back, place_of, written
from app.ui.runtime import prepare
from app.ui.views.composer_edit import GrowingEdit
from app.ui.views.journeys import SETTING
from app.ui.window import ConsoleWindow
from tests.services.desk import make_desk
from tests.store.building import identity, person, said
from tests.ui.consoles import Console, on_screen
from tests.ui.driving import child, press

MY_WORK, SNOOZED = QueueRef(QueueName.MY_WORK), QueueRef(QueueName.SNOOZED)
WAITING = ("ada", "bea", "cid")


@pytest.fixture
def console(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Console]:
    """Ada, Bea and Cid wait for me, Ada is on the desk; Cleo has never said anything."""
    prepare("light")
    desk = make_desk(tmp_path, clock)
    desk.take(*(said(f"m{n}", who, f"{who} asks?", at=n) for n, who in enumerate(WAITING)))
    for row in desk.queues.page(QueueRef(QueueName.UNASSIGNED)).result().rows:
        desk.cases.assign(row.case, desk.directory.me().id).result()
    desk.workspace.write(lambda tx: people.put_identities(tx, [person("cleo")])).result()
    with on_screen(desk, qtbot) as made:
        qtbot.waitUntil(lambda: len(rows(made)) == len(WAITING))
        at_desk(made.window, qtbot, rows(made)[0].case)
        yield made
    desk.workspace.close()


def rows(console: Console) -> list[CaseRow]:
    return list(console.window.case_list.model.rows())


def at_desk(window: ConsoleWindow, qtbot: QtBot, case: CaseId) -> None:
    """Wait until a case is read and on the desk."""
    qtbot.waitUntil(lambda: window.desk.view is not None and window.desk.view.case == case)


def cleo(console: Console) -> CustomerId:
    return console.desk.customers.resolve("@cleo").result()


def everything_came(console: Console) -> None:
    """What was asked of the workspace before has been answered and shown."""
    for _ in range(3):
        console.desk.workspace.read(lambda _conn: None).result()
        console.desk.workspace.write(lambda _tx: None).result()
        QApplication.processEvents()


def test_a_queue_that_is_empty_takes_nobody_away(console: Console, qtbot: QtBot) -> None:
    window, bea = console.window, rows(console)[1]
    with qtbot.waitSignal(window.case_list.loader.loaded):
        window.go(SNOOZED)
        window.open_customer(bea.customer, bea.case)
    assert rows(console) == []
    assert window.desk.case == bea.case


def test_a_queue_takes_nobody_away_from_who_has_no_case(console: Console, qtbot: QtBot) -> None:
    window = console.window
    with qtbot.waitSignal(window.case_list.loader.loaded):
        window.go(MY_WORK)
        window.open_customer(cleo(console), None)
    assert len(rows(console)) == len(WAITING)
    assert (window.desk.customer, window.desk.case) == (cleo(console), None)
    assert window.case_list.current_row() is None
    with qtbot.waitSignal(window.case_list.loader.loaded):
        window.go(MY_WORK)
    assert window.desk.case == rows(console)[0].case, "whoever asks for a queue is shown its first"


def test_a_case_that_was_opened_before_is_waited_for_no_more(
    console: Console, qtbot: QtBot
) -> None:
    window, desk = console.window, console.desk
    desk.take(said("e", "eva", "eva asks?", at=60))
    (eva,) = desk.queues.page(QueueRef(QueueName.UNASSIGNED)).result().rows
    window.open_customer(eva.customer, eva.case)
    at_desk(window, qtbot, eva.case)
    window.open_customer(cleo(console), None)
    desk.cases.assign(eva.case, desk.directory.me().id).result()
    qtbot.waitUntil(lambda: eva.case in [row.case for row in rows(console)])
    assert (window.desk.customer, window.desk.case) == (cleo(console), None)


def test_a_list_out_of_sight_takes_nobody_away_from_the_outbox(
    console: Console, qtbot: QtBot
) -> None:
    window, ada = console.window, rows(console)[0]
    console.desk.replies.reply(ada.case, Draft("On its way.")).result()
    window.go(QueueRef(QueueName.OUTBOX))
    qtbot.waitUntil(lambda: window.outbox.rows.currentIndex().isValid())
    console.desk.cases.close(ada.case).result()
    qtbot.waitUntil(lambda: ada.case not in [row.case for row in rows(console)])
    assert window.desk.case == ada.case


def test_a_place_that_comes_late_takes_nobody_away(console: Console, qtbot: QtBot) -> None:
    window, (_, bea, cid) = console.window, rows(console)
    window.case_list.select_case(bea.case)
    at_desk(window, qtbot, bea.case)
    place = written(place_of(window))
    console.desk.directory.set_setting("ui-place", place).result()
    again = ConsoleWindow(window.services, console.bridge)
    qtbot.addWidget(again)
    again.start()
    again.open_customer(cid.customer, cid.case)
    at_desk(again, qtbot, cid.case)
    everything_came(console)
    assert again.desk.case == cid.case
    again.close()


def test_whoever_has_no_case_is_there_again_after_the_lock(console: Console, qtbot: QtBot) -> None:
    window = console.window
    with qtbot.waitSignal(window.case_list.loader.loaded):
        go_back(window, Place(MY_WORK, cleo(console), None, None))
    assert (window.desk.customer, window.desk.case) == (cleo(console), None)


def test_whoever_has_no_case_is_at_hand_in_a_window_beside(console: Console, qtbot: QtBot) -> None:
    window = console.window
    window.open_customer(cleo(console), None)
    beside = ConsoleWindow(window.services, console.bridge, begins_at=place_of(window))
    qtbot.addWidget(beside)
    with qtbot.waitSignal(beside.case_list.loader.loaded):
        beside.start()
    qtbot.waitUntil(lambda: beside.desk.customer == cleo(console))
    everything_came(console)
    assert (beside.desk.customer, beside.desk.case) == (cleo(console), None)
    beside.close()


def test_a_name_that_comes_late_is_not_put_over_another_case(
    console: Console, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, bea, known = console.window, rows(console)[1], console.desk.customers.card
    late: Future[CustomerCard] = Future()
    hers = cleo(console)
    monkeypatch.setattr(
        window.services.customers, "card", lambda one: late if one == hers else known(one)
    )
    window.open_customer(hers, None)
    window.case_list.select_case(bea.case)
    at_desk(window, qtbot, bea.case)
    late.set_result(known(hers).result())
    QApplication.processEvents()
    named = [part.accessibleName() for part in window.desk.header.findChildren(QWidget)]
    assert any(name.startswith("bea asks?. Case #") for name in named)


def test_a_menu_that_comes_late_is_not_opened_over_somebody_else(
    console: Console, qtbot: QtBot
) -> None:
    window, bea = console.window, rows(console)[1]
    timeline = window.desk.timeline
    qtbot.waitUntil(lambda: timeline.customer == rows(console)[0].customer)
    timeline.choice.open_menu()
    window.open_customer(bea.customer, bea.case)
    at_desk(window, qtbot, bea.case)
    everything_came(console)
    assert timeline.findChildren(QMenu) == []


def test_journeys_go_along_when_the_customer_is_joined_to_another(
    console: Console, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, ada = console.window, rows(console)[0]
    console.desk.directory.set_setting(SETTING, "shown").result()
    told, asked = window.services.journeys.of, []

    def of(customer: CustomerId, case: CaseId | None) -> object:
        asked.append((customer, case))
        return told(customer, case)

    monkeypatch.setattr(window.services.journeys, "of", of)
    bea = founding_customer(identity("bea"))
    console.desk.customers.link(identity("ada"), bea).result()
    qtbot.waitUntil(lambda: window.desk.customer == bea)
    assert asked[-1] == (bea, ada.case)


def test_what_comes_in_out_of_sight_is_read_when_it_is_seen(console: Console, qtbot: QtBot) -> None:
    window, ada = console.window, rows(console)[0]
    console.desk.cases.mark_seen(ada.case).result()
    qtbot.waitUntil(lambda: not rows(console)[0].unread)
    window.resize(700, 800)
    assert not window.desk.isVisible()
    console.desk.take(said("m9", "ada", "Hello?", at=60, in_reply_to="m0", root="m0"))
    qtbot.waitUntil(lambda: rows(console)[0].unread and window.desk._unread)
    window.desk._seen.stop()
    window.desk._mark_seen()  # its moment passes while the list lies over it
    assert window.desk._unread
    window.case_list.rows.setFocus()
    press(Qt.Key.Key_Return)
    assert window.desk.isVisible()
    qtbot.waitUntil(lambda: not rows(console)[0].unread)


@pytest.mark.parametrize("how", ["key", "timeline"])
def test_a_reply_that_is_taken_back_leads_to_its_case(
    console: Console, qtbot: QtBot, how: str
) -> None:
    window, (ada, bea, _) = console.window, rows(console)
    item = console.desk.replies.reply(ada.case, Draft("On its way.")).result()
    window.case_list.select_case(bea.case)
    at_desk(window, qtbot, bea.case)
    back: dict[str, Callable[[], None]] = {
        "key": window.named_actions["undo"].trigger,
        "timeline": lambda: window.desk.timeline.undo_requested.emit(item.id),
    }
    back[how]()
    at_desk(window, qtbot, ada.case)
    field = child(window.desk.composer, GrowingEdit)
    qtbot.waitUntil(lambda: field.text == "On its way.")


def test_a_reply_that_is_taken_back_takes_nobody_away(console: Console, qtbot: QtBot) -> None:
    window, (ada, bea, cid) = console.window, rows(console)
    console.desk.replies.reply(ada.case, Draft("On its way.")).result()
    window.case_list.select_case(bea.case)
    at_desk(window, qtbot, bea.case)
    told: list[str] = []
    window.case_actions.said.connect(lambda words, _undoable: told.append(words))
    window.case_actions.undo()
    window.open_customer(cid.customer, cid.case)
    qtbot.waitUntil(lambda: told == ["The reply was taken back. It is a draft again."])
    at_desk(window, qtbot, cid.case)
    everything_came(console)
    assert window.desk.case == cid.case


def test_leaving_insights_leaves_the_timeline_as_it_was(console: Console, qtbot: QtBot) -> None:
    window, timeline = console.window, console.window.desk.timeline
    window.named_actions["only-service"].trigger()
    qtbot.waitUntil(lambda: not timeline.is_loading)
    window.named_actions["insights"].trigger()
    page = window.insights.page
    assert page is not None
    page.setFocus()
    qtbot.waitUntil(page.hasFocus)
    press(Qt.Key.Key_Escape)
    assert not window.insights.is_open
    assert timeline.excerpt == Excerpt((Strand.SERVICE,))
