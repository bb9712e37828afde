"""What a workspace holds, and whether it is true: read by the harness, never by the program."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from app.domain.clock import HybridClock, SystemClock
from app.domain.ids import DeviceId
from app.domain.interactions import Direction, Kind
from app.domain.outbox import OutboxState
from app.store import integrity, unlocking
from app.store.connection import FileKey, engine_for
from app.store.database import Connection, Tx
from app.store.keychain import Keychain
from app.store.manifest import read_manifest
from app.store.projections import rebuild

_PROJECTED = (
    "SELECT * FROM case_state ORDER BY id",
    "SELECT id, customer FROM identity ORDER BY id",
    "SELECT uid, side FROM interaction ORDER BY uid",
)

_ASKED = (
    "SELECT native_id, uid FROM interaction WHERE direction = :inbound"
    " AND kind IN (:mention, :reply) AND deleted_ms IS NULL ORDER BY key"
)
_WHICH = {"inbound": Direction.INBOUND, "mention": Kind.MENTION, "reply": Kind.REPLY}
_ANSWERED = (
    "SELECT i.native_id, i.uid FROM outbox AS o JOIN interaction AS i ON i.uid = o.uid"
    " WHERE o.act = 'reply' AND o.state = 'sent' AND i.deleted_ms IS NULL ORDER BY i.key"
)


@dataclass(frozen=True)
class Held:
    """What is in a workspace at one moment."""

    messages: Counter[str] = field(default_factory=Counter)
    """Interactions by their native id; more than one of an id is a fault."""
    events: frozenset[str] = frozenset()
    outbox: dict[str, OutboxState] = field(default_factory=dict)
    cases: tuple[int, ...] = ()
    """In the order they were opened."""
    asked: tuple[tuple[str, int], ...] = ()
    """What customers wrote, by native id and uid, oldest first."""
    answered: tuple[tuple[str, int], ...] = ()
    """What was written here, arrived and is still there, in the same way."""

    def settled(self, items: set[str]) -> bool:
        """Whether everything in the outbox came to its end, ``items`` among it."""
        ended = all(state.is_final for state in self.outbox.values())
        return ended and items <= set(self.outbox)


def key_of(folder: Path, passphrase: str = "") -> FileKey:
    """The key of a workspace: from the keyring of this process, or the passphrase."""
    return unlocking.key_of(read_manifest(folder), Keychain(), passphrase)


@contextmanager
def looking(database: Path, key: FileKey) -> Iterator[Connection]:
    """A connection beside the program's own; gone before the program is killed."""
    engine = engine_for(database, key, query_only=True)
    try:
        with engine.connect() as conn:
            yield conn
    finally:
        engine.dispose()


def held(conn: Connection) -> Held:
    with conn.begin():
        rows = conn.exec_driver_sql
        return Held(
            messages=Counter(row[0] for row in rows("SELECT native_id FROM interaction")),
            events=frozenset(str(row[0]) for row in rows("SELECT id FROM event")),
            outbox={row[0]: OutboxState(row[1]) for row in rows("SELECT id, state FROM outbox")},
            cases=tuple(row[0] for row in rows("SELECT id FROM case_state ORDER BY opened_ms, id")),
            asked=tuple((row[0], row[1]) for row in rows(_ASKED, _WHICH)),
            answered=tuple((row[0], row[1]) for row in rows(_ANSWERED)),
        )


def copy_database(database: Path, target: Path) -> None:
    """The file and its journal as a dead program left them."""
    for suffix in ("", "-wal"):
        source = database.with_name(database.name + suffix)
        if source.exists():
            shutil.copyfile(source, target.with_name(target.name + suffix))


def examine(database: Path, key: FileKey) -> tuple[Held, list[str]]:
    """Open a copy as the next start would; what it holds, and every fault in it.

    Faults of the pages, of the kept folds, and each table of projections that ``rebuild`` makes
    otherwise than it was kept.
    """
    engine = engine_for(database, key)
    try:
        with engine.connect() as conn:
            faults = [f"The file: {fault}" for fault in integrity.file_faults(conn)]
            conn.rollback()
            found = held(conn)
            with conn.begin() as transaction:
                faults += integrity.projection_faults(conn)
                faults += _differences(conn)
                transaction.rollback()
    finally:
        engine.dispose()
    return found, faults


def _differences(conn: Connection) -> list[str]:
    before = [_rows(conn, query) for query in _PROJECTED]
    rebuild(Tx(conn, 0, HybridClock(SystemClock(), 0), DeviceId("chaos"), {}))
    after = [_rows(conn, query) for query in _PROJECTED]
    return [
        f"Made anew, {len(set(new) ^ set(old))} rows differ: {query}"
        for query, old, new in zip(_PROJECTED, before, after, strict=True)
        if old != new
    ]


def _rows(conn: Connection, query: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in conn.execute(sa.text(query))]
