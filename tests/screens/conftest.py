"""All sheets, drawn once for all tests that look at them."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.screens.drawing import SCALES, finish, start

TWICE = ("console", "search")
"""What is drawn a second time, in a program and a sample of its own."""


@pytest.fixture(scope="session")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two folders: all sheets at every scale, and some of them once more at scale 1."""
    first, second = tmp_path_factory.mktemp("drawn"), tmp_path_factory.mktemp("again")
    at_work = [start(first, scale) for scale in SCALES]
    at_work.append(start(second, SCALES[0], *TWICE))
    for process in at_work:
        finish(process)
    return first, second
