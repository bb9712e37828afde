"""Bounds of a search as SQL: from which key on, and what else has to hold of an interaction."""

from __future__ import annotations

import json
from typing import Any

from app.domain.bounds import UNBOUND, Bounds, since_ms
from app.domain.clock import from_ms
from app.domain.ids import key_floor
from app.domain.interactions import Channel
from app.domain.records import dataclass

_CHANNELS = (
    "m.account IN (SELECT a.id FROM json_each(:channels) AS one"
    " JOIN account AS a ON a.channel = one.value)"
)
_DEPARTMENTS = (
    "EXISTS (SELECT 1 FROM case_state AS c WHERE c.identity = m.party"
    " AND c.conversation = m.conversation AND c.status < 4"
    " AND c.department IN (SELECT value FROM json_each(:departments)))"
)
_SIDE = "m.side = :side"


@dataclass(frozen=True, slots=True)
class Within:
    """``since`` is the smallest key; ``also`` a condition on ``interaction AS m``, "" for none,
    which names ``values``. Keys alone are told by the index; the condition reads each match."""

    bounds: Bounds
    since: int
    since_ms: int
    also: str
    values: dict[str, Any]

    @property
    def has_customers(self) -> bool:
        """Whether it asks for nothing that only messages and cases have."""
        return not self.bounds.departments and self.bounds.side is None

    def holds(self, channel: Channel, last_ms: int) -> bool:
        """Whether somebody on this channel, last heard of then, is within."""
        channels = self.bounds.channels
        return last_ms >= self.since_ms and (not channels or channel in channels)


def within(bounds: Bounds, now_ms: int) -> Within:
    """What the bounds come to at this moment, here."""
    began = since_ms(bounds.since, from_ms(now_ms))
    asked = (
        (bounds.channels, _CHANNELS, {"channels": json.dumps(list(bounds.channels))}),
        (bounds.departments, _DEPARTMENTS, {"departments": json.dumps(list(bounds.departments))}),
        (bounds.side, _SIDE, {"side": bounds.side}),
    )
    held = [(condition, values) for wanted, condition, values in asked if wanted]
    values = {name: value for _, named in held for name, value in named.items()}
    also = " AND ".join(condition for condition, _ in held)
    return Within(bounds, int(key_floor(began)), began, also, values)


EVERYWHERE = within(UNBOUND, 0)
