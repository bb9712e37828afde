"""``make bench``: one line of JSON a measure, and their table in ``docs/benchmarks.md``.

``make bench ARGS="searching scrolling"`` takes those alone and ``ARGS="--interactions 40000"`` a
smaller crowd; neither touches the table. Each module runs in a process of its own, so that none
pays for the memory, the threads or the caches of another.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator

from benchmarks.crowd import Crowd
from benchmarks.measure import Measure
from benchmarks.million import MILLION
from benchmarks.table import write_table
from scripts.display import hidden_display

STORE = (
    "pulling",
    "storing",
    "importing",
    "searching",
    "growing",
    "encrypting",
    "favourite",
    "size",
    "routing",
    "due",
    "matching",
)
SCREEN = (
    "scrolling",
    "flinging",
    "opening",
    "switching",
    "palette",
    "composing",
    "frames",
    "starting",
    "memory",
)
"""These run twice: without any display, and on an X server where Xvfb is installed."""
MODULES = STORE + SCREEN
"""Each has ``run(size)``, which reports its measures on a crowd of that size."""


def main(arguments: list[str]) -> int:
    """1 where a module ended with an error; a target that is missed is a result, no error."""
    asked = _parser().parse_args(arguments)
    size = Crowd(asked.interactions, asked.interactions // 5)
    if asked.here:
        importlib.import_module(f"benchmarks.{asked.here}").run(size)
        return 0
    measures: list[Measure] = []
    failed: list[str] = []
    with hidden_display() as display:
        for name, surroundings in _runs(asked.modules or MODULES, display):
            before = len(measures)
            measures += _measured(name, size, surroundings)
            if len(measures) == before:
                failed.append(name)
    if failed:
        sys.stderr.write(f"measured nothing: {', '.join(failed)}\n")
    elif not asked.modules and size == MILLION:
        write_table(measures)
    return 1 if failed else 0


def _runs(names: Iterable[str], display: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each module with the variables that it wants; what has to do with the screen on each."""
    for name in names:
        yield name, {"QT_QPA_PLATFORM": "offscreen"}
        if name in SCREEN and display:
            yield name, {"QT_QPA_PLATFORM": "xcb", **display}


def _measured(name: str, size: Crowd, surroundings: dict[str, str]) -> Iterator[Measure]:
    """The measures of one module, passed on line by line; none of a module that fails."""
    command = [sys.executable, "-m", "benchmarks", "--here", name]
    command += ["--interactions", str(size.interactions)]
    found = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | surroundings
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            found.append(Measure(**json.loads(line)))
    if process.returncode == 0:
        yield from found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("modules", nargs="*", choices=[*MODULES, []], help="all, if none is named")
    parser.add_argument("--interactions", type=int, default=MILLION.interactions)
    parser.add_argument("--here", choices=MODULES, help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
