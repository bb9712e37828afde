from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.clock import FakeClock
from tests.days.office import Office


@pytest.fixture
def office(workspace_dir: Path, clock: FakeClock) -> Iterator[Office]:
    """On a Thursday at 10:45 UTC, with nothing to do yet."""
    made = Office(workspace_dir, clock)
    yield made
    made.close()
