"""A row of words, icons and dots on one line: the meta line of a message, the pips of a mail."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from app.domain.ids import DepartmentId
from app.domain.records import dataclass
from app.ui.timeline.drawing import (
    Action,
    Dot,
    Drawing,
    Icon,
    Ink,
    Label,
    Ring,
    Spot,
    department_ink,
)
from app.ui.timeline.text import TextLine, theme_line

_HIT = 24
"""Clickable words answer in at least so many pixels, up and down."""


@dataclass(slots=True)
class _Part:
    width: float
    gap: float
    kind: str
    ink: Ink = ""
    name: str = ""
    weight: int = 400
    value: float = 0.0
    action: Action | None = None
    struck: bool = False


class Run:
    """Collects parts from left to right, then places them. Lengths are logical pixels."""

    def __init__(self, style: str = "caption", ink: Ink = "text-2", gap: float = 5) -> None:
        self._style = style
        self._ink = ink
        self._gap = gap
        self._parts: list[_Part] = []

    def text(
        self, text: str, ink: Ink = "", weight: int = 400, *, action: Action | None = None,
        gap: float | None = None, struck: bool = False,
    ) -> Run:  # fmt: skip
        if text:
            part = _Part(0, 0, "text", ink or self._ink, text, weight, action=action, struck=struck)
            part.width = self._line(part).width
            self._add(part, gap)
        return self

    def sep(self) -> Run:
        """A middle dot between two things; none before the first."""
        if self._parts:
            faint = self._ink if "/" in self._ink else f"{self._ink}/55"
            self.text("·", faint)
        return self

    def icon(self, name: str, size: int = 11, ink: Ink = "", stroke: float = 2.0) -> Run:
        self._add(_Part(size, 0, "icon", ink or self._ink, name, value=stroke), None)
        return self

    def dot(self, department: DepartmentId | None, size: int = 7) -> Run:
        if department is not None:
            self._add(_Part(size, 0, "dot", department_ink(department)), None)
        return self

    def ring(self, used: float, ink: Ink = "accent", size: int = 12) -> Run:
        self._add(_Part(size, 0, "ring", ink, value=used), None)
        return self

    def _add(self, part: _Part, gap: float | None) -> None:
        part.gap = 0 if not self._parts else (self._gap if gap is None else gap)
        self._parts.append(part)

    def _line(self, part: _Part, width: float | None = None) -> TextLine:
        return theme_line(part.name, self._style, part.weight, width, struck=part.struck)

    @property
    def width(self) -> float:
        return sum(part.width + part.gap for part in self._parts)

    def __bool__(self) -> bool:
        return bool(self._parts)

    def fit(self, width: float) -> Run:
        """Shorten the longest words until the run is no wider than ``width``."""
        for _ in range(4):
            over = self.width - width
            words = [part for part in self._parts if part.kind == "text" and part.action is None]
            if over <= 0 or not words:
                break
            longest = max(words, key=lambda part: part.width)
            line = self._line(longest, max(24.0, longest.width - over))
            if line.text == longest.name:
                break
            longest.name, longest.width = line.text, line.width
        return self

    def place(self, into: Drawing, x: float, y: float, pitch: float) -> None:
        """Put the parts down from ``x``, centred on a line of height ``pitch`` that begins at y."""
        middle = y + pitch / 2
        for part in self._parts:
            x += part.gap
            match part.kind:
                case "text":
                    line = self._line(part)
                    into.add(Label(line, QPointF(x, middle - line.height / 2), part.ink))
                    if part.action is not None:
                        box = QRectF(x - 4, middle - _HIT / 2, part.width + 8, _HIT)
                        into.spots.append(Spot(box, part.action, part.name))
                case "icon":
                    side = part.width
                    box = QRectF(round(x), round(middle - side / 2), side, side)
                    into.add(Icon(part.name, box, part.ink, part.value))
                case "dot":
                    into.add(Dot(QPointF(x + part.width / 2, middle), part.width, part.ink))
                case _:
                    side = part.width
                    into.add(Ring(QRectF(x, middle - side / 2, side, side), part.value, part.ink))
            x += part.width
