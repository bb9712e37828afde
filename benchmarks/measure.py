"""A measure: a number that means something because a reference ran beside it."""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Measure:
    """``ratio`` is value over reference; ``target`` is for the ratio, ``met`` whether it is
    reached (None where there is no target)."""

    name: str
    value: float
    unit: str
    reference: str
    ratio: float | None = None
    target: float | None = None
    met: bool | None = None


def compare(
    name: str, value: float, unit: str, reference: str, against: float, *, at_least: float
) -> Measure:
    """A rate beside the rate of its reference."""
    ratio = value / against
    return Measure(
        name,
        round(value, 1),
        unit,
        f"{reference}: {against:.1f}",
        round(ratio, 2),
        at_least,
        ratio >= at_least,
    )


def report(measure: Measure) -> None:
    """One line of JSON."""
    sys.stdout.write(json.dumps(asdict(measure)) + "\n")
    sys.stdout.flush()


def rates(count: int, *ways: Callable[[], float], rounds: int = 5) -> list[float]:
    """How many a second each way does. A way returns the seconds it took, without its setting up.

    The ways take turns and the median of each counts, since the machine is shared.
    """
    taken: list[list[float]] = [[] for _ in ways]
    for _ in range(rounds):
        for way, times in zip(ways, taken, strict=True):
            # As timeit does: no way pays for the garbage of another.
            gc.collect()
            gc.disable()
            times.append(way())
            gc.enable()
    return [count / statistics.median(times) for times in taken]


def medians(
    *ways: Callable[[], object], rounds: int = 15, clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """Milliseconds of each way by ``clock``; they take turns.

    In each turn a way goes twice and the second time counts: the first brings back to the
    processor what the ways before it have pushed out.
    """
    taken: list[list[float]] = [[] for _ in ways]
    for _ in range(rounds):
        for way, times in zip(ways, taken, strict=True):
            way()
            began = clock()
            way()
            times.append((clock() - began) * 1000)
    return [statistics.median(times) for times in taken]


def timed(work: Callable[[], object]) -> float:
    """The seconds that ``work`` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
