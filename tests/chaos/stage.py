"""A town, a workspace of its brand, and one start of the program after the other."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from app.container import open_container
from tests.chaos import counting
from tests.chaos.ledger import Counts, Ledger
from tests.chaos.program import Program
from tests.e2e.towns import CUSTOMERS, BlueskyTown, MastodonTown, Town

_SETTLED_WITHIN_S = 90.0
_SETUP_S = 90.0


class Stage:
    """Lives for some rounds: people of its own, one workspace, one program after the other."""

    def __init__(self, town: Town, door: Path, folder: Path) -> None:
        self.town = town
        self.door = door
        self.folder = folder
        self.workspace = folder / "workspace"
        self.database = self.workspace / "seamline.db"
        self.ledger = Ledger()
        self.program: Program | None = None
        self._seen: dict[str, str] = {}
        self._found_home()
        self.key = counting.key_of(self.workspace)

    def _found_home(self) -> None:
        """Make the workspace, connect the account, and have one case a customer."""
        self.folder.mkdir(parents=True)
        for who in CUSTOMERS:
            written = self.town.mention(who, f"good morning from {who}, can you help?")
            self.ledger.said.add(written.id)
        self.town.settle()
        container = open_container(self.workspace)
        try:
            self.town.connect(container.services)
            reports = container.services.syncing.once().result(_SETUP_S)
            assert not any(report.error for report in reports), reports
        finally:
            container.close()

    # The program ------------------------------------------------------------------------------

    def start(self) -> Program:
        """The program, open and live; the one that runs, if one does."""
        if self.program is None:
            self.program = Program(self.door, self.workspace)
            self.program.opened()
            self.program.ask("start")
        return self.program

    def bury(self) -> None:
        if self.program is not None:
            self.program.bury()
            self.program = None

    def close(self) -> None:
        self.bury()
        shutil.rmtree(self.folder)

    # The count --------------------------------------------------------------------------------

    def inspect_wreck(self) -> Counts:
        """What a dead program left, as the next start would find it: on a copy."""
        copy = self.folder / "wreck.db"
        counting.copy_database(self.database, copy)
        found, faults = counting.examine(copy, self.key)
        for file in self.folder.glob("wreck.db*"):
            file.unlink()
        counts = self.ledger.count_workspace(found, whole=False)
        counts.projections_differ += len(faults)
        counts.faults += faults
        return counts

    def settle(self) -> None:
        """Start the program and wait until everything has come to its end, or for too long."""
        self.town.settle()
        self.start()
        end = time.monotonic() + _SETTLED_WITHIN_S
        with counting.looking(self.database, self.key) as conn:
            while time.monotonic() < end:
                found = counting.held(conn)
                if self.ledger.is_settled(found):
                    break
                time.sleep(0.03)  # another program's file has no event to wait for
        self.ledger.last = found

    def count(self) -> Counts:
        """Everything that must be true once all is quiet, also asked of every customer."""
        self.town.settle()
        for who in CUSTOMERS:
            self._seen |= arrivals(self.town, who)
        return self.ledger.count_workspace(
            self.ledger.last, whole=True
        ) + self.ledger.count_arrivals(self._seen.values())


def arrivals(town: Town, who: str) -> dict[str, str]:
    """What a customer's own account was notified of by the brand: texts by the post's id."""
    if isinstance(town, BlueskyTown):
        return {
            one["uri"]: one["record"]["text"]
            for one in town.people[who].notifications()
            if one["author"]["did"] == town.brand.did and "text" in one["record"]
        }
    assert isinstance(town, MastodonTown)
    return {
        one["status"]["id"]: one["status"]["content"]
        for one in town.people[who].notifications("mention")
        if one["status"]["account"]["id"] == town.brand.id
    }
