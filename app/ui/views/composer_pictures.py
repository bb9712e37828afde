"""Pictures for a reply: read, made to fit and previewed off the main thread.

Decoding a photograph takes tens of milliseconds, so one worker thread does it and hands back
plain bytes and a small preview.
"""

from __future__ import annotations

import mimetypes
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QImageWriter

from app.domain.errors import BadInput
from app.domain.interactions import Channel
from app.domain.outbox import Attachment
from app.domain.records import dataclass

if TYPE_CHECKING:  # for the types alone: the database comes with them
    from app.connectors.base import Limits

PREVIEW = 40
"""The side of a preview in logical pixels."""

FORMATS = ("image/jpeg", "image/png", "image/gif", "image/webp")
_LONGEST_SIDE, _SHORTEST_SIDE = 2048, 256
_QUALITIES = (88, 78, 66, 52, 40)
_TOO_BIG_TO_READ = 64 * 1024 * 1024
_MAX_PIXELS = 100_000_000
_EXIF = b"Exif\x00\x00"
"""Where a camera writes the place it was at, which no customer is meant to get."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that may be sent, and its preview (at twice the logical size, square)."""

    attachment: Attachment
    preview: QImage


def most_pictures(channel: Channel, most: int) -> str:
    """How many pictures a message may have, in a sentence."""
    if most == 0:
        return f"{channel.label} takes no pictures in a message. Send a link instead."
    what = "one picture" if most == 1 else f"{most} pictures"
    return f"{channel.label} takes {what} in a message. Send the others in another one."


def read_picture(source: Path | QImage, limits: Limits) -> Future[Picture]:
    """Read a file or a pasted image; BadInput inside when it is none or cannot be made to fit."""
    return _worker().submit(_read, source, limits)


def restore_picture(attachment: Attachment) -> Future[Picture]:
    """The picture of a reply that was taken back: its bytes as they were, the preview anew."""
    return _worker().submit(_restore, attachment)


def _restore(attachment: Attachment) -> Picture:
    """A file that is no picture (the command line attaches any) is kept, without a preview."""
    try:
        image = _decoded(attachment.body, attachment.name)
    except BadInput:
        image = QImage()
    return Picture(attachment, _preview(image))


@cache
def _worker() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")


def _read(source: Path | QImage, limits: Limits) -> Picture:
    if isinstance(source, QImage):
        image, name, body, mime = source, "Pasted picture.png", b"", "image/png"
    else:
        name = source.name
        mime = mimetypes.guess_type(name)[0] or ""
        body = _body(source)
        image = _decoded(body, name)
    if image.isNull():
        raise _not_a_picture(name)
    tells_place = mime == "image/jpeg" and _EXIF in body[:65536]
    too_big = len(body) > limits.max_attachment_bytes
    if not body or mime not in FORMATS or too_big or tells_place:
        body, mime = _fitted(image, name, limits.max_attachment_bytes)
        suffix = ".png" if mime == "image/png" else ".jpg"
        name = Path(name).with_suffix(suffix).name
    return Picture(Attachment(name, mime, body), _preview(image))


def _body(path: Path) -> bytes:
    try:
        if path.stat().st_size > _TOO_BIG_TO_READ:
            raise BadInput(
                f"“{path.name}” is larger than 64 MB.", hint="Make it smaller and attach it again."
            )
        return path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"“{path.name}” cannot be read: {error.strerror}.",
            hint="Check that it is still there, then attach it again.",
        ) from error


def _decoded(body: bytes, name: str) -> QImage:
    buffer = QBuffer()
    buffer.setData(QByteArray(body))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and size.width() * size.height() > _MAX_PIXELS:
        raise BadInput(
            f"“{name}” has more than 100 million pixels.",
            hint="Make it smaller and attach it again.",
        )
    return reader.read()


def _not_a_picture(name: str) -> BadInput:
    return BadInput(
        f"“{name}” is not a picture that can be sent.", hint="Attach a JPEG, PNG, GIF or WebP."
    )


def _fitted(image: QImage, name: str, most: int) -> tuple[bytes, str]:
    """The picture encoded again, smaller until it fits; its hidden data (place, camera) goes."""
    if image.hasAlphaChannel():
        body = _encoded(image, "PNG", -1)
        if len(body) <= most:
            return body, "image/png"
    longest = _LONGEST_SIDE
    flat = image.convertToFormat(QImage.Format.Format_RGB888)
    while longest >= _SHORTEST_SIDE:
        smaller = _within(flat, longest)
        for quality in _QUALITIES:
            body = _encoded(smaller, "JPEG", quality)
            if len(body) <= most:
                return body, "image/jpeg"
        longest //= 2
    raise BadInput(f"“{name}” cannot be made small enough.", hint="Crop it and attach it again.")


def _within(image: QImage, longest: int) -> QImage:
    if max(image.width(), image.height()) <= longest:
        return image
    return image.scaled(
        QSize(longest, longest),
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def _encoded(image: QImage, form: str, quality: int) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(form.encode()))
    writer.setQuality(quality)
    writer.write(image)
    return bytes(buffer.data().data())


def _preview(image: QImage) -> QImage:
    side = 2 * PREVIEW
    filled = image.scaled(
        QSize(side, side),
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    left, top = (filled.width() - side) // 2, (filled.height() - side) // 2
    return filled.copy(left, top, side, side)
