"""Right to left: what is painted for the left is seen at the right, and letters stay letters.

A view that paints its own rows mirrors the painter once; whatever draws words or pictures stands
them upright again about their own middle. Shapes need nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter

_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft.value, Qt.AlignmentFlag.AlignRight.value
_LEVEL = Qt.AlignmentFlag.AlignHorizontal_Mask.value


def right_to_left() -> bool:
    """Whether the console is laid out from right to left, as its language is read."""
    return QGuiApplication.isRightToLeft()


def mirror(painter: QPainter, area: QRectF) -> None:
    """Where the console reads from right to left, paint from now on as in a mirror.

    ``area`` is what keeps its place. Left means left to the painter in either case.
    """
    painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    if right_to_left():
        stand_upright(painter, area.center().x())


def mirrored_x(x: float, left: float, right: float) -> float:
    """Where a click at ``x`` would be without the mirror."""
    return left + right - x if right_to_left() else x


def is_mirrored(painter: QPainter) -> bool:
    return right_to_left() and painter.worldTransform().m11() < 0


def stand_upright(painter: QPainter, middle: float) -> None:
    """Turn the painter about a level line; twice is not at all."""
    painter.translate(2 * middle, 0)
    painter.scale(-1, 1)


@contextmanager
def upright(painter: QPainter, middle: float) -> Iterator[None]:
    """Paint what must not be mirrored, about its own middle."""
    stand_upright(painter, middle)
    yield
    stand_upright(painter, middle)


@contextmanager
def legible(painter: QPainter, middle: float) -> Iterator[None]:
    """Paint words that were laid out elsewhere, about their own middle."""
    if is_mirrored(painter):
        with upright(painter, middle):
            yield
    else:
        yield


def mirrored_rect(rect: QRectF, left: float, right: float) -> QRectF:
    """Where something is seen that was painted at ``rect``, between two edges."""
    if not right_to_left():
        return rect
    return QRectF(left + right - rect.right(), rect.top(), rect.width(), rect.height())


def sides(left: int, top: int, right: int, bottom: int) -> tuple[int, int, int, int]:
    """Margins as a layout takes them, of which the first is where reading starts."""
    return (right, top, left, bottom) if right_to_left() else (left, top, right, bottom)


def draw_words(painter: QPainter, box: QRectF, flags: int | Qt.AlignmentFlag, words: str) -> None:
    """``QPainter.drawText`` that stays legible in a mirror, where its left is at the right."""
    flags = _absolute(flags)
    if not is_mirrored(painter):
        painter.drawText(box, flags, words)
        return
    if flags & (_LEFT | _RIGHT):
        flags ^= _LEFT | _RIGHT
    with upright(painter, box.center().x()):
        painter.drawText(box, flags, words)


@cache
def _absolute(flags: int | Qt.AlignmentFlag) -> int:
    """Left where no side is said; and left is left, whatever the widget thinks."""
    number = flags if isinstance(flags, int) else flags.value
    return (number if number & _LEVEL else number | _LEFT) | Qt.AlignmentFlag.AlignAbsolute.value
