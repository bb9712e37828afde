"""Storing on top of a million: batches of 5,000 with all that belongs to them.

Each batch is a transaction of the product's own ingest: identities, threads, timelines, search,
what the service sent, and the judgement whether it makes work. The reference takes turns with it
on a copy of its own: the same rows by ``executemany`` into the interaction table alone.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable

import sqlalchemy as sa

from app.domain.clock import to_ms
from app.domain.interactions import InteractionFact
from app.store import tables
from app.store.bulk import insert_sql, write_rows
from app.store.case_rules import Rules
from app.store.database import Tx, Workspace
from app.store.ingest import ingest
from benchmarks import million
from benchmarks.arrivals import arrivals, forget_ids
from benchmarks.crowd import ACCOUNT, NOW, Crowd, batches
from benchmarks.measure import Measure, report

BATCH = 5_000
_BATCHES = 10
HISTORY = Rules(since_ms=to_ms(NOW) * 2, answered=False)
"""As an import of what is too old to be work."""
_LIVE = Rules()
_NEWEST = sa.text("SELECT * FROM interaction WHERE key > :after ORDER BY key")
_LAST = sa.text("SELECT max(key) FROM interaction")


def run(size: Crowd) -> None:
    facts = arrivals(size, min(BATCH * _BATCHES, size.interactions - size.customers))
    _run("history", HISTORY, 0.4, size, facts)
    _run("messages that open cases", _LIVE, None, size, facts)


def _run(
    name: str, rules: Rules, target: float | None, size: Crowd, facts: list[InteractionFact]
) -> None:
    with million.opened_copy(size) as workspace, million.opened_copy(size) as other:
        forget_ids()
        ours, bare = list[float](), list[float]()
        for batch in batches(iter(facts), BATCH):
            rows, taken = _stored(workspace, batch, rules)
            ours.append(taken)
            bare.append(stored_bare(other, rows))
    stored, reference = len(facts) / sum(ours), len(facts) / sum(bare)
    parts = statistics.quantiles([b / o for o, b in zip(ours, bare, strict=True)], n=4)
    ratio = stored / reference
    report(
        Measure(
            f"stored and indexed, {name}",
            round(stored),
            "rows/s",
            f"bare executemany: {reference:,.0f}; by the batch {parts[0]:.2f} to {parts[2]:.2f}",
            round(ratio, 3),
            target,
            None if target is None else ratio >= target,
        )
    )


def stored_bare(workspace: Workspace, rows: list[dict[str, object]]) -> float:
    """The seconds that the bare insert of these rows takes."""
    sql = insert_sql(tables.interaction)
    return timed_write(workspace, lambda tx: write_rows(tx.conn, sql, rows))


def newest(workspace: Workspace, after: int) -> list[dict[str, object]]:
    """The rows of the interactions with greater keys."""

    def op(conn: sa.Connection) -> list[dict[str, object]]:
        return [row._asdict() for row in conn.execute(_NEWEST, {"after": after})]

    return workspace.read(op).result()


def last_key(workspace: Workspace) -> int:
    return workspace.read(lambda conn: int(conn.execute(_LAST).scalar() or 0)).result()


def timed_write(workspace: Workspace, op: Callable[[Tx], object]) -> float:
    # As timeit does: none pays for the garbage of another.
    gc.collect()
    gc.disable()
    began = time.perf_counter()
    workspace.write(op).result()
    taken = time.perf_counter() - began
    gc.enable()
    return taken


def _stored(
    workspace: Workspace, batch: list[InteractionFact], rules: Rules
) -> tuple[list[dict[str, object]], float]:
    """The rows a batch became, and the seconds that took."""
    before = last_key(workspace)
    taken = timed_write(workspace, lambda tx: ingest(tx, ACCOUNT, batch, rules=rules))
    rows = newest(workspace, before)
    if len(rows) != len(batch):
        raise RuntimeError(f"{len(rows)} of {len(batch)} facts were stored")
    return rows, taken
