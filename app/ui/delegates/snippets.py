"""Two shaped lines of text, kept between paints."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QTextLayout, QTextOption

from app.domain.links import exposed_line
from app.ui.theme import painting

_READ_AT_MOST = 400
_LINES = 2


class SnippetCache:
    """Layouts by (text, width, font): shaping costs ten times what painting does."""

    def __init__(self, keep: int = 400) -> None:
        self._keep = keep
        self._layouts: OrderedDict[tuple[str, int, str], QTextLayout] = OrderedDict()

    def layout(self, text: str, width: int, font: QFont, line_height: int) -> QTextLayout:
        """The text on two lines of ``width``, the second ending in an ellipsis where it must."""
        key = (text, width, font.key())
        found = self._layouts.get(key)
        if found is not None:
            self._layouts.move_to_end(key)
            return found
        layout = _two_lines(text, width, font, line_height)
        self._layouts[key] = layout
        if len(self._layouts) > self._keep:
            self._layouts.popitem(last=False)
        return layout

    def clear(self) -> None:
        self._layouts.clear()


def _two_lines(text: str, width: int, font: QFont, line_height: int) -> QTextLayout:
    plain = exposed_line(" ".join(text[:_READ_AT_MOST].split()))
    starts = _line_starts(plain, width, font)
    if len(starts) > _LINES:
        rest = painting.metrics(font).elidedText(
            plain[starts[1] :], Qt.TextElideMode.ElideRight, width
        )
        plain = plain[: starts[1]] + rest
    layout = QTextLayout(plain, font)
    layout.setTextOption(_wrapping())
    layout.setCacheEnabled(True)
    drop = (line_height - painting.metrics(font).height()) / 2
    layout.beginLayout()
    for number in range(_LINES):
        line = layout.createLine()
        if not line.isValid():
            break
        # The elided line was measured as one run; a little room keeps rounding from breaking it.
        line.setLineWidth(width + 4 * number)
        line.setPosition(QPointF(0, number * line_height + drop))
    layout.endLayout()
    return layout


def _line_starts(plain: str, width: int, font: QFont) -> list[int]:
    """Where the first three lines start."""
    layout = QTextLayout(plain, font)
    layout.setTextOption(_wrapping())
    starts: list[int] = []
    layout.beginLayout()
    while len(starts) <= _LINES:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        starts.append(line.textStart())
    layout.endLayout()
    return starts


def _wrapping() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option
