"""How text becomes words for the index, and a query becomes a question to it.

The tokenizer of SQLite splits at spaces and folds case and diacritics. Scripts written without
spaces (Chinese, Japanese, Korean) and emoji are spaced out before indexing, one character a
word, and searched as phrases of such words; so every run of characters is found, wherever it
stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from app.domain.records import dataclass

_APART = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3105-\u318f"
    "\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff"
    "\uf900-\ufaff\uff66-\uffdc\U0001b000-\U0001b16f\U00020000-\U0003ffff"
    "\u2190-\u21ff\u2300-\u23ff\u2460-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d"
    "\u3200-\u32ff\U0001f000-\U0001faff"
)
_UNSPACED = re.compile(f"[{_APART}]")
_BETWEEN = re.compile(f"(?:[^\\w{_APART}]|_)*")
"""What may stand between two words of a phrase; never a word itself, so that there is one way
only to read a text, and none can be made over which a search takes hours."""
_IN_WORD = re.compile(r"\w")
_LONGEST_QUERY = 1_000
_MOST_TERMS = 32
_LONGEST_PHRASE = 64
_MARKED_PARTS = 16
_LOOKED_AT = 20_000
_TERM = re.compile(r'"([^"]*)"?|(\S+)')
_WORD = re.compile(r"\w+", re.UNICODE)
_SHORT = re.compile(r"[a-z0-9]{1,2}")


def spaced(text: str) -> str:
    """``text`` with a space around every character that is a word of its own."""
    if text.isascii():
        return text
    return _UNSPACED.sub(r" \g<0> ", text)


@dataclass(frozen=True, slots=True)
class Query:
    """A typed query: the FTS5 expression, and the folded words to mark in results.

    ``short`` is the last word where it may have any ending and is no longer than two letters,
    ``rest`` the expression of all before it.
    """

    match: str
    words: tuple[str, ...]
    short: str = ""
    rest: str = ""

    def __bool__(self) -> bool:
        return bool(self.match)


def parse_query(typed: str, *, as_typed: bool = True) -> Query:
    """All words must occur; “quoted words” in this order; a trailing ``*`` means any ending.

    ``as_typed``: the last word may still be growing, so it matches any ending too.
    What is pasted beyond 1,000 characters, 32 words or 64 in a phrase is left out.
    """
    terms: list[str] = []
    words: list[str] = []
    short = ""
    found = _TERM.findall(typed[:_LONGEST_QUERY].replace("\x00", " "))[:_MOST_TERMS]
    for index, (quoted, plain) in enumerate(found):
        tokens = _tokens(quoted or plain)[:_LONGEST_PHRASE]
        if not tokens:
            continue
        last = index == len(found) - 1
        open_end = bool(plain) and (plain.endswith("*") or (as_typed and last))
        # A last character of an unspaced script is a whole word already.
        open_end = open_end and not _UNSPACED.fullmatch(tokens[-1])
        term = '"' + " ".join(tokens) + '"' + ("*" if open_end else "")
        if term not in terms:
            terms.append(term)
            words.append(" ".join(fold(token) for token in tokens))
            short = words[-1] if last and open_end and _SHORT.fullmatch(words[-1]) else ""
    rest = " ".join(terms[:-1]) if short else ""
    return Query(" ".join(terms), tuple(words), short, rest)


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


def _folded_with_places(text: str) -> tuple[str, Sequence[int]]:
    """The folded text, and for each of its characters the place in ``text`` it came from."""
    if text.isascii():
        return text.lower(), range(len(text))
    pieces = [_folded_character(char) for char in text]
    places = [place for place, piece in enumerate(pieces) for _ in piece]
    return "".join(pieces), places


@lru_cache(maxsize=1 << 14)
def _folded_character(char: str) -> str:
    return fold(char)


def snippet(
    text: str, words: tuple[str, ...], width: int = 120
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A part of ``text`` around the first match, on one line, and the ranges that matched.

    A match beyond the first 20,000 characters is not marked.
    """
    line = " ".join(text[:_LOOKED_AT].split())
    folded, places = _folded_with_places(line)
    marks = _marks(folded, places, words, len(line))
    start = 0
    if marks and marks[0][0] > width // 2:
        start = line.rfind(" ", 0, marks[0][0] - width // 3) + 1 or marks[0][0] - width // 3
    cut = line[start : start + width]
    head = "…" if start else ""
    tail = "…" if start + width < len(line) or len(text) > _LOOKED_AT else ""
    shift = start - len(head)
    inside = tuple(
        (max(a, start) - shift, min(b, start + width) - shift)
        for a, b in marks
        if b > start and a < start + width
    )
    return head + cut + tail, inside


def _found(folded: str, parts: list[str]) -> Iterator[tuple[int, int]]:
    """Where these words stand one after the other; not inside another word."""
    begins_anywhere = _UNSPACED.match(parts[0])
    start = folded.find(parts[0])
    while start >= 0:
        end = start + len(parts[0])
        if begins_anywhere or not start or not _IN_WORD.match(folded, start - 1):
            for part in parts[1:]:
                gap = _BETWEEN.match(folded, end)
                end = gap.end() if gap else end
                if not folded.startswith(part, end):
                    break
                end += len(part)
            else:
                if end > start:
                    yield start, end
        start = folded.find(parts[0], max(end if len(parts) == 1 else start + 1, start + 1))


def _marks(
    folded: str, places: Sequence[int], words: tuple[str, ...], length: int
) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for word in words:
        for start, stop in _found(folded, word.split(" ")[:_MARKED_PARTS]):
            end = places[stop] if stop < len(places) else length
            spans.append((places[start], max(end, places[start] + 1)))
    spans.sort()
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
