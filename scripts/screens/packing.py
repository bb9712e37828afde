"""Packs a picture into 256 colours: a fifth of its size, and hardly to be told from it.

What most of a picture is made of, its grounds, lines and letters, keeps its exact colour: these
are the first entries of the palette, and nothing else is given one of them. The rest, edges
mostly, is brought to the nearest of the other entries, chosen so that none is far from its own.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from PySide6.QtGui import QImage

EXACT = 128
"""Entries that are colours of the picture itself, the most frequent ones."""
ENTRIES = 256
_SMALLEST = 0
"""Qt’s word for the slowest compression of a PNG."""


def pack(picture: QImage) -> QImage:
    """The picture in at most 256 colours, ``EXACT`` of them its own."""
    plain = picture.convertToFormat(QImage.Format.Format_RGB32)
    pixels = memoryview(plain.constBits()).cast("B").cast("I")
    counts = Counter(pixels)
    palette = [colour for colour, _ in counts.most_common(EXACT)]
    places = {colour: place for place, colour in enumerate(palette)}
    places |= _near([colour for colour in counts if colour not in places], palette)
    packed = QImage(plain.width(), plain.height(), QImage.Format.Format_Indexed8)
    packed.setColorTable(palette)
    row, stride = plain.width(), packed.bytesPerLine()
    target = memoryview(packed.bits()).cast("B")
    for line in range(plain.height()):
        found = pixels[line * row : (line + 1) * row]
        target[line * stride : line * stride + row] = bytes(map(places.__getitem__, found))
    return packed


def save(picture: QImage, path: Path) -> None:
    """Pack a picture and keep it as small as PNG gets."""
    if not pack(picture).save(str(path), quality=_SMALLEST):
        raise OSError(f"{path} could not be written.")


def _near(colours: list[int], palette: list[int]) -> dict[int, int]:
    """Which entry of the palette stands for each colour; it grows by whichever is worst off.

    Choosing the farthest each time keeps the greatest error small (Gonzalez, 1985).
    """
    nearest = dict.fromkeys(colours, 0)
    errors = dict.fromkeys(colours, 1 << 30)
    while len(palette) < ENTRIES and any(errors.values()):
        worst = max(errors, key=errors.__getitem__)
        palette.append(worst)
        _draw_near(nearest, errors, len(palette) - 1, worst)
    return nearest


def _draw_near(nearest: dict[int, int], errors: dict[int, int], place: int, entry: int) -> None:
    red, green, blue = entry >> 16 & 255, entry >> 8 & 255, entry & 255
    for colour, before in errors.items():
        if not before:
            continue
        error = max(
            abs((colour >> 16 & 255) - red), abs((colour >> 8 & 255) - green),
            abs((colour & 255) - blue),
        )  # fmt: skip
        if error < before:
            errors[colour] = error
            nearest[colour] = place
