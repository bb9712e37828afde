"""Many rounds on two towns, each stage renewed before its people have said too much."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import keyring

from tests.chaos.file_keyring import FileKeyring
from tests.chaos.ledger import Counts
from tests.chaos.plans import Plan
from tests.chaos.program import forking
from tests.chaos.rounds import play
from tests.chaos.stage import Stage
from tests.e2e.towns import Town

Towns = dict[str, Callable[[], Town]]
"""Makes a town with people of its own, by what sort of town it is."""

ROUNDS_A_STAGE = 40
"""A customer's newest notifications, which are what is asked for, must hold them all."""


class Harness:
    def __init__(self, towns: Towns, door: Path, scratch: Path) -> None:
        self._towns = towns
        self._door = door
        self._scratch = scratch
        self._stages: dict[str, tuple[Stage, int]] = {}
        self._numbers = itertools.count()

    def play(self, plan: Plan) -> Counts:
        """Play one round on the stage of its town."""
        stage, played = self._stages.pop(plan.town, (None, 0))
        if stage is not None and played >= ROUNDS_A_STAGE:
            stage.close()
            stage, played = None, 0
        if stage is None:
            folder = self._scratch / f"stage-{next(self._numbers)}"
            stage = Stage(self._towns[plan.town](), self._door, folder)
            stage.settle()
        self._stages[plan.town] = (stage, played + 1)
        return play(stage, plan)

    def close(self) -> None:
        for stage, _ in self._stages.values():
            stage.close()


@contextmanager
def harness(towns: Towns) -> Iterator[Harness]:
    """Everything that rounds need besides the towns' servers; gone at the end."""
    before = keyring.get_keyring()
    # Not below pytest's folders: a socket's address is short.
    with tempfile.TemporaryDirectory(prefix="chaos-") as name:
        scratch = Path(name)
        keyring.set_keyring(FileKeyring(scratch / "keyring.json"))
        try:
            with forking(scratch) as door:
                made = Harness(towns, door, scratch)
                try:
                    yield made
                finally:
                    made.close()
        finally:
            keyring.set_keyring(before)
