"""The window over a real workspace: what a person presses, and what stands there afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible, QColor, QFocusEvent, QImage
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.domain.cases import Status
from app.domain.clock import FakeClock
from app.domain.departments import CARE, IT
from app.domain.errors import Unreachable
from app.domain.ids import CaseId, CustomerId, founding_customer
from app.domain.outbox import Attachment
from app.domain.replies import Draft, Escalation
from app.domain.views import (
    AccountState,
    CustomerCard,
    InteractionItem,
    QueueFilter,
    QueueName,
    QueueRef,
    TimelinePage,
)
from app.ui.actions import TABLE, usual_keys
from app.ui.keymap import PRESETS, Keymap
from app.ui.runtime import prepare
from app.ui.views.composer_attachments import AttachmentStrip
from app.ui.views.composer_edit import GrowingEdit
from app.ui.views.customer_join import JoinSheet
from app.ui.views.empty import EmptyState
from tests.services.desk import make_desk
from tests.store.building import identity, said
from tests.ui.consoles import Console, account_view, make_console
from tests.ui.driving import button, child, focused

WAITING = ("ada", "bea", "cid", "dan")


@pytest.fixture
def console(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Console]:
    """Four customers wait, all assigned to me; the window is shown on my work."""
    prepare("light")
    desk = make_desk(tmp_path, clock)
    desk.take(*(said(f"m{n}", who, f"@halden {who} asks?", at=n) for n, who in enumerate(WAITING)))
    for row in desk.queues.page(QueueRef(QueueName.UNASSIGNED)).result().rows:
        desk.cases.assign(row.case, desk.directory.me().id).result()
    made = make_console(desk)
    qtbot.addWidget(made.window)
    with qtbot.waitExposed(made.window):
        made.window.show()
    qtbot.waitUntil(lambda: len(_names(made)) == len(WAITING))
    yield made
    made.window.close()
    desk.workspace.close()


def _names(console: Console) -> list[str]:
    return [row.name for row in console.window.case_list.model.rows()]


def _current(console: Console) -> str:
    row = console.window.case_list.current_row()
    return row.name if row else ""


def _ready(console: Console, qtbot: QtBot, name: str) -> None:
    """Wait until a customer's case is read and on the desk."""
    window = console.window
    qtbot.waitUntil(lambda: window.desk.view is not None and _current(console) == name)


def _press(console: Console, keys: str) -> None:
    console.window.case_list.rows.setFocus()
    QTest.keyClicks(console.window.case_list.rows, keys)


def test_the_queue_the_counts_and_the_first_case_are_shown(console: Console, qtbot: QtBot) -> None:
    window = console.window
    assert _names(console) == ["Ada", "Bea", "Cid", "Dan"]
    _ready(console, qtbot, "Ada")
    my_work = QueueRef(QueueName.MY_WORK)
    qtbot.waitUntil(lambda: window.sidebar_model.count_of(my_work) == len(WAITING))
    assert window.windowTitle().endswith("Seamline")
    assert window.desk.view is not None
    assert window.desk.view.title == "ada asks?"


def test_joining_and_separating_customers_is_undone_by_the_keys_of_every_undo(
    console: Console, qtbot: QtBot
) -> None:
    _ready(console, qtbot, "Ada")
    window, rows = console.window, console.window.case_list.model.rows()
    ada, bea = rows[0].customer, rows[1]

    def joined() -> bool:
        return len(window.services.customers.card(ada).result().identities) == 2

    def undo() -> None:
        QTest.keyClick(window.case_list.rows, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: window.panel.card is not None)
    window.panel.open_join()
    sheet = child(window, JoinSheet)
    sheet.field.setText("Bea")
    qtbot.waitUntil(lambda: sheet.found.count() == 1)
    sheet.found.setCurrentRow(0)
    with qtbot.waitSignal(window.panel.belonging_changed):
        sheet.submit()
    assert joined()
    undo()
    qtbot.waitUntil(lambda: not joined())

    window.services.customers.link(bea.identity, ada).result()
    with qtbot.waitSignal(window.panel.belonging_changed):
        window.panel._separate(bea.identity)
    assert not joined()
    undo()
    qtbot.waitUntil(joined)


def test_the_keyboard_may_come_to_the_list_without_choosing(console: Console, qtbot: QtBot) -> None:
    _ready(console, qtbot, "Ada")
    window = console.window
    window.case_list.clear_choice()  # as where what was searched for is in no queue
    came = QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.ActiveWindowFocusReason)
    QApplication.sendEvent(window.case_list.rows, came)
    assert _current(console) == ""
    _press(console, "j")
    _ready(console, qtbot, "Ada")


@pytest.mark.parametrize("late", ["undo", "queue"])
def test_whoever_opens_a_conversation_stays_there_whatever_comes_late(
    console: Console, qtbot: QtBot, late: str
) -> None:
    _ready(console, qtbot, "Ada")
    window, rows = console.window, console.window.case_list.model.rows()
    if late == "undo":
        window.case_actions.revealed.emit(rows[1].case)
    else:
        window.go(QueueRef(QueueName.MY_WORK))
    window.open_customer(rows[2].customer, rows[2].case)
    _ready(console, qtbot, "Cid")
    assert window.desk.view is not None
    assert window.desk.view.case == rows[2].case


def test_an_undo_brings_nobody_back_who_has_opened_something_else(
    console: Console, qtbot: QtBot
) -> None:
    _ready(console, qtbot, "Ada")
    window, rows = console.window, console.window.case_list.model.rows()
    with qtbot.waitSignal(window.case_actions.said):
        window.case_actions.close()
    with qtbot.waitSignal(window.case_actions.said):
        window.case_actions.undo()
        window.open_customer(rows[2].customer, rows[2].case)
    _ready(console, qtbot, "Cid")


def test_j_and_k_walk_through_the_list(console: Console, qtbot: QtBot) -> None:
    _ready(console, qtbot, "Ada")
    _press(console, "jj")
    _ready(console, qtbot, "Cid")
    _press(console, "k")
    _ready(console, qtbot, "Bea")
    assert console.window.desk.composer.isVisible()


def test_running_through_the_list_reads_the_first_and_where_it_stops(
    console: Console, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ready(console, qtbot, "Ada")
    qtbot.waitUntil(lambda: not console.window.desk.is_running)
    read: list[CustomerId] = []
    page = console.window.services.timelines.page

    def noted(customer: CustomerId, **how: Any) -> Future[TimelinePage]:
        read.append(customer)
        return page(customer, **how)

    monkeypatch.setattr(console.window.services.timelines, "page", noted)
    _press(console, "jjj")
    _ready(console, qtbot, "Dan")
    rows = console.window.case_list.model.rows()
    # Ada’s may be read once more: that she has been read is a change, too.
    assert [who for who in read if who != rows[0].customer] == [rows[1].customer, rows[3].customer]


def test_who_writes_at_once_writes_to_the_customer_they_went_to(
    console: Console, qtbot: QtBot
) -> None:
    _ready(console, qtbot, "Ada")
    desk = console.window.desk
    qtbot.waitUntil(lambda: not desk.is_running)
    ada = desk.case
    _press(console, "jr")
    QTest.keyClicks(focused(), "It is the seal.")
    bea = desk.case
    assert bea is not None
    assert bea != ada
    assert desk.composer.written() == "It is the seal."
    _ready(console, qtbot, "Bea")
    assert desk.composer.written() == "It is the seal."
    console.window.case_list.rows.setFocus()
    _press(console, "k")
    _ready(console, qtbot, "Ada")
    qtbot.waitUntil(lambda: desk.composer.written() == "")


def test_a_timeline_is_painted_before_the_parts_beside_it_are_read(
    console: Console, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ready(console, qtbot, "Ada")
    desk, customers = console.window.desk, console.window.services.customers
    qtbot.waitUntil(lambda: not desk.is_running)
    canvas = desk.timeline.canvas
    painted = Painted(canvas.viewport())
    desk._waited.setInterval(30_000)  # a slow machine takes longer than they may wait
    arrived = QSignalSpy(desk.timeline.arrived)
    seen: list[tuple[int, bool]] = []
    card, bea = customers.card, console.window.case_list.model.rows()[1].customer

    def noted(customer: CustomerId) -> Future[CustomerCard]:
        if customer == bea:  # Ada’s may be read once more
            seen.append((arrived.count(), painted.seen))
        return card(customer)

    monkeypatch.setattr(customers, "card", noted)
    _press(console, "j")
    painted.seen = False
    _ready(console, qtbot, "Bea")
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0] == (1, True)


def test_a_list_is_painted_before_the_timeline_of_its_first_case_is_read(
    console: Console, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ready(console, qtbot, "Ada")
    window, dan = console.window, console.window.case_list.model.rows()[3]
    console.desk.cases.assign(dan.case, None).result()
    qtbot.waitUntil(lambda: len(_names(console)) == 3 and not window.desk.is_running)
    painted = Painted(window.case_list.rows.viewport())
    seen: list[bool] = []
    at_hand: list[CaseId | None] = []
    page, loader = window.services.timelines.page, window.case_list.loader

    def noted(customer: CustomerId, **how: Any) -> Future[TimelinePage]:
        if customer == dan.customer:
            seen.append(painted.seen)
        return page(customer, **how)

    monkeypatch.setattr(window.services.timelines, "page", noted)
    loader.loading.connect(partial(setattr, painted, "seen", False))
    loader.loaded.connect(lambda: at_hand.append(window.desk.case))
    window.go(QueueRef(QueueName.UNASSIGNED))
    _ready(console, qtbot, "Dan")
    assert seen[0]
    assert at_hand == [dan.case]  # keys mean it at once


def test_a_moment_that_is_wanted_of_the_first_case_waits_for_no_painting(
    console: Console, qtbot: QtBot
) -> None:
    _ready(console, qtbot, "Ada")
    window, dan = console.window, console.window.case_list.model.rows()[3]
    console.desk.cases.assign(dan.case, None).result()
    qtbot.waitUntil(lambda: len(_names(console)) == 3 and not window.desk.is_running)
    page = window.services.timelines.page(dan.customer).result()
    key = next(item.key for item in page.items if isinstance(item, InteractionItem))
    shown: list[CustomerId | None] = []

    def wanted() -> None:
        window.desk.show_customer(dan.customer, dan.case, key)
        shown.append(window.desk.timeline.customer)

    window.case_list.loader.loaded.connect(wanted)
    window.go(QueueRef(QueueName.UNASSIGNED))
    _ready(console, qtbot, "Dan")
    assert shown == [dan.customer]


class Painted(QObject):
    """Whether a widget was painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.seen = False
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.seen = self.seen or event.type() is QEvent.Type.Paint
        return False


def test_letters_in_a_text_field_are_letters(console: Console, qtbot: QtBot) -> None:
    _ready(console, qtbot, "Ada")
    _press(console, "r")
    field = console.window.focusWidget()
    assert field is not None
    assert console.window.desk.composer.isAncestorOf(field)
    QTest.keyClicks(field, "jackets")
    assert _current(console) == "Ada"
    assert console.window.desk.composer.findChild(type(field)) is not None


def test_closing_moves_on_and_undo_brings_it_back(console: Console, qtbot: QtBot) -> None:
    _ready(console, qtbot, "Ada")
    case = console.window.desk.case
    assert case is not None
    _press(console, "c")
    qtbot.waitUntil(lambda: _names(console) == ["Bea", "Cid", "Dan"])
    assert console.desk.cases.view(case).result().state.status is Status.CLOSED
    _ready(console, qtbot, "Bea")
    qtbot.waitUntil(console.window.notice.isVisible)
    QTest.keyClick(console.window.case_list.rows, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: _names(console) == ["Ada", "Bea", "Cid", "Dan"])
    assert console.desk.cases.view(case).result().state.status is Status.OPEN
    _ready(console, qtbot, "Ada")
    assert console.window.desk.case == case


def test_what_is_offered_fits_the_case(console: Console, qtbot: QtBot) -> None:
    _ready(console, qtbot, "Ada")
    actions = console.window.named_actions
    qtbot.waitUntil(lambda: not actions["accept"].isEnabled())
    assert actions["close"].isEnabled()
    assert not actions["reopen"].isEnabled()
    case = console.window.desk.case
    assert case is not None
    console.desk.cases.escalate(case, Escalation(IT, reason="Firmware")).result()
    qtbot.waitUntil(lambda: "Ada" not in _names(console))
    console.window.go(QueueRef(QueueName.RESPOND, IT))
    _ready(console, qtbot, "Ada")
    qtbot.waitUntil(actions["accept"].isEnabled)
    actions["accept"].trigger()
    me = console.desk.directory.me().id
    qtbot.waitUntil(lambda: console.desk.cases.view(case).result().state.assignee == me)


def test_a_new_mention_joins_the_list_without_moving_the_reader(
    console: Console, qtbot: QtBot
) -> None:
    _ready(console, qtbot, "Ada")
    resets: list[object] = []
    console.window.case_list.model.modelReset.connect(lambda: resets.append(None))
    with qtbot.waitSignal(console.window.case_list.loader.loaded):
        console.window.go(QueueRef(QueueName.RESPOND, CARE))
    _press(console, "j")
    _ready(console, qtbot, "Bea")
    console.desk.take(said("m9", "eve", "@halden and me?", at=90))
    qtbot.waitUntil(lambda: "Eve" in _names(console))
    assert _current(console) == "Bea"
    assert not resets


def test_reading_a_case_under_the_unread_filter_leaves_it_in_sight(
    console: Console, qtbot: QtBot
) -> None:
    window = console.window
    _ready(console, qtbot, "Ada")
    with qtbot.waitSignal(window.case_list.loader.loaded):
        window.case_list.loader.set_filter(QueueFilter.UNREAD)
    name = _current(console)
    rows = window.case_list.model
    qtbot.waitUntil(lambda: not rows.rows()[rows.index_of(window.desk.case).row()].unread)
    assert _current(console) == name


def test_g_then_u_shows_the_unassigned(console: Console, qtbot: QtBot) -> None:
    _ready(console, qtbot, "Ada")
    _press(console, "gu")
    qtbot.waitUntil(lambda: _names(console) == [])
    assert console.window.sidebar.queues.current == QueueRef(QueueName.UNASSIGNED)
    assert console.window.desk.case is None


def test_a_reply_waits_in_the_outbox_until_it_is_undone(console: Console, qtbot: QtBot) -> None:
    window = console.window
    _ready(console, qtbot, "Ada")
    case = window.desk.case
    assert case is not None
    item = console.desk.replies.reply(case, Draft("On its way.")).result()
    window.case_actions.reply_sent(item)
    outbox = QueueRef(QueueName.OUTBOX)
    qtbot.waitUntil(lambda: window.sidebar_model.count_of(outbox) == 1)
    _press(console, "go")
    qtbot.waitUntil(lambda: window.outbox.model.rowCount() == 1)
    window.named_actions["undo"].trigger()
    qtbot.waitUntil(lambda: window.outbox.model.rowCount() == 0)
    qtbot.waitUntil(lambda: window.sidebar_model.count_of(outbox) == 0)


def test_offline_is_said_and_tried_again(console: Console, qtbot: QtBot) -> None:
    window = console.window
    console.syncing.become(online=False, waiting=2, next_try_ms=window.now_ms() + 40_000)
    qtbot.waitUntil(window.banner.isVisible)
    assert "2 replies wait" in window.banner.accessibleName()
    window.try_connection()
    assert console.syncing.tries == 1
    console.syncing.become(online=True)
    qtbot.waitUntil(lambda: not window.banner.isVisible())


def test_an_account_in_trouble_is_named(console: Console, qtbot: QtBot) -> None:
    strip = console.window.sidebar.accounts
    qtbot.waitUntil(lambda: strip.accessibleName() == "Accounts, 1 of 1 up to date")
    console.accounts.views = (account_view(state=AccountState.SIGN_IN),)
    console.syncing.become(online=True)
    qtbot.waitUntil(lambda: strip.accessibleDescription() == "Mastodon: sign in again")


def test_a_failure_is_said_in_one_sentence(console: Console, qtbot: QtBot) -> None:
    console.bridge.failed.emit(Unreachable("Mastodon did not answer.", hint="Try again."))
    qtbot.waitUntil(console.window.notice.isVisible)


def test_rows_speak(console: Console, qtbot: QtBot) -> None:
    _ready(console, qtbot, "Ada")
    rows = QAccessible.queryAccessibleInterface(console.window.case_list.rows)
    assert rows is not None
    assert rows.childCount() == len(WAITING)
    spoken = rows.child(1).text(QAccessible.Text.Name)
    assert spoken.startswith("Bea, Mastodon, unread, next reply in")
    queues = QAccessible.queryAccessibleInterface(console.window.sidebar.queues)
    assert queues is not None
    qtbot.waitUntil(lambda: queues.child(0).text(QAccessible.Text.Name) == "My work, 4")


def test_in_a_narrow_window_the_list_folds_and_comes_back_by_keys(
    console: Console, qtbot: QtBot
) -> None:
    _ready(console, qtbot, "Ada")
    window = console.window
    lists, desk, back = window.case_list, window.desk, window.desk.header.back
    window.resize(1440, 800)
    window.columns.set_list_width(380)
    window.resize(700, 800)
    assert lists.isVisible()
    assert not desk.isVisible()
    qtbot.waitUntil(lambda: lists.width() > 600)
    lists.rows.setFocus()
    QTest.keyClick(lists.rows, Qt.Key.Key_Return)
    assert desk.isVisible()
    assert back.isVisible()
    assert not lists.isVisible()
    focus = window.focusWidget()
    assert focus is not None
    assert desk.composer.isAncestorOf(focus)
    QTest.keyClick(focus, Qt.Key.Key_Escape)
    assert lists.isVisible()
    assert window.focusWidget() is lists.rows
    window.named_actions["next-pane"].trigger()
    assert desk.timeline.isVisible()
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    assert not desk.isVisible()
    row = lists.rows.visualRect(lists.model.index(1)).center()
    QTest.mouseClick(lists.rows.viewport(), Qt.MouseButton.LeftButton, pos=row)
    assert desk.isVisible()
    _press_in(desk.timeline, "j")
    _ready(console, qtbot, "Cid")
    assert desk.isVisible()
    window.resize(1440, 800)
    assert lists.isVisible()
    assert desk.isVisible()
    assert not back.isVisible()
    qtbot.waitUntil(lambda: lists.width() == 380)


def _press_in(pane: QWidget, keys: str) -> None:
    pane.setFocus()
    focus = pane.focusProxy() or pane
    QTest.keyClicks(focus, keys)


def test_f6_goes_round_the_panes(console: Console, qtbot: QtBot) -> None:
    _ready(console, qtbot, "Ada")
    window = console.window
    window.case_list.rows.setFocus()
    visited = []
    for _ in range(5):
        window.named_actions["next-pane"].trigger()
        focus = window.focusWidget()
        visited.append(next(n for n, pane in enumerate(window.panes())
                            if focus is pane or pane.isAncestorOf(focus)))  # fmt: skip
    assert visited == [2, 3, 4, 0, 1]


def test_esc_goes_back_to_the_list(console: Console, qtbot: QtBot) -> None:
    _ready(console, qtbot, "Ada")
    _press(console, "r")
    field = console.window.focusWidget()
    assert field is not None
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert console.window.focusWidget() is console.window.case_list.rows


def test_an_empty_queue_says_what_to_do(console: Console, qtbot: QtBot) -> None:
    for row in console.desk.queues.page(QueueRef(QueueName.MY_WORK)).result().rows:
        console.desk.cases.assign(row.case, None).result()
    qtbot.waitUntil(lambda: _names(console) == [])
    empty = console.window.case_list.findChild(EmptyState)
    assert empty is not None
    waiting = "All answered. 4 unassigned mentions could use you."
    qtbot.waitUntil(lambda: empty.accessibleName() == waiting)
    assert empty.isVisible()
    QTest.mouseClick(button(empty, "Take the next one"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: _names(console) == ["Ada"])


def test_every_action_has_a_menu_entry_and_no_two_share_keys(console: Console) -> None:
    entries = [action for menu in console.window.findChildren(QMenu) for action in menu.actions()]
    for spec in TABLE:
        assert console.window.named_actions[spec.id] in entries
    for preset in PRESETS:
        present = Keymap(preset).in_force(usual_keys())
        assert [name for name, keys in present.items() if not keys] == []
        wanted = usual_keys() | PRESETS[preset][1]
        assert present == wanted, "two actions want the same keys"


def test_what_was_snoozed_comes_back_by_itself(
    console: Console, qtbot: QtBot, clock: FakeClock
) -> None:
    _ready(console, qtbot, "Ada")
    case = console.window.desk.case
    assert case is not None
    console.desk.cases.snooze(case, clock.now() + timedelta(hours=1)).result()
    qtbot.waitUntil(lambda: "Ada" not in _names(console))
    clock.set(clock.now() + timedelta(hours=2))
    console.window.status.wake_due()
    qtbot.waitUntil(lambda: "Ada" in _names(console))


def test_the_desk_goes_along_when_the_customer_is_joined_to_another(
    console: Console, qtbot: QtBot
) -> None:
    _ready(console, qtbot, "Ada")
    desk = console.window.desk
    customers = console.desk.customers
    ada, bea = identity("ada"), founding_customer(identity("bea"))
    customers.link(ada, bea).result()
    qtbot.waitUntil(lambda: desk.customer == bea)
    qtbot.waitUntil(lambda: len(_messages(console)) == 2)
    assert desk.view is not None
    assert desk.view.title == "ada asks?"
    customers.unlink(ada).result()
    qtbot.waitUntil(lambda: desk.customer == founding_customer(ada))
    qtbot.waitUntil(lambda: _messages(console) == ["@halden ada asks?"])


def _messages(console: Console) -> list[str]:
    entries = console.window.desk.timeline.model.entries
    return [entry.item.text for entry in entries if isinstance(entry.item, InteractionItem)]


@pytest.mark.parametrize("how", ["undo", "edit"])
def test_what_is_taken_back_returns_whole(
    console: Console, qtbot: QtBot, tmp_path: Path, how: str
) -> None:
    window = console.window
    _ready(console, qtbot, "Ada")
    case = window.desk.case
    assert case is not None
    image = QImage(320, 240, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    file = tmp_path / "leak.png"
    assert image.save(str(file))
    picture = Attachment(file.name, "image/png", file.read_bytes(), "A puddle under the Duo")
    draft = Draft("On its way.", warning="Water", attachments=(picture,))
    item = console.desk.replies.reply(case, draft).result()
    timeline = window.desk.timeline
    (timeline.undo_requested if how == "undo" else timeline.edit_requested).emit(item.id)
    composer = window.desk.composer
    pictures = child(composer, AttachmentStrip)
    qtbot.waitUntil(lambda: pictures.attachments() == (picture,))
    assert child(composer, GrowingEdit).toPlainText() == "On its way."
    outbox = QueueRef(QueueName.OUTBOX)
    qtbot.waitUntil(lambda: window.sidebar_model.count_of(outbox) == 0)
