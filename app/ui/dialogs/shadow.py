"""The shadow of sheets and menus: rendered once, then drawn as nine patches."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

_SPREAD = 48
_DROP = 18
_RADIUS = 16
_CORE = 2 * (_SPREAD + _RADIUS) + 2
_LAYERS = 20


def draw_sheet_shadow(painter: QPainter, card: QRect, ratio: float) -> None:
    """Paint the shadow that a raised card at ``card`` throws on what is behind it."""
    patch = _patch(ratio)
    outer = card.adjusted(-_SPREAD, -_SPREAD + _DROP, _SPREAD, _SPREAD + _DROP)
    edge = _SPREAD + _RADIUS
    middle = _CORE - 2 * edge
    columns = _spans(outer.left(), outer.width(), edge)
    rows = _spans(outer.top(), outer.height(), edge)
    sources = ((0, edge), (edge, middle), (edge + middle, edge))
    for (y, height), (source_y, source_height) in zip(rows, sources, strict=True):
        for (x, width), (source_x, source_width) in zip(columns, sources, strict=True):
            painter.drawPixmap(
                QRectF(x, y, width, height),
                patch,
                QRectF(
                    source_x * ratio,
                    source_y * ratio,
                    source_width * ratio,
                    source_height * ratio,
                ),
            )


def _spans(start: int, length: int, edge: int) -> tuple[tuple[int, int], ...]:
    return (start, edge), (start + edge, length - 2 * edge), (start + length - edge, edge)


@lru_cache(maxsize=4)
def _patch(ratio: float) -> QPixmap:
    """Nested rounded rectangles, closer to each other towards the card: nearly a Gaussian."""
    pixmap = QPixmap(round(_CORE * ratio), round(_CORE * ratio))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.scale(ratio, ratio)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    box = QRectF(QPoint(0, 0), QPoint(_CORE, _CORE))
    painter.setBrush(QColor(0, 0, 0, 2))  # black: a tint this thin would round to green
    for layer in range(_LAYERS):
        inset = _SPREAD * (layer / _LAYERS) ** 0.5
        radius = _RADIUS + _SPREAD - inset
        painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), radius, radius)
    painter.end()
    return pixmap
