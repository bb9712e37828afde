"""Whom a note names."""

from __future__ import annotations

import pytest

from app.domain.departments import IT, PR, Agent
from app.domain.ids import AgentId
from app.domain.mentions import mentioned

JONAS = Agent(AgentId("j"), "Jonas Weber", IT)
JO = Agent(AgentId("jo"), "Jonas", PR)
ZOE = Agent(AgentId("z"), "Zoë O’Hara", PR)
TWIN = Agent(AgentId("t"), "zoë o’hara", IT)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Jonas Weber, can you look?", ("j",)),
        ("@Jonas can you look?", ("jo",)),
        ("@jonas weber and @JONAS and @Jonas Weber", ("j", "jo")),
        ("(@Zoë O’Hara) knows", ("z", "t")),
        ("care@jonas.example", ()),
        ("@Jonasson", ()),
        ("Jonas Weber", ()),
        ("", ()),
    ],
)
def test_a_note_names_whole_names_once_each(text: str, named: tuple[str, ...]) -> None:
    assert mentioned(text, (JO, JONAS, ZOE, TWIN)) == named


def test_nobody_is_named_where_there_is_nobody() -> None:
    assert mentioned("@ Jonas @", ()) == ()
