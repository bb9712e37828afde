"""The earlier texts of an edited message, as the timeline shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.clock import FakeClock, to_ms
from app.store import timelines
from app.store.database import Workspace
from tests.conftest import NOW
from tests.store.building import rows, said, take
from tests.sync.workspaces import make_workspace


@pytest.fixture
def workspace(tmp_path: Path, clock: FakeClock) -> Iterator[Workspace]:
    made = make_workspace(tmp_path, clock)
    yield made
    made.close()


def test_every_text_a_message_had_is_read_oldest_first(workspace: Workspace) -> None:
    fact = said("1", "ada", "It leaks?")
    take(workspace, fact)
    take(workspace, replace(fact, text="It sprays?", edited_at=NOW - timedelta(minutes=2)))
    take(workspace, replace(fact, text="It floods.", edited_at=NOW))
    key = rows(workspace, "SELECT key FROM interaction")[0][0]
    found = workspace.read(lambda conn: timelines.revisions(conn, key)).result()
    assert [revision.text for revision in found] == ["It leaks?", "It sprays?"]
    assert found[0].replaced_ms == to_ms(NOW)
