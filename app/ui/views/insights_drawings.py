"""The axes of the measures, before there is anything to draw on them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Slot
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.departments import Department
from app.domain.interactions import Channel
from app.domain.records import dataclass
from app.ui.theme import glyphs, mirroring, painting, theme, theme_manager

_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class Drawing(QWidget):
    """Paints as from left to right, whatever the direction of reading."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        theme_manager().changed.connect(self._dress)

    @Slot()
    def _dress(self) -> None:
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 60)

    def show_channels(self, channels: Sequence[Channel]) -> None:
        """The channels that are connected; most drawings have no use for them."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        mirroring.mirror(painter, area)
        self._draw(painter, area)
        painter.end()

    def _draw(self, painter: QPainter, area: QRectF) -> None:
        raise NotImplementedError


class TurnaroundDrawing(Drawing):
    """Five marks, and between them the time from one to the next."""

    _STAGES = (
        ("Mentioned", 0.0, "to be seen"),
        ("Seen", 0.199, "to reply"),
        ("First reply", 0.401, "to solve"),
        ("Solved", 0.762, "to hear back"),
        ("Confirmed", 0.95, ""),
    )
    _MARK = 9

    def _draw(self, painter: QPainter, area: QRectF) -> None:
        look = theme()
        name = look.line_height("small") + 8.0
        band = area.adjusted(0, name, 0, 0)
        places = [area.left() + share * (area.width() - self._MARK) for _, share, _ in self._STAGES]
        for left, right, (_, _, span) in zip(
            places, [*places[1:], area.right()], self._STAGES, strict=True
        ):
            room = QRectF(left + self._MARK, band.top(), right - left - self._MARK, band.height())
            if span:
                painter.fillRect(room.adjusted(0, 6, 0, -6), look.colour("sunken"))
                _words(painter, room.adjusted(4, 0, -4, 0), span, _FAINT, _CENTRE)
        for left, (stage, _, _) in zip(places, self._STAGES, strict=True):
            mark = QRectF(left, band.top(), self._MARK, band.height())
            painting.fill_rounded(painter, mark, 3, look.colour("line-strong"))
            box = QRectF(left, area.top(), look.scaled(96), look.line_height("small"))
            if stage == self._STAGES[-1][0]:  # its mark stands at the edge
                box.moveRight(area.right())
                _words(painter, box, stage, _STAGE, _RIGHT)
            else:
                _words(painter, box, stage, _STAGE, _LEFT)


class _Table(Drawing):
    """A heading over rows that are empty. Columns: (title, left edge as a share, at the right)."""

    columns: tuple[tuple[str, float, bool], ...] = ()
    tracks: tuple[tuple[float, float], ...] = ()
    """From where to where something will be drawn in each row, as shares."""
    lines = 6
    head = 24
    row = 31
    apart = 20
    """Between what stands at the right of a column and the next one."""

    def _draw(self, painter: QPainter, area: QRectF) -> None:
        look = theme()
        head = look.scaled(self.head)
        edges = [share for _, share, _ in self.columns] + [1.0]
        for number, (title, share, at_right) in enumerate(self.columns):
            left = area.left() + share * area.width()
            wide = (edges[number + 1] - share) * area.width()
            if at_right and number + 1 < len(self.columns):
                wide -= look.scaled(self.apart)
            box = QRectF(left, area.top(), wide, head)
            _words(painter, box, title, _HEADING, _RIGHT if at_right else _LEFT)
        row = min(look.scaled(self.row), (area.height() - head) / self.lines)
        for number in range(self.lines):
            line = QRectF(area.left(), area.top() + head + number * row, area.width(), row)
            painter.fillRect(QRectF(line.left(), line.top(), line.width(), 1), look.colour("line"))
            for start, end in self.tracks:
                track = QRectF(0, 0, (end - start) * area.width(), 8)
                track.moveCenter(line.center())
                track.moveLeft(area.left() + start * area.width())
                painting.fill_rounded(painter, track, 2.5, look.colour("hover"))
            self._draw_line(painter, line, number)

    def _draw_line(self, painter: QPainter, line: QRectF, number: int) -> None:
        """What a row says already; most say nothing."""


class PathsDrawing(_Table):
    """Every department begins a path."""

    columns = (
        ("Path", 0.0, False),
        ("Cases", 0.36, True),
        ("Steps", 0.45, True),
        ("Median time", 0.545, False),
        ("Change", 0.86, True),
    )
    tracks = ((0.545, 0.84),)

    def __init__(self, departments: Sequence[Department]) -> None:
        super().__init__()
        self._departments = tuple(departments)
        self.lines = max(1, len(self._departments))

    def _draw_line(self, painter: QPainter, line: QRectF, number: int) -> None:
        if number >= len(self._departments):
            return
        department = self._departments[number]
        look = theme()
        dot = QPointF(line.left() + 4, line.center().y())
        painting.draw_dot(painter, dot, 7, look.department_colour(department.id))
        box = line.adjusted(13, 0, -0.6 * line.width(), 0)
        _words(painter, box, department.name, _NAME, _LEFT)


class ReplyDrawing(Drawing):
    """A line for each connected channel, over a scale of two hours."""

    _SCALE = ("0", "30 min", "1 h", "90 min", "2 h")
    _NAMES = 96
    _END = 66
    _HEAD = 18

    def __init__(self) -> None:
        super().__init__()
        self._channels: tuple[Channel, ...] = ()

    def show_channels(self, channels: Sequence[Channel]) -> None:
        self._channels = tuple(channels)
        self.update()

    def _draw(self, painter: QPainter, area: QRectF) -> None:
        look = theme()
        names, end, head = (look.scaled(each) for each in (self._NAMES, self._END, self._HEAD))
        step = (area.width() - names - end) / len(self._SCALE)
        for number, mark in enumerate(self._SCALE):
            at = area.left() + names + number * step
            box = QRectF(at - 30, area.top(), 60, head - 4)
            _words(painter, box, mark, _MARKS, _CENTRE)
            line = QRectF(round(at), area.top() + head, 1, area.height() - head)
            painter.fillRect(line, look.colour("line"))
        row = min(look.scaled(23.5), (area.height() - head) / max(1, len(self._channels)))
        for number, channel in enumerate(self._channels):
            middle = area.top() + head + (number + 0.5) * row
            glyphs.draw_channel(painter, QRectF(area.left(), middle - 8, 16, 16), channel)
            box = QRectF(area.left() + 24, middle - row / 2, names - 24, row)
            _words(painter, box, channel.label, _CHANNEL, _LEFT)


class PromotionDrawing(Drawing):
    """Half a ring, and on it the goal of four to one."""

    _GOAL = 0.8
    _RING = 17

    def _draw(self, painter: QPainter, area: QRectF) -> None:
        look = theme()
        below = look.line_height("small") + 8.0
        radius = max(20.0, min(area.width() / 2 - 44, area.height() - below - 14))
        centre = QPointF(area.center().x(), area.bottom() - below)
        circle = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
        inner = circle.adjusted(*(sign * self._RING / 2 for sign in (1, 1, -1, -1)))
        pen = QPen(look.colour("hover"), self._RING)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawArc(inner, 0, 180 * 16)
        goal = QPainterPath()
        goal.arcMoveTo(inner.adjusted(11, 11, -11, -11), 180 * (1 - self._GOAL))
        start = goal.currentPosition()
        goal.arcMoveTo(inner.adjusted(-12, -12, 12, 12), 180 * (1 - self._GOAL))
        pen = QPen(look.colour("text"), 2.5)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(start, goal.currentPosition())
        beside = QRectF(goal.currentPosition() + QPointF(7, -14), _size(60, 16))
        _words(painter, beside, "goal 80", _GOAL_TYPE, _LEFT)
        for word, token, side in (("Conversation", "service", -1), ("Promotion", "marketing", 1)):
            box = QRectF(0, centre.y() + 7, 110, look.line_height("small"))
            box.moveCenter(QPointF(centre.x() + side * (radius - self._RING / 2), box.center().y()))
            _words(painter, box, word, _Type("small", token, 500), _CENTRE)


class TopicsDrawing(_Table):
    """A line a topic: how often, whether more than before, and how people feel about it."""

    columns = (
        ("Topic", 0.0, False),
        ("Over these days", 0.293, False),
        ("Mentions", 0.565, True),
        ("Change", 0.695, True),
        ("Mood", 0.835, False),
    )
    tracks = ((0.293, 0.545), (0.835, 1.0))
    row = 33


class SeamLegend(QWidget):
    """Filled where somebody works on it, stitched where it waits between two departments."""

    _PARTS = ("being worked on", "waiting at a seam")
    _MARK = 16
    _GAP = 6
    _APART = 12

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(
            "Filled where a case is being worked on, stitched where it is waiting at a seam"
        )

    def sizeHint(self) -> QSize:
        measure = painting.metrics(theme().font("small"))
        words = sum(measure.horizontalAdvance(part) for part in self._PARTS)
        marks = 2 * (self._MARK + self._GAP) + self._APART
        return QSize(round(words) + marks + 2, theme().line_height("body"))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, theme().line_height("body"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        mirroring.mirror(painter, QRectF(self.rect()))
        at = self.width() - float(self.sizeHint().width() - 2)
        if at < 0:  # half a legend says less than none
            return
        middle = self.height() / 2
        for number, words in enumerate(self._PARTS):
            mark = QRectF(at, middle - 4, self._MARK, 8)
            if number:
                painting.draw_stitched(painter, mark, 2, look.colour("stitch"))
            else:
                painting.fill_rounded(painter, mark, 2, look.colour("text-3"))
            width = painting.metrics(look.font("small")).horizontalAdvance(words) + 1
            box = QRectF(mark.right() + self._GAP, 0, width, self.height())
            _words(painter, box, words, _FAINT, _LEFT)
            at = box.right() + self._APART
        painter.end()


def _size(width: float, height: float) -> QSizeF:
    """A size that grows with the text."""
    return QSizeF(theme().scaled(width), theme().scaled(height))


@dataclass(frozen=True, slots=True)
class _Type:
    style: str
    token: str
    weight: int = 400


_STAGE = _Type("small", "text-2")
_FAINT = _Type("small", "text-3")
_HEADING = _Type("caption", "text-3", 500)
_MARKS = _Type("caption", "text-3")
_NAME = _Type("snippet", "text", 500)
_CHANNEL = _Type("snippet", "text")
_GOAL_TYPE = _Type("small", "text", 600)


def _words(painter: QPainter, box: QRectF, words: str, look_of: _Type, flags: int) -> None:
    """One line in the box, shortened where it does not fit."""
    look = theme()
    font = look.font(look_of.style, look_of.weight)
    painter.setFont(font)
    painter.setPen(look.colour(look_of.token))
    mirroring.draw_words(painter, box, flags, painting.elided(words, font, box.width()))
