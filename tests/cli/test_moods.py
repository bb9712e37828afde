"""The mood of a message from the command line: read, corrected, taken back to its words."""

from __future__ import annotations

from app.domain.ids import interaction_uid
from tests.cli.conftest import Seamline
from tests.store.building import ACCOUNT

KWAME = str(interaction_uid(ACCOUNT, "3"))


def test_a_mood_is_corrected_and_taken_back(seamline: Seamline) -> None:
    seamline.ok("mood", KWAME)
    assert seamline.json("mood", KWAME, "angry")["mood"] == "angry"
    assert "Angry, as an agent said." in seamline.ok("mood", KWAME)
    lines = seamline.ok("timeline", "@kwame")
    assert "corrected the mood of a message" in lines
    assert ", angry)" in lines
    assert not seamline.json("mood", KWAME, "words").get("corrected")


def test_what_is_no_message(seamline: Seamline) -> None:
    assert "is no message" in seamline.fails(2, "mood", "hello")
    assert "not in this workspace" in seamline.fails(1, "mood", "12")
