"""``kill -9`` in the middle of sending, for real: a process dies, the next one settles it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.clock import FakeClock
from app.domain.outbox import OutboxState
from app.store import outbox
from app.sync.delivery import SETTLES_S
from app.sync.pause import Pauses
from tests.sync.fake_connector import FakeService
from tests.sync.items import make_item
from tests.sync.runners import make_runner
from tests.sync.workspaces import make_workspace, reopen

_ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("dies", ["before", "after"])
def test_a_killed_program_sends_nothing_twice_and_loses_nothing(tmp_path: Path, dies: str) -> None:
    clock = FakeClock(datetime.now(UTC))
    workspace = make_workspace(tmp_path, clock)
    item = make_item(clock.now() - timedelta(minutes=1))
    workspace.write(lambda tx: outbox.put(tx, item)).result()
    workspace.close()
    outside = tmp_path / "service.txt"
    outside.touch()

    _send_and_kill(workspace.path, outside, dies)

    service = FakeService(clock, arrived=[item for _ in outside.read_text().splitlines()])
    workspace = reopen(workspace)
    try:
        left = workspace.read(lambda conn: outbox.get(conn, item.id)).result()
        assert left.state is OutboxState.SENDING
        # By now the service has answered whoever is not there any more.
        clock.set(datetime.now(UTC) + timedelta(seconds=SETTLES_S))
        asyncio.run(make_runner(workspace, service, Pauses(clock)).drain())
        settled = workspace.read(lambda conn: outbox.get(conn, item.id)).result()
    finally:
        workspace.close()
    assert settled.state is OutboxState.SENT
    assert service.looked_up == [item.id]
    assert service.arrivals(item.id) == 1
    assert len(service.attempts) == (1 if dies == "before" else 0)


def _send_and_kill(database: Path, outside: Path, dies: str) -> None:
    """Start a sender on the workspace and kill it the moment it says that it is sending."""
    command = [sys.executable, "-m", "tests.sync.dying_sender", str(database), str(outside), dies]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        process.kill()
    assert said == b"now\n"
