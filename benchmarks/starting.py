"""A warm start, from the process to the painted queue, beside a blank window with one list.

Both begin as ``python -m`` and tell when the paint after their first rows is done; they take turns,
and medians count. Both find their modules compiled, as an installed program does: the first start
of each, which does not count, leaves the bytecode for the others.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import million
from benchmarks.crowd import Crowd
from benchmarks.measure import Measure, report

_TURNS = 9
_MOST_RATIO = 2.5
_PLACE = "ui-place"
"""Where the window keeps what it showed when it was closed."""


def run(size: Crowd) -> None:
    """Report the console’s start on a copy of the workspace, and beside it the blank window’s."""
    from benchmarks.screen import copied

    with copied(size) as folder:
        _seated(folder)
        bytecode = folder.with_name("bytecode")
        ours_command = ["benchmarks.told", str(folder)]
        ours, theirs = [], []
        for turn in range(_TURNS + 1):
            took = _started(ours_command, bytecode), _started(["benchmarks.blank"], bytecode)
            if turn:  # the first of each is the cold one
                ours.append(took[0])
                theirs.append(took[1])
    value, reference = statistics.median(ours), statistics.median(theirs)
    ratio = value / reference
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    report(
        Measure(f"warm start to a painted queue ({platform})", round(value, 3), "s",
                f"a blank PySide6 window with one list: {reference:.3f}", round(ratio, 2),
                _MOST_RATIO, ratio <= _MOST_RATIO)
    )  # fmt: skip


def _seated(folder: Path) -> None:
    """Somebody of Customer Care sits here, who left where there is most to do."""
    from app.container import open_container
    from app.domain.departments import CARE
    from app.domain.views import QueueName, QueueRef
    from app.ui.lock_place import Place, written

    container = open_container(folder, passphrase=million.PASSPHRASE)
    directory = container.services.directory
    directory.set_me("Ines Duarte", CARE).result()
    place = Place(QueueRef(QueueName.UNASSIGNED), None, None, None)
    directory.set_setting(_PLACE, written(place)).result()
    container.close()


def _started(command: list[str], bytecode: Path) -> float:
    """Seconds until the program tells that it is painted."""
    surroundings = os.environ | {
        "SEAMLINE_PASSPHRASE": million.PASSPHRASE,
        "PYTHONPYCACHEPREFIX": str(bytecode),
    }
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=surroundings,
        text=True,
    ) as process:
        assert process.stdout is not None
        told = process.stdout.readline()
        took = time.perf_counter() - began
    if not told:
        raise RuntimeError(f"{command[0]} ended before it was painted")
    return took
