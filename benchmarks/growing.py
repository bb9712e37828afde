"""Search over five times as many interactions, beside what it takes over a million.

What search reads is the index of words alone, so the two files hold nothing else: made batch by
batch by what stores interactions, of the same crowd, and encrypted. Building the larger takes some
ten minutes of a processor, once.
"""

from __future__ import annotations

import itertools
import statistics
import time
from concurrent.futures import Future
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from app.store import searching
from app.store.database import Tx
from app.store.preparing import prepare
from app.store.revisions import INDEX
from app.store.words import parse_query
from benchmarks import million
from benchmarks.crowd import ACCOUNT, COMMON, RARE, SECOND, Crowd, batches
from benchmarks.measure import Measure, medians, report

_TIMES = 5
_MOST = 2.2
_LIMIT = 50
_BATCH = 5_000
_TEXTS, _FRESH = 2_000, 200
_ROUNDS = 60
"""Each takes a fraction of a millisecond."""
_WORDS = (
    ("a rare word", RARE),
    ("a common word", COMMON),
    ("two words", f"{COMMON} {SECOND}"),
)


def run(size: Crowd) -> None:
    """Report the first fifty of each search over both; then words nobody has asked for before,
    which have to be read from the file, and decrypted, where SQLite holds nothing of it yet."""
    larger = Crowd(_TIMES * size.interactions, _TIMES * size.customers)
    with ExitStack() as stack:
        few = stack.enter_context(million.reading(_index(size)))
        many = stack.enter_context(million.reading(_index(larger)))
        for name, typed in _WORDS:
            usual, grown = medians(
                partial(_newest, few, typed), partial(_newest, many, typed), rounds=_ROUNDS
            )
            _report(f"{name}, over {larger.interactions:,}", grown, size, usual, _MOST)
    with ExitStack() as stack:
        few = stack.enter_context(million.reading(_index(size)))
        many = stack.enter_context(million.reading(_index(larger)))
        usual, grown = _asked_once(few, many, _some_words(size))
        _report(
            f"{_FRESH} words, each for the first time, over {larger.interactions:,}",
            grown,
            size,
            usual,
            None,
        )


def _newest(conn: sa.Connection, typed: str) -> int:
    return len(searching.newest(conn, parse_query(typed, as_typed=False), limit=_LIMIT))


def _asked_once(few: sa.Connection, many: sa.Connection, words: list[str]) -> tuple[float, float]:
    """The median milliseconds over each."""
    taken: list[tuple[float, float]] = []
    for number, word in enumerate(words):
        pair = {}
        # In turns: whoever goes second finds what a search runs through at the processor already.
        for conn in (few, many) if number % 2 else (many, few):
            began = time.perf_counter()
            _newest(conn, word)
            pair[conn] = (time.perf_counter() - began) * 1000
        taken.append((pair[few], pair[many]))
    over_few, over_many = zip(*taken, strict=True)
    return statistics.median(over_few), statistics.median(over_many)


def _some_words(size: Crowd) -> list[str]:
    """Frequent ones and rare ones, as texts have them."""
    texts = (fact.text for fact in itertools.islice(size.facts(), _TEXTS))
    said = sorted({word for text in texts for word in text.split() if word.isascii()})
    return said[:: max(1, len(said) // _FRESH)][:_FRESH]


def _report(name: str, ours: float, size: Crowd, theirs: float, most: float | None) -> None:
    ratio = ours / theirs
    met = None if most is None else ratio <= most
    report(
        Measure(
            f"search, {name}", round(ours, 2), "ms", f"over {size.interactions:,}: {theirs:.2f}",
            round(ratio, 2), most, met,
        )
    )  # fmt: skip


def _index(size: Crowd) -> Path:
    return million.cached("words", size, partial(_build, size=size), million.schema())


def _build(place: Path, size: Crowd) -> None:
    workspace = million.opened(place)
    written: Future[None] | None = None
    try:
        for batch in batches(size.facts(), _BATCH):
            facts = prepare(ACCOUNT, batch).facts
            rows = [(fact.row["key"], fact.body) for fact in facts if fact.body]

            def op(tx: Tx, rows: list[tuple[int, str]] = rows) -> None:
                INDEX.tuples(tx.conn, rows)

            if written is not None:
                written.result()
            written = workspace.write(op)
        if written is not None:
            written.result()
    finally:
        workspace.close()
