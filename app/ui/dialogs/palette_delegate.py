"""Paints the rows of the palette, with what matched marked."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.domain.links import blotted
from app.ui.dialogs.palette_model import Marks, PaletteRow, RowKind
from app.ui.dialogs.parts import draw_key, key_width
from app.ui.models.listed_rows import ROW_ROLE
from app.ui.theme import formats, icons, mirroring, painting, theme

Index = QModelIndex | QPersistentModelIndex

ROW, COMMAND_ROW, SECTION_ROW = 44, 36, 28
_AVATAR = 30
_PAD = 10
_TEXT_LEFT = _PAD + _AVATAR + 11
_REACH_SHOWN_FROM = 10_000
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


@cache
def _room(kind: RowKind, _scale: float) -> QSize:
    """Asked for every row at every letter."""
    height = {RowKind.SECTION: SECTION_ROW, RowKind.COMMAND: COMMAND_ROW}.get(kind, ROW)
    return QSize(100, theme().scaled(height))


class PaletteDelegate(QStyledItemDelegate):
    """Paints ``PaletteRow`` values. ``now_ms`` dates them."""

    def __init__(self, now_ms: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now_ms = now_ms

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        return _room(index.data(ROW_ROLE).kind, theme().scale)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        box = QRectF(option.rect)
        painter.save()
        mirroring.mirror(painter, box)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.kind is RowKind.SECTION:
            self._paint_section(painter, box, row)
        else:
            state = option.state
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            hovered = bool(state & QStyle.StateFlag.State_MouseOver)
            if chosen or hovered:
                ground = theme().colour("accent-tint" if chosen else "hover")
                painting.fill_rounded(painter, box, 9, ground)
            if row.kind is RowKind.COMMAND:
                self._paint_command(painter, box, row)
            else:
                self._paint_result(painter, box, row, chosen=chosen)
        painter.restore()

    @staticmethod
    def _paint_section(painter: QPainter, box: QRectF, row: PaletteRow) -> None:
        painter.setFont(theme().font("caption", 600))
        painter.setPen(theme().colour("text-3"))
        line = box.adjusted(_PAD, 4, -_PAD, 0)
        mirroring.draw_words(painter, line, _MIDDLE, row.title)
        painter.setFont(theme().font("caption", 500, tabular=True))
        right = _MIDDLE | Qt.AlignmentFlag.AlignRight
        mirroring.draw_words(painter, line, right, row.detail)

    def _paint_command(self, painter: QPainter, box: QRectF, row: PaletteRow) -> None:
        look = theme()
        if row.icon:
            place = QRectF(box.left() + _PAD + 7, box.center().y() - 8, 16, 16)
            icons.draw(painter, row.icon, place, look.colour("text-2"))
        right = box.right() - _PAD
        if row.keys:
            width = key_width(row.keys)
            right -= width
            draw_key(painter, QPointF(right, box.center().y() - 8.5), row.keys)
        area = QRectF(box.left() + _TEXT_LEFT, box.top(), right - box.left() - _TEXT_LEFT, 0)
        area.setHeight(box.height())
        draw_marked(painter, area, row.title, row.marks, weight=400, colour=look.colour("text"))

    def _paint_result(
        self, painter: QPainter, box: QRectF, row: PaletteRow, *, chosen: bool
    ) -> None:
        look = theme()
        ground = look.colour("accent-tint" if chosen else "raised")
        avatar = QRectF(box.left() + _PAD, box.center().y() - _AVATAR / 2, _AVATAR, _AVATAR)
        painting.draw_avatar(painter, avatar, row.name, row.channel, ground=ground)
        right = box.right() - _PAD
        if chosen:
            right -= key_width("↵")
            draw_key(painter, QPointF(right, box.center().y() - 8.5), "↵")
        elif row.at_ms is not None:
            when = formats.list_time(row.at_ms, self._now_ms())
            font = look.font("caption", tabular=True)
            right -= painting.metrics(font).horizontalAdvance(when)
            painter.setFont(font)
            painter.setPen(look.colour("text-3"))
            place = QRectF(right, box.top(), 80, box.height())
            mirroring.draw_words(painter, place, _MIDDLE, when)
        left = box.left() + _TEXT_LEFT
        room = right - 8 - left
        top = box.top() + (box.height() - 34) / 2
        weight = 400 if row.kind is RowKind.MESSAGE else 500
        width = draw_marked(
            painter,
            QRectF(left, top, room, 17),
            row.title,
            row.marks,
            weight=weight,
            colour=look.colour("text"),
        )
        if row.reach >= _REACH_SHOWN_FROM and width + 60 < room:
            _draw_reach(painter, QPointF(left + width + 6, top + 0.5), row.reach)
        detail = QRectF(left, top + 18, room, 16)
        if row.department is not None:
            painting.draw_dot(
                painter,
                QPointF(left + 3.5, detail.center().y()),
                7,
                look.department_colour(row.department),
            )
            detail.setLeft(left + 12)
        font = look.font("small")
        painter.setFont(font)
        painter.setPen(look.colour("text-2"))
        shown = painting.elided(row.detail, font, detail.width())
        mirroring.draw_words(painter, detail, _MIDDLE, shown)


class _Line:
    """A line of text laid out: bold where it matched, with the boxes of those places."""

    def __init__(self, text: str, marks: Marks, weight: int, room: float) -> None:
        look = theme()
        font = look.font("body", weight)
        plain = blotted(_SPACES.sub(" ", text))
        shown = painting.metrics(font).elidedText(
            plain, Qt.TextElideMode.ElideRight, room - 4 * len(marks)
        )
        kept = len(shown) if shown == plain else len(shown) - 1
        self.layout = QTextLayout(shown, font)
        strong = QTextCharFormat()
        strong.setFont(look.font("body", 600))
        spans = []
        for start, end in marks:
            first, last = _units(shown, min(start, kept)), _units(shown, min(end, kept))
            if last > first:
                span = QTextLayout.FormatRange()
                span.start, span.length = first, last - first
                span.format = strong
                spans.append(span)
        self.layout.setFormats(spans)
        self.layout.beginLayout()
        line = self.layout.createLine()
        line.setNumColumns(len(shown) * 2 + 1)
        self.layout.endLayout()
        self.height = line.height()
        self.width = line.naturalTextWidth()
        self.boxes = [
            (_x(line.cursorToX(span.start)), _x(line.cursorToX(span.start + span.length)))
            for span in spans
        ]

    def draw(self, painter: QPainter, area: QRectF, colour: QColor) -> None:
        """Draw it from the left edge of ``area``, in the middle of its height."""
        top = area.top() + (area.height() - self.height) / 2
        if self.boxes:
            tint = QColor(theme().colour("accent"))
            tint.setAlphaF(0.2)
            for left, right in self.boxes:
                box = QRectF(area.left() + left - 1, top, right - left + 2, self.height)
                painting.fill_rounded(painter, box, 3, tint)
        painter.setPen(colour)
        self.layout.draw(painter, QPointF(area.left(), top))


_SPACES = re.compile(r"\s")
_LINES: dict[tuple[object, ...], _Line] = {}
_MOST_LINES = 400


def draw_marked(
    painter: QPainter, area: QRectF, text: str, marks: Marks, *, weight: int, colour: QColor
) -> float:
    """One line of text, cut to its room, its marked ranges bold on a tint; returns its width."""
    key = (text, marks, weight, area.width(), theme().scale)
    line = _LINES.get(key)
    if line is None:
        if len(_LINES) >= _MOST_LINES:
            _LINES.clear()
        line = _LINES[key] = _Line(text, marks, weight, area.width())
    with mirroring.legible(painter, area.left() + line.width / 2):
        line.draw(painter, area, colour)
    return line.width


def _x(answer: object) -> float:
    """The binding returns the position alone, or with the cursor it was asked for."""
    return float(answer[0]) if isinstance(answer, tuple) else float(answer)  # type: ignore[arg-type]


def _units(text: str, characters: int) -> int:
    """How many UTF-16 units, in which Qt counts, the first characters take."""
    return len(text[:characters].encode("utf-16-le")) // 2


def _draw_reach(painter: QPainter, at: QPointF, reach: int) -> None:
    look = theme()
    font = look.font("micro", 600)
    words = formats.compact_number(reach)
    width = painting.metrics(font).horizontalAdvance(words) + 22
    box = QRectF(at.x(), at.y(), width, 16)
    painting.fill_rounded(painter, box, 8, look.colour("accent-tint"))
    icons.draw(
        painter, "star", QRectF(box.left() + 4, box.top() + 3, 10, 10), look.colour("accent"),
        fill=True,
    )  # fmt: skip
    painter.setFont(font)
    painter.setPen(look.colour("accent"))
    mirroring.draw_words(painter, box.adjusted(17, 0, 0, 0), _MIDDLE, words)
