"""How much room the workspace takes: bytes an interaction, with what the service sent."""

from __future__ import annotations

import itertools
import statistics

import sqlalchemy as sa

from benchmarks import million
from benchmarks.crowd import Crowd
from benchmarks.measure import Measure, report

_TARGET = 800
_RAW = 1_570
"""The bytes of a service's JSON that the target is for."""
_SAMPLE = 20_000
_COUNTS = sa.text(
    "SELECT (SELECT count(*) FROM interaction) AS interactions,"
    " (SELECT sum(length(body)) FROM raw) AS kept"
)


def run(size: Crowd) -> None:
    place = million.folder(size)
    workspace = million.opened(place)
    try:
        row = workspace.read(lambda conn: conn.execute(_COUNTS).one()).result()
    finally:
        workspace.close()
    sent = statistics.mean(len(fact.raw) for fact in itertools.islice(size.facts(), _SAMPLE))
    each = sum(file.stat().st_size for file in place.glob("*.db*")) / row.interactions
    kept = row.kept / row.interactions
    _report("workspace size an interaction", each, f"JSON of {sent:,.0f} bytes, {kept:.0f} kept")
    # What is kept of shorter JSON is shorter in proportion; all else stays.
    scaled = each - kept * (1 - _RAW / sent)
    _report(
        f"workspace size an interaction, scaled to JSON of {_RAW:,} bytes", scaled, "the same file"
    )


def _report(name: str, value: float, reference: str) -> None:
    ratio = value / _TARGET
    report(
        Measure(
            name, round(value), "bytes", f"{reference}; {_TARGET} bytes", round(ratio, 3), 1.0,
            ratio <= 1,
        )
    )  # fmt: skip
