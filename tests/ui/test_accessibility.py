"""What a screen reader finds in painted lists: names, roles, states, and what can be pressed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.domain.changes import ChangeSet
from app.domain.departments import SEEDED
from app.domain.interactions import Channel
from app.domain.outbox import OutboxState
from app.ui.access.stand_ins import StandIns
from app.ui.access.timeline_places import MENU
from app.ui.bridge import UiBridge
from app.ui.delegates.case_delegate import CaseDelegate
from app.ui.delegates.outbox_delegate import OutboxButton
from app.ui.models.case_list_model import CaseListModel
from app.ui.models.outbox_model import OutboxModel
from app.ui.theme.fonts import load_bundled
from app.ui.timeline.canvas import Content
from app.ui.views.case_rows import CaseRowsView
from app.ui.views.outbox import OutboxRows
from app.ui.views.timeline import TimelineView
from tests.ui import timeline_pages as pages
from tests.ui.rows import NOW_MS, case_row, outbox_entry
from tests.ui.timeline_pages import CASE, MARTA, at, touch
from tests.ui.timeline_services import FakeServices

Role, Text = QAccessible.Role, QAccessible.Text
DEPARTMENTS = {department.id: department for department in SEEDED}


@pytest.fixture(autouse=True)
def somebody_listens(qapp: QApplication) -> Iterator[None]:
    """Offscreen there is no bus; Qt then believes that nobody listens."""
    load_bundled()
    before = QAccessible.isActive()
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(before)


class Reader:
    """Marta’s timeline, and what the bus says of it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.fake = FakeServices(pages.design_page())
        self.bridge = UiBridge()
        self.view = TimelineView(self.fake.services, self.bridge)
        qtbot.addWidget(self.view)
        self.view.resize(560, 640)
        self.view.show()
        self.view.show_customer(MARTA, CASE)
        qtbot.waitUntil(lambda: self.view.canvas.content is Content.ROWS)

    def rows(self) -> list[QAccessibleInterface]:
        return _children(self.view.canvas)

    def buttons(self) -> list[QAccessibleInterface]:
        """The buttons of the timeline in sight of a reader."""
        group = self.view.findChild(StandIns)
        assert isinstance(group, StandIns)
        return [one for one in _children(group) if not one.state().invisible]

    def button(self, name: str) -> QAccessibleInterface:
        def found() -> list[QAccessibleInterface]:
            return [one for one in self.buttons() if one.text(Text.Name) == name]

        self.qtbot.waitUntil(lambda: bool(found()))
        return found()[-1]


@pytest.fixture
def reader(qtbot: QtBot) -> Reader:
    return Reader(qtbot)


def _children(widget: QWidget) -> list[QAccessibleInterface]:
    interface = QAccessible.queryAccessibleInterface(widget)
    return [interface.child(number) for number in range(interface.childCount())]


def _press(button: QAccessibleInterface) -> None:
    actions = button.actionInterface()
    assert actions.pressAction() in actions.actionNames()
    actions.doAction(actions.pressAction())


def test_a_seam_and_a_bubble_are_items_with_names_and_places(reader: Reader) -> None:
    named = {row.text(Text.Name): row for row in reader.rows()}
    seam = named["Handed from PR to IT after 39 minutes"]
    bubble = next(row for name, row in named.items() if name.endswith("turn it off and on”."))
    assert seam.role() is bubble.role() is Role.ListItem
    assert seam.text(Text.Description).startswith("Rolling firmware back")
    assert bubble.text(Text.Name).startswith("Marta Lindqvist, Mastodon, public mention")
    assert bubble.rect().bottom() <= seam.rect().top() + 1
    waiting = next(name for name in named if name.startswith("Ines Duarte, direct message"))
    assert "Sending in 6 s" in waiting
    failed = next(name for name in named if "We found it, Marta" in name)
    assert "Not sent. Mastodon didn’t answer." in failed


def test_what_a_failed_reply_offers_can_be_pressed_through_the_bus(
    reader: Reader, qtbot: QtBot
) -> None:
    retry = reader.button("Retry")
    assert retry.role() is Role.Button
    assert "Not sent. Mastodon didn’t answer." in retry.text(Text.Description)
    with qtbot.waitSignal(reader.view.retry_requested) as asked:
        _press(retry)
    assert asked.args == ["w1"]
    undo = reader.button("Undo")
    with qtbot.waitSignal(reader.view.undo_requested) as taken:
        _press(undo)
    assert taken.args == ["w2"]


def test_a_button_stands_where_it_is_painted(reader: Reader) -> None:
    canvas = reader.view.canvas
    retry = reader.button("Retry")
    at_point = canvas.viewport().mapFromGlobal(retry.rect().center())
    row = canvas.indexAt(at_point).row()
    assert "We found it" in reader.rows()[row].text(Text.Name)
    found = canvas._spot_at(at_point.toPointF())
    assert found is not None
    assert found[1].label == "Retry"


def test_the_current_row_offers_its_menu(reader: Reader, qtbot: QtBot) -> None:
    row = next(n for n, item in enumerate(reader.rows()) if "turn it off" in item.text(Text.Name))
    reader.view.canvas.go_to(row)
    qtbot.waitUntil(lambda: "turn it off" in reader.button(MENU).text(Text.Description))
    _press(reader.button(MENU))
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert "Copy text" in [action.text() for action in menu.actions()]
    menu.close()


def test_buttons_take_no_keyboard_and_no_pointer(reader: Reader) -> None:
    reader.button("Retry")
    canvas = reader.view.canvas
    for spot_row in range(len(reader.view.model)):
        for spot in canvas.layout_of(spot_row).spots:
            middle = spot.rect.center().toPoint()
            middle.setY(middle.y() + canvas.y_of(spot_row))
            if canvas.viewport().rect().contains(middle):
                inside = canvas.viewport().mapTo(reader.view, middle)
                assert reader.view.childAt(inside) is canvas.viewport()
    group = reader.view.findChild(StandIns)
    assert group is not None
    standing = group.findChildren(QWidget)
    assert standing
    assert {widget.focusPolicy() for widget in standing} == {Qt.FocusPolicy.NoFocus}


def test_when_nobody_listens_there_are_no_buttons(reader: Reader, qtbot: QtBot) -> None:
    reader.button("Retry")
    QAccessible.setActive(False)
    reader.view.canvas.verticalScrollBar().setValue(0)
    reader.view.resize(560, 500)
    qtbot.waitUntil(lambda: not reader.buttons())


def test_new_messages_are_told_politely_and_move_nobody(
    reader: Reader, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, QAccessible.AnnouncementPoliteness]] = []

    def hear(event: object) -> None:
        message, politeness = getattr(event, "message", None), getattr(event, "politeness", None)
        if message is not None and politeness is not None:
            said.append((message(), politeness()))

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    canvas = reader.view.canvas
    canvas.go_to(0)
    before = (canvas.verticalScrollBar().value(), canvas.currentIndex().row())
    whole = reader.fake.timelines.whole
    items = (*whole.items, touch(90, at(10, 45), "And now it leaks as well."))
    reader.fake.timelines.whole = replace(whole, items=items)
    reader.bridge.announce_commit(ChangeSet(customers={MARTA}, interactions=1))
    qtbot.waitUntil(lambda: bool(said))
    assert said == [("1 new message", QAccessible.AnnouncementPoliteness.Polite)]
    assert (canvas.verticalScrollBar().value(), canvas.currentIndex().row()) == before


def test_a_conversation_is_an_item_that_says_who_where_and_how_long(qtbot: QtBot) -> None:
    model = CaseListModel(lambda: NOW_MS, DEPARTMENTS.__getitem__)
    view = CaseRowsView(model, CaseDelegate(lambda: NOW_MS, DEPARTMENTS.__getitem__))
    qtbot.addWidget(view)
    view.resize(332, 400)
    view.show()
    marta = case_row(1, name="Marta Lindqvist", unread=True, channel=Channel.MASTODON)
    deadline = marta.deadline
    assert deadline is not None
    marta = replace(marta, deadline=replace(deadline, due_ms=NOW_MS + 18 * 60_000))
    model.show_rows([marta, *(case_row(number) for number in range(2, 40))])
    rows = _children(view)
    assert len(rows) == 39
    first = rows[0]
    assert first.role() is Role.ListItem
    assert first.text(Text.Name).startswith(
        "Marta Lindqvist, Mastodon, unread, next reply in 18 minutes"
    )
    assert not first.state().selected
    view.setCurrentIndex(model.index(0))
    assert _children(view)[0].state().selected
    assert _children(view)[30].state().invisible
    toggle = rows[1].actionInterface()
    toggle.doAction(toggle.toggleAction())
    assert model.index(1) in view.selectionModel().selectedIndexes()


def test_what_waits_in_the_outbox_can_be_taken_back_through_the_bus(qtbot: QtBot) -> None:
    model = OutboxModel(lambda: NOW_MS)
    frame = QWidget()
    view = OutboxRows(model, lambda: NOW_MS, frame)
    view.resize(332, 500)
    qtbot.addWidget(frame)
    group = view.stand_ins()
    frame.resize(332, 500)
    frame.show()
    failed = outbox_entry(1, OutboxState.FAILED, error="Mastodon didn’t answer.")
    model.show_entries([outbox_entry(2), failed])

    def buttons() -> list[QAccessibleInterface]:
        return _children(group)

    qtbot.waitUntil(lambda: "Retry" in [one.text(Text.Name) for one in buttons()])
    retry = next(one for one in buttons() if one.text(Text.Name) == "Retry")
    assert retry.text(Text.Description).startswith("Customer 1")
    with qtbot.waitSignal(view.pressed_button) as pressed:
        _press(retry)
    assert pressed.args == [OutboxButton.RETRY, failed]
