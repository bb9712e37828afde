"""Line icons: Lucide, drawn with a 1.75 stroke in any colour, cached by pixel ratio."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QTransform
from PySide6.QtSvg import QSvgRenderer

from app.ui.theme import mirroring
from app.ui.theme.manager import theme
from app.ui.theme.zipped import member

STROKE = 1.75
_POINTING = ("arrow-", "corner-", "chevron-left", "chevron-right")
"""Icons that point along the reading, and so turn with it."""


def pixmap(
    name: str, size: int, colour: QColor, dpr: float = 1.0, *, stroke: float = STROKE,
    fill: bool = False,
) -> QPixmap:  # fmt: skip
    """The icon as a pixmap of ``size`` logical pixels; KeyError for an unknown name."""
    return _pixmap(name, size, colour.rgba(), dpr, stroke, fill=fill)


def icon(name: str, colour_token: str = "text-2", size: int = 16) -> QIcon:  # noqa: S107  (a colour)
    """An icon for buttons and menus, sharp at scales 1, 2 and 3, greyed when disabled."""
    colours = theme()
    result = QIcon()
    for dpr in (1.0, 2.0, 3.0):
        for token, mode in ((colour_token, QIcon.Mode.Normal), ("text-off", QIcon.Mode.Disabled)):
            image = pixmap(name, size, colours.colour(token), dpr)
            if mirroring.right_to_left() and name.startswith(_POINTING):
                image = image.transformed(QTransform.fromScale(-1, 1))
            result.addPixmap(image, mode)
    return result


def draw(
    painter: QPainter, name: str, rect: QRectF, colour: QColor, *, stroke: float = STROKE,
    fill: bool = False,
) -> None:  # fmt: skip
    """Paint an icon centred in ``rect``, its size the shorter side."""
    size = int(min(rect.width(), rect.height()))
    device = painter.device()
    dpr = device.devicePixelRatio() if device else 1.0
    image = pixmap(name, size, colour, dpr, stroke=stroke, fill=fill)
    left = rect.x() + (rect.width() - size) / 2
    top = rect.y() + (rect.height() - size) / 2
    target = QRectF(left, top, size, size)
    if mirroring.is_mirrored(painter) and not name.startswith(_POINTING):
        with mirroring.upright(painter, target.center().x()):
            painter.drawPixmap(target, image, QRectF(image.rect()))
    else:
        painter.drawPixmap(target, image, QRectF(image.rect()))


@lru_cache(maxsize=1024)
def _pixmap(name: str, size: int, rgba: int, dpr: float, stroke: float, *, fill: bool) -> QPixmap:
    colour = QColor.fromRgba(rgba)
    paint = colour.name()
    svg = _source(name).replace("currentColor", paint)
    svg = re.sub(r'stroke-width="[^"]*"', f'stroke-width="{stroke}"', svg, count=1)
    if fill:
        svg = svg.replace('fill="none"', f'fill="{paint}"', 1)
    return rendered(svg, size, dpr, colour.alphaF())


def rendered(svg: str, size: float, dpr: float, opacity: float = 1.0) -> QPixmap:
    """An SVG as a square pixmap of ``size`` logical pixels."""
    side = round(size * dpr)
    image = QPixmap(side, side)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setOpacity(opacity)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    image.setDevicePixelRatio(dpr)
    return image


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    return member(_archive(), f"{name}.svg").decode()


@lru_cache(maxsize=1)
def _archive() -> bytes:
    """The whole set, 0.6 MB, read once: opening the file per icon would cost more.

    The package is found, not imported: it would bring a parser of XML along.
    """
    spec = find_spec("lucide")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("No module named 'lucide'")
    return Path(spec.origin).with_name("lucide.zip").read_bytes()
