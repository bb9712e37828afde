"""Chips and single lines of text as painted in rows."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from app.domain.clocks import Due
from app.ui.theme import icons, mirroring, painting, theme

CHIP_HEIGHT = 20
_PADDING = 7
_MARK = 12
_MARK_LEFT = 5
_GAP = 5
_SINGLE_LINE = int(
    Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
)


def draw_text(painter: QPainter, box: QRectF, words: str, font: QFont, colour: QColor) -> None:
    """One line, centred in the height of the box, from its left edge."""
    painter.setFont(font)
    painter.setPen(colour)
    mirroring.draw_words(painter, box, _SINGLE_LINE, words)


def tag_width(words: str) -> float:
    return painting.metrics(theme().font("caption", 500)).horizontalAdvance(words) + 2 * _PADDING


def draw_tag(painter: QPainter, box: QRectF, words: str, ground: QColor) -> None:
    look = theme()
    painting.fill_rounded(painter, box, 5, ground)
    inner = box.adjusted(_PADDING, 0, 0, 0)
    draw_text(painter, inner, words, look.font("caption", 500), look.colour("text-2"))


def draw_deadline(painter: QPainter, at: QPointF, words: str, due: Due, used: float) -> float:
    """A deadline chip: a ring of the time used, or the alert of a late one; returns its width."""
    look = theme()
    tokens = {
        Due.DUE: ("warn", "warn-tint"),
        Due.LATE: ("danger", "danger-tint"),
    }
    ink_token, ground_token = tokens.get(due, ("text-2", ""))
    box = _chip_box(at, words, 600 if ground_token else 500)
    _chip_ground(painter, box, ground_token)
    mark = _mark_box(box)
    if due is Due.LATE:
        icons.draw(painter, "circle-alert", mark, look.colour(ink_token), stroke=2.4)
    elif due is Due.PAUSED:
        icons.draw(painter, "pause", mark, look.colour(ink_token), stroke=2.4)
    else:
        ring = look.colour(ink_token if ground_token else "text-3")
        painting.draw_ring(painter, mark, used, ring)
    _chip_words(painter, box, words, ink_token, 600 if ground_token else 500)
    return box.width()


def draw_state(painter: QPainter, at: QPointF, words: str, symbol: str) -> float:
    """A quiet chip with an icon: "Fri 09:00", "Closed"; returns its width."""
    look = theme()
    box = _chip_box(at, words, 500)
    _chip_ground(painter, box, "")
    icons.draw(painter, symbol, _mark_box(box), look.colour("text-3"), stroke=2.2)
    _chip_words(painter, box, words, "text-2", 500)
    return box.width()


def _chip_box(at: QPointF, words: str, weight: int) -> QRectF:
    look = theme()
    font = look.font("caption", weight, tabular=True)
    width = painting.metrics(font).horizontalAdvance(words)
    return QRectF(
        at.x(), at.y(), _MARK_LEFT + _MARK + _GAP + width + _PADDING, look.scaled(CHIP_HEIGHT)
    )


def _mark_box(box: QRectF) -> QRectF:
    return QRectF(box.left() + _MARK_LEFT, box.center().y() - _MARK / 2, _MARK, _MARK)


def _chip_ground(painter: QPainter, box: QRectF, token: str) -> None:
    if token:
        painting.fill_rounded(painter, box, 5, theme().colour(token))
    else:
        painting.outline_rounded(painter, box, 5, theme().colour("line-strong"))


def _chip_words(painter: QPainter, box: QRectF, words: str, token: str, weight: int) -> None:
    look = theme()
    inner = box.adjusted(_MARK_LEFT + _MARK + _GAP, 0, 0, 0)
    font = look.font("caption", weight, tabular=True)
    draw_text(painter, inner, words, font, look.colour(token))
