"""The table of the last whole run, in ``docs/benchmarks.md``."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import Measure

_DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
_MARK = "<!-- The table below is written by make bench. -->\n"


def write_table(measures: list[Measure]) -> None:
    """Put the table in the place of the one that stands below the mark."""
    before, mark, _ = _DOCUMENT.read_text(encoding="utf-8").partition(_MARK)
    if not mark:
        raise ValueError(f"{_DOCUMENT.name} has no place for the table")
    _DOCUMENT.write_text(f"{before}{_MARK}\n{_table(measures)}", encoding="utf-8")


def _table(measures: list[Measure]) -> str:
    machine = f"{platform.system()}, Python {platform.python_version()}, {os.cpu_count()} cores"
    head = f"Measured on {datetime.now(UTC):%Y-%m-%d} ({machine}).\n\n"
    lines = ["| measure | value | reference | ratio | target | met |", "|---|---|---|---|---|---|"]
    for one in measures:
        cells = (
            one.name,
            f"{one.value:,} {one.unit}",
            one.reference,
            "" if one.ratio is None else f"{one.ratio:g}",
            "" if one.target is None else f"{one.target:g}",
            {True: "yes", False: "no", None: ""}[one.met],
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return head + "\n".join(lines) + "\n"
