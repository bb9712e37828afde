"""Text laid out once and drawn often: plain text only, never markup, never a document."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QFont,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextLine,
    QTextOption,
)

from app.domain.links import addresses, exposed, exposed_line, target_of
from app.domain.records import dataclass
from app.ui.theme import painting, theme

LONGEST_SHOWN = 20_000
LONGEST_WHOLE = 100_000
"""Characters that are laid out of a text cut to some lines, and of one shown whole; a message of
megabytes would hold everything else up."""
_LINE_SEPARATOR = "\u2028"
_CONTROLS = dict.fromkeys((*range(9), *range(11, 32), 127), " ") | {10: _LINE_SEPARATOR}


@dataclass(frozen=True, slots=True)
class Link:
    """A web address in a text: where it stands, and the address itself."""

    start: int
    end: int
    url: str


class TextBlock:
    """A laid-out text: its size, its links, and how to draw it.

    Lines stand at a fixed pitch whatever script they are in, so that emoji or Japanese do not
    push them apart. The width is that of the widest line, so that a bubble can close around it.
    """

    __slots__ = ("_layout", "height", "leftwards", "lines", "links", "width")

    def __init__(
        self, text: str, font: QFont, width: float, pitch: int, *, most: int | None = None
    ) -> None:
        """Wrap ``text`` to ``width``; ``most`` cuts after so many lines, with an ellipsis."""
        longest = LONGEST_WHOLE if most is None else LONGEST_SHOWN
        shown = _readable(exposed(text[:longest].translate(_CONTROLS)), longest)
        self.links = find_links(shown)
        self._layout = _layout(shown, font, wrap=True)
        if self.links:
            self._layout.setFormats([_link_format(link) for link in self.links])
        self.width, self.lines = _break_lines(self._layout, font, width, pitch, most)
        self.leftwards = reads_leftwards(shown)
        if self.leftwards:
            # What reads from the right stands at the right edge of the bubble, not of the pane.
            self.width, self.lines = _break_lines(self._layout, font, self.width, pitch, most)
        self.height = pitch * self.lines

    def draw(self, painter: QPainter, at: QPointF, clip: QRectF) -> None:
        """Draw in the painter's pen; lines outside ``clip`` are skipped."""
        self._layout.draw(painter, at, [], clip)

    def link_at(self, at: QPointF) -> Link | None:
        """The link under a point, measured from the top left of the text."""
        if not self.links:
            return None
        for number in range(self._layout.lineCount()):
            line = self._layout.lineAt(number)
            if line.rect().contains(at):
                place = line.xToCursor(at.x(), QTextLine.CursorPosition.CursorOnCharacter)
                return next((link for link in self.links if link.start <= place < link.end), None)
        return None


def _readable(shown: str, longest: int) -> str:
    """What there is room for, cut between words: half an address would lead elsewhere."""
    if len(shown) < longest:
        return shown
    cut = shown[:longest]
    gap = max(cut.rfind(" "), cut.rfind(_LINE_SEPARATOR))
    return (cut[:gap] if gap > longest // 2 else cut) + "…"


class TextLine:
    """One line of text, cut with an ellipsis where it does not fit."""

    __slots__ = ("_layout", "height", "text", "width")

    def __init__(self, text: str, font: QFont, pitch: int, width: float | None = None) -> None:
        shown = exposed_line(" ".join(text[:LONGEST_SHOWN].split()))
        if width is not None:
            metrics = painting.metrics(font)
            if metrics.horizontalAdvance(shown) > width:
                shown = metrics.elidedText(shown, Qt.TextElideMode.ElideRight, max(0.0, width))
        self.text = shown
        self._layout = _layout(shown, font, wrap=False)
        self.width, _ = _break_lines(self._layout, font, 1e6, pitch, 1, align=False)
        self.height = pitch

    def draw(self, painter: QPainter, at: QPointF) -> None:
        self._layout.draw(painter, at)


def find_links(text: str) -> tuple[Link, ...]:
    """The web addresses in a text, at the positions Qt counts: in UTF-16 units."""
    links: list[Link] = []
    for at, url in addresses(text):
        start = _units(text[:at])
        links.append(Link(start, start + _units(url), url))
    return tuple(links)


def host_of(url: str) -> str:
    """The host an address really leads to, in ASCII, and what is deceptive about it."""
    target = target_of(url)
    return target.told if target else url


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def theme_line(
    text: str, style: str, weight: int = 400, width: float | None = None, *, struck: bool = False
) -> TextLine:
    """One line in a style of the theme, figures tabular; cut to ``width``.

    The same object for the same question: names, times and kinds come back all the time, and
    laying out a line costs far more than drawing it.
    """
    return _theme_line(text, style, weight, width, struck, theme().scale)


@lru_cache(maxsize=1024)
def _theme_line(
    text: str, style: str, weight: int, width: float | None, struck: bool, _scale: float
) -> TextLine:  # fmt: skip
    look = theme()
    font = look.font(style, weight, tabular=True)
    if struck:
        font = QFont(font)
        font.setStrikeOut(True)
    return TextLine(text, font, look.line_height(style), width)


def _layout(text: str, font: QFont, *, wrap: bool) -> QTextLayout:
    layout = QTextLayout(text, font)
    option = QTextOption()
    leftwards = reads_leftwards(text)
    option.setTextDirection(
        Qt.LayoutDirection.RightToLeft if leftwards else Qt.LayoutDirection.LeftToRight
    )
    if leftwards and wrap:
        option.setAlignment(Qt.AlignmentFlag.AlignRight)
    option.setWrapMode(
        QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere if wrap else QTextOption.WrapMode.NoWrap
    )
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    return layout


def _break_lines(
    layout: QTextLayout, font: QFont, width: float, pitch: int, most: int | None,
    *, align: bool = True,
) -> tuple[int, int]:  # fmt: skip
    """Set the lines at their pitch; returns the widest line, rounded up, and their number."""
    metrics = painting.metrics(font)
    baseline = (pitch - metrics.ascent() - metrics.descent()) / 2 + metrics.ascent()
    widest = 0.0
    count = 0
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, count * pitch + baseline - line.ascent()))
        widest = max(widest, line.naturalTextWidth())
        count += 1
        if most is not None and count >= most:
            break
    layout.endLayout()
    if not align and count:
        # An unwrapped line is as wide as its text, so that one reading leftwards begins at 0 too.
        first = layout.lineAt(0)
        offset = first.naturalTextRect().x()
        first.setPosition(QPointF(-offset, first.y()))
    return ceil(widest), max(1, count)


def reads_leftwards(text: str) -> bool:
    """Whether the first letter with a direction belongs to a script written from the right."""
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction == "L":
            return False
        if direction in ("R", "AL"):
            return True
    return False


def _link_format(link: Link) -> QTextLayout.FormatRange:
    look = QTextCharFormat()
    look.setFontUnderline(True)
    look.setForeground(theme().colour("accent"))
    found = QTextLayout.FormatRange()
    found.start = link.start
    found.length = link.end - link.start
    found.format = look
    return found
