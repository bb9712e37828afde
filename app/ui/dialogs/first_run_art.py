"""The picture of the first run: eight channels gather into one thread, sewn across departments."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.domain.departments import CARE, MARKETING, PR, SEEDED
from app.domain.ids import DepartmentId
from app.domain.interactions import Channel
from app.domain.records import dataclass
from app.ui.theme import glyphs, icons, mirroring, painting, theme
from app.ui.theme.glyphs import colour_token
from app.ui.theme.wrapping import wrapped

_WIDE, _HIGH = 800.0, 900.0
"""What the picture was drawn at; places scale from there, sizes do not."""
_KNOT_X = 420.0
_DISC = 40
_TINT = 0.62
_PITCH = 22
"""From line to line of what is said."""
_CHANNELS = tuple(Channel)
_NAMES = {department.id: department.name for department in SEEDED}


@dataclass(frozen=True, slots=True)
class _Saying:
    x: float
    y: float
    width: float
    text: str
    ours: bool


_SAYINGS = (
    _Saying(96, 322, 284, "Is the Solo back in stock before Christmas?", ours=False),
    _Saying(456, 412, 266, "It is, from Monday. Shall I keep one for you, Kwame?", ours=True),
    _Saying(120, 568, 260, "Yes please! And can I bring my old one in for repair?", ours=False),
    _Saying(468, 690, 250, "Of course. We booked you in for Tuesday at ten.", ours=True),
)
_DOTS = ((419, 351), (422, 446), (424, 606), (416, 726))
_PILLS = ((260, MARKETING, PR), (584, PR, CARE))


class FirstRunArt(QWidget):
    """Painted, nothing to do in it; what it says is its accessible name."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._size = QSizeF(_WIDE, _HIGH)
        self.setAccessibleName(
            "Eight channels gather into one thread. Marketing, PR & Community and Customer Care"
            " answer Kwame in turn. Kwame sees one conversation. Only you see the seams."
        )

    def sizeHint(self) -> QSize:
        return QSize(int(_WIDE), int(_HIGH))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        # A narrow picture is smaller as a whole, or its words would cover each other.
        scale = min(1.0, self.width() / _WIDE)
        painter.scale(scale, scale)
        self._size = QSizeF(self.width() / scale, self.height() / scale)
        mirroring.mirror(painter, QRectF(QPointF(), self._size))
        self._paint_cloth(painter)
        self._paint_threads(painter)
        for x, y in _DOTS:
            painter.setPen(QPen(theme().colour("accent"), 3.5))
            painter.setBrush(theme().colour("surface"))
            painter.drawEllipse(self._at(x, y), 7, 7)
        for channel, across in self._channels():
            place = self._at(across, 82)
            box = QRectF(place.x() - _DISC / 2, place.y() - _DISC / 2, _DISC, _DISC)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_cloth(MARKETING))
            painter.drawEllipse(box.adjusted(-5, -5, 5, 5))
            glyphs.draw_channel(painter, box, channel)
        for saying in _SAYINGS:
            self._paint_saying(painter, saying)
        for y, origin, target in _PILLS:
            self._paint_pill(painter, y, origin, target)
        painter.setFont(theme().font("small"))
        painter.setPen(theme().colour("text-2"))
        mirroring.draw_words(
            painter,
            QRectF(40, self._size.height() - 50, 700, 16),
            Qt.AlignmentFlag.AlignVCenter,
            "Kwame sees one conversation. Only you see the seams.",
        )

    def _at(self, x: float, y: float) -> QPointF:
        return QPointF(x * self._size.width() / _WIDE, y * self._size.height() / _HIGH)

    @staticmethod
    def _channels() -> list[tuple[Channel, float]]:
        return [(channel, 64 + 96.0 * place) for place, channel in enumerate(_CHANNELS)]

    def _paint_cloth(self, painter: QPainter) -> None:
        """Three lengths of cloth, each department's, hemmed and sewn to the next."""
        painter.fillRect(QRectF(QPointF(0, 0), self._size), _cloth(MARKETING))
        for (left, right), department in (((300, 256), PR), ((622, 583.6), CARE)):
            edge = QPainterPath(self._at(0, left))
            edge.lineTo(self._at(_WIDE, right))
            piece = QPainterPath(edge)
            piece.lineTo(self._size.width(), self._size.height())
            piece.lineTo(0, self._size.height())
            piece.closeSubpath()
            painter.fillPath(piece, _cloth(department))
            hem = QPainterPath(edge)
            hem.lineTo(self._at(_WIDE, right) + QPointF(0, 14))
            hem.lineTo(self._at(0, left) + QPointF(0, 14))
            hem.closeSubpath()
            shade = QColor(theme().department_colour(department))
            shade.setAlphaF(0.07)
            painter.fillPath(hem, shade)
            painter.strokePath(edge, QPen(theme().colour("surface"), 2))
            self._paint_stitches(painter, self._at(0, left), self._at(_WIDE, right))

    @staticmethod
    def _paint_stitches(painter: QPainter, start: QPointF, end: QPointF) -> None:
        ink = QColor(theme().colour("text-2"))
        ink.setAlphaF(0.62)
        pen = QPen(ink, 2.2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        x = 16.0
        while x < end.x():
            y = start.y() + (end.y() - start.y()) * x / max(1.0, end.x())
            painter.drawLine(QPointF(x - 3.5, y + 9), QPointF(x + 6.5, y - 9.5))
            x += 30

    def _paint_threads(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for channel, x in self._channels():
            path = QPainterPath(self._at(x, 96))
            path.cubicTo(self._at(x, 190), self._at(_KNOT_X, 150), self._at(_KNOT_X, 262))
            ink = QColor(theme().colour(colour_token(channel)))
            ink.setAlphaF(0.85)
            painter.strokePath(path, QPen(ink, 2.2))
        path = QPainterPath(self._at(_KNOT_X, 250))
        for first, second, end in (
            ((420, 330), (414, 340), (418, 400)),
            ((422, 460), (434, 520), (424, 600)),
            ((414, 680), (408, 760), (420, 900)),
        ):
            path.cubicTo(self._at(*first), self._at(*second), self._at(*end))
        halo = QPen(theme().colour("surface"), 9)
        halo.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.strokePath(path, halo)
        pen = QPen(theme().colour("accent"), 4)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.strokePath(path, pen)

    def _paint_saying(self, painter: QPainter, saying: _Saying) -> None:
        look = theme()
        font = look.font("title")
        place = self._at(saying.x, saying.y)
        width = saying.width
        inner = QRectF(place.x() + 16, place.y() + 11, width - 32, 400)
        pitch = look.scaled(_PITCH)
        lines = wrapped(saying.text, font, inner.width(), pitch)
        box = QRectF(place.x(), place.y(), width, lines.lineCount() * pitch + 23)
        _soft_shadow(painter, box)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("accent" if saying.ours else "surface"))
        painter.drawRoundedRect(box, 18, 18)
        painter.setPen(look.colour("on-accent" if saying.ours else "text"))
        painter.setFont(font)
        with mirroring.legible(painter, inner.center().x()):
            lines.draw(painter, inner.topLeft())

    def _paint_pill(
        self, painter: QPainter, y: float, origin: DepartmentId, target: DepartmentId
    ) -> None:
        look = theme()
        font = look.font("snippet", 500)
        metrics = painting.metrics(font)
        words = [_NAMES[origin], _NAMES[target]]
        widths = [metrics.horizontalAdvance(word) for word in words]
        wide = 13 + 8 + 7 + widths[0] + 7 + 14 + 7 + 8 + 7 + widths[1] + 13
        box = QRectF(self._size.width() - 34 - wide, self._at(0, y).y(), wide, 30)
        painting.fill_rounded(painter, box, 15, look.colour("surface"))
        painting.draw_stitched(painter, box, 15, look.colour("stitch"))
        left = box.left() + 13
        for place, (word, width, department) in enumerate(
            zip(words, widths, (origin, target), strict=True)
        ):
            centre = QPointF(left + 4, box.center().y())
            painting.draw_dot(painter, centre, 8, look.department_colour(department))
            left += 15
            painter.setFont(font)
            painter.setPen(look.colour("text"))
            line = QRectF(left, box.top(), width + 2, box.height())
            mirroring.draw_words(painter, line, Qt.AlignmentFlag.AlignVCenter, word)
            left += width + 7
            if place == 0:
                arrow = QRectF(left, box.center().y() - 7, 14, 14)
                icons.draw(painter, "arrow-right", arrow, look.colour("text-3"))
                left += 21


def _cloth(department: DepartmentId) -> QColor:
    """A department's tint, thinned with the ground of the window."""
    tint, ground = theme().department_tint(department), theme().colour("window")
    return QColor.fromRgbF(
        *(
            _TINT * a + (1 - _TINT) * b
            for a, b in (
                (tint.redF(), ground.redF()),
                (tint.greenF(), ground.greenF()),
                (tint.blueF(), ground.blueF()),
            )
        )
    )


def _soft_shadow(painter: QPainter, box: QRectF) -> None:
    """Ten faint layers, each a little larger, six pixels lower than what casts it."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(16, 32, 29, 2))
    for spread in range(14, -6, -2):
        grown = box.adjusted(-spread, -spread + 6, spread, spread + 6)
        painter.drawRoundedRect(grown, 18 + spread, 18 + spread)
