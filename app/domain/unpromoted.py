"""A reply without what promotes in it: as little is taken out as leaves a sentence that reads.

Of a sentence with a promotional place goes, in this order: what is in brackets or follows a
semicolon; the code with the words that bring it in (“with the code HUILA15”); the clause it stands
in, where the one before it stands by itself; or all of it. Nothing is ever put in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from app.domain.promotions import SENTENCE, Promotion

_Places = list[tuple[int, int]]

_STANDS: Final = 3
"""Fewer words than this are left out with the rest of their sentence."""
_END: Final = re.compile(r"[.!?…。！？\s]*$")
_ASIDE = re.compile(r"[^\S\n]*\([^()\n]*\)|\s*;[^;()\n]*?(?=[.!?…。！？]*\s*$)")
_BRINGS_IN = re.compile(
    r"[,\s]+(?:with|using|via|mit|per|avec|con|usando|com|med|met)\s+"
    r"(?:(?:the|your|our|my|this|dem|deinem|ihrem|unserem|diesem|le|votre|ton|notre|el|tu|su|il|lo"
    r"|o|seu|teu|de|het|je|uw|din|er)\s+)?"
    r"(?:(?:promo|coupon|discount|voucher|gift|rabatt|gutschein|aktions|kortings|kampanj)?[\s-]*"
    r"(?:code|codes|kod|koden|c[oó]digo|codice|cupom|cup[oó]n)\s+"
    r"(?:(?:promo|promotionnel|promocional|sconto|descuento|desconto)\s+)?)?[“\"'«]*$",
    re.IGNORECASE,
)
_ALSO = r"and|but|plus|so|und|aber|et|mais|y|pero|och|men|en|maar|e|ma|mas"
_BEGINS = (
    # English
    r"you|we|i|it|they|use|take|get|enjoy|save|try|grab|enter|order|treat|just|here|there|with"
    # German, French
    r"|du|sie|ihr|wir|ich|es|nutze|nutzen|nimm|nehmen|spare|sparen|hol|holen|hier|mit"
    r"|vous|tu|nous|je|j['’]|utilisez|utilise|profitez|profite|prenez|économisez|voici|avec"
    # Spanish, Italian, Portuguese
    r"|usted|use|usa|usi|aproveche|aprovecha|ahorre|ahorra|puede|puedes|aquí|con"
    r"|approfitta|risparmia|puoi|ecco|aproveite|poupe|você|com"
    # Swedish, Dutch
    r"|du|ni|vi|jag|använd|spara|ta|få|här|med|je|u|jij|wij|gebruik|neem|bespaar|krijg|met"
)
_NEXT_CLAUSE = re.compile(
    rf"(?P<also>(?:\s*,)?\s+(?:{_ALSO})\s+(?=(?:{_BEGINS})\b))"
    rf"|\s*,\s+(?=(?:{_BEGINS})\b)|\s+[–—-]\s+",
    re.IGNORECASE,
)
_LEADS_IN = re.compile(
    r"(?:for|as|if|when|because|since|to|with|after|before|until|while|although|in|on|at|by|from"
    r"|für|als|wenn|weil|da|um|mit|nach|vor|bis|während|obwohl|zu|zum|zur|bei|im|am"
    r"|pour|si|quand|comme|puisque|avec|après|avant|dans|en|à"
    r"|para|por|cuando|como|porque|con|después|antes|per|se|quando|dopo|em|depois"
    r"|för|om|när|som|eftersom|med|efter|före|i|på|voor|wanneer|omdat|met|na)\b",
    re.IGNORECASE,
)
_DANGLES = re.compile(
    rf"\b(?:{_ALSO}|or|oder|ou|o|eller|of|with|for|to|at|the|a|an|mit|für|zu|pour|avec|de|para|con"
    r"|por|med|för|met|voor|is|are|comes|works|ist|sind|kommt|est|vient|es|viene|är|kommer|komt)\s*[.!?…。！？,]*\s*$",
    re.IGNORECASE,
)
_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"), ("«", "»"), ("{", "}"))


def without(text: str, found: Iterable[Promotion]) -> str:
    """The text without these places and what cannot stand without them; "" where that is all."""
    places = [(one.start, one.end) for one in found]
    kept = [_left_of(sentence, places) for sentence in SENTENCE.finditer(text)]
    lines = (" ".join(line.split()) for line in "".join(kept).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _left_of(sentence: re.Match[str], places: _Places) -> str:
    words, first = sentence[0], sentence.start()
    held = [(a - first, b - first) for a, b in places if a < sentence.end() and b > first]
    if not held:
        return words
    tries = (*_without_asides(words, held), *_without_codes(words, held), *_before(words, held))
    return next((rest for rest in tries if _reads(rest, words, held)), "")


def _without_asides(words: str, held: _Places) -> Iterator[str]:
    """Without brackets, or what follows a semicolon."""
    for part in _ASIDE.finditer(words):
        if all(part.start() <= a and b <= part.end() for a, b in held):
            yield words[: part.start()] + words[part.end() :]


def _without_codes(words: str, held: _Places) -> Iterator[str]:
    """Without codes and links that are brought in by a word, behind something else."""
    rest = words
    for start, end in reversed(held):
        before = _BRINGS_IN.search(rest[:start])
        if before is None or not rest[: before.start()].strip():
            return
        closed = re.match(r"[”\"'»]*", rest[end:])
        assert closed is not None, "it matches nothing, too"
        rest = rest[: before.start()] + rest[end + closed.end() :]
    yield rest


def _before(words: str, held: _Places) -> Iterator[str]:
    """What stands before the clause with the first place, longest first; a phrase that only leads
    to that clause does not stand alone."""
    end = _END.search(words)
    assert end is not None, "it matches nothing, too"
    parted = [one for one in _NEXT_CLAUSE.finditer(words) if one.end() <= held[0][0]]
    for part in reversed(parted):
        if part["also"] or not _LEADS_IN.match(words.lstrip()):
            yield words[: part.start()] + end[0]


def _reads(rest: str, words: str, held: _Places) -> bool:
    """Whether what is left stands by itself and holds none of what had to go."""
    return (
        len(rest.split()) >= _STANDS
        and not any(words[a:b].casefold() in rest.casefold() for a, b in held)
        and not _DANGLES.search(rest)
        and all(
            rest.count(opens) == rest.count(closes) or words.count(opens) != words.count(closes)
            for opens, closes in _PAIRS
        )
    )
