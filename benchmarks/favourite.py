"""Somebody with 10,000 interactions: what opening them reads, each part by itself.

The target is for the query that finds and reads the newest interactions; the page adds decisions,
wishes and hand-overs to them, the months and the card count all there ever was. All of it is
processor time of the thread that reads, since there is no reference to share a busy machine with.

A narrowed page, though, has the page that shows everything as its reference.
"""

from __future__ import annotations

import time
from functools import partial

import sqlalchemy as sa

from app.domain.clock import to_ms
from app.domain.excerpt import Excerpt, Strand
from app.domain.ids import CaseId, founding_customer
from app.domain.interactions import Channel
from app.store import customers, timelines
from benchmarks import million
from benchmarks.crowd import NOW, Crowd
from benchmarks.measure import Measure, medians, report

_CUSTOMER = founding_customer(million.FAVOURITE)
_QUERY_MS = 1.0
_ROUNDS = 51
_PAGE = 61
"""A page of the timeline, and one more to know whether there are older ones."""
_NARROWED = 2.0
"""So many times as long as the whole page a narrowed one may take."""
_CASE = sa.text(
    "SELECT id FROM case_state WHERE identity = :who ORDER BY opened_ms DESC, id LIMIT 1"
)


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
        narrowed = _narrowed(conn)
    _report("the query of a page", query, _QUERY_MS)
    _report("a page with its decisions", page, None)
    _report("the months", months, _QUERY_MS)
    _report("the card", card, None)
    for measure in narrowed:
        report(measure)


def _narrowed(conn: sa.Connection) -> list[Measure]:
    """The first page of each excerpt that the window offers, against that of all."""
    case = CaseId(conn.execute(_CASE, {"who": million.FAVOURITE}).scalar_one())
    excerpts = {
        "service": Excerpt((Strand.SERVICE,)),
        "marketing": Excerpt((Strand.MARKETING,)),
        "notes and decisions": Excerpt((Strand.INTERNAL,)),
        "their channel": Excerpt(channel=Channel.MASTODON),
        "a channel they are not on": Excerpt(channel=Channel.BLUESKY),
        "one case": Excerpt(case=case),
    }
    first = partial(timelines.page, conn, _CUSTOMER)
    pages = (partial(first, excerpt=excerpt) for excerpt in excerpts.values())
    whole, *took = medians(first, *pages, rounds=_ROUNDS, clock=time.thread_time)
    return [
        Measure(
            f"customer of 10,000 interactions, a page narrowed to {name}",
            round(value, 2),
            "ms",
            f"the whole page: {whole:.2f} ms",
            round(value / whole, 2),
            _NARROWED,
            value / whole <= _NARROWED,
        )
        for name, value in zip(excerpts, took, strict=True)
    ]


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
