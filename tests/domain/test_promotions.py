"""Advertising is recognised in the languages we know, and service is let alone."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.promotions import Sign, promotions
from app.domain.unpromoted import without

C, L, P = Sign.COUPON, Sign.TRACKED_LINK, Sign.PRICE_OFF


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Try it with HUILA15 until Sunday.", [(C, "HUILA15")]),
        ("Use code SUMMER at the checkout", [(C, "SUMMER")]),
        ("Gutscheincode: FRUEHLING", [(C, "FRUEHLING")]),
        ("Your promo code “DUO-2026” is here", [(C, "DUO-2026")]),
        ("See https://halden.example/duo?utm_source=mastodon now",
         [(L, "https://halden.example/duo?utm_source=mastodon")]),
        ("https://halden.example/?a=1&coupon=HUILA15",
         [(L, "https://halden.example/?a=1&coupon=HUILA15")]),
        ("15 % off all grinders", [(P, "15 % off")]),
        ("Save up to €20 this week", [(P, "Save up to €20")]),
        ("Buy one, get one free", [(P, "Buy one, get one")]),
        ("Jetzt 20% Rabatt auf alles", [(P, "20% Rabatt")]),
        ("10 % de réduction avec le code CAFE10", [(P, "10 % de réduction"), (C, "CAFE10")]),
        ("20 % de descuento hoy", [(P, "20 % de descuento")]),
        ("25% korting op de Duo", [(P, "25% korting")]),
        ("Spara 100 kr idag", [(P, "Spara 100 kr")]),
        ("本日20%オフです", [(P, "20%オフ")]),
        ("全场八折", [(P, "八折")]),
    ],
)  # fmt: skip
def test_recognised(text: str, expected: list[tuple[Sign, str]]) -> None:
    found = promotions(text)
    assert [(one.sign, one.words) for one in found] == expected
    assert all(text[one.start : one.end] == one.words for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "The Duo costs €499 and ships in two days.",
        "Your order HC-20931 left today, parcel 00340434161094.",
        "E14 means the tank is empty; update to 3.2 first.",
        "It’s case #2Y7A74, we’ll write by 17:00.",
        "Sorry for that. We have taken 15 % off your invoice.",
        "As an apology you get 20% off the repair.",
        "For the three lost mornings, take 15 % off your next bag.",
        "Por las molestias tiene 20 % de descuento.",
        "I am 100 % sure it is fixed.",
        "It was on sale last week. We’re sorry you missed it.",
        "https://halden.example/help?article=14&lang=en",
        "Please send the code on the back of the machine.",
        "USB2 and WIFI6 both work with the iOS18 app.",
        "Kl. 10 börjar mötet, plats B2.",
        "",
    ],
)
def test_service_is_let_alone(text: str) -> None:
    assert promotions(text) == ()


def test_codes_of_campaigns_are_known_in_any_case() -> None:
    assert promotions("just say huila", known_codes=["HUILA", ""])[0].words == "huila"
    assert promotions("huilas are nice", known_codes=["HUILA"]) == ()


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("The pump is on its way. Use HUILA15 for 15 % off. Ines",
         "The pump is on its way. Ines"),
        ("Hello Marta,\n\nyour pump left today.\n\n15 % off everything!\n\nInes",
         "Hello Marta,\n\nyour pump left today.\n\nInes"),
        ("Use HUILA15", ""),
        ("Your pump left today (use HUILA15 next time). Ines", "Your pump left today. Ines"),
        ("Ihre Pumpe ist unterwegs; mit dem Code HUILA15 sparen Sie 15 %!",
         "Ihre Pumpe ist unterwegs!"),
        ("Votre pompe est partie (10 % de réduction avec CAFE10).", "Votre pompe est partie."),
        ("Din pump är på väg; spara 100 kr idag", "Din pump är på väg"),
        ("Su bomba ya salió; use HUILA15 (20 % de descuento).", ""),
        ("Sorry (HUILA15).", ""),
        ("For the three lost mornings, take 15 % off your next bag with HUILA15",
         "For the three lost mornings, take 15 % off your next bag"),
        ("For your birthday, take 15 % off your next bag with HUILA15", ""),
        ("If you like, use HUILA15.", ""),
        ("Your next bag comes with HUILA15.", ""),
        ("With HUILA15 you get a bag for less.", ""),
        ("Your pump left today, and you get 15 % off with HUILA15. Ines",
         "Your pump left today. Ines"),
        ("Your pump left today – 15 % off everything until Sunday!", "Your pump left today!"),
        ("Order the lid with the code “HUILA15” until Sunday.", "Order the lid until Sunday."),
        ("All our beans and paper filters are 15 % off.", ""),
        ("Beans, lids, and filters are 15 % off now.", ""),
        ("The lid is here (take it with HUILA15 or SOMMER20), and it fits.",
         "The lid is here, and it fits."),
        ("Bestellen Sie den Deckel einfach mit dem Gutscheincode HUILA15 nach.",
         "Bestellen Sie den Deckel einfach nach."),
        ("Für die Umstände erhalten Sie 10 % Rabatt mit dem Code HUILA15.",
         "Für die Umstände erhalten Sie 10 % Rabatt."),
        ("Die Pumpe ist unterwegs, und Sie sparen 15 % mit HUILA15!", "Die Pumpe ist unterwegs!"),
        ("Votre pompe est partie, et vous avez 10 % de réduction avec CAFE10.",
         "Votre pompe est partie."),
        ("Commandez le couvercle avec le code promo CAFE10.", "Commandez le couvercle."),
        ("Su bomba ya salió, y usted tiene 20 % de descuento con CAFE10.", "Su bomba ya salió."),
        ("Din pump är på väg, och du får 15 % rabatt med koden HUILA15.", "Din pump är på väg."),
        ("Je pomp is onderweg, gebruik HUILA15 voor 15% korting!", "Je pomp is onderweg!"),
        ("La pompa è partita, usa il codice CAFE10.", "La pompa è partita."),
        ("The manual is at https://halden.example/m?utm_source=a", ""),
        ("Use HUILA15; your pump left today.", ""),
        ("修理が終わりました。本日20%オフです。", "修理が終わりました。"),
    ],
)  # fmt: skip
def test_the_reply_without_it(text: str, rest: str) -> None:
    assert without(text, promotions(text)) == rest


CLAUSES = (
    "Your pump left today",
    "We are sorry, Marta",
    "For your birthday",
    "The lid (a new one) is here",
    "take 15 % off with HUILA15",
    "use “HUILA15” now",
    "save €20 (with SOMMER20)",
    "Ihr Deckel ist da",
    "mit dem Code HUILA15 sparen Sie",
    "see https://halden.example/?utm_source=x",
)
JOINTS = (", and ", " and ", ", ", " – ", "; ", " (", ") ", ", und ", " with ", " with the code ")
SENTENCES = st.lists(st.tuples(st.sampled_from(CLAUSES), st.sampled_from(JOINTS)), max_size=5).map(
    lambda parts: "".join(clause + joint for clause, joint in parts)
)


@given(SENTENCES | st.text(alphabet="ABab12 %.!?\n€offcode:/?=&utm_#();", max_size=80))
def test_what_is_left_holds_none_of_it(text: str) -> None:
    found = promotions(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    rest = without(text, found)
    assert not any(one.words in rest and text.count(one.words) == 1 for one in found)
    characters = iter(text)
    assert all(one in characters for one in rest if not one.isspace()), "nothing is put in"


@given(SENTENCES, st.sampled_from(CLAUSES), st.sampled_from(".!"))
def test_what_is_left_of_a_sentence_is_whole(joined: str, last: str, end: str) -> None:
    text = f"{joined}{last}{end}"
    found = promotions(text)
    rest = without(text, found)
    if not found:
        assert rest == " ".join(text.split())
    elif rest:
        assert promotions(rest) == ()
        assert rest.endswith(end)
        assert rest.rstrip(".!").split()[-1].casefold() not in {"and", "und", "with", "mit", "the"}
        for opens, closes in ("()", "“”"):
            if text.count(opens) == text.count(closes):
                assert rest.count(opens) == rest.count(closes)
