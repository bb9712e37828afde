"""Paints a row of the outbox, and says where its buttons are."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.domain.clocks import Due
from app.domain.outbox import OutboxState
from app.domain.views import OutboxEntry
from app.ui.delegates.chips import draw_deadline, draw_text
from app.ui.models.outbox_model import ENTRY_ROLE, HEADING_ROLE, act_text, needs_you, state_text
from app.ui.theme import formats, icons, mirroring, painting, theme

_ROW = 85
_HEADING = 28
_TEXT_LEFT = 63
_BUTTON = 24
_BUTTON_LINE = 28
"""What needs a person is higher by this: its cause in full, and beneath it what can be done."""

AnyIndex = QModelIndex | QPersistentModelIndex


class OutboxButton(Enum):
    RETRY = "retry"
    EDIT = "edit"
    COPY = "copy"
    DISCARD = "discard"
    ARRIVED = "arrived"
    """An agent looked: it is there."""


_SYMBOLS = {OutboxButton.EDIT: "pen-line", OutboxButton.DISCARD: "trash-2"}
_TEXTS = {
    OutboxButton.EDIT: "Edit",
    OutboxButton.COPY: "Copy",
    OutboxButton.DISCARD: "Discard",
    OutboxButton.ARRIVED: "It arrived",
}


def buttons_of(entry: OutboxEntry) -> tuple[OutboxButton, ...]:
    """What can be done with an item now; what needs nobody can be copied from its menu."""
    copy = (OutboxButton.COPY,) if entry.item.text else ()
    match entry.item.state:
        case OutboxState.FAILED | OutboxState.HELD:
            return (OutboxButton.RETRY, OutboxButton.EDIT, *copy, OutboxButton.DISCARD)
        case OutboxState.QUEUED:
            return (OutboxButton.EDIT, OutboxButton.DISCARD)
        case OutboxState.UNKNOWN:
            return (OutboxButton.RETRY, OutboxButton.ARRIVED, *copy)
        case _:
            return ()


def button_text(button: OutboxButton, entry: OutboxEntry) -> str:
    """What a button is called; the first one says what a retry means for this item."""
    if button is not OutboxButton.RETRY:
        return _TEXTS[button]
    match entry.item.state:
        case OutboxState.HELD:
            return "Send anyway"
        case OutboxState.UNKNOWN:
            return "Compare…"
        case _:
            return "Retry"


class OutboxDelegate(QStyledItemDelegate):
    def __init__(self, now_ms: Callable[[], int], parent: QObject) -> None:
        super().__init__(parent)
        self._now_ms = now_ms

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: ARG002
        heading = _HEADING if index.data(HEADING_ROLE) else 0
        line = _BUTTON_LINE if needs_you(index.data(ENTRY_ROLE)) else 0
        return QSize(200, theme().scaled(_ROW + heading + line))

    def button_at(self, rect: QRect, point: QPoint, index: AnyIndex) -> OutboxButton | None:
        """The button under a point of the viewport, None beside them."""
        return next(
            (button for button, box in self.buttons(rect, index) if box.contains(point)), None
        )

    def buttons(self, rect: QRect, index: AnyIndex) -> list[tuple[OutboxButton, QRectF]]:
        """The buttons of a row that stands at ``rect``, and where they are painted."""
        return [
            (button, mirroring.mirrored_rect(box, rect.left(), rect.left() + rect.width()))
            for button, box in _button_boxes(_card(rect, index), index.data(ENTRY_ROLE))
        ]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        look = theme()
        entry: OutboxEntry = index.data(ENTRY_ROLE)
        card = _card(option.rect, index)
        state = option.state
        painter.save()
        mirroring.mirror(painter, QRectF(option.rect))
        heading = index.data(HEADING_ROLE)
        if heading:
            _paint_heading(painter, QRectF(option.rect), heading)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        ground = look.colour("accent-tint" if selected else "hover" if hovered else "surface")
        painting.fill_rounded(painter, card, 9, ground)
        if state & QStyle.StateFlag.State_HasFocus:
            painting.draw_focus_ring(painter, card, 9)
        avatar = QRectF(card.left() + 12, card.top() + 10, 34, 34)
        painting.draw_avatar(
            painter, avatar, entry.customer_name, entry.item.channel, ground=ground
        )
        self._paint_text(painter, card, entry)
        for button, box in _button_boxes(card, entry):
            _paint_button(painter, box, button, entry)
        painter.restore()

    def _paint_text(self, painter: QPainter, card: QRectF, entry: OutboxEntry) -> None:
        look = theme()
        left, right = card.left() + _TEXT_LEFT - 6, card.right() - 10
        line = look.line_height("body")
        top = card.top() + look.scaled(10)
        time_font = look.font("caption", tabular=True)
        when = formats.list_time(entry.at_ms, self._now_ms())
        width = painting.metrics(time_font).horizontalAdvance(when)
        box = QRectF(right - width, top, width + 1, line)
        draw_text(painter, box, when, time_font, look.colour("text-3"))
        name_font = look.font("body", 600)
        room = right - width - 8 - left
        name = painting.elided(entry.customer_name, name_font, room)
        draw_text(painter, QRectF(left, top, room, line), name, name_font, look.colour("text"))
        used = painting.metrics(name_font).horizontalAdvance(name) + 6
        small = look.font("small")
        act = painting.elided(act_text(entry), small, max(0.0, room - used))
        draw_text(painter, QRectF(left + used, top, room - used, line), act, small,
                  look.colour("text-3"))  # fmt: skip
        top += line + 1
        font = look.font("snippet")
        height = look.line_height("snippet")
        said = painting.elided(entry.item.text or act_text(entry).capitalize(), font, right - left)
        draw_text(painter, QRectF(left, top, right - left, height), said, font,
                  look.colour("text-2"))  # fmt: skip
        self._paint_state(painter, QRectF(left, top + height + 7, right - left, 20), entry)

    def _paint_state(self, painter: QPainter, box: QRectF, entry: OutboxEntry) -> None:
        look = theme()
        taken = 0 if needs_you(entry) else len(buttons_of(entry)) * (_BUTTON + 6) + 4
        font = look.font("caption", 500, tabular=True)
        words = state_text(entry, self._now_ms())
        if entry.item.state is OutboxState.FAILED:
            room = box.width() - taken - 30
            shown = painting.elided(words.rstrip("."), look.font("caption", 600), room)
            draw_deadline(painter, box.topLeft(), shown, Due.LATE, 1)
            return
        words = painting.elided(words, font, box.width() - taken - 20)
        width = painting.metrics(font).horizontalAdvance(words) + 16
        chip = QRectF(box.left(), box.top(), width, look.scaled(20))
        painting.draw_stitched(painter, chip, 6, look.colour("stitch"))
        draw_text(painter, chip.adjusted(8, 0, 0, 0), words, font, look.colour("text-2"))


def _card(rect: QRect, index: AnyIndex) -> QRectF:
    heading = theme().scaled(_HEADING) if index.data(HEADING_ROLE) else 0
    return QRectF(rect).adjusted(6, heading, -6, 0)


def _button_boxes(card: QRectF, entry: OutboxEntry) -> list[tuple[OutboxButton, QRectF]]:
    """Words in a line of their own where a person is needed, else symbols at the right edge."""
    top = card.bottom() - 10 - _BUTTON
    if not needs_you(entry):
        right = card.right() - 8
        return [
            (button, QRectF(right - (place + 1) * (_BUTTON + 4) - place * 2, top, _BUTTON + 4, 24))
            for place, button in enumerate(reversed(buttons_of(entry)))
        ]
    boxes = []
    left = card.left() + _TEXT_LEFT - 6
    metrics = painting.metrics(theme().font("small", 500))
    for button in buttons_of(entry):
        width = metrics.horizontalAdvance(button_text(button, entry)) + 16
        boxes.append((button, QRectF(left, top, width, _BUTTON)))
        left += width + 2
    return boxes


def _paint_button(painter: QPainter, box: QRectF, button: OutboxButton, entry: OutboxEntry) -> None:
    look = theme()
    if not needs_you(entry):
        middle = QRectF(box.center().x() - 7, box.center().y() - 7, 14, 14)
        icons.draw(painter, _SYMBOLS[button], middle, look.colour("text-2"))
        return
    ink = "text-2"
    if button is OutboxButton.RETRY:
        failed = entry.item.state is OutboxState.FAILED
        painting.fill_rounded(painter, box, 6, look.colour("raised"))
        edge = "danger-line" if failed else "line-strong"
        painting.outline_rounded(painter, box, 6, look.colour(edge))
        ink = "danger" if failed else "text"
    painter.setFont(look.font("small", 500))
    painter.setPen(look.colour(ink))
    words = button_text(button, entry)
    mirroring.draw_words(painter, box, Qt.AlignmentFlag.AlignCenter, words)


def _paint_heading(painter: QPainter, rect: QRectF, heading: tuple[str, str]) -> None:
    look = theme()
    line = QRectF(rect.left() + 18, rect.top() + 6, rect.width() - 34, 16)
    draw_text(painter, line, heading[0], look.font("caption", 600), look.colour("text-3"))
    painter.setFont(look.font("caption", 500, tabular=True))
    flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    mirroring.draw_words(painter, line, flags, heading[1])
