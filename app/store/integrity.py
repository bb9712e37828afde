"""Whether a workspace file is whole: its encryption, its pages, its indexes, its projections.

Each check returns sentences, none when all is well. They read everything, so they take seconds on
a large file; nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import sqlalchemy as sa

from app.domain.cases import CaseState, fold_case
from app.domain.events import EventType, in_force
from app.domain.ids import IdentityId
from app.store import tables
from app.store.database import Connection, Tx
from app.store.events import events_of
from app.store.projection import person_of

_CHUNK = 2_000
_SHOWN = 5
_CHECKS = {
    name: sa.text(f"INSERT INTO {name} ({name}) VALUES ('integrity-check')")  # noqa: S608 - ours
    for name in ("search", "identity_search")
}


def versions(conn: Connection) -> dict[str, str]:
    """What reads and encrypts the file."""
    return {
        "SQLite": str(conn.exec_driver_sql("SELECT sqlite_version()").scalar()),
        "SQLCipher": str(conn.exec_driver_sql("PRAGMA cipher_version").scalar()),
    }


def file_faults(conn: Connection) -> list[str]:
    """Pages whose authentication code is wrong, and what SQLite itself finds broken."""
    forged = [str(row[0]) for row in conn.exec_driver_sql("PRAGMA cipher_integrity_check")]
    if forged:  # SQLite would only stumble over the same pages
        return forged[:_SHOWN]
    rows = conn.exec_driver_sql(f"PRAGMA integrity_check({_SHOWN})")
    return [str(row[0]) for row in rows if row[0] != "ok"]


def search_faults(tx: Tx) -> list[str]:
    """What is wrong inside the text indexes, and which rows they lack or have too many of.

    The check of FTS5 is written as an insertion, which stores nothing; hence the write transaction.
    """
    found = []
    for name, check in _CHECKS.items():
        try:
            with tx.conn.begin_nested():
                tx.conn.execute(check)
        except sa.exc.DatabaseError:
            found.append(f"The index “{name}” is damaged.")
    missing = tx.conn.exec_driver_sql(
        "SELECT count(*) FROM interaction AS i WHERE i.text <> ''"
        " AND NOT EXISTS (SELECT 1 FROM search_docsize AS d WHERE d.id = i.key)"
    ).scalar()
    if missing:
        found.append(f"The index “search” lacks {missing} messages.")
    strangers = tx.conn.exec_driver_sql(
        "SELECT count(*) FROM search_docsize AS d"
        " WHERE NOT EXISTS (SELECT 1 FROM interaction AS i WHERE i.key = d.id)"
    ).scalar()
    if strangers:
        found.append(f"The index “search” has {strangers} entries of no message.")
    return found


def projection_faults(conn: Connection) -> list[str]:
    """Where what is kept of cases and identities differs from the fold of the ledger."""
    wrong_cases = list(_wrong_cases(conn))
    wrong_identities = list(_wrong_identities(conn))
    found = []
    if wrong_cases:
        found.append(f"{len(wrong_cases)} cases are kept otherwise than decided.")
    if wrong_identities:
        found.append(f"{len(wrong_identities)} identities are kept with another customer.")
    return found


def _wrong_cases(conn: Connection) -> Iterator[int]:
    """Cases whose kept fold is not that of their events, that lack one, or have one too many."""
    opened = set(_subjects(conn, [EventType.CASE_OPENED]))
    kept = set(conn.execute(sa.select(tables.case_state.c.id)).scalars())
    for chunk in _chunks(sorted(opened | kept)):
        folds = _kept_folds(conn, chunk)
        ledger = events_of(conn, chunk)
        for case in chunk:
            state = fold_case(ledger.get(case, ()))
            if state != folds.get(case):
                yield case


def _kept_folds(conn: Connection, cases: list[int]) -> dict[int, CaseState]:
    state = tables.case_state.c
    rows = conn.execute(sa.select(state.id, state.fold).where(state.id.in_(cases)))
    return {row.id: msgspec.json.decode(row.fold, type=CaseState) for row in rows}


def _wrong_identities(conn: Connection) -> Iterator[int]:
    about = [EventType.IDENTITY_LINKED, EventType.IDENTITY_UNLINKED]
    linked = _subjects(conn, about)
    identity = tables.identity.c
    for chunk in _chunks(linked):
        ledger = events_of(conn, chunk)
        rows = conn.execute(sa.select(identity.id, identity.customer).where(identity.id.in_(chunk)))
        for row in rows:
            counting = in_force(ledger.get(row.id, []))
            if row.customer != person_of(IdentityId(row.id), counting).customer:
                yield row.id
    moved = conn.execute(sa.select(identity.id).where(identity.customer != identity.id)).scalars()
    yield from set(moved) - set(linked)


def _subjects(conn: Connection, types: list[EventType]) -> list[int]:
    event = tables.event.c
    query = sa.select(event.subject).where(event.type.in_([t.value for t in types])).distinct()
    return list(conn.execute(query).scalars())


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]
