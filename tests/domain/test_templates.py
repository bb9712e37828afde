"""A template says what it was made to say, and never less."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.departments import CARE, PR
from app.domain.errors import BadInput
from app.domain.templates import PLACES, TemplateVersion, checked, fill, suited


def test_places_are_filled_and_what_is_missing_is_told() -> None:
    filled = fill(
        "Hello {customer}, about {product} in { Case }: {{no}} {product}. {agent}",
        {"customer": "Marta", "case": "#2Y7A74", "agent": "  ", "product": ""},
    )
    assert filled.text == "Hello Marta, about {product} in #2Y7A74: {no} {product}. {agent}"
    assert filled.missing == ("product", "agent")


def test_what_is_filled_in_is_not_filled_again() -> None:
    assert fill("{customer}", {"customer": "{agent}", "agent": "Ines"}).text == "{agent}"


@given(st.text(alphabet="{}ab \n", max_size=30))
def test_any_text_can_be_filled(text: str) -> None:
    filled = fill(text.replace("{", "{{").replace("}", "}}"), {"a": "x", "b": "y"})
    assert (filled.text, filled.missing) == (text, ())


@pytest.mark.parametrize("text", ["", " \n", "Hi {nobody}", "Hi {}", "Hi {customer} {custo mer}"])
def test_a_template_that_nobody_can_fill_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        checked(text)


def test_a_template_is_kept_as_written() -> None:
    text = " ".join(f"{{{place.title()}}}" for place in PLACES) + " {{x}}"
    assert checked(f"  {text}\n") == text


def test_what_suits_best_comes_first_and_only_the_newest_version() -> None:
    def one(number: int, name: str, **more: object) -> TemplateVersion:
        return TemplateVersion(number, int(str(more.pop("version", 1))), name, "x", **more)  # type: ignore[arg-type]

    found = suited(
        [
            one(1, "Other house", department=PR, language="de"),
            one(2, "Anybody, any language"),
            one(3, "Ours in Swedish", department=CARE, language="sv"),
            one(4, "ours in German", department=CARE, language="de"),
            one(4, "Ours in German, corrected", department=CARE, language="de-AT", version=2),
            one(5, "All in English", language="en"),
        ],
        department=CARE,
        language="de-DE",
    )
    assert [version.name for version in found] == [
        "Anybody, any language",
        "Ours in German, corrected",
        "All in English",
        "Ours in Swedish",
        "Other house",
    ]
