"""How to call somebody in a sentence."""

from __future__ import annotations

import unicodedata


def first_name(name: str) -> str:
    """ "Marta" of "Marta Lindqvist"; the whole of a handle or of a name in another script."""
    words = name.split()
    if not words:
        return "the customer"
    first = words[0].strip(",")
    latin = all("LATIN" in unicodedata.name(c, "") or not c.isalpha() for c in first)
    plain = latin and first[:1].isalpha() and first[:1].isupper() and len(first) > 1
    return first if plain and not first.endswith(".") else " ".join(words)
