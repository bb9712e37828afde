"""What encryption costs a reader: the same file unkeyed, asked the same.

A page of the favourite's timeline and searches, warm as after a minute of work and cold as after a
start: each cold round has a connection of its own, whose cache is empty.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from app.domain.ids import founding_customer
from app.domain.views import SearchScope
from app.store import searching, timelines
from app.store.connection import FileKey
from app.store.opening import DATABASE
from benchmarks import million
from benchmarks.crowd import COMMON, RARE, SECOND, Crowd
from benchmarks.measure import Measure, medians, report

_MOST = 1.5
_COLD_ROUNDS = 7
Op = Callable[[sa.Connection], object]


def run(size: Crowd) -> None:
    place = million.folder(size)
    plain = million.cached("plain", size, partial(_export, place), million.schema())
    for name, op in _operations().items():
        with million.reading(place) as ours, _unkeyed(plain) as theirs:
            encrypted, unkeyed = medians(partial(op, ours), partial(op, theirs))
        _report(name, encrypted, unkeyed, _MOST)
        pairs = [
            (_cold(million.reading(place), op), _cold(_unkeyed(plain), op))
            for _ in range(_COLD_ROUNDS)
        ]
        encrypted, unkeyed = (statistics.median(times) for times in zip(*pairs, strict=True))
        _report(f"{name}, cold", encrypted, unkeyed, None)


def _operations() -> dict[str, Op]:
    def search(typed: str) -> Op:
        return lambda conn: searching.find(
            conn, typed, scope=SearchScope.MESSAGES, before=None, limit=50, total=0
        )

    return {
        "a page of the timeline": lambda conn: timelines.page(
            conn, founding_customer(million.FAVOURITE)
        ),
        "search, a rare word": search(RARE),
        "search, a common word": search(COMMON),
        "search, two words": search(f"{COMMON} {SECOND}"),
    }


def _export(place: Path, folder: Path) -> None:
    with closing(dbapi2.connect(str(place / DATABASE), isolation_level=None)) as conn:
        conn.execute(FileKey(passphrase=million.PASSPHRASE).pragma())
        conn.execute("ATTACH DATABASE ? AS plain KEY ''", (str(folder / DATABASE),))
        conn.execute("SELECT sqlcipher_export('plain')").fetchall()


@contextmanager
def _unkeyed(place: Path) -> Iterator[sa.Connection]:
    """A connection as the reader's, but for the key."""

    def connect() -> object:
        conn = dbapi2.connect(str(place / DATABASE), isolation_level=None)
        for pragma in ("temp_store = MEMORY", "cache_size = -65536", "query_only = ON"):
            conn.execute(f"PRAGMA {pragma}")
        return conn

    engine = sa.create_engine("sqlite://", creator=connect, module=dbapi2, poolclass=StaticPool)
    try:
        with engine.connect() as conn:
            yield conn
    finally:
        engine.dispose()


def _cold(opened: AbstractContextManager[sa.Connection], op: Op) -> float:
    with opened as conn:
        conn.execute(sa.text("SELECT count(*) FROM sqlite_schema")).scalar()
        began = time.perf_counter()
        op(conn)
        return (time.perf_counter() - began) * 1000


def _report(name: str, encrypted: float, plain: float, most: float | None) -> None:
    ratio = encrypted / plain
    met = None if most is None else ratio <= most
    report(
        Measure(
            f"encrypted, {name}", round(encrypted, 2), "ms", f"the same file unkeyed: {plain:.2f}",
            round(ratio, 2), most, met,
        )
    )  # fmt: skip
