"""What is looked at before a reply leaves: warnings that say why, and show where.

None of them stops a reply, unless its rule says so. They look at words only; what they cannot judge
they do not mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from app.domain.interactions import Visibility
from app.domain.phrases import found_in, plain
from app.domain.records import dataclass


class Check(StrEnum):
    """What may be wrong. Stored by value in the rules of a workspace."""

    FORBIDDEN = "forbidden"
    MONEY = "money"
    PERSONAL = "personal"
    GREETING = "greeting"
    LONG_SENTENCES = "long_sentences"
    SHOUTING = "shouting"


@dataclass(frozen=True, slots=True)
class Guidelines:
    """What a department keeps to.

    ``forbidden``  phrases nobody says, as in routing rules.
    ``greetings``  how a first reply begins; empty asks for none.
    ``most_words`` a sentence should have, on average; 0 does not count.
    ``blocking``   the checks that hold a reply back.
    ``playbook``   how the department handles what comes again and again: paragraphs, parted by
                   empty lines, of which the first line may be a heading.
    """

    forbidden: tuple[str, ...] = ()
    greetings: tuple[str, ...] = ()
    most_words: int = 25
    blocking: frozenset[Check] = frozenset()
    playbook: str = ""


@dataclass(frozen=True, slots=True)
class Concern:
    """``words`` are those of the text it is about, "" where it is about all of it."""

    check: Check
    words: str
    blocks: bool = False

    @property
    def sentence(self) -> str:
        """What a colleague would say."""
        return _SENTENCES[self.check].format(self.words)


_SENTENCES = {
    Check.FORBIDDEN: "“{}” is not how this department speaks.",
    Check.MONEY: "“{}” promises money.",
    Check.PERSONAL: "“{}” would be seen by everybody.",
    Check.GREETING: "A first reply begins with a greeting.",
    Check.LONG_SENTENCES: "The sentences are long.",
    Check.SHOUTING: "“{}” reads as shouting.",
}
_AMOUNT = re.compile(
    r"(?:[€$£¥]\s?\d[\d.,]*|(?<![\w.,])\d[\d.,]*\s?(?:€|\$|£|¥|kr|eur|euros?|usd|dollars?|gbp|sek|chf)(?!\w))",
    re.IGNORECASE,
)
_PROMISE = re.compile(
    r"(?<!\w)(?:we(?:[’']ll|\s+will)|i(?:[’']ll|\s+will)|you(?:[’']ll|\s+will)\s+(?:get|receive)|"
    r"refund\w*|reimburs\w*|compensat\w*|pay\s+you|credit\w*|voucher|"
    r"erstatt\w*|gutschr\w*|überweis\w*|rembours\w*|reembols\w*|återbetal\w*|terugbetal\w*|rimbors\w*)",
    re.IGNORECASE,
)
_MAIL = re.compile(r"(?<![\w.+@-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+(?!\w)")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?(?!\w)")
_CARD = re.compile(r"(?<![\w-])\d(?:[ -]?\d){12,18}(?![\w-])")
# Written as such: with a plus, or in groups. Parcels, orders and dates are digits too.
_PHONE = re.compile(
    r"(?<![\w/#-])(?:\+\d(?:[ ()./-]{0,2}\d){7,13}|0\d{1,4}[ )/-]{1,2}\d(?:[ -]?\d){4,9}"
    r"|(?:\(\d{3}\) ?|\d{3}-)\d{3}-\d{4})(?![\w-])"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE_END = re.compile(r"[.!?…。！？]+(?=\s|$)|\n+|[。！？]")
_LOUD_WORDS = 3
_LOUD_MARKS = re.compile(r"[!?！？]{3,}")
_LUHN = 10


def check(
    text: str, guidelines: Guidelines, *, visibility: Visibility, first_reply: bool
) -> tuple[Concern, ...]:
    """What a colleague would mention before this is sent to be seen by so many."""
    found = [
        *((Check.FORBIDDEN, phrase) for phrase in found_in(text, guidelines.forbidden)),
        *((Check.MONEY, words) for words in _promised_money(text)),
    ]
    if visibility is not Visibility.DIRECT:
        found += [(Check.PERSONAL, words) for words in _personal(text)]
    if first_reply and guidelines.greetings and not _greets(text, guidelines.greetings):
        found.append((Check.GREETING, ""))
    found += [(Check.SHOUTING, words) for words in _shouted(text)]
    if guidelines.most_words and _words_a_sentence(text) > guidelines.most_words:
        found.append((Check.LONG_SENTENCES, ""))
    return tuple(Concern(kind, words, kind in guidelines.blocking) for kind, words in found)


def _promised_money(text: str) -> Iterator[str]:
    """Amounts in sentences that promise something; a price alone is no promise."""
    for sentence in _sentences(text):
        if _PROMISE.search(sentence):
            yield from (match[0].strip(" .,") for match in _AMOUNT.finditer(sentence))


def _personal(text: str) -> Iterator[str]:
    """Mail addresses, bank accounts, cards and telephone numbers."""
    places: list[tuple[int, int]] = []
    for pattern in (_MAIL, _IBAN, _CARD, _PHONE):
        for match in pattern.finditer(text):
            inside = any(start < match.end() and match.start() < end for start, end in places)
            if inside or (pattern is _CARD and not _is_card(match[0])):
                continue
            places.append(match.span())
    yield from (text[start:end] for start, end in sorted(places))


def _is_card(digits: str) -> bool:
    """The checksum of ISO/IEC 7812-1, that of H. P. Luhn."""
    total = 0
    for place, digit in enumerate(int(c) for c in reversed(digits) if c.isdigit()):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled >= _LUHN else doubled
    return total % _LUHN == 0


def _greets(text: str, greetings: Iterable[str]) -> bool:
    begins = plain(text[:200]).lstrip("@¡¿ ")
    # An @handle first is how a reply is addressed on some channels.
    begins = re.sub(r"^(?:\S+@?\S*\s+)?", "", begins) if text.lstrip().startswith("@") else begins
    return any(found_in(begins[: len(plain(one)) + 1], [one]) for one in greetings)


def _shouted(text: str) -> Iterator[str]:
    """Three words in capitals in a row, or three marks."""
    run: list[str] = []
    for word in [*_WORD.findall(text), ""]:
        if word.isupper():
            run.append(word)
            continue
        if len(run) >= _LOUD_WORDS:
            yield " ".join(run)
        run = []
    yield from (match[0] for match in _LOUD_MARKS.finditer(text))


def _words_a_sentence(text: str) -> float:
    counts = [len(sentence.split()) for sentence in _sentences(text)]
    counts = [count for count in counts if count]
    return sum(counts) / len(counts) if counts else 0.0


def _sentences(text: str) -> list[str]:
    return _SENTENCE_END.split(text)
