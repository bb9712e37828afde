"""The places of pictures in a bubble: how large they are, and what stands in them meanwhile.

A place has its size before its picture comes, from what the service tells of it, and keeps it
whatever comes: nothing a reader looks at ever moves because a picture arrived or failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter

from app.domain.ids import AccountId
from app.domain.interactions import Media
from app.domain.records import dataclass
from app.ui.theme import Theme, icons, mirroring, painting, theme
from app.ui.timeline import wording
from app.ui.timeline.decoding import Place
from app.ui.timeline.drawing import Action, Drawing, Spot, colour_of
from app.ui.timeline.gallery import Gallery
from app.ui.timeline.text import TextBlock, theme_line

MOST = 12
"""Pictures of one message that get a place; a service could name thousands."""
GAP = 4
_TALLEST = 240
_LOWEST = 96
_NARROWEST = 200
_CELL = 124
_USUAL = QSizeF(4, 3)
"""The proportions of a picture whose service tells none."""
_RADIUS = 9
_PAD = 12


def boxes(pictures: Sequence[Media], room: float) -> tuple[QRectF, ...]:
    """Where the pictures of a message stand, from 0, 0: one in its proportions, more in pairs."""
    if len(pictures) == 1:
        return (QRectF(0, 0, *_single(pictures[0], room)),)
    cell = theme().scaled(_CELL)
    half = int((room - GAP) // 2)
    found: list[QRectF] = []
    for number in range(len(pictures)):
        row, column = divmod(number, 2)
        alone = column == 0 and number == len(pictures) - 1
        width = 2 * half + GAP if alone else half
        found.append(QRectF(column * (half + GAP), row * (cell + GAP), width, cell))
    return tuple(found)


def _single(media: Media, room: float) -> tuple[int, int]:
    look = theme()
    widest, tallest = room, look.scaled(_TALLEST)
    size = QSizeF(media.width, media.height)
    if not media.width or not media.height:
        size = _USUAL * tallest
    fit = min(widest / size.width(), tallest / size.height(), 1.0)
    narrowest = min(look.scaled(_NARROWEST), widest)
    width = min(max(size.width() * fit, narrowest), widest)
    height = min(max(size.height() * fit, look.scaled(_LOWEST)), tallest)
    return int(width), int(height)


@dataclass(frozen=True, slots=True)
class PictureBox:
    """One place: the picture; until it is here, or when it cannot come, words about it."""

    rect: QRectF
    account: AccountId
    media: Media
    gallery: Gallery
    fills: bool

    def put(self, into: Drawing) -> None:
        into.add(self)
        label = wording.media_label(self.media)
        into.spots.append(Spot(self.rect, Action.PICTURE, label, self.media.url))

    def paint(self, painter: QPainter, look: Theme, clip: QRectF) -> None:
        if not clip.intersects(self.rect):
            return  # out of sight, so not to be asked for
        device = painter.device()
        ratio = device.devicePixelRatioF() if device else 1.0
        rect = self.rect
        place = Place(round(rect.width() * ratio), round(rect.height() * ratio), ratio, self.fills)
        pixmap = self.gallery.pixmap(self.account, self.media.url, place)
        painting.fill_rounded(painter, rect, _RADIUS, colour_of("text/6", look))
        painter.save()
        if mirroring.is_mirrored(painter):
            mirroring.stand_upright(painter, rect.center().x())
        if pixmap is not None:
            painter.drawPixmap(rect.topLeft(), pixmap)
        else:
            self._paint_words(painter, look)
        painter.restore()

    def _paint_words(self, painter: QPainter, look: Theme) -> None:
        trouble = self.gallery.trouble(self.media.url)
        described = self.media.description
        inner = self.rect.adjusted(_PAD, _PAD, -_PAD, -_PAD)
        told = trouble or described or "Loading the picture…"
        block = _words(told, inner.width(), 2 if trouble else 3, look.scale)
        again = theme_line("Retry", "small", 600) if trouble else None
        name = theme_line(described, "small", 500, inner.width() - 22) if trouble else None
        y = inner.center().y() - (22 + block.height + (again.height + 2 if again else 0)) / 2
        y = max(self.rect.top() + 6, y)
        icon = QRectF(inner.left(), y, 16, 16)
        icons.draw(painter, "image-off" if trouble else "image", icon, look.colour("text-2"))
        painter.setPen(look.colour("text-2"))
        if name is not None:
            name.draw(painter, QPointF(inner.left() + 22, y))
        y += 22
        block.draw(painter, QPointF(inner.left(), y), self.rect)
        if again is not None:
            painter.setPen(look.colour("accent"))
            again.draw(painter, QPointF(inner.left(), y + block.height + 2))


@lru_cache(maxsize=256)
def _words(text: str, width: float, most: int, _scale: float) -> TextBlock:
    look = theme()
    pitch = look.line_height("small")
    return TextBlock(text, look.font("small"), width, pitch, most=most)
