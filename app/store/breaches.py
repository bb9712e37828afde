"""Which promises have passed unmet: written into the ledger once each, dated when they were due.

Decisions of a rule, with ids computed from the clock and its moment. A sweep finds what has passed
by now; what passed since the last one is written down before a decision changes the clocks of its
case. What late answers tell stands in ``late_answers``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from app.domain.cases import CaseState
from app.domain.clock import hybrid_floor
from app.domain.clocks import CaseClock
from app.domain.events import Event, EventType, ruled
from app.domain.ids import CaseId
from app.domain.right_of_way import give_way
from app.domain.waiting import next_to_pass, told_late
from app.store.database import Tx
from app.store.events import json_ids, store

_COLUMNS: Final = "c.id, c.waiting_since_ms, c.fold, c.clocks"
_PASSED = sa.text(
    f"SELECT {_COLUMNS} FROM case_state AS c INDEXED BY case_passes"  # noqa: S608 - no input
    " WHERE c.passes_ms <= :now ORDER BY c.passes_ms DESC LIMIT :limit"
)
_PASSED_OF = sa.text(
    f"SELECT {_COLUMNS} FROM json_each(:cases) AS wanted"  # noqa: S608 - no input
    " JOIN case_state AS c ON c.id = wanted.value WHERE c.passes_ms <= :now"
)
_KNOWN = sa.text(
    "SELECT e.id FROM json_each(:ids) AS wanted JOIN event AS e ON e.id = wanted.value"
)
_PUT = sa.text("UPDATE case_state SET fold = :fold, passes_ms = :passes WHERE id = :id")


def record_breaches(tx: Tx, limit: int = 100) -> int:
    """Write down what has passed by now, of at most ``limit`` cases, the latest first. How many
    cases; nothing is left when it is 0."""
    rows = tx.conn.execute(_PASSED, {"now": tx.now_ms, "limit": limit}).all()
    return _record(tx, rows, tx.now_ms)


def record_before_deciding(tx: Tx, cases: Iterable[int]) -> None:
    """Write down what has passed before now on these cases: a decision may stop their clocks."""
    values = {"cases": json_ids(cases), "now": tx.now_ms - 1}
    _record(tx, tx.conn.execute(_PASSED_OF, values).all(), tx.now_ms - 1)


def breach(case: int, clock: str, due_ms: int) -> Event:
    """The event that a promise passed unmet, the same on every laptop."""
    data = {"clock": clock, "due": due_ms}
    stamp = hybrid_floor(due_ms)
    return ruled(EventType.CLOCK_BREACHED, case, clock, due_ms, stamp=stamp, data=data)


def _record(tx: Tx, rows: Sequence[Any], now_ms: int) -> int:
    """Kept with a case is what a fold of all its events would give: of its state nothing else
    changes than what has passed."""
    cases = [_Case.of(row) for row in rows]
    late = [case.late(now_ms) for case in cases]
    ids = json_ids(event.id for events in late for event in events)
    # What was taken back stays so.
    known = set(tx.conn.execute(_KNOWN, {"ids": ids}).scalars()) if cases else set()
    changed: list[dict[str, Any]] = []
    fresh: list[Event] = []
    for case, events in zip(cases, late, strict=True):
        new = [event for event in events if event.id not in known]
        if new:
            fresh += new
            changed.append(case.after(new))
            tx.changes.cases.add(case.id)
    if fresh:
        store(tx, fresh)
        tx.conn.execute(_PUT, changed)
    return len(changed)


@dataclass(frozen=True, slots=True)
class _Case:
    """What is kept of a case that has to do with its clocks."""

    id: CaseId
    waits_since_ms: int | None
    state: CaseState
    clocks: tuple[CaseClock, ...]

    @classmethod
    def of(cls, row: Any) -> _Case:
        give_way()
        case, waits_since_ms, fold, clocks = row
        return cls(
            CaseId(case),
            waits_since_ms,
            msgspec.json.decode(fold, type=CaseState),
            msgspec.json.decode(clocks, type=tuple[CaseClock, ...]),
        )

    def late(self, now_ms: int) -> list[Event]:
        """What has passed by now, and is not told already."""
        running = [clock.deadline for clock in self.clocks if clock.deadline is not None]
        return [
            breach(self.id, one.kind.value, one.due_ms)
            for one in running
            if one.due_ms <= now_ms and not told_late(one, self.state, self.waits_since_ms)
        ]

    def after(self, events: Iterable[Event]) -> dict[str, Any]:
        """The columns that change with these."""
        give_way()
        passed = self.state.breached | {(e.data["clock"], e.data["due"]) for e in events}
        state = replace(self.state, breached=passed)
        following = next_to_pass(self.clocks, state, self.waits_since_ms)
        return {
            "id": self.id,
            "fold": msgspec.json.encode(state, order="deterministic").decode(),
            "passes": following.due_ms if following else None,
        }
