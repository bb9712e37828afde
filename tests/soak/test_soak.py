"""A short soak, and that the judge of the long one sees what it is there to see."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.soak.gauges import Reading
from tests.soak.judging import faults_of, kb_an_action, slope

ROOT = Path(__file__).resolve().parents[2]
LEVEL = Reading(0, 300_000, 460, 414, 150_000, 10, 10, 23, frozenset())
SEED = 20_261_119


def readings(**rising: float) -> list[Reading]:
    """Forty readings over ten thousand actions; these gauges rise by so much an action."""
    return [
        replace(
            LEVEL,
            action=action,
            **{name: round(getattr(LEVEL, name) + by * action) for name, by in rising.items()},
        )
        for action in range(0, 10_001, 250)
    ]


def test_what_stays_level_is_no_fault() -> None:
    assert faults_of(readings()) == []
    assert kb_an_action(readings(resident_kb=0.4)) == pytest.approx(0.4, abs=0.01)
    assert faults_of(readings(resident_kb=0.4)) == []


@pytest.mark.parametrize(
    ("gauge", "by", "named"),
    [
        ("resident_kb", 4.0, "Memory rises by 4.00 KB an action"),
        ("objects", 0.01, "Objects of Qt rose"),
        ("wrappers", 0.01, "Objects of Qt that Python holds rose"),
        ("timers", 0.001, "Running timers rose"),
        ("threads", 0.001, "Threads rose"),
        ("files", 0.001, "Open files rose"),
    ],
)
def test_what_rises_is_named(gauge: str, by: float, named: str) -> None:
    found = faults_of(readings(**{gauge: by}))
    assert any(fault.startswith(named) for fault in found), found


def test_a_warm_up_is_no_leak() -> None:
    warming = [
        replace(one, resident_kb=300_000 + 40 * min(one.action, 2_400)) for one in readings()
    ]
    assert faults_of(warming) == []


def test_too_little_to_judge_by_is_said() -> None:
    assert faults_of(readings()[:4]) == ["3 readings after the warm-up are too few to judge by."]


def test_a_line_through_points() -> None:
    assert slope([(0, 1.0), (1, 3.0), (2, 5.0)]) == pytest.approx(2)
    assert slope([(0, 1.0)]) == 0


@pytest.mark.display
def test_a_short_day_leaves_nothing_behind(tmp_path: Path) -> None:
    """The same as ``make soak``, too short to judge memory by: objects, timers, threads, files,
    warnings and whatever fails behind the screen."""
    soaked = subprocess.run(
        [sys.executable, "-m", "tests.soak", "--actions", "60", "--seed", str(SEED)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert soaked.returncode == 0, f"{soaked.stdout}\n{soaked.stderr}"
    assert f"seed {SEED}, 60 actions" in soaked.stdout
