"""Writes the tables of ``docs/faults.md`` anew: ``python -m tests.faults``."""

from __future__ import annotations

from tests.faults.document import DOCUMENT, rewritten

if __name__ == "__main__":
    DOCUMENT.write_text(rewritten(DOCUMENT.read_text("utf-8")), "utf-8")
