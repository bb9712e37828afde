"""A program that is killed while it sends: run as ``python -m tests.sync.dying_sender``.

Arguments: the workspace file, the file that stands for the service, and ``before`` or ``after``:
whether the message arrives there before the program says "now" and waits for its end.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from app.connectors.base import Delivered
from app.domain.clock import SystemClock
from app.domain.outbox import OutboxItem
from app.store.database import Workspace
from app.sync.outbox_runner import OutboxRunner
from app.sync.pause import Pauses
from app.sync.pool import ConnectorPool
from tests.sync.fake_connector import FakeConnector, FakeService
from tests.sync.runners import find_any
from tests.sync.workspaces import KEY


class DyingConnector(FakeConnector):
    def __init__(self, outside: Path, *, arrives: bool) -> None:
        super().__init__(FakeService(SystemClock()))
        self.outside = outside
        self.arrives = arrives

    async def send(self, item: OutboxItem) -> Delivered:
        if self.arrives:
            with self.outside.open("a") as service:
                service.write(f"{item.id}\n")
        print("now", flush=True)  # noqa: T201 - the parent waits for it
        await asyncio.Event().wait()
        raise AssertionError("it was to be killed")


async def main(database: Path, outside: Path, *, arrives: bool) -> None:
    clock = SystemClock()
    workspace = Workspace(database, KEY, clock)
    pool = ConnectorPool(lambda _record: DyingConnector(outside, arrives=arrives), find_any)
    await OutboxRunner(workspace, pool, Pauses(clock), spread=lambda: 1.0).run()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2]), arrives=sys.argv[3] == "after"))
