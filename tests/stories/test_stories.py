"""Whole stories, told by the keyboard alone to the real window, in a process of their own.

The stories stand in the files beside this one. They get an X server of their own, as there is one
keyboard a display, and it belongs to whoever has the focus; each has its own workspace, window and
people. One process tells them one after the other, for starting takes longer than most of them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.display import hidden_display
from scripts.system import missing

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
STORIES = ("triage", "escalate", "offline", "search", "join")


TOUR = 6
"""The stories of ``tour.py``; ``python -m scripts.tour`` tells them too, and takes pictures."""


def tell(*stories: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Tell some of the stories; a warning of Qt ends one as badly as a failed assertion."""
    if lacking := missing("display"):
        names = ", ".join(need.name for need in lacking)
        pytest.skip(f"{names} is not installed")
    with hidden_display() as display:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTEST_", "WAYLAND_"))
        }
        return subprocess.run(
            [
                *(sys.executable, "-m", "pytest", *(str(HERE / f"{one}.py") for one in stories)),
                *("-q", "-s", "-p", "no:cacheprovider", "--basetemp", str(folder / "told")),
                *("-o", "qt_log_level_fail=WARNING", "-o", "faulthandler_timeout=150"),
            ],
            cwd=ROOT,
            env={**inherited, **display, "QT_QPA_PLATFORM": "xcb"},
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )


@pytest.mark.display
@pytest.mark.peer
def test_every_story_comes_to_its_end(tmp_path: Path) -> None:
    told = tell(*STORIES, folder=tmp_path)
    assert told.returncode == 0, f"{told.stdout}\n{told.stderr}"
    assert f"{len(STORIES)} passed" in told.stdout


@pytest.mark.display
@pytest.mark.peer
def test_the_day_of_each_department_comes_to_its_end(tmp_path: Path) -> None:
    told = tell("tour", folder=tmp_path)
    assert told.returncode == 0, f"{told.stdout}\n{told.stderr}"
    assert f"{TOUR} passed" in told.stdout


@pytest.mark.display
@pytest.mark.peer
def test_a_newcomer_answers_within_three_minutes(tmp_path: Path) -> None:
    told = tell("first_run", folder=tmp_path)
    assert told.returncode == 0, f"{told.stdout}\n{told.stderr}"
    (measured,) = (line for line in told.stdout.splitlines() if line.startswith("From nothing"))
    print(measured)  # noqa: T201 - seen with -rP
