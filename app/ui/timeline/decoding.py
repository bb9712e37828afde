"""Strangers’ pictures decoded, made small and ready to be painted; never on the main thread.

A picture is decoded once as a stranger’s, by the one reader its first bytes call for, and from then
on only ever as the JPEG we made of it.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QImageReader, QImageWriter, QPainter, QPainterPath

from app.domain.errors import BadInput
from app.domain.pictures import Thumbnail
from app.domain.records import dataclass

LONGEST = 1280
"""The longer side of what is kept: enough to read a serial number, some 150 KB."""
MAX_PIXELS = 40_000_000
_QUALITY = 84
_READERS = {"image/jpeg": b"jpeg", "image/png": b"png", "image/gif": b"gif", "image/webp": b"webp"}
_RADIUS = 9.0
_KEEP = Qt.AspectRatioMode.KeepAspectRatio


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture is painted: its size in device pixels, and how many of them are one.

    ``fills`` crops it to the whole place; otherwise all of it is shown, and never enlarged.
    """

    width: int
    height: int
    ratio: float
    fills: bool = False


@cache
def workers() -> ThreadPoolExecutor:
    """The threads that decode."""
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="seamline-pictures")


def shrink(body: bytes, mime: str) -> Thumbnail:
    """Our own small JPEG of a stranger’s picture, of a moving one its first frame.

    Raises BadInput when it cannot be decoded, or has more than 40 million pixels.
    """
    image = _decoded(body, mime, LONGEST)
    # Painted onto paper of our own: no transparency, no comment and no place it was taken stays.
    paper = QImage(image.size(), QImage.Format.Format_RGB32)
    paper.fill(Qt.GlobalColor.white)
    painter = QPainter(paper)
    painter.drawImage(0, 0, image)
    painter.end()
    return Thumbnail(_jpeg(paper), "image/jpeg", paper.width(), paper.height())


def picture_of(thumbnail: Thumbnail) -> QImage:
    """What was kept, as it is."""
    return _decoded(thumbnail.body, thumbnail.mime, LONGEST)


def placed(thumbnail: Thumbnail, place: Place) -> QImage:
    """The picture as it is painted at a place: scaled, its corners rounded, clear around it."""
    image = picture_of(thumbnail)
    room = QSizeF(place.width, place.height)
    mode = _KEEP
    if place.fills:
        mode = Qt.AspectRatioMode.KeepAspectRatioByExpanding
    wanted = QSizeF(image.size()).scaled(room, mode)
    natural = QSizeF(image.size()) * place.ratio
    if wanted.width() > natural.width() and not place.fills:
        wanted = natural
    at = QRectF(0, 0, wanted.width(), wanted.height())
    at.moveCenter(QRectF(0, 0, place.width, place.height).center())
    shown = QImage(place.width, place.height, QImage.Format.Format_ARGB32_Premultiplied)
    shown.fill(Qt.GlobalColor.transparent)
    smooth = image.scaled(
        QSize(max(1, round(wanted.width())), max(1, round(wanted.height()))),
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    painter = QPainter(shown)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    box = at.intersected(QRectF(shown.rect()))
    path.addRoundedRect(box, _RADIUS * place.ratio, _RADIUS * place.ratio)
    painter.setClipPath(path)
    painter.drawImage(at.topLeft(), smooth)
    painter.end()
    shown.setDevicePixelRatio(place.ratio)
    return shown


def _decoded(body: bytes, mime: str, longest: int) -> QImage:
    buffer = QBuffer()
    buffer.setData(QByteArray(body))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader()
    reader.setAutoDetectImageFormat(False)
    reader.setFormat(QByteArray(_READERS.get(mime, b"none")))
    reader.setDevice(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        if size.width() * size.height() > MAX_PIXELS:
            raise BadInput("The picture has more than 40 million pixels.")
        if max(size.width(), size.height()) > longest:
            # A JPEG is then decoded at a fraction of its size to begin with.
            small = size.scaled(longest, longest, _KEEP)
            reader.setScaledSize(small.expandedTo(QSize(1, 1)))
    image = reader.read()
    if image.isNull():
        raise BadInput("The picture is damaged.", hint="It cannot be shown.")
    if max(image.width(), image.height()) > longest:
        # A frame may be larger than the header says; Qt itself stops at 256 MB.
        image = image.scaled(
            image.size().scaled(longest, longest, _KEEP).expandedTo(QSize(1, 1)),
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    return image


def _jpeg(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"jpeg"))
    writer.setQuality(_QUALITY)
    if not writer.write(image):
        raise BadInput("The picture could not be kept.", hint="It may be too large.")
    return bytes(buffer.data().data())
