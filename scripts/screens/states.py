"""The sheet of all states: every control and row at rest, under the pointer, with the keyboard.

Made of the widgets and delegates that the window is made of. Only one widget can have the
keyboard at a time, so each is put into its state, taken and laid on the board.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPixmap, QRegion
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QStyle,
    QStyleOptionViewItem,
    QWidget,
)

from app.domain.clocks import Due
from app.domain.views import CaseRow, QueueName, QueueRef
from app.ui.delegates.case_delegate import ROW_HEIGHT, CaseDelegate
from app.ui.delegates.chips import draw_deadline, draw_text
from app.ui.delegates.sidebar_delegate import SidebarDelegate
from app.ui.dialogs.controls import Check, Segmented
from app.ui.dialogs.parts import button
from app.ui.models.sidebar_model import ENTRY_ROLE
from app.ui.theme import painting, theme
from app.ui.views.empty import EmptyState
from app.ui.window import ConsoleWindow
from scripts.screens.states_thread import paint_thread, sample_thread

_WIDE, _HIGH = 800, 1130
_LEFT, _RIGHT = 26, 448
_COLUMN = 332
_STATES = ("rest", "hover", "pressed", "focus", "off")
_KINDS = (("Main", "main", "Send"), ("Plain", "plain", "Assign"), ("Quiet", "quiet", "Edit"))
_CHIPS = (
    ("42 min", Due.IN_TIME, 0.3), ("18 min", Due.DUE, 0.78), ("12 min late", Due.LATE, 1.0),
    ("paused", Due.PAUSED, 0.0),
)  # fmt: skip
_QUEUES = (
    (QueueName.UNASSIGNED, QStyle.StateFlag.State_MouseOver),
    (QueueName.MY_WORK, QStyle.StateFlag.State_None),
    (QueueName.SNOOZED, QStyle.StateFlag.State_HasFocus),
)


class StatesBoard:
    """Draws the sheet from what a window shows."""

    def __init__(self, window: ConsoleWindow) -> None:
        self._window = window
        self._thread = sample_thread(window)

    def drawn(self) -> QImage:
        """The sheet in the present theme, as sharp as the window."""
        ratio = self._window.devicePixelRatioF()
        image = QImage(round(_WIDE * ratio), round(_HIGH * ratio), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(theme().colour("surface"))
        host = _Host()
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for draw, left, top in (
            (self._buttons, _LEFT, 18), (self._fields, _LEFT, 190), (self._deadlines, _LEFT, 302),
            (self._departments, _LEFT, 362), (self._queues, _LEFT, 446),
            (self._conversations, _LEFT, 570), (self._on_the_thread, _RIGHT, 18),
            (self._nothing, _RIGHT, 800),
        ):  # fmt: skip
            painter.save()
            painter.translate(left, top)
            draw(painter, host)
            painter.restore()
        painter.end()
        host.close()
        self._window.activateWindow()
        image.setDevicePixelRatio(1.0)
        return image

    def _buttons(self, painter: QPainter, host: _Host) -> None:
        _heading(painter, "Buttons")
        for column, state in enumerate(_STATES):
            _small(painter, QPointF(46 + 70 * column, 24), state)
        for row, (name, kind, words) in enumerate(_KINDS):
            _small(painter, QPointF(0, 56 + 39 * row), name)
            for column, state in enumerate(_STATES):
                made = host.hold(button(words, kind=kind))
                made.resize(max(58, made.sizeHint().width()), 30)
                host.put(painter, made, QPointF(46 + 70 * column, 50 + 39 * row), state)

    def _fields(self, painter: QPainter, host: _Host) -> None:
        _heading(painter, "Fields and checks")
        for number, (words, state) in enumerate(
            (("", "rest"), ("Goodwill", "focus"), ("Empty", "rest"))
        ):
            field = QLineEdit(words)
            field.setPlaceholderText("Reason")
            field.setProperty("invalid", words == "Empty")
            host.hold(field)
            field.resize(96, 34)
            host.put(painter, field, QPointF(104 * number, 25), state)
        for number, (checked, state) in enumerate(
            ((True, "rest"), (False, "rest"), (False, "focus"), (False, "off"))
        ):
            check = host.hold(Check(""))
            check.setChecked(checked)
            check.resize(24, 24)
            host.put(painter, check, QPointF(-2 + 32 * number, 71), state)
        segments = host.hold(Segmented([("All", ""), ("Unread 4", "")], name="Which"))
        segments.resize(segments.sizeHint().width() + 12, 28)
        host.put(painter, segments, QPointF(132, 69), "rest")

    @staticmethod
    def _deadlines(painter: QPainter, _host: _Host) -> None:
        _heading(painter, "Deadline chips")
        at = QPointF(0, 24)
        for words, due, used in _CHIPS:
            at += QPointF(draw_deadline(painter, at, words, due, used) + 6, 0)

    def _departments(self, painter: QPainter, _host: _Host) -> None:
        look = theme()
        _heading(painter, "Departments")
        font = look.font("caption", 500)
        left, top = 0.0, 24.0
        for department in self._window.services.directory.departments():
            width = painting.metrics(font).horizontalAdvance(department.name) + 27
            if left + width > _COLUMN - 10:
                left, top = 0.0, top + 25
            box = QRectF(left, top, width, 20)
            painting.fill_rounded(painter, box, 5, look.department_tint(department.id))
            colour = look.department_colour(department.id)
            painting.draw_dot(painter, QPointF(left + 10, top + 10), 7, colour)
            draw_text(painter, box.adjusted(18, 0, 0, 0), department.name, font, colour)
            left += width + 6

    def _queues(self, painter: QPainter, _host: _Host) -> None:
        _heading(painter, "Queue rows")
        delegate = SidebarDelegate(lambda: QueueRef(QueueName.MY_WORK), self._window)
        model = self._window.sidebar_model
        for place, (name, state) in enumerate(_QUEUES):
            index = next(
                model.index(row, 0) for row in range(model.rowCount())
                if model.index(row, 0).data(ENTRY_ROLE).queue == QueueRef(name)
            )  # fmt: skip
            option = QStyleOptionViewItem()
            rect = QRect(-8, 24 + 29 * place, 226, 28)
            _set(option, rect, state | QStyle.StateFlag.State_Active)
            delegate.paint(painter, option, index)

    def _conversations(self, painter: QPainter, _host: _Host) -> None:
        _heading(painter, "Conversation rows")
        rows = self._window.case_list.model.rows()
        delegate = CaseDelegate(self._window.now_ms, self._window.services.directory.department)
        looks: tuple[tuple[str, bool, bool, bool, bool], ...] = (
            ("Rosa Tamayo", False, False, False, False),
            ("Kwame Osei", True, False, False, False),
            ("Tobias Brandt", False, False, True, False),
            ("Marta Lindqvist", False, True, False, False),
            ("Sofia Ferrante", False, True, False, True),
        )
        height = theme().scaled(ROW_HEIGHT)
        for place, (name, unread, selected, hovered, focused) in enumerate(looks):
            row = replace(_named(rows, name), unread=unread)
            delegate.paint(
                painter,
                QRectF(-20, 22 + place * (height + 2), 356, height),
                row,
                selected=selected,
                hovered=hovered,
                focused=focused,
                rule=place == 1,
            )

    def _on_the_thread(self, painter: QPainter, _host: _Host) -> None:
        _heading(painter, "On the thread")
        painter.translate(-16, 26)
        paint_thread(painter, self._thread, _COLUMN + 16)

    @staticmethod
    def _nothing(painter: QPainter, host: _Host) -> None:
        _heading(painter, "Nothing here")
        empty = host.hold(EmptyState())
        empty.show_words(
            "All answered.", "27 unassigned mentions could use you.", "Take the next one"
        )
        empty.resize(_COLUMN - 20, 150)
        host.put(painter, empty, QPointF(0, 24), "rest")


_W = TypeVar("_W", bound=QWidget)


class _Host(QWidget):
    """A window that holds what is being taken, so that it can have the keyboard."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.resize(_WIDE, 200)
        self.show()
        self.activateWindow()
        QApplication.processEvents()

    def hold(self, widget: _W) -> _W:
        widget.setParent(self)
        widget.show()
        return widget

    def put(self, painter: QPainter, widget: QWidget, at: QPointF, state: str) -> None:
        """Put the widget into a state and lay what it looks like on the board."""
        widget.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, state == "hover")
        if state == "pressed" and isinstance(widget, QAbstractButton):
            widget.setDown(True)
        if state == "focus":
            widget.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.setFocus()
        widget.setEnabled(state != "off")
        if isinstance(widget, QLineEdit):
            widget.deselect()
            widget.end(False)
        QApplication.processEvents()
        if state == "hover":
            _move_onto(widget)
        painter.drawPixmap(at, self._taken(widget))
        widget.hide()

    def _taken(self, widget: QWidget) -> QPixmap:
        """Without the ground that Qt would fill the whole rectangle with."""
        ratio = widget.devicePixelRatioF()
        taken = QPixmap(widget.size() * ratio)
        taken.setDevicePixelRatio(ratio)
        taken.fill(Qt.GlobalColor.transparent)
        widget.render(taken, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
        return taken


def _named(rows: Sequence[CaseRow], name: str) -> CaseRow:
    return next(row for row in rows if row.name == name)


def _heading(painter: QPainter, words: str) -> None:
    font = theme().font("caption", 600)
    draw_text(painter, QRectF(0, 0, _COLUMN, 16), words, font, theme().colour("text-3"))


def _small(painter: QPainter, at: QPointF, words: str) -> None:
    font = theme().font("small")
    draw_text(painter, QRectF(at.x(), at.y(), 90, 18), words, font, theme().colour("text-2"))


def _set(option: QStyleOptionViewItem, rect: QRect, state: QStyle.StateFlag) -> None:
    option.rect = rect
    option.state = state


def _move_onto(widget: QWidget) -> None:
    """As the pointer does: a button asks where it is before it believes that it is on it."""
    widget.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    centre = QPointF(widget.rect().center())
    none = Qt.MouseButton.NoButton
    moved = QMouseEvent(
        QEvent.Type.MouseMove, centre, widget.mapToGlobal(centre), none, none,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(widget, moved)
