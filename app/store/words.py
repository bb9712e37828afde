"""How text becomes words for the index, and a query becomes a question to it.

The tokenizer of SQLite splits at spaces and folds case and diacritics. Scripts written without
spaces (Chinese, Japanese, Korean) and emoji are spaced out before indexing, one character a
word, and searched as phrases of such words; so every run of characters is found, wherever it
stands.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_UNSPACED = re.compile(
    "["
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3105-\u318f"
    "\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff"
    "\uf900-\ufaff\uff66-\uffdc\U0001b000-\U0001b16f\U00020000-\U0003ffff"
    "\u2190-\u21ff\u2300-\u23ff\u2460-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d"
    "\u3200-\u32ff\U0001f000-\U0001faff"
    "]"
)
_TERM = re.compile(r'"([^"]*)"?|(\S+)')
_WORD = re.compile(r"\w+", re.UNICODE)


def spaced(text: str) -> str:
    """``text`` with a space around every character that is a word of its own."""
    if text.isascii():
        return text
    return _UNSPACED.sub(r" \g<0> ", text)


@dataclass(frozen=True, slots=True)
class Query:
    """A typed query: the FTS5 expression, and the folded words to mark in results."""

    match: str
    words: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.match)


def parse_query(typed: str, *, as_typed: bool = True) -> Query:
    """All words must occur; “quoted words” in this order; a trailing ``*`` means any ending.

    ``as_typed``: the last word may still be growing, so it matches any ending too.
    """
    terms: list[str] = []
    words: list[str] = []
    found = [(quoted, plain) for quoted, plain in _TERM.findall(typed.replace("\x00", " "))]
    for index, (quoted, plain) in enumerate(found):
        tokens = _tokens(quoted or plain)
        if not tokens:
            continue
        last = index == len(found) - 1
        open_end = bool(plain) and (plain.endswith("*") or (as_typed and last))
        # A last character of an unspaced script is a whole word already.
        open_end = open_end and not _UNSPACED.fullmatch(tokens[-1])
        terms.append('"' + " ".join(tokens) + '"' + ("*" if open_end else ""))
        words.append(" ".join(fold(token) for token in tokens))
    return Query(" ".join(terms), tuple(words))


def _tokens(text: str) -> list[str]:
    return [
        part
        for chunk in spaced(text).split()
        for part in (_WORD.findall(chunk) if not _UNSPACED.fullmatch(chunk) else [chunk])
    ]


def fold(text: str) -> str:
    """Lower case without diacritics, as the index sees it."""
    if text.isascii():
        return text.lower()
    kept = (c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", "".join(kept)).lower()


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place in ``text`` it came from."""
    out: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        piece = fold(char)
        out.append(piece)
        places.extend([place] * len(piece))
    return "".join(out), places


def snippet(
    text: str, words: tuple[str, ...], width: int = 120
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A part of ``text`` around the first match, on one line, and the ranges that matched."""
    line = " ".join(text.split())
    folded, places = _folded_with_places(line)
    marks = _marks(folded, places, words, len(line))
    start = 0
    if marks and marks[0][0] > width // 2:
        start = line.rfind(" ", 0, marks[0][0] - width // 3) + 1 or marks[0][0] - width // 3
    cut = line[start : start + width]
    head = "…" if start else ""
    tail = "…" if start + width < len(line) else ""
    shift = start - len(head)
    inside = tuple(
        (max(a, start) - shift, min(b, start + width) - shift)
        for a, b in marks
        if b > start and a < start + width
    )
    return head + cut + tail, inside


def _marks(
    folded: str, places: list[int], words: tuple[str, ...], length: int
) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for word in words:
        parts = [re.escape(part) for part in word.split(" ")]
        pattern = r"[\W_]*".join(parts)
        lead = "" if _UNSPACED.match(word) else r"(?<!\w)"
        for hit in re.finditer(lead + pattern, folded):
            if hit.end() > hit.start():
                end = places[hit.end()] if hit.end() < len(places) else length
                spans.append((places[hit.start()], max(end, places[hit.start()] + 1)))
    spans.sort()
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
