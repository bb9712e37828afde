"""Words for a terminal: columns that line up, times as the reader’s clock shows them.

What customers write is never trusted: control characters could move the cursor, change colours or
hide what follows, so none of them is printed.
"""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

_MINUTE = 60_000
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_GAP = "  "
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")

_UNSAFE = re.compile(f"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029{''.join(sorted(_BIDI))}]")
_UNSAFE_IN_JSON = re.compile(f"[\x7f-\x9f{''.join(sorted(_BIDI))}]")


def clean(text: str) -> str:
    """One line without control characters and direction overrides; runs of space become one."""
    kept = (
        " " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char
        for char in text
        if char not in _BIDI
    )
    return " ".join("".join(kept).split())


def tame(text: str) -> str:
    """The text without what a terminal obeys; its spaces and line ends stay as they are."""
    return _UNSAFE.sub("", text)


def json_text(value: Any, *, indent: int | None = None) -> str:
    """The value as JSON that a terminal shows and does not obey; other scripts stay readable."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _UNSAFE_IN_JSON.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def cells(text: str) -> int:
    """How many columns a terminal takes for this text; wide characters take two."""
    return sum(
        0 if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Me", "Mn")
        else 2 if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )  # fmt: skip


def cut(text: str, width: int) -> str:
    """The text within ``width`` columns, an ellipsis where something had to go."""
    if cells(text) <= width:
        return text
    kept, used = [], 1
    for char in text:
        used += cells(char)
        if used > width:
            break
        kept.append(char)
    return "".join(kept).rstrip() + "…"


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` columns, broken at spaces, or inside a word that has none."""
    lines: list[str] = []
    line = ""
    for word in clean(text).split(" "):
        if line and len(word) <= 2 * width and cells(line) + 1 + cells(word) <= width:
            line += " " + word
            continue
        if line:
            lines.append(line)
        *whole, line = _pieces(word, width)
        lines += whole
    return [*lines, line] if line or not lines else lines


def _pieces(word: str, width: int) -> list[str]:
    """A word in pieces of at most ``width`` columns, read once however long it is."""
    if len(word) <= width and cells(word) <= width:
        return [word]
    pieces: list[str] = []
    start = used = 0
    for index, char in enumerate(word):
        wide = cells(char)
        if used + wide > width and index > start:
            pieces.append(word[start:index])
            start, used = index, 0
        used += wide
    return [*pieces, word[start:]]


def terminal_width() -> int:
    return max(60, shutil.get_terminal_size((100, 24)).columns)


def table(rows: Iterable[Sequence[str]], heads: Sequence[str], *, width: int) -> list[str]:
    """Rows in columns; what is too long for ``width`` is taken from the last column."""
    body = [tuple(clean(value) for value in row) for row in rows]
    widths = [max(cells(row[i]) for row in (tuple(heads), *body)) for i in range(len(heads))]
    lines = []
    for row in (tuple(heads), *body):
        padded = [value + " " * (widths[i] - cells(value)) for i, value in enumerate(row[:-1])]
        start = _GAP.join(padded) + _GAP if padded else ""
        lines.append((start + cut(row[-1], max(12, width - cells(start)))).rstrip())
    return lines


def _local(ms: int, zone: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone)


def moment(ms: int, now_ms: int, zone: tzinfo | None = None) -> str:
    """A time as short as it stays clear: 11:45 today, 18 Nov 09:20, 3 May 2024."""
    at, now = _local(ms, zone), _local(now_ms, zone)
    if at.date() == now.date():
        return f"{at:%H:%M}"
    if at.year == now.year:
        return f"{at.day} {at:%b %H:%M}"
    return f"{at.day} {at:%b %Y}"


def day(ms: int, zone: tzinfo | None = None) -> str:
    at = _local(ms, zone)
    return f"{at:%A} {at.day} {at:%B %Y}"


def duration(ms: int) -> str:
    """A span in its two largest units: 39 min, 2 h 10, 3 d 4 h."""
    if ms < _HOUR:
        return f"{ms // _MINUTE} min"
    if ms < _DAY:
        hours, minutes = ms // _HOUR, ms % _HOUR // _MINUTE
        return f"{hours} h {minutes:02}" if minutes else f"{hours} h"
    days, hours = ms // _DAY, ms % _DAY // _HOUR
    return f"{days} d {hours} h" if hours else f"{days} d"


def plural(count: int, one: str, many: str = "") -> str:
    """“1 case”, “2 cases”, “1,204 cases”."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
