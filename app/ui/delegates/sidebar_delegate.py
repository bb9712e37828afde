"""Paints the queues and departments of the sidebar."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.domain.views import QueueRef
from app.ui.delegates.chips import draw_text
from app.ui.models.sidebar_model import ENTRY_ROLE, VIEWS_HEADING, Entry, EntryKind
from app.ui.room import SIDEBAR
from app.ui.theme import icons, mirroring, painting, theme

_MARGIN = 8
_ICON = 16
_FIRST_WIDTH, _SECOND_WIDTH = 50, 60
_TIGHT_WIDTH = 34
"""Of both columns of numbers, where the sidebar gives way so that the names stay whole."""
_RIGHT = 9
_HEIGHTS = {
    EntryKind.QUEUE: 28,
    EntryKind.HEADER: 38,
    EntryKind.DEPARTMENT: 27,
    EntryKind.VIEW: 27,
    EntryKind.INSIGHTS: 28,
}
_HEADER_TEXT = 24
_PLUS = 15
_PLUS_HIT = 28
_SIGN = 13
_EDGE = 14
"""What the line beside the sidebar and a scroll bar may take of it."""

AnyIndex = QModelIndex | QPersistentModelIndex


class SidebarDelegate(QStyledItemDelegate):
    """``chosen`` tells which queue is shown, None for Insights; ``narrow`` paints icons and dots
    alone."""

    def __init__(self, chosen: Callable[[], QueueRef | None], parent: QObject) -> None:
        super().__init__(parent)
        self._chosen = chosen
        self.narrow = False

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: ARG002
        entry: Entry = index.data(ENTRY_ROLE)
        return QSize(40, theme().scaled(_HEIGHTS[entry.kind]))

    def queue_at(self, rect: QRect, x: int, entry: Entry) -> QueueRef | None:
        """Which queue a click at ``x`` in a row means."""
        at = mirroring.mirrored_x(x, rect.left(), rect.right())
        if entry.second_queue is not None and not self.narrow and at > _second_left(rect):
            return entry.second_queue
        return entry.queue

    def is_plus(self, rect: QRect, x: int, entry: Entry) -> bool:
        """Whether a click at ``x`` in a row means to make a view."""
        on_heading = entry.kind is EntryKind.HEADER and entry.label == VIEWS_HEADING
        at = mirroring.mirrored_x(x, rect.left(), rect.right())
        return on_heading and not self.narrow and at > rect.right() - _MARGIN - _PLUS_HIT

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        entry: Entry = index.data(ENTRY_ROLE)
        rect = QRectF(option.rect).adjusted(_MARGIN, 0, -_MARGIN, 0)
        state = option.state
        painter.save()
        mirroring.mirror(painter, rect)
        if entry.kind is EntryKind.HEADER:
            self._paint_header(painter, rect, entry)
        elif entry.kind is EntryKind.DEPARTMENT:
            self._paint_department(painter, rect, entry, state)
        else:
            self._paint_queue(painter, rect, entry, state)
        painter.restore()

    def _paint_header(self, painter: QPainter, rect: QRectF, entry: Entry) -> None:
        look = theme()
        if self.narrow:
            return
        line = QRectF(rect.left() + 9, rect.bottom() - _HEADER_TEXT, rect.width(), _HEADER_TEXT)
        draw_text(painter, line, entry.label, look.font("caption", 600), look.colour("text-3"))
        if entry.label == VIEWS_HEADING:
            plus = QRectF(
                rect.right() - _RIGHT - _PLUS, line.center().y() - _PLUS / 2, _PLUS, _PLUS
            )
            icons.draw(painter, "plus", plus, look.colour("text-2"))
            return
        font = look.font("micro", 500)
        first_width, second_width = _number_widths(rect)
        ends = (rect.right() - second_width, rect.right())
        if first_width == second_width:
            for end, symbol in zip(ends, ("corner-up-left", "megaphone"), strict=True):
                at = QRectF(end - _RIGHT - _SIGN, line.center().y() - _SIGN / 2, _SIGN, _SIGN)
                icons.draw(painter, symbol, at, look.colour("text-3"))
            return
        for end, words in zip(ends, ("Respond", "Reach out"), strict=True):
            box = QRectF(end - second_width - 18, line.top(), second_width + 18, 24)
            _right_text(painter, box, words, font, "text-3")

    def _paint_queue(
        self, painter: QPainter, rect: QRectF, entry: Entry, state: QStyle.StateFlag
    ) -> None:
        look = theme()
        chosen = entry.queue == self._chosen()
        _ground(painter, rect, state, chosen=chosen)
        left = rect.center().x() - _ICON / 2 if self.narrow else rect.left() + 9
        symbol = QRectF(left, rect.center().y() - _ICON / 2, _ICON, _ICON)
        icons.draw(painter, entry.icon, symbol, look.colour("accent" if chosen else "text-3"))
        if self.narrow:
            if entry.alarm:
                spot = QPointF(symbol.right(), symbol.top())
                painting.draw_dot(painter, spot, 7, look.colour("danger"))
            return
        label = QRectF(left + _ICON + 9, rect.top(), rect.width(), rect.height())
        name_font = look.font("body", 600 if chosen else 400)
        name = painting.elided(entry.label, name_font, label.width() - 34 - 44)
        draw_text(painter, label, name, name_font, look.colour("text"))
        if entry.alarm:
            font = look.font("small", 600, tabular=True)
            _right_text(painter, rect, entry.alarm, font, "danger")
        else:
            font = look.font("small", 600 if chosen else 400, tabular=True)
            count = "" if entry.count is None else str(entry.count)
            _right_text(painter, rect, count, font, "accent" if chosen else "text-3")

    def _paint_department(
        self, painter: QPainter, rect: QRectF, entry: Entry, state: QStyle.StateFlag
    ) -> None:
        look = theme()
        now = self._chosen()
        in_first, in_second = now == entry.queue, now == entry.second_queue
        _ground(painter, rect, state, chosen=in_first or in_second)
        dot_x = rect.center().x() if self.narrow else rect.left() + 13
        dot = QPointF(dot_x, rect.center().y())
        painting.draw_dot(painter, dot, 8, look.department_colour(entry.department))
        if self.narrow:
            return
        strong = entry.mine or in_first or in_second
        name_font = look.font("body", 600 if strong else 400)
        first, second = _number_widths(rect)
        number_font = look.font("small", 600 if entry.mine else 400, tabular=True)
        number = painting.metrics(number_font).horizontalAdvance(str(entry.count))
        width = rect.width() - second - _RIGHT - number - 8 - 27
        name = QRectF(rect.left() + 27, rect.top(), width, rect.height())
        draw_text(painter, name, painting.elided(entry.label, name_font, width), name_font,
                  look.colour("text"))  # fmt: skip
        columns = (
            (rect.right() - second - first, first, entry.count, in_first),
            (rect.right() - second, second, entry.second, in_second),
        )
        for left, width, count, chosen in columns:
            box = QRectF(left, rect.top(), width, rect.height())
            if chosen:
                pill = QRectF(box.right() - 32, box.center().y() - 10, 30, 20)
                painting.fill_rounded(painter, pill, 5, look.colour("accent-tint2"))
            font = look.font("small", 600 if entry.mine or chosen else 400, tabular=True)
            token = (
                "accent" if chosen else "text" if entry.mine else "text-2" if count else "text-3"
            )
            _right_text(painter, box, str(count), font, token)


def _ground(painter: QPainter, rect: QRectF, state: QStyle.StateFlag, *, chosen: bool) -> None:
    look = theme()
    if chosen:
        painting.fill_rounded(painter, rect, 7, look.colour("accent-tint"))
    elif state & QStyle.StateFlag.State_MouseOver:
        painting.fill_rounded(painter, rect, 7, look.colour("hover-win"))
    if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_Active:
        painting.draw_focus_ring(painter, rect, 7)


def _right_text(painter: QPainter, box: QRectF, words: str, font: QFont, token: str) -> None:
    painter.setFont(font)
    painter.setPen(theme().colour(token))
    flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    mirroring.draw_words(painter, box.adjusted(0, 0, -_RIGHT, 0), int(flags), words)


def _second_left(rect: QRect) -> int:
    row = QRectF(rect).adjusted(_MARGIN, 0, -_MARGIN, 0)
    return rect.right() - _MARGIN - _number_widths(row)[1]


def _number_widths(row: QRectF) -> tuple[int, int]:
    """Of what to respond to and whom to reach out to; alike where there is less room."""
    scaled = theme().scaled
    if row.width() < scaled(SIDEBAR - _EDGE) - 2 * _MARGIN:
        return scaled(_TIGHT_WIDTH), scaled(_TIGHT_WIDTH)
    return scaled(_FIRST_WIDTH), scaled(_SECOND_WIDTH)
