"""What a laid-out row is: a list of small things to paint, and the places one can click.

Laying out costs milliseconds and happens once; painting walks the list and costs microseconds.
Colours are names, looked up while painting, so that a change of scheme needs no new layout.
A name is a token of the theme, or "@" and a department; "/55" behind it makes it 55 % opaque.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from enum import Enum, auto
from functools import lru_cache
from math import ceil
from typing import Protocol

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPixmapCache, QTransform

from app.domain.ids import DepartmentId
from app.domain.interactions import Channel
from app.domain.records import dataclass
from app.ui.theme import Theme, icons, mirroring, painting
from app.ui.timeline.text import TextBlock, TextLine, host_of

Ink = str

BUBBLE_RADIUS = 14
_BUBBLE_CORNER = 5
_TALLEST_KEPT = 400
"""Stitched cards higher than this are stroked each time rather than kept as pictures."""


def department_ink(department: DepartmentId | None) -> Ink:
    return f"@{department or ''}"


@lru_cache(maxsize=256)
def colour_of(ink: Ink, look: Theme) -> QColor:
    """The colour of an ink; never change the one returned."""
    name, _, opacity = ink.partition("/")
    colour = look.department_colour(name[1:]) if name.startswith("@") else look.colour(name)
    if opacity:
        colour = QColor(colour)
        colour.setAlphaF(int(opacity) / 100)
    return colour


class Action(Enum):
    """What a click on a place in a row asks for."""

    UNDO = auto()
    TAKE_BACK = auto()
    """A reply that is kept is a draft again."""
    RETRY = auto()
    EDIT = auto()
    COPY = auto()
    DISCARD = auto()
    ARRIVED = auto()
    OPEN_LINK = auto()
    UNFOLD = auto()
    EARLIER = auto()
    """Show the texts a message had before it was edited, or hide them."""
    SHOW_PICTURES = auto()
    ALWAYS_PICTURES = auto()
    """Show the pictures of this account's messages, now and from now on."""
    PICTURE = auto()
    """A place for a picture: look at it closely, or try again to load it."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that can be clicked; ``label`` is what it is called in menus and to a reader."""

    rect: QRectF
    action: Action
    label: str
    target: str = ""


class Mark(Protocol):
    """One thing to paint, at its own place in the row."""

    def paint(self, painter: QPainter, look: Theme, clip: QRectF) -> None: ...


def paint_mark(mark: Mark, painter: QPainter, look: Theme, clip: QRectF) -> None:
    """Paint a mark; letters stay letters in a mirror."""
    if isinstance(mark, Words | Label):
        with mirroring.legible(painter, mark.middle):
            mark.paint(painter, look, clip)
    else:
        mark.paint(painter, look, clip)


@dataclass(slots=True)
class RowLayout:
    """A row ready to be painted, everything measured from its top left.

    ``joint``  how far down the thread changes its colour.
    ``frame``  what the focus ring goes around.
    """

    height: int
    marks: tuple[Mark, ...]
    joint: float
    frame: QRectF
    spots: tuple[Spot, ...] = ()
    texts: tuple[tuple[TextBlock, QPointF], ...] = ()

    def spot_at(self, at: QPointF) -> Spot | None:
        for spot in self.spots:
            if spot.rect.contains(at):
                return spot
        for block, origin in self.texts:
            link = block.link_at(at - origin)
            if link is not None:
                where = host_of(link.url)
                return Spot(QRectF(), Action.OPEN_LINK, f"Opens {where}", link.url)
        return None


@dataclass(slots=True)
class Drawing:
    """A row while it is being laid out."""

    marks: list[Mark] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    texts: list[tuple[TextBlock, QPointF]] = field(default_factory=list)

    def add(self, *marks: Mark) -> None:
        self.marks.extend(marks)

    def put(self, block: TextBlock, at: QPointF, ink: Ink) -> None:
        self.marks.append(Words(block, at, ink))
        if block.links:
            self.texts.append((block, at))

    def finish(self, height: float, joint: float, frame: QRectF) -> RowLayout:
        return RowLayout(
            round(height), tuple(self.marks), joint, frame, tuple(self.spots), tuple(self.texts)
        )


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    block: TextBlock
    at: QPointF
    ink: Ink

    def paint(self, painter: QPainter, look: Theme, clip: QRectF) -> None:
        painter.setPen(colour_of(self.ink, look))
        self.block.draw(painter, self.at, clip)

    @property
    def middle(self) -> float:
        """About which it is stood upright in a mirror."""
        return self.at.x() + self.block.width / 2


@dataclass(frozen=True, slots=True)
class Label:
    """A single line of text."""

    line: TextLine
    at: QPointF
    ink: Ink

    def paint(self, painter: QPainter, look: Theme, clip: QRectF) -> None:  # noqa: ARG002 - short
        painter.setPen(colour_of(self.ink, look))
        self.line.draw(painter, self.at)

    @property
    def middle(self) -> float:
        return self.at.x() + self.line.width / 2


@dataclass(frozen=True, slots=True)
class Area:
    """A filled shape, outlined solid or stitched."""

    path: QPainterPath
    fill: Ink = ""
    edge: Ink = ""
    stitched: bool = False

    def paint(self, painter: QPainter, look: Theme, clip: QRectF) -> None:  # noqa: ARG002 - one shape
        if not self.edge:
            painter.fillPath(self.path, colour_of(self.fill, look))
            return
        colour = colour_of(self.edge, look)
        painter.setPen(painting.stitched_pen(colour) if self.stitched else QPen(colour, 1))
        if self.fill:
            painter.setBrush(colour_of(self.fill, look))
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self.path)


@dataclass(frozen=True, slots=True)
class StitchedEdge:
    """A stitched outline just inside a box."""

    rect: QRectF
    radius: float
    ink: Ink

    def paint(self, painter: QPainter, look: Theme, clip: QRectF) -> None:  # noqa: ARG002 - one shape
        colour = colour_of(self.ink, look)
        width, height = round(self.rect.width()), round(self.rect.height())
        if height > _TALLEST_KEPT:
            painting.draw_stitched(painter, self.rect, self.radius, colour)
            return
        device = painter.device()
        dpr = device.devicePixelRatioF() if device else 1.0
        image = _stitches(width, height, self.radius, colour.rgba(), dpr)
        painter.drawPixmap(self.rect.topLeft(), image)


def _stitches(width: int, height: int, radius: float, rgba: int, dpr: float) -> QPixmap:
    """Stroking the dashes of one card takes 0.7 ms, drawing their picture 3 µs. Cards are of any
    size, so that it is the bytes of the pictures that are bounded, not their number."""
    key = f"stitches {width} {height} {radius} {rgba} {dpr}"
    image = QPixmap()
    if QPixmapCache.find(key, image):
        return image
    image = QPixmap(ceil(width * dpr), ceil(height * dpr))
    image.setDevicePixelRatio(dpr)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    colour = QColor.fromRgba(rgba)
    painting.draw_stitched(painter, QRectF(0, 0, width, height), radius, colour)
    painter.end()
    QPixmapCache.insert(key, image)
    return image


@dataclass(frozen=True, slots=True)
class Icon:
    name: str
    rect: QRectF
    ink: Ink
    stroke: float = 2.0

    def paint(self, painter: QPainter, look: Theme, clip: QRectF) -> None:  # noqa: ARG002 - small
        icons.draw(painter, self.name, self.rect, colour_of(self.ink, look), stroke=self.stroke)


@dataclass(frozen=True, slots=True)
class Dot:
    centre: QPointF
    diameter: float
    ink: Ink
    halo: float = 0.0
    """The width of a ring of surface around it, which keeps the thread away."""

    def paint(self, painter: QPainter, look: Theme, clip: QRectF) -> None:  # noqa: ARG002 - small
        painter.setPen(Qt.PenStyle.NoPen)
        radius = self.diameter / 2
        if self.halo:
            painter.setBrush(look.colour("surface"))
            painter.drawEllipse(self.centre, radius + self.halo, radius + self.halo)
        painter.setBrush(colour_of(self.ink, look))
        painter.drawEllipse(self.centre, radius, radius)


@dataclass(frozen=True, slots=True)
class Ring:
    """How much of a time is gone."""

    rect: QRectF
    used: float
    ink: Ink

    def paint(self, painter: QPainter, look: Theme, clip: QRectF) -> None:  # noqa: ARG002 - small
        painting.draw_ring(painter, self.rect, self.used, colour_of(self.ink, look))


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody's avatar, with the badge of the channel they spoke on."""

    rect: QRectF
    name: str
    channel: Channel | None

    def paint(self, painter: QPainter, look: Theme, clip: QRectF) -> None:  # noqa: ARG002 - small
        painting.draw_avatar(painter, self.rect, self.name, self.channel)


@dataclass(frozen=True, slots=True)
class Stitches:
    """A level stitched line."""

    line: QLineF
    ink: Ink = "stitch"

    def paint(self, painter: QPainter, look: Theme, clip: QRectF) -> None:  # noqa: ARG002 - a line
        painter.setPen(painting.stitched_pen(colour_of(self.ink, look)))
        painter.drawLine(self.line)


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line with round ends: an arm of the knot, or a thin rule."""

    line: QLineF
    width: float
    ink: Ink

    def paint(self, painter: QPainter, look: Theme, clip: QRectF) -> None:  # noqa: ARG002 - a line
        pen = QPen(colour_of(self.ink, look), self.width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(self.line)


def rounded(rect: QRectF, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    return path


def inset(rect: QRectF, by: float) -> QRectF:
    return rect.adjusted(by, by, -by, -by)


def stitched_box(rect: QRectF, radius: float, fill: Ink, edge: Ink) -> tuple[Mark, Mark]:
    """A filled card with a stitched edge just inside it."""
    return Area(rounded(rect, radius), fill), StitchedEdge(rect, radius, edge)


def bubble(rect: QRectF, fill: Ink, *, outgoing: bool) -> Area:
    """A bubble, its corner at the speaker tighter: top left inbound, bottom right outgoing."""
    path = _bubble_path(rect.width(), rect.height(), outgoing=outgoing)
    return Area(path.translated(rect.topLeft()), fill)


@lru_cache(maxsize=512)
def _bubble_path(width: float, height: float, *, outgoing: bool) -> QPainterPath:
    box = QRectF(0, 0, width, height)
    return painting.bubble_path(box, BUBBLE_RADIUS, _BUBBLE_CORNER, outgoing=outgoing)


def outlined_box(rect: QRectF, radius: float, fill: Ink, edge: Ink) -> Area:
    """A filled card with a hairline edge just inside it."""
    return Area(rounded(inset(rect, 0.5), radius - 0.5), fill, edge)


def knot(centre: QPointF, origin: DepartmentId, target: DepartmentId) -> Iterable[Mark]:
    """The cross-stitch of a seam: the giver's thread over the taker's."""
    x, y = centre.x(), centre.y()
    yield Dot(centre, 22, "surface")
    yield Stroke(QLineF(x + 5, y - 5, x + 1.4, y - 1.4), 2.4, department_ink(target))
    yield Stroke(QLineF(x - 1.4, y + 1.4, x - 5, y + 5), 2.4, department_ink(target))
    yield Stroke(QLineF(x - 5, y - 5, x + 5, y + 5), 2.4, department_ink(origin))


def diamond(centre: QPointF, icon: str) -> Iterable[Mark]:
    """The node of a marketing touch."""
    turned = QTransform.fromTranslate(centre.x(), centre.y()).rotate(45)
    yield Area(turned.map(rounded(QRectF(-11, -11, 22, 22), 7)), "surface")
    yield Area(
        turned.map(rounded(QRectF(-7.5, -7.5, 15, 15), 3.5)), "marketing-tint", "marketing-line"
    )
    yield Icon(icon, QRectF(centre.x() - 5, centre.y() - 5, 10, 10), "marketing", 2.4)


def square(centre: QPointF, icon: str) -> Iterable[Mark]:
    """The node of a note."""
    box = QRectF(centre.x() - 11, centre.y() - 11, 22, 22)
    yield Area(rounded(inset(box, -3), 9), "surface")
    yield outlined_box(box, 6, "note", "note-line")
    yield Icon(icon, QRectF(centre.x() - 6, centre.y() - 6, 12, 12), "note-meta")


def circle(centre: QPointF, icon: str, *, stitched: bool = False) -> Iterable[Mark]:
    """The node of a decision about the case."""
    yield Dot(centre, 28, "surface")
    path = QPainterPath()
    path.addEllipse(centre, 10.5, 10.5)
    yield Area(path, "surface", "accent" if stitched else "line-strong", stitched)
    yield Icon(icon, QRectF(centre.x() - 6, centre.y() - 6, 12, 12), "text-2")
