"""Reading and marking many cases in one question each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
import sqlalchemy as sa

from app.domain.cases import CaseState
from app.domain.ids import CaseId
from app.store.database import Tx
from app.store.events import json_ids

_FOLDS = sa.text(
    "SELECT c.id, c.fold FROM json_each(:cases) AS wanted"
    " JOIN case_state AS c ON c.id = wanted.value WHERE c.status <> 4"
)
_UNREAD = sa.text(
    "SELECT c.id, c.last_key, s.key FROM json_each(:cases) AS wanted"
    " JOIN case_state AS c ON c.id = wanted.value LEFT JOIN seen AS s ON s.case_id = c.id"
    " WHERE c.last_in_key > coalesce(s.key, 0)"
)
_SEE = sa.text("INSERT OR REPLACE INTO seen (case_id, key) VALUES (:case_id, :key)")
_FORGET = sa.text("DELETE FROM seen WHERE case_id = :case_id")


def states(conn: sa.Connection, cases: Iterable[CaseId]) -> dict[CaseId, CaseState]:
    """How each case stands; those that are not there, or were merged, are absent."""
    return {
        CaseId(row.id): msgspec.json.decode(row.fold, type=CaseState)
        for row in conn.execute(_FOLDS, {"cases": json_ids(cases)})
    }


def mark_seen(tx: Tx, cases: Iterable[CaseId]) -> list[tuple[CaseId, int | None]]:
    """Everything in these cases is read; how far those that were unread had been read before,
    None for one never looked at."""
    rows = tx.conn.execute(_UNREAD, {"cases": json_ids(cases)}).all()
    if rows:
        tx.conn.execute(_SEE, [{"case_id": row.id, "key": row.last_key} for row in rows])
        tx.changes.cases.update(CaseId(row.id) for row in rows)
    return [(CaseId(row.id), row.key) for row in rows]


def put_seen(tx: Tx, marks: Sequence[tuple[CaseId, int | None]]) -> None:
    """Read just as far as these marks say, as ``mark_seen`` returned them."""
    for case, key in marks:
        tx.conn.execute(*((_FORGET, {"case_id": case}) if key is None else
                          (_SEE, {"case_id": case, "key": key})))  # fmt: skip
    tx.changes.cases.update(case for case, _ in marks)
