"""Words and phrases that a rule looks for in a text, whatever its case and its accents.

“refund” finds “Refund” and “REFUND,” but not “refunds”; “refund*” finds that too; “still waiting”
finds the two in this order. In scripts without spaces, and for emoji, a phrase is found wherever it
stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

LONGEST_TEXT = 20_000
"""Characters of a text that are looked at; no service sends more."""
_APART = re.compile(
    "[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc"
    "\u2190-\u2bff\U0001b000-\U0001b16f\U0001f000-\U0003ffff]"
)


def plain(text: str) -> str:
    """Without case, accents and doubled spaces: what is compared."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(text.casefold().split())


def found_in(text: str, phrases: Iterable[str]) -> tuple[str, ...]:
    """Those of the phrases that stand in the text, as they were given and in their order."""
    wanted = tuple(phrases)
    if not wanted:
        return ()
    looked_at = _looked_at(text)
    return tuple(phrase for phrase in wanted if _stands_in(phrase, looked_at))


@lru_cache(maxsize=4)
def _looked_at(text: str) -> str:
    """Many rules look at one text, one after the other."""
    return plain(text[:LONGEST_TEXT])


def _stands_in(phrase: str, looked_at: str) -> bool:
    # Most phrases stand in no text, and looking for letters is a tenth of looking for a pattern.
    letters, pattern = _pattern(phrase)
    return letters in looked_at and bool(pattern.search(looked_at))


@lru_cache(maxsize=4096)
def _pattern(phrase: str) -> tuple[str, re.Pattern[str]]:
    """The first word, and the whole; an empty phrase is found nowhere."""
    open_end = phrase.endswith("*")
    words = plain(phrase.removesuffix("*")).split()
    if not words:
        return "", re.compile(r"(?!)")
    body = r"\s+".join(re.escape(word) for word in words)
    starts = "" if _alone(words[0][0]) else r"(?<!\w)"
    ends = "" if open_end or _alone(words[-1][-1]) else r"(?!\w)"
    return words[0], re.compile(starts + body + ends)


def _alone(character: str) -> bool:
    """Whether it needs no space around it: no letter, or of a script that writes none."""
    return not (character.isalnum() or character == "_") or bool(_APART.match(character))
