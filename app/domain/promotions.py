"""Promotional content in a reply, and what it is recognised by.

Four signs: a coupon code, a tracked link, wording of a price taken off, a template that its owner
marked as promotional. The first three are found in the text, so that the place can be shown. Prices
and plain “sale” are not enough: an answer to “what does it cost?” is service.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from app.domain.records import dataclass


class Sign(StrEnum):
    """What it was recognised by."""

    COUPON = "coupon"
    TRACKED_LINK = "tracked_link"
    PRICE_OFF = "price_off"
    TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class Promotion:
    """One place, as [start, end) in characters of the text."""

    sign: Sign
    start: int
    end: int
    words: str


_LONGEST = 20_000
_ALONE = re.compile(r"(?<![\w#@/-])[A-Z]{3,16}\d{2,3}(?![\w/-])")
_CAPITALS = re.compile(r"[A-Z0-9][A-Z0-9_-]{2,19}(?![A-Za-z0-9])")
# “code HUILA15”, “Gutscheincode: HUILA”: after such a word capitals alone are a coupon.
_CODE = r"(?:code|codes|kod|koden|c[oó]digo|codice)"
_CODE_WORDS = re.compile(
    r"(?<!\w)(?:promo|coupon|discount|voucher|gift|rabatt?|gutschein|aktions|rabais|remise|"
    r"promoci[oó]n|descuento|cup[oó]n|kortings?|sconto|desconto|cupom|kampanj)[\s-]*"
    rf"{_CODE}?(?:\s+(?:is|ist|est|es|är|:))?[\s:“\"'«]+"
    r"|(?<!\w)(?:use|with|enter|mit|avec|con|med|met)\s+(?:the\s+|dem\s+|le\s+|el\s+)?"
    rf"{_CODE}[\s:“\"'«]+",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_TRACKED = re.compile(
    r"[?&](?:utm_[a-z]+|gclid|fbclid|mc_cid|mc_eid|aff(?:iliate)?(?:_?id)?|coupon|promo(?:_?code)?|"
    r"discount(?:_?code)?|voucher)=",
    re.IGNORECASE,
)
_AMOUNT = r"(?:\d{1,2}(?:[.,]\d)?\s*%|[€$£¥]\s?\d+|\d+\s?(?:€|\$|£|kr|eur|usd|gbp|sek)(?!\w))"
_OFF = (
    # English
    rf"{_AMOUNT}\s+(?:off|discount|cheaper)(?!\w)",
    rf"(?:save|discount\s+of)\s+(?:up\s+to\s+)?{_AMOUNT}",
    r"(?:buy|get)\s+(?:one|two|1|2)[\s,]+get\s+(?:one|two|1|2)",
    r"half[\s-]price",
    # German
    rf"{_AMOUNT}\s+(?:rabatt|nachlass|günstiger|reduziert)(?!\w)",
    rf"spar(?:en\s+sie|en|st|e|t)?\s+(?:jetzt\s+|bis\s+zu\s+)*{_AMOUNT}",
    # French
    rf"{_AMOUNT}\s+de\s+(?:réduction|remise|rabais)",
    rf"(?:réduction|remise|rabais)\s+de\s+{_AMOUNT}",
    # Spanish, Portuguese, Italian
    rf"{_AMOUNT}\s+(?:de\s+|di\s+)?(?:descuento|desconto|sconto)",
    rf"(?:descuento|desconto|sconto)\s+(?:de[l]?\s+|di\s+|do\s+)?{_AMOUNT}",
    # Swedish, Danish, Norwegian, Dutch
    rf"{_AMOUNT}\s+(?:rabat|korting)(?!\w)",
    rf"(?:rabatt|rabat|korting)\s+(?:på|van|av)\s+{_AMOUNT}",
    rf"(?:spara|spar|bespaar)\s+{_AMOUNT}",
)
_UNSPACED_OFF = (
    # Japanese, Chinese
    r"\d{1,2}\s*[%\N{FULLWIDTH PERCENT SIGN}]\s*(?:オフ|引き|割引|OFF)",
    r"[1-9一二三四五六七八九](?:\.\d)?折",
)
_PRICE_OFF = re.compile(rf"(?<![\w%])(?:{'|'.join(_OFF)})|{'|'.join(_UNSPACED_OFF)}", re.IGNORECASE)
# Where something is being made good, such words are service.
_MAKES_GOOD = re.compile(
    r"(?<!\w)(?:refund|reimburs|compensat|goodwill|apolog|sorry|invoice|rechnung|factur|fattura|"
    r"faktur|erstatt|gutschrift|kulanz|rembours|dédommag|reembols|återbetal|terugbetal|rimbors)\w*"
    # “For the three lost mornings”, “für die Umstände”
    r"|(?<!\w)for\s+(?:the|your|all\s+the)\s+(?:\w+\s+)?"
    r"(?:lost|wasted|ruined|trouble|wait|delay|inconvenience)(?!\w)"
    r"|(?<!\w)für\s+(?:die|den|das)\s+(?:\w+\s+)?(?:umstände|ärger|wartezeit|verspätung|verloren\w*)"
    r"|(?<!\w)pour\s+(?:la\s+gêne|les?\s+désagréments?|l['’]attente|le\s+retard)"
    r"|(?<!\w)por\s+(?:las\s+molestias|la\s+espera|el\s+retraso)"
    r"|(?<!\w)för\s+(?:besväret|väntan|förseningen)"
    r"|(?<!\w)voor\s+(?:het\s+ongemak|de\s+wachttijd|de\s+vertraging)"
    r"|(?<!\w)per\s+(?:il\s+disagio|l['’]attesa|il\s+ritardo)",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"(?:[^.!?…\n。！？]|[.!?…](?!\s|$))*(?:[.!?…。！？\n]+|$)")


def promotions(text: str, *, known_codes: Iterable[str] = ()) -> tuple[Promotion, ...]:
    """The promotional places of a text, in their order and without overlaps.

    ``known_codes``: the coupon codes of the workspace’s campaigns, found in any case.
    """
    text = text[:_LONGEST]
    links = [link for link in _LINK.finditer(text) if _TRACKED.search(link[0])]
    prices = [
        match
        for match in _PRICE_OFF.finditer(text)
        if not _MAKES_GOOD.search(_sentence_around(text, match.start()))
    ]
    found = [
        *(_at(Sign.TRACKED_LINK, text, *link.span()) for link in links),
        *(_at(Sign.COUPON, text, *place) for place in _coupons(text, known_codes)),
        *(_at(Sign.PRICE_OFF, text, *match.span()) for match in prices),
    ]
    return _apart(found)


def _coupons(text: str, known_codes: Iterable[str]) -> list[tuple[int, int]]:
    links = [(link.start(), link.end()) for link in _LINK.finditer(text)]
    places = [
        match.span()
        for code in known_codes
        if code
        for match in re.finditer(rf"(?<!\w){re.escape(code)}(?!\w)", text, re.IGNORECASE)
    ]
    for word in _CODE_WORDS.finditer(text):
        named = _CAPITALS.match(text, word.end())
        if named:
            places.append(named.span())
    places += [match.span() for match in _ALONE.finditer(text)]
    return [(a, b) for a, b in places if not any(x <= a < y for x, y in links)]


def _sentence_around(text: str, place: int) -> str:
    return next((one[0] for one in SENTENCE.finditer(text) if one.end() > place), "")


def _at(sign: Sign, text: str, start: int, end: int) -> Promotion:
    return Promotion(sign, start, end, text[start:end])


def _apart(found: list[Promotion]) -> tuple[Promotion, ...]:
    kept: list[Promotion] = []
    for one in sorted(found, key=lambda place: (place.start, -place.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)
