"""What a click and a menu do in the timeline."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.domain.interactions import Side
from app.domain.views import TimelinePage
from app.ui.theme.fonts import load_bundled
from app.ui.timeline.drawing import Action
from app.ui.views import timeline as timeline_module
from tests.ui import timeline_pages as pages
from tests.ui.timeline_pages import MARTA, at, touch
from tests.ui.timeline_reader import Reader


@pytest.fixture(autouse=True)
def bundled_type(qapp: object) -> None:
    load_bundled()


@pytest.fixture
def design(qtbot: QtBot) -> Reader:
    return Reader(qtbot, pages.design_page())


@pytest.mark.parametrize(
    ("action", "signal", "item"),
    [
        (Action.UNDO, "undo_requested", "w2"),
        (Action.RETRY, "retry_requested", "w1"),
        (Action.EDIT, "edit_requested", "w1"),
    ],
)
def test_what_has_not_left_can_be_changed(
    design: Reader, action: Action, signal: str, item: str
) -> None:
    with design.qtbot.waitSignal(getattr(design.view, signal)) as asked:
        design.click(action)
    assert asked.args == [item]


def test_a_press_that_slips_off_a_button_does_nothing(design: Reader) -> None:
    asked: list[str] = []
    design.view.undo_requested.connect(asked.append)
    row = len(design.model) - 1
    spot = design.canvas.layout_of(row).spots[0].rect.center().toPoint()
    spot += QPoint(0, design.canvas.y_of(row))
    viewport = design.canvas.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=spot)
    assert asked == []
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=spot)
    assert asked == ["w2"]


def test_the_seconds_until_a_reply_leaves_are_counted_down(design: Reader) -> None:
    row = len(design.model) - 1
    assert "Sending in 6 s" in design.model.index(row).data(Qt.ItemDataRole.AccessibleTextRole)
    assert design.canvas._ticker.isActive()
    design.fake.clock.set(pages.NOW.replace(second=4))
    assert "Sending in 2 s" in design.model.index(row).data(Qt.ItemDataRole.AccessibleTextRole)
    design.fake.clock.set(pages.NOW.replace(second=10))
    design.wait(lambda: not design.canvas._ticker.isActive())


def test_a_warning_opens_by_click(qtbot: QtBot) -> None:
    warned = touch(1, at(8, 0), "It smells burnt. " * 9, warning="Burnt plastic")
    reader = Reader(qtbot, TimelinePage(MARTA, (warned,), None, ()))
    before = reader.canvas.visualRect(reader.model.index(0)).height()
    reader.click(Action.UNFOLD)
    assert reader.canvas.visualRect(reader.model.index(0)).height() > before
    reader.click(Action.UNFOLD)
    assert reader.canvas.visualRect(reader.model.index(0)).height() == before


def test_enter_shows_what_is_under_a_warning_before_it_opens_the_menu(qtbot: QtBot) -> None:
    warned = touch(1, at(8, 0), "It smells burnt. " * 9, warning="Burnt plastic")
    reader = Reader(qtbot, TimelinePage(MARTA, (warned,), None, ()))
    before = reader.canvas.layout_of(0).height
    reader.canvas.setFocus()
    reader.canvas.go_to(0)
    reader.key(Qt.Key.Key_Return)
    assert reader.canvas.layout_of(0).height > before
    assert reader.view.findChildren(QMenu) == []
    assert "Copy text" in menu_of(reader, 0)


def test_what_an_edited_message_said_before_is_shown_and_hidden(qtbot: QtBot) -> None:
    edited = touch(1, at(8, 0), "It is loud.", edited_ms=at(8, 5), revisions=1)
    reader = Reader(qtbot, TimelinePage(MARTA, (edited,), None, ()))
    before = reader.canvas.layout_of(0).height
    reader.click(Action.EARLIER)
    reader.wait(lambda: reader.canvas.layout_of(0).height > before)
    menu_of(reader, 0)["Show or hide earlier versions"]()
    reader.wait(lambda: reader.canvas.layout_of(0).height == before)


def test_a_link_opens_only_when_clicked_and_tells_its_host_before(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(timeline_module, "open_url", opened.append)
    page = TimelinePage(MARTA, (touch(1, at(8, 0), "https://halden.example/duo"),), None, ())
    reader = Reader(qtbot, page)
    block, origin = reader.canvas.layout_of(0).texts[0]
    spot = origin.toPoint() + QPoint(block.width // 2, 9 + reader.canvas.y_of(0))
    assert reader.canvas.tooltip_at(spot) == "Opens halden.example"
    assert opened == []
    QTest.mouseClick(reader.canvas.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert opened == ["https://halden.example/duo"]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "javascript:alert(1)", "mailto:a@b.example"])
def test_nothing_but_the_web_is_opened(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    timeline_module.open_url(url)
    assert opened == []


def menu_of(reader: Reader, row: int) -> dict[str, Callable[[], None]]:
    """The entries of the menu that Enter opens on a row, by their text."""
    reader.canvas.setFocus()
    reader.canvas.go_to(row)
    reader.key(Qt.Key.Key_Return)
    menu = reader.view.findChildren(QMenu)[-1]
    found = {action.text(): action.trigger for action in menu.actions() if action.text()}
    menu.hide()
    return found


def test_enter_offers_what_can_be_done_with_a_message(design: Reader) -> None:
    row = design.model.row_of("i3")
    entries = menu_of(design, row)
    assert list(entries) == [
        "Reply to this",
        "Like",
        "Boost",
        "Move to marketing",
        "Mood…",
        "Copy text",
    ]
    with design.qtbot.waitSignal(design.view.reply_to_requested) as asked:
        entries["Reply to this"]()
    assert asked.args == ["3"]
    entries["Move to marketing"]()
    entries["Like"]()
    assert design.fake.did == [("move_side", 3, Side.MARKETING), ("like", 3)]
    entries["Copy text"]()
    assert QGuiApplication.clipboard().text().startswith("My Duo shows E14")


def test_enter_offers_what_can_be_done_with_a_decision_and_with_our_own_words(
    design: Reader,
) -> None:
    menu_of(design, design.model.row_of("es1"))["Undo this"]()
    menu_of(design, design.model.row_of("i4"))["Delete at the service"]()
    assert design.fake.did == [("undo_event", "s1"), ("delete", 4)]


def test_enter_offers_what_can_be_done_with_a_failed_reply(design: Reader) -> None:
    entries = menu_of(design, design.model.row_of("ow1"))
    assert list(entries) == ["Retry", "Edit", "Discard", "Copy text"]
    entries["Discard"]()
    assert design.fake.did == [("discard", "w1")]
