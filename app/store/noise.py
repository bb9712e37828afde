"""What the classifier of noise reads: what people said of cases, and the cases it may judge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from app.domain.events import Event, EventType, ruled
from app.domain.ids import CaseId
from app.domain.noise import Judgement, Mark
from app.domain.records import dataclass
from app.store import ledger
from app.store.database import Tx

_TEXT: Final = (
    "(SELECT group_concat(text, char(10)) FROM (SELECT m.text FROM interaction AS m"
    " WHERE m.conversation = c.conversation AND m.party = c.identity AND m.direction = 1"
    " AND m.deleted_ms IS NULL ORDER BY m.key LIMIT 5))"
)
"""What the customer wrote first, a few messages of it: a further one may say what it is about."""
_MARKS = sa.text(
    f"SELECT n.case_id, n.noise, {_TEXT} AS text FROM noise_mark AS n"  # noqa: S608 - no input
    " JOIN case_state AS c ON c.id = n.case_id ORDER BY n.case_id"
)
_STATE_OF_MARKS = sa.text(
    "SELECT count(*), coalesce(sum(noise), 0), coalesce(sum(case_id % 1000000007), 0),"
    " coalesce(sum((case_id % 1000000007) * noise), 0) FROM noise_mark"
)
_MARKED = sa.text("SELECT EXISTS (SELECT 1 FROM noise_mark WHERE case_id = :case_id)")
_ONE = sa.text(f"SELECT {_TEXT} AS text FROM case_state AS c WHERE c.id = :case_id")  # noqa: S608
_FRESH = sa.text(
    f"SELECT c.id, c.last_in_key, {_TEXT} AS text"  # noqa: S608 - no input
    " FROM case_state AS c INDEXED BY case_assignee"
    " WHERE c.status = 1 AND c.assignee IS NULL AND c.last_in_key > :after"
    " AND c.first_reply_ms IS NULL AND c.pending_from IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM noise_mark AS n WHERE n.case_id = c.id)"
    " AND NOT EXISTS (SELECT 1 FROM event AS e WHERE e.subject = c.id AND e.agent <> '')"
    " ORDER BY c.last_in_key LIMIT :limit"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case nobody has touched; ``last_key`` is that of the customer's latest message."""

    case: CaseId
    last_key: int
    text: str


def state_of_marks(conn: sa.Connection) -> tuple[int, ...]:
    """Changes with the marks, so that nothing is trained twice."""
    return tuple(conn.execute(_STATE_OF_MARKS).one())


def marks(conn: sa.Connection) -> list[Mark]:
    """All that people said, with the words it was said of."""
    return [
        Mark(row.case_id, row.text, bool(row.noise))
        for row in conn.execute(_MARKS)
        if row.text is not None
    ]


def is_marked(conn: sa.Connection, case: CaseId) -> bool:
    """Whether a person said of a case that it is noise, or that it is none."""
    return bool(conn.execute(_MARKED, {"case_id": case}).scalar())


def text_of(conn: sa.Connection, case: CaseId) -> str:
    """What the classifier reads of a case; "" where there is nothing."""
    return str(conn.execute(_ONE, {"case_id": case}).scalar() or "")


def fresh(conn: sa.Connection, after: int, limit: int) -> list[Candidate]:
    """Open cases that no person has decided anything about, oldest message first."""
    found = conn.execute(_FRESH, {"after": after, "limit": limit})
    return [Candidate(CaseId(row.id), row.last_in_key, row.text or "") for row in found]


def set_aside(tx: Tx, judged: Sequence[tuple[Candidate, Judgement]]) -> list[Event]:
    """Decide that these are noise; what has been touched since it was read is left alone. The
    cause is the latest message, so that what a person undoes stays undone."""
    still = {one.case: one.last_key for one in _still(tx, [one for one, _ in judged])}
    events = [
        ruled(
            EventType.NOISE_MARKED,
            candidate.case,
            candidate.last_key,
            stamp=tx.hybrid.tick(),
            data={"score": round(judgement.probability, 4), "reason": ", ".join(judgement.reasons)},
        )
        for candidate, judgement in judged
        if still.get(candidate.case) == candidate.last_key
    ]
    ledger.append(tx, events)
    return events


def _still(tx: Tx, candidates: Sequence[Candidate]) -> list[Candidate]:
    if not candidates:
        return []
    first = min(one.last_key for one in candidates)
    return fresh(tx.conn, first - 1, 10 * len(candidates))
