"""Shapes that more than one view paints: stitches, rings, avatars, chips, elided text."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from math import ceil
from typing import NamedTuple
from zlib import crc32

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from app.domain.interactions import Channel
from app.domain.links import exposed_line
from app.ui.theme import glyphs, mirroring
from app.ui.theme.manager import theme
from app.ui.theme.tokens import STITCH_DASHES, STITCH_WIDTH

_FULL_CIRCLE = 360 * 16
_TOP = 90 * 16
_AVATAR_TEXT = 0.355
_BADGE_OUT = 3
_BADGE_RING = 2
_BADGE_ROOM = _BADGE_OUT + _BADGE_RING + 1


def stitched_pen(colour: QColor) -> QPen:
    """The dashed line that means "only we have this"."""
    pen = QPen(colour, STITCH_WIDTH)
    pen.setDashPattern(list(STITCH_DASHES))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pen


def draw_stitched(painter: QPainter, rect: QRectF, radius: float, colour: QColor) -> None:
    """A stitched outline just inside ``rect``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(stitched_pen(colour))
    inner = rect.adjusted(0.6, 0.6, -0.6, -0.6)
    painter.drawRoundedRect(inner, radius - 0.6, radius - 0.6)
    painter.restore()


def fill_rounded(painter: QPainter, rect: QRectF, radius: float, colour: QColor) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(rect, radius, radius)
    painter.restore()


def outline_rounded(
    painter: QPainter, rect: QRectF, radius: float, colour: QColor, width: float = 1.0
) -> None:
    """A solid outline just inside ``rect``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    half = width / 2
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius - half, radius - half)
    painter.restore()


def draw_focus_ring(painter: QPainter, rect: QRectF, radius: float) -> None:
    """The two-pixel ring inside a row that has the keyboard."""
    outline_rounded(painter, rect, radius, theme().colour("focus"), 2.0)


def bubble_path(rect: QRectF, radius: float, corner: float, *, outgoing: bool) -> QPainterPath:
    """A bubble whose corner at the speaker is tighter: top left inbound, bottom right outgoing."""
    top_left, bottom_right = (radius, corner) if outgoing else (corner, radius)
    path = QPainterPath()
    path.moveTo(rect.left() + top_left, rect.top())
    path.lineTo(rect.right() - radius, rect.top())
    _corner(path, rect.topRight() + QPointF(-2 * radius, 0), radius, 90)
    path.lineTo(rect.right(), rect.bottom() - bottom_right)
    _corner(
        path, rect.bottomRight() + QPointF(-2 * bottom_right, -2 * bottom_right), bottom_right, 0
    )
    path.lineTo(rect.left() + radius, rect.bottom())
    _corner(path, rect.bottomLeft() + QPointF(0, -2 * radius), radius, 270)
    path.lineTo(rect.left(), rect.top() + top_left)
    _corner(path, rect.topLeft(), top_left, 180)
    path.closeSubpath()
    return path


def _corner(path: QPainterPath, at: QPointF, radius: float, start: float) -> None:
    path.arcTo(QRectF(at, QSizeF(2 * radius, 2 * radius)), start, -90)


def draw_ring(painter: QPainter, rect: QRectF, used: float, colour: QColor) -> None:
    """How much of a time is gone, clockwise from the top; ``used`` from 0 to 1."""
    scale = rect.width() / 12
    circle = rect.adjusted(1.6 * scale, 1.6 * scale, -1.6 * scale, -1.6 * scale)
    faint = QColor(colour)
    faint.setAlphaF(0.26 * colour.alphaF())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(faint, 2 * scale))
    painter.drawEllipse(circle)
    if used > 0:
        pen = QPen(colour, 2 * scale)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(circle, _TOP, -round(_FULL_CIRCLE * min(1.0, used)))
    painter.restore()


def draw_dot(painter: QPainter, centre: QPointF, diameter: float, colour: QColor) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(centre, diameter / 2, diameter / 2)
    painter.restore()


def hue_of(name: str) -> int:
    """The hue of somebody's avatar: the same for the same name, 0 to 359."""
    return crc32(name.encode()) % 360


def draw_avatar(
    painter: QPainter,
    rect: QRectF,
    name: str,
    channel: Channel | None = None,
    hue: int | None = None,
    *,
    ground: QColor | None = None,
) -> None:
    """A disc with initials, and the channel's badge at its lower right.

    ``ground`` is the colour beneath, for the ring around the badge; the surface by default.
    The badge is 16 on an avatar of 36 and 14 on one of 30; it stands 3 pixels out of ``rect``.
    """
    ring = ground if ground is not None else theme().colour("surface")
    face = _Face(initials(name), hue_of(name) if hue is None else hue, channel, ring.rgba())
    device = painter.device()
    ratio = device.devicePixelRatioF() if device else 1.0
    if _on_whole_pixels(rect, ratio) and not mirroring.is_mirrored(painter):
        picture = _picture(face, rect.width(), ratio, theme().scheme)
        painter.drawPixmap(rect.topLeft() - QPointF(_BADGE_ROOM, _BADGE_ROOM), picture)
    else:
        face.paint(painter, rect)


def _on_whole_pixels(rect: QRectF, ratio: float) -> bool:
    """Whether a picture put there comes out as sharp as what is painted there."""
    return ratio.is_integer() and rect.x().is_integer() and rect.y().is_integer()


class _Face(NamedTuple):
    """What an avatar shows; ``ring`` is the colour around the badge, as Qt packs it."""

    letters: str
    hue: int
    channel: Channel | None
    ring: int

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        dark = theme().is_dark
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_hsl(self.hue, 0.22, 0.27) if dark else _hsl(self.hue, 0.40, 0.87))
        painter.drawEllipse(rect)
        painter.setPen(_hsl(self.hue, 0.42, 0.86) if dark else _hsl(self.hue, 0.46, 0.27))
        painter.setFont(_initials_font(round(rect.width() * _AVATAR_TEXT, 1)))
        mirroring.draw_words(painter, rect, Qt.AlignmentFlag.AlignCenter.value, self.letters)
        if self.channel is not None:
            side = round(4 + rect.width() / 3)
            badge = QRectF(
                rect.right() + _BADGE_OUT - side, rect.bottom() + _BADGE_OUT - side, side, side
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor.fromRgba(self.ring))
            by = _BADGE_RING
            painter.drawEllipse(badge.adjusted(-by, -by, by, by))
            glyphs.draw_channel(painter, badge, self.channel)
        painter.restore()


@lru_cache(maxsize=256)
def _picture(face: _Face, side: float, ratio: float, _scheme: str) -> QPixmap:
    """Painting a disc, letters and badge takes 40 µs, putting down their picture 3."""
    whole = ceil(side) + 2 * _BADGE_ROOM
    image = QPixmap(QSize(whole, whole) * ratio)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    face.paint(painter, QRectF(_BADGE_ROOM, _BADGE_ROOM, side, side))
    painter.end()
    return image


@lru_cache(maxsize=1024)
def initials(name: str) -> str:
    """Two letters for a name in an alphabet, one character where a character is a word.

    "Marta Lindqvist" gives ML, "aino" A, "林 美咲" 林, "@dan_okafor" DO; "?" for nothing legible.
    """
    words = [word for word in "".join(c if c.isalnum() else " " for c in name).split() if word]
    if not words:
        return "?"
    first = words[0][0].upper()
    if unicodedata.category(first) == "Lo" or len(words) == 1:
        return first
    return first + words[-1][0].upper()


@lru_cache(maxsize=16)
def _initials_font(size: float) -> QFont:
    font = QFont(theme().font("body", 600))
    font.setPixelSize(max(8, round(size)))
    font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 101)
    return font


@lru_cache(maxsize=1024)
def _hsl(hue: int, saturation: float, lightness: float) -> QColor:
    return QColor.fromHslF(hue / 360, saturation, lightness)


def elided(text: str, font: QFont, width: float) -> str:
    """The text cut with an ellipsis to ``width`` logical pixels, on one line."""
    key = font.key()
    _metrics(key, font)
    return _elided(text, key, width)


def metrics(font: QFont) -> QFontMetricsF:
    """The metrics of a font, kept: making one costs more than asking it."""
    return _metrics(font.key(), font)


def _metrics(key: str, font: QFont) -> QFontMetricsF:
    found = _METRICS.get(key)
    if found is None:
        found = _METRICS[key] = QFontMetricsF(font)
    return found


_METRICS: dict[str, QFontMetricsF] = {}


@lru_cache(maxsize=1024)
def _elided(text: str, key: str, width: float) -> str:
    """Cut by the metrics that are kept under ``key``."""
    plain = exposed_line(" ".join(text.split()))
    return _METRICS[key].elidedText(plain, Qt.TextElideMode.ElideRight, width)
