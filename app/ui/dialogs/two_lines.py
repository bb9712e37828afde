"""Rows of a list in a sheet: a name, and below it what it stands for."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.ui.dialogs.parts import draw_focus
from app.ui.theme import mirroring, painting, theme

LINE = Qt.ItemDataRole.UserRole
"""The second line of a row."""
_ROW = 46
Index = QModelIndex | QPersistentModelIndex


class TwoLines(QStyledItemDelegate):
    """The text over the smaller one of ``LINE``, on a tint where it is chosen."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, theme().scaled(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, box = theme(), QRectF(option.rect).adjusted(0.5, 1, -0.5, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirroring.mirror(painter, QRectF(option.widget.rect()))
        if option.state & QStyle.StateFlag.State_Selected:
            painting.fill_rounded(painter, box, 7, look.colour("accent-tint"))
        if option.state & QStyle.StateFlag.State_HasFocus:
            draw_focus(painter, box, 7)
        words = box.adjusted(10, 4, -10, -4)
        half = words.height() / 2
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        for top, role, weight, colour, text in (
            (0.0, "body", 500, "text", index.data()),
            (half, "small", 400, "text-2", index.data(LINE)),
        ):
            font = look.font(role, weight)
            painter.setFont(font)
            painter.setPen(look.colour(colour))
            line = QRectF(words.x(), words.y() + top, words.width(), half)
            shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, line.width())
            mirroring.draw_words(painter, line, left, shown)
        painter.restore()
