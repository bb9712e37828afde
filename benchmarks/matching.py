"""Who else a customer may be, asked among all of the crowd: what one question takes.

Processor time of the thread that reads, of somebody with 10,000 interactions and of two hundred
others in turn: the median of them and the slowest. Their profiles say nothing of themselves, so
what is measured is mostly the looking for names and handles, which is what could grow.
"""

from __future__ import annotations

import statistics
import time
from functools import partial

import sqlalchemy as sa

from app.domain.ids import CustomerId, founding_customer
from app.store.matching import matches
from benchmarks import million
from benchmarks.crowd import Crowd
from benchmarks.measure import Measure, medians, report

_OTHERS = 200
_MOST_MS = 10.0
_SOME = sa.text("SELECT id FROM identity ORDER BY id LIMIT :many")


def run(size: Crowd) -> None:
    with million.reading(million.folder(size)) as conn:
        favourite = partial(matches, conn, founding_customer(million.FAVOURITE))
        (took,) = medians(favourite, clock=time.thread_time)
        _report("of a customer of 10,000 interactions", took)
        each = []
        for number in conn.execute(_SOME, {"many": _OTHERS}).scalars().all():
            began = time.thread_time()
            matches(conn, CustomerId(number))
            each.append((time.thread_time() - began) * 1000)
        _report("of 200 others, the median", statistics.median(each))
        _report("of 200 others, the slowest", max(each))


def _report(name: str, took: float) -> None:
    report(
        Measure(
            f"who else may be the same person, {name}",
            round(took, 2),
            "ms",
            f"{_MOST_MS:g} ms",
            round(took / _MOST_MS, 2),
            1.0,
            took <= _MOST_MS,
        )
    )
