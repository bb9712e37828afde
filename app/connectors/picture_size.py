"""The size of a picture, read from its first bytes, without decoding it."""

from __future__ import annotations

import re
from typing import Literal

_MARK = 0xFF
_FILLING = re.compile(b"\xff+")
"""A mark may be preceded by any number of itself: a megabyte of them is passed at once."""
_14_BITS = 0x3FFF
_JPEG_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_MARKERS_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


_LARGEST_SIDE = 65_535
"""No JPEG can be larger; what a service says beyond it is a mistake or a trap."""


def sane_extent(width: int, height: int) -> tuple[int, int]:
    """A size as a service tells it, (0, 0) where no picture can have it."""
    sane = 0 < width <= _LARGEST_SIDE and 0 < height <= _LARGEST_SIDE
    return (width, height) if sane else (0, 0)


def pixel_size(body: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, GIF, JPEG or WebP; None for anything else."""
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        size = _pair(body, 16, 4, "big")
    elif body[:6] in (b"GIF87a", b"GIF89a"):
        size = _pair(body, 6, 2, "little")
    elif body.startswith(b"\xff\xd8"):
        size = _jpeg(body)
    elif body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        size = _webp(body)
    else:
        size = None
    return size if size and min(size) > 0 else None


def _pair(
    body: bytes, at: int, width: int, order: Literal["big", "little"]
) -> tuple[int, int] | None:
    if len(body) < at + 2 * width:
        return None
    first, second = body[at : at + width], body[at + width : at + 2 * width]
    return int.from_bytes(first, order), int.from_bytes(second, order)


def _jpeg(body: bytes) -> tuple[int, int] | None:
    """Walks the segments to the frame header, whose height comes first."""
    at = 2
    while at + 4 <= len(body):
        if body[at] != _MARK:
            return None
        marker = body[at + 1]
        if marker == _MARK:
            at = _FILLING.match(body, at).end() - 1  # type: ignore[union-attr]  # it is one
        elif marker in _MARKERS_WITHOUT_LENGTH:
            at += 2
        elif marker in _JPEG_FRAMES:
            size = _pair(body, at + 5, 2, "big")
            return (size[1], size[0]) if size else None
        else:
            at += 2 + int.from_bytes(body[at + 2 : at + 4], "big")
    return None


def _webp(body: bytes) -> tuple[int, int] | None:
    match body[12:16]:
        case b"VP8X":
            return int.from_bytes(body[24:27], "little") + 1, int.from_bytes(
                body[27:30], "little"
            ) + 1
        case b"VP8 ":
            size = _pair(body, 26, 2, "little")
            return (size[0] & _14_BITS, size[1] & _14_BITS) if size else None
        case b"VP8L":
            bits = int.from_bytes(body[21:25], "little")
            return (bits & _14_BITS) + 1, (bits >> 14 & _14_BITS) + 1
        case _:
            return None
