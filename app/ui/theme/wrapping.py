"""Words that wrap, line by line at a pitch: Qt alone sets lines as close as the type allows."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QTextLayout, QTextOption

from app.ui.theme import painting

_LINE_SEPARATOR = "\u2028"
_LEFT = Qt.AlignmentFlag.AlignLeft


def wrapped(
    words: str, font: QFont, width: float, pitch: int, side: Qt.AlignmentFlag = _LEFT
) -> QTextLayout:
    """Lay ``words`` out in lines of ``width`` pixels, ``pitch`` from one to the next; each word
    keeps its own direction, whichever ``side`` the lines stand at."""
    layout = QTextLayout(words.replace("\n", _LINE_SEPARATOR), font)
    option = QTextOption(side | Qt.AlignmentFlag.AlignAbsolute)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    layout.setTextOption(option)
    metrics = painting.metrics(font)
    baseline = (pitch - metrics.ascent() - metrics.descent()) / 2 + metrics.ascent()
    layout.beginLayout()
    top = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1.0, width))
        line.setPosition(QPointF(0, top + baseline - line.ascent()))
        top += pitch
    layout.endLayout()
    return layout
