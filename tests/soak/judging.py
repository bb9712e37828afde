"""Whether what was counted stayed level.

Memory is judged by the slope of a straight line through the readings after the warm-up, so that
one high reading decides nothing. The bound is 1 KB an action. Before a reading the pages of the
file are given back: three thousand messages arrive in ten thousand actions, and their pages fill
the caches to a bound that they have anyhow. What still rises is the ids that are remembered, up to
their bound, and what the C library cannot give back between two things that stay. The smallest
leak worth the name is a sheet that is not let go of: 30 to 100 KB each, and one action in eight
opens one, which is 4 KB an action and more.

Objects of Qt are counted at the same conversation each time. They may differ by a handful, as a
notice stands there or has gone; they may not rise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean, median

from tests.soak.gauges import Reading

WARM_UP = 0.25
"""Of the actions: every sheet has been opened once by then."""
MEMORY_WARM_UP = 0.5
"""Memory takes longer: what is drawn by lot comes late, and a font at one of nine sizes costs 24 KB
when it is first seen."""
MOST_KB_AN_ACTION = 1.0
FEWEST_ACTIONS_FOR_MEMORY = 2_000
"""In fewer, what the C library keeps in reserve is larger than any leak."""


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Of the line through these points that has the least squares; 0 for fewer than two."""
    if len(points) < 2:
        return 0.0
    middle_x, middle_y = fmean(x for x, _ in points), fmean(y for _, y in points)
    spread = sum((x - middle_x) ** 2 for x, _ in points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / spread if spread else 0.0


def warm(readings: Sequence[Reading], after: float = WARM_UP) -> list[Reading]:
    """Those after a part of the actions."""
    last = readings[-1].action if readings else 0
    return [one for one in readings if one.action >= last * after]


def kb_an_action(readings: Sequence[Reading]) -> float:
    return slope([(one.action, one.resident_kb) for one in warm(readings, MEMORY_WARM_UP)])


def faults_of(readings: Sequence[Reading]) -> list[str]:
    """A sentence for each thing that did not stay level."""
    counted = warm(readings)
    if len(counted) < 4:
        return [f"{len(counted)} readings after the warm-up are too few to judge by."]
    found = []
    actions = counted[-1].action - counted[0].action
    rising = kb_an_action(readings)
    if actions >= FEWEST_ACTIONS_FOR_MEMORY and rising > MOST_KB_AN_ACTION:
        found.append(f"Memory rises by {rising:.2f} KB an action, {MOST_KB_AN_ACTION} is allowed.")
    for name, of, noise in _COUNTED:
        before, after = _ends(counted, of)
        if after - before > noise:
            found.append(f"{name} rose from {before:.0f} to {after:.0f} in {actions} actions.")
    return found


_COUNTED: tuple[tuple[str, Callable[[Reading], int], int], ...] = (
    ("Objects of Qt", lambda one: one.objects, 12),
    ("Objects of Qt that Python holds", lambda one: one.wrappers, 12),
    ("Running timers", lambda one: one.timers, 2),
    ("Threads", lambda one: one.threads, 2),
    ("Open files", lambda one: one.files, 4),
)
"""What is counted, and how much of it may be there at one reading and not at another."""


def _ends(readings: Sequence[Reading], of: Callable[[Reading], int]) -> tuple[float, float]:
    """The middle of the first third and of the last."""
    third = max(1, len(readings) // 3)
    first, last = readings[:third], readings[-third:]
    return median(of(one) for one in first), median(of(one) for one in last)
