"""Colleagues named in a note: “@Jonas Weber”."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.domain.departments import Agent
from app.domain.ids import AgentId

MARK = "@"


def mentioned(text: str, agents: Sequence[Agent]) -> tuple[AgentId, ...]:
    """Whom a note names by their whole name, each once, in the order of the text.

    Of several whose names begin alike, the longest that stands there is meant; of several with
    the same name, all are. An address (“care@jonas.example”) names nobody.
    """
    named: dict[str, list[AgentId]] = {}
    for agent in agents:
        named.setdefault(agent.name.casefold(), []).append(agent.id)
    if not named:
        return ()
    names = "|".join(re.escape(name) for name in sorted(named, key=len, reverse=True))
    found = re.findall(rf"(?<![\w.]){MARK}({names})(?!\w)", text.casefold())
    return tuple(dict.fromkeys(number for name in found for number in named[name]))
