"""Each reader of remote input on some hundred inputs a run; ``make fuzz`` takes a million."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS
from tests.security.attacks import TEXTS
from tests.security.broken import DOCUMENTS, PICTURES

_INPUTS = st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode))


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=25)
@given(data=_INPUTS)
def test_whatever_comes_is_read_or_refused(name: str, data: bytes) -> None:
    TARGETS[name][0](data)


@pytest.mark.parametrize("name", TARGETS)
def test_the_same_inputs_every_time(name: str) -> None:
    dice = random.Random(4711)
    for _ in range(100):
        TARGETS[name][0](dice.randbytes(dice.randrange(1, 200)))


@pytest.mark.parametrize("name", [name for name in TARGETS if name != "bluesky facets"])
def test_the_corpus_goes_through_every_reader(name: str) -> None:
    for body in (*(one.text.encode() for one in TEXTS), *(one.body for one in DOCUMENTS[:40])):
        TARGETS[name][0](body[:4_000])
    for picture in PICTURES:
        TARGETS[name][0](picture.body[:4_000])
