"""The words of a message that a dictionary can know."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache

import regex

from app.domain.records import dataclass

_LEFT_ALONE = regex.compile(
    r"""
      (?:https?://|www\.)\S+                      # links
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+                # mail addresses
    | (?<!\w)@[\w.-]+(?:@[\w.-]+\w)?              # handles
    | (?<!\w)\#\w+                                # tags
    | (?<![\w:]):[\w+-]+:(?!\w)                   # names of emoji
    | (?<!\w)(?:[\w-]+\.)+(?:com|org|net|io|app|dev|social|shop|info|eu|de|at|ch|fr|it|es|nl|pl
        |se|no|dk|fi|uk|us|pt|cz|jp|br)(?:/\S*)?\b  # addresses without their beginning
    | \S*[\\/_=<>{}|]\S*                          # paths, codes
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:[’'][\p{L}\p{M}]+)*")
_NUMBER = regex.compile(r"\p{N}")
_OWN_CAPITALS = regex.compile(r"\p{Ll}\p{Lu}|^\p{Lu}{2,}$|^\p{Lu}{2,}[’']?s$")


@dataclass(frozen=True, slots=True)
class Word:
    """``first`` and ``behind`` (the place after the last) in characters of the text."""

    first: int
    behind: int
    text: str


def words_of(text: str, script: str) -> Iterator[Word]:
    """The words to look up, in order: of this script, two letters and more.

    Left alone is what no dictionary knows: links, addresses, handles, tags, numbers, what has a
    digit in it, abbreviations in capitals and names with capitals inside ("PayPal").
    """
    alone = [found.span() for found in _LEFT_ALONE.finditer(text)]
    at = 0
    for found in _WORD.finditer(text):
        first, behind = found.span()
        while at < len(alone) and alone[at][1] <= first:
            at += 1
        if at < len(alone) and alone[at][0] < behind:
            continue
        word = found.group()
        if len(word) < 2 or _NUMBER.search(word) or _OWN_CAPITALS.search(word):
            continue
        if _script(word[0]) == script:
            yield Word(first, behind, word)


@cache
def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").partition(" ")[0]
