"""What most tests of syncing begin with; a module that needs another one makes its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.clock import FakeClock
from app.store.database import Workspace
from tests.sync.fake_connector import FakeService
from tests.sync.hand_time import HandTime
from tests.sync.workspaces import make_workspace


@pytest.fixture
def workspace(tmp_path: Path, clock: FakeClock) -> Iterator[Workspace]:
    made = make_workspace(tmp_path, clock)
    yield made
    made.close()


@pytest.fixture
def time(clock: FakeClock) -> HandTime:
    return HandTime(clock)


@pytest.fixture
def service(clock: FakeClock) -> FakeService:
    return FakeService(clock)
