"""What the timeline paints when it has no rows: the beginning of a history, or waiting for one."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from app.ui.theme import theme
from app.ui.timeline.frame import CONTENT_X, RIGHT_PAD, THREAD_X

FIRST_CONTACT = (
    "First contact.",
    "No history yet. What they say stands here as it comes in, and what you log by hand.",
)
_WIDEST = 400
_BONES = ((0.62, 48, False), (0.5, 67, False), (0.66, 48, True), (0.4, 48, False), (0.55, 67, True))


def draw_empty(painter: QPainter, area: QRectF, title: str, text: str) -> None:
    """A loose stitch and two lines in the middle of ``area``; the second may take two."""
    look = theme()
    centre = area.center()
    path = QPainterPath(QPointF(-44, 0))
    path.cubicTo(-30, -16, -22, 14, -8, 2)
    path.cubicTo(6, -10, 12, -12, 44, -1)
    pen = QPen(look.colour("accent"), 2.2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setDashPattern([3.2, 2.3])
    painter.save()
    painter.translate(centre.x(), centre.y() - 34)
    painter.strokePath(path, pen)
    painter.restore()
    box = QRectF(area.left(), centre.y() - 10, area.width(), 20)
    painter.setFont(look.font("body", 600))
    painter.setPen(look.colour("text"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, title)
    painter.setFont(look.font("body"))
    painter.setPen(look.colour("text-2"))
    width = min(_WIDEST, area.width() - 2 * RIGHT_PAD)
    below = QRectF(centre.x() - width / 2, box.bottom() + 2, width, 3 * look.line_height("body"))
    centred = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
    painter.drawText(below, centred | Qt.TextFlag.TextWordWrap, text)


def draw_skeleton(painter: QPainter, area: QRectF) -> None:
    """The outline of a conversation, quiet: shown when loading takes long enough to notice."""
    look = theme()
    painter.fillRect(QRectF(THREAD_X - 1, area.top(), 2, area.height()), look.colour("line"))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("hover"))
    room = min(560.0, area.width() - CONTENT_X - RIGHT_PAD)
    y = area.bottom() - 10
    for share, height, outgoing in reversed(_BONES):
        y -= height + 8
        width = min(396.0, room * share)
        x = area.right() - RIGHT_PAD - width if outgoing else CONTENT_X
        painter.drawRoundedRect(QRectF(x, y, width, height), 14, 14)
        radius = 4 if outgoing else 15
        painter.drawEllipse(QPointF(THREAD_X, y + (height / 2 if outgoing else 15)), radius, radius)
