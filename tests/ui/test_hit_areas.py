"""What can be pressed is at least 24 pixels wide and high, at every text size."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QListView,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.domain.views import QueueName, QueueRef
from app.ui.access.stand_ins import StandIns
from app.ui.bridge import UiBridge
from app.ui.dialogs.sheet import Sheet
from app.ui.theme import theme_manager
from app.ui.theme.fonts import load_bundled
from app.ui.theme.tokens import LEAST_HIT
from app.ui.timeline.canvas import Content
from app.ui.views.timeline import TimelineView
from app.ui.window import ConsoleWindow
from tests.ui.test_focus_order import SHEETS
from tests.ui.timeline_pages import CASE, MARTA, design_page
from tests.ui.timeline_services import FakeServices

SCALES = (0.9, 1.3)
_CONTROLS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)


@pytest.fixture(params=SCALES)
def window(sample_window: ConsoleWindow, request: pytest.FixtureRequest) -> ConsoleWindow:
    theme_manager().set_text_scale(request.param)
    return sample_window


def test_controls_of_the_window(window: ConsoleWindow, qtbot: QtBot) -> None:
    assert len(_controls(window)) > 10
    assert _too_small(window) == []
    window.go(QueueRef(QueueName.OUTBOX))
    qtbot.waitUntil(lambda: window.outbox.model.rowCount() > 0)
    assert _too_small(window) == []
    for size in (QSize(1000, 700), QSize(700, 600)):
        window.resize(size)
        assert _too_small(window) == []


def test_controls_of_the_sheets(sample_window: ConsoleWindow, qtbot: QtBot) -> None:
    theme_manager().set_text_scale(SCALES[0])
    for name, opens in SHEETS.items():
        opens(sample_window)
        sheet = _open_sheet(sample_window, qtbot)
        assert _controls(sheet), name
        assert _too_small(sheet) == [], name
        for rows in sheet.findChildren(QListView):
            assert not rows.isVisible() or _low_rows(rows) == [], name
        sheet.close()


def test_rows_of_the_lists(window: ConsoleWindow, qtbot: QtBot) -> None:
    assert _low_rows(window.case_list.rows) == []
    assert _low_rows(window.sidebar.queues) == []
    window.go(QueueRef(QueueName.OUTBOX))
    qtbot.waitUntil(lambda: window.outbox.model.rowCount() > 0)
    assert _low_rows(window.outbox.rows) == []


def test_the_two_counts_of_a_department_are_wide_enough(window: ConsoleWindow) -> None:
    queues = window.sidebar.queues
    for number in range(queues.model().rowCount()):
        index = queues.model().index(number, 0)
        row = queues.visualRect(index)
        width: dict[QueueRef | None, int] = {}
        for x in range(row.left(), row.right() + 1):
            queue = queues._queue_at(index, QPoint(x, row.center().y()))
            width[queue] = width.get(queue, 0) + 1
        assert min(width.values()) >= LEAST_HIT, index.data()


@pytest.mark.parametrize("scale", SCALES)
def test_what_is_painted_in_the_timeline(qtbot: QtBot, scale: float) -> None:
    load_bundled()
    theme_manager().set_text_scale(scale)
    view = TimelineView(FakeServices(design_page()).services, UiBridge())
    qtbot.addWidget(view)
    view.resize(560, 640)
    view.show()
    view.show_customer(MARTA, CASE)
    qtbot.waitUntil(lambda: view.canvas.content is Content.ROWS)
    spots = [spot for row in range(len(view.model)) for spot in view.canvas.layout_of(row).spots]
    theme_manager().set_text_scale(1.0)
    assert {"Retry", "Undo"} <= {spot.label for spot in spots}
    small = [s for s in spots if min(s.rect.width(), s.rect.height()) < LEAST_HIT]
    assert small == []


def test_what_is_painted_in_the_outbox(window: ConsoleWindow, qtbot: QtBot) -> None:
    window.go(QueueRef(QueueName.OUTBOX))
    qtbot.waitUntil(lambda: window.outbox.model.rowCount() > 0)
    rows = window.outbox.rows
    boxes = [
        box
        for number in range(rows.model().rowCount())
        for _, box in rows.painter_of_rows.buttons(
            QRect(0, 0, rows.viewport().width(), 160), rows.model().index(number, 0)
        )
    ]
    assert boxes
    assert [box for box in boxes if min(box.width(), box.height()) < LEAST_HIT] == []


def _open_sheet(window: ConsoleWindow, qtbot: QtBot) -> Sheet:
    def shown() -> list[Sheet]:
        return [one for one in window.findChildren(Sheet) if one.isVisible()]

    qtbot.waitUntil(lambda: bool(shown()))
    return shown()[-1]


def _controls(root: QWidget) -> list[QWidget]:
    """All that can be pressed and is seen; the unseen stand where something painted stands."""
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.isVisible() and _is_pressed(widget) and not widget.size().isEmpty()
    ]


def _is_pressed(widget: QWidget) -> bool:
    if isinstance(widget, QScrollBar) or isinstance(widget.parentWidget(), StandIns):
        return False
    if isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox):
        return False  # the field inside: pressed as part of what it is in
    by_click = bool(widget.focusPolicy().value & Qt.FocusPolicy.ClickFocus.value)
    return isinstance(widget, _CONTROLS) or by_click


def _too_small(root: QWidget) -> list[tuple[str, str, tuple[int, int]]]:
    return [
        (type(widget).__name__, widget.accessibleName(), (widget.width(), widget.height()))
        for widget in _controls(root)
        if min(widget.width(), widget.height()) < LEAST_HIT
    ]


def _low_rows(view: QAbstractItemView) -> list[tuple[str, int]]:
    model = view.model()
    heights = [view.visualRect(model.index(row, 0)).height() for row in range(model.rowCount())]
    return [
        (str(model.index(row, 0).data()), height)
        for row, height in enumerate(heights[:40])
        if model.flags(model.index(row, 0)) & Qt.ItemFlag.ItemIsEnabled and height < LEAST_HIT
    ]
