"""Somebody with 10,000 interactions: what opening them reads, each part by itself.

The target is for the query that finds and reads the newest interactions; the page adds decisions,
wishes and hand-overs to them, the months and the card count all there ever was. All of it is
processor time of the thread that reads, since there is no reference to share a busy machine with.
"""

from __future__ import annotations

import time
from functools import partial

from app.domain.clock import to_ms
from app.domain.ids import founding_customer
from app.store import customers, timelines
from benchmarks import million
from benchmarks.crowd import NOW, Crowd
from benchmarks.measure import Measure, medians, report

_CUSTOMER = founding_customer(million.FAVOURITE)
_QUERY_MS = 1.0
_ROUNDS = 51
_PAGE = 61
"""A page of the timeline, and one more to know whether there are older ones."""


def run(size: Crowd) -> None:
    with million.reading(million.folder(size)) as conn:
        query, page, months, card = medians(
            partial(timelines.newest, conn, [million.FAVOURITE], before=1 << 62, limit=_PAGE),
            partial(timelines.page, conn, _CUSTOMER),
            partial(timelines.months, conn, _CUSTOMER, now_ms=to_ms(NOW)),
            partial(customers.card, conn, _CUSTOMER),
            rounds=_ROUNDS,
            clock=time.thread_time,
        )
    _report("the query of a page", query, _QUERY_MS)
    _report("a page with its decisions", page, None)
    _report("the months", months, _QUERY_MS)
    _report("the card", card, None)


def _report(name: str, took: float, most: float | None) -> None:
    ratio = None if most is None else took / most
    report(
        Measure(
            f"customer of 10,000 interactions, {name}",
            round(took, 2),
            "ms",
            "" if most is None else f"{most:g} ms",
            None if ratio is None else round(ratio, 2),
            None if ratio is None else 1.0,
            None if ratio is None else ratio <= 1,
        )
    )
