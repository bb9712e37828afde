"""Wavy lines under parts of a text: Qt’s own is as flat as the type’s underline is thin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTextCursor, QTextDocument

_BELOW = 3.0
"""From the base line to the middle of the wave."""
_HALF, _HIGH = 2.0, 1.4
_WIDE = 1.2


def draw_wave(painter: QPainter, start: QPointF, length: float, colour: QColor) -> None:
    """A wave to the right, as the design draws it: four pixels from crest to crest."""
    path = QPainterPath(start)
    x, up = start.x(), 1
    while x < start.x() + length:
        crest = QPointF(x + _HALF / 2, start.y() - 2 * _HIGH * up)
        x += _HALF
        path.quadTo(crest, QPointF(x, start.y()))
        up = -up
    painter.strokePath(path, QPen(colour, _WIDE))


def lines_under(document: QTextDocument, cursors: Iterable[QTextCursor]) -> Iterator[QLineF]:
    """A level line under each part that a cursor selects, one for every line of the text it
    reaches over, in the document’s own pixels."""
    layout = document.documentLayout()
    for cursor in cursors:
        first, behind = cursor.selectionStart(), cursor.selectionEnd()
        block = document.findBlock(first)
        while block.isValid() and block.position() < behind:
            corner = layout.blockBoundingRect(block).topLeft()
            lines = block.layout()
            for number in range(lines.lineCount()):
                line = lines.lineAt(number)
                begins = max(line.textStart(), first - block.position())
                ends = min(line.textStart() + line.textLength(), behind - block.position())
                if begins < ends:
                    left, right = sorted((_x(line.cursorToX(begins)), _x(line.cursorToX(ends))))
                    y = corner.y() + line.y() + line.ascent() + _BELOW
                    yield QLineF(corner.x() + left, y, corner.x() + right, y)
            block = block.next()


def _x(place: object) -> float:
    """The pixel of what Qt answers, which comes with the character it is at."""
    found = place[0] if isinstance(place, tuple) else place
    assert isinstance(found, float)
    return found
