"""Compares what was drawn with what is kept, as strictly as a machine’s rasteriser allows.

The kept picture is packed (see ``packing``). Where it has its exact colour, what is drawn may
differ by ``EXACT_TOLERANCE`` a channel; where it was brought to a near colour, by
``NEAR_TOLERANCE``. A few stray pixels in a block of 16 by 16 are noise; more are not, since a line
or a letter that moved by one pixel leaves at least as many. A block that is mostly off by
anything at all has another colour, however near: fills are no matter of rasterising.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from scripts.screens.packing import EXACT

EXACT_TOLERANCE = 6
NEAR_TOLERANCE = 26
"""Levels of 255. The farthest that packing moves a colour is 18."""
BLOCK = 16
MOST_STRAY = 5
"""Pixels in a block that may be off by more than the tolerance."""
MOST_SHADED = 160
"""Pixels in a block that may be off by anything at all where the kept colour is exact."""
_MARK = b"\xff"
_OVER_EXACT = bytes(255 if level > EXACT_TOLERANCE else 0 for level in range(256))
_OVER_NEAR = bytes(255 if level > NEAR_TOLERANCE else 0 for level in range(256))
_ANYTHING = bytes(255 if level else 0 for level in range(256))
_EXACT_ENTRIES = bytes(255 if entry < EXACT else 0 for entry in range(256))
_FADED = 0.75


@dataclass(frozen=True, slots=True)
class Difference:
    """What is wrong, in words, and a picture of where."""

    words: str
    picture: QImage | None = None


def difference(kept: QImage, drawn: QImage) -> Difference | None:
    """None when the two are the same picture."""
    if kept.size() != drawn.size():
        return Difference(f"It is {_sides(drawn.size())} large, not {_sides(kept.size())}.")
    kept, drawn = QImage(kept), drawn.convertToFormat(QImage.Format.Format_RGB32)
    for image in (kept, drawn):
        image.setDevicePixelRatio(1.0)
    channels = _channels(kept, drawn)
    exact = _exactly_kept(kept)
    off = (_marked(channels, _OVER_EXACT) & exact) | _marked(channels, _OVER_NEAR)
    shaded = _marked(channels, _ANYTHING) & exact
    bad = _crowded(off, kept.size(), MOST_STRAY) | _crowded(shaded, kept.size(), MOST_SHADED)
    if not bad:
        return None
    across = -(-kept.width() // BLOCK)
    first = min(bad)
    where = f"{first % across * BLOCK}, {first // across * BLOCK}"
    words = f"It differs in {len(bad)} blocks of {BLOCK} pixels, the first at {where}."
    return Difference(words, _shown(drawn, bad, across))


def _channels(kept: QImage, drawn: QImage) -> list[bytes]:
    """How far blue, green and red of each pixel are off: one byte a pixel each, row by row."""
    apart = QImage(drawn)
    painter = QPainter(apart)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
    painter.drawImage(0, 0, kept)
    painter.end()
    raw = bytes(apart.constBits())
    return [raw[channel::4] for channel in range(3)]


def _marked(channels: list[bytes], over: bytes) -> int:
    """One byte a pixel, 255 where a channel is over; as one large number, to be joined quickly."""
    marked = 0
    for channel in channels:
        marked |= int.from_bytes(channel.translate(over), "big")
    return marked


def _exactly_kept(kept: QImage) -> int:
    """255 where the kept picture has its own colour; everywhere, when it is not packed."""
    width, height = kept.width(), kept.height()
    if kept.format() is not QImage.Format.Format_Indexed8:
        return int.from_bytes(b"\xff" * (width * height), "big")
    raw, stride = bytes(kept.constBits()), kept.bytesPerLine()
    rows = (raw[line * stride : line * stride + width] for line in range(height))
    return int.from_bytes(b"".join(rows).translate(_EXACT_ENTRIES), "big")


def _crowded(marks: int, size: QSize, most: int) -> set[int]:
    """The blocks, numbered row by row, in which more than ``most`` pixels are marked."""
    width, height = size.width(), size.height()
    marked = marks.to_bytes(width * height, "big")
    across = -(-width // BLOCK)
    counts: Counter[int] = Counter()
    for line in range(height):
        row = marked[line * width : (line + 1) * width]
        if _MARK not in row:
            continue
        for column in range(across):
            found = row.count(_MARK, column * BLOCK, (column + 1) * BLOCK)
            if found:
                counts[line // BLOCK * across + column] += found
    return {block for block, found in counts.items() if found > most}


def _shown(drawn: QImage, bad: set[int], across: int) -> QImage:
    """What was drawn, faded, and as it is where it differs, framed."""
    shown = drawn.copy()
    painter = QPainter(shown)
    veil = QColor(Qt.GlobalColor.white)
    veil.setAlphaF(_FADED)
    painter.fillRect(shown.rect(), veil)
    for block in bad:
        left, top = block % across * BLOCK, block // across * BLOCK
        painter.drawImage(left, top, drawn, left, top, BLOCK, BLOCK)
    painter.setPen(QColor(Qt.GlobalColor.red))
    for block in bad:
        left, top = block % across * BLOCK, block // across * BLOCK
        painter.drawRect(left, top, BLOCK - 1, BLOCK - 1)
    painter.end()
    return shown


def _sides(size: QSize) -> str:
    return f"{size.width()} by {size.height()}"
