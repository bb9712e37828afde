"""A town, a workspace of its brand, and one start of the program after the other."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.container import open_container
from app.domain.outbox import OutboxState
from tests.chaos import counting, remains
from tests.chaos.counting import Held
from tests.chaos.ledger import Counts, Ledger
from tests.chaos.plans import Kind
from tests.chaos.program import Program, start_and_kill
from tests.chaos.seeing import Seen, Witness
from tests.e2e.towns import CUSTOMERS, Town

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
        self._witness = Witness(town)
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

    def instead(self, **first: str) -> str:
        """Let it do something while nobody has the workspace open; what came of it."""
        program = Program(self.door, self.workspace, **first)
        try:
            return str(program.opened())
        finally:
            program.bury()

    def instead_and_kill(self, after_s: float, **first: str) -> Any:
        """The same, but it dies after so long; None if it had not answered by then."""
        return start_and_kill(self.door, self.workspace, after_s, **first)

    def close(self) -> None:
        self.bury()
        shutil.rmtree(self.folder)

    # The count --------------------------------------------------------------------------------

    def examined(self, database: Path) -> tuple[Held, list[str]]:
        """What a file holds and every fault in it, looked at on a copy, journal and all."""
        copy = self.folder / "examined.db"
        counting.copy_database(database, copy)
        found = counting.examine(copy, self.key)
        remains.remove_all(self.folder.glob("examined.db*"))
        return found

    def inspect_wreck(self) -> Counts:
        """What a dead program left, as the next start would find it."""
        found, faults = self.examined(self.database)
        counts = self.ledger.count_workspace(found, whole=False)
        counts.projections_differ += len(faults)
        counts.faults += faults
        for state in found.outbox.values():
            counts.met[f"outbox item {state}"] += not state.is_final
        return counts

    def settle(self) -> None:
        """Start the program and wait until everything has come to its end, or for too long."""
        self.town.settle()
        self.ledger.last = self.wait_until(self.ledger.is_settled)

    def wait_until(self, enough: Callable[[Held], bool]) -> Held:
        """Let the program run until the workspace holds what it should, or for too long."""
        self.start()
        end = time.monotonic() + _SETTLED_WITHIN_S
        with counting.looking(self.database, self.key) as conn:
            while time.monotonic() < end:
                found = counting.held(conn)
                if enough(found):
                    break
                time.sleep(0.03)  # another program's file has no event to wait for
        return found

    def look(self) -> Seen:
        """What the customers see now."""
        wishes = self.ledger.wishes.values()
        deleted = {wish.target for wish in wishes if wish.kind is Kind.DELETE}
        touched = {wish.target for wish in wishes if wish.kind in (Kind.LIKE, Kind.BOOST)}
        return self._witness.look(touched, deleted)

    def count(self) -> Counts:
        """Everything that must be true once all is quiet, also asked of every customer."""
        return (
            self.ledger.count_workspace(self.ledger.last, whole=True)
            + self.ledger.count_arrivals(self.look())
            + remains.count_half(self.workspace)
        )

    def decide(self, waiting: Held) -> None:
        """An agent looks at the service, then settles all that was held back."""
        seen = self.look()
        program = self.start()
        for item, state in waiting.outbox.items():
            if state not in (OutboxState.FAILED, OutboxState.HELD):
                continue
            word, wish = self.ledger.of_item(item) or ("", None)
            if wish is None or wish.most == 0:
                how = "discard"
            elif self.ledger.times(word, seen):
                how = "arrived" if state is OutboxState.FAILED else "discard"
            else:
                how = "retry"
            program.ask("settle", item=item, how=how)
