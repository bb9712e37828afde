"""Time bounded by comparison: an attack may cost some times what an honest text of its length does.

A bound in seconds alone would say more of the machine than of the code, so the allowance is a
multiple of the harmless cost plus a floor that a busy machine needs for anything at all.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

TIMES = 60
"""How many times the harmless cost an attack may take. What was mended here took 1,000 and more."""
FLOOR_S = 0.6
_HARMLESS = "Where is my order 4711, please? It was due on Tuesday. "


def harmless(length: int) -> str:
    """An honest message of this many characters."""
    return (_HARMLESS * (length // len(_HARMLESS) + 1))[:length]


def cost(work: Callable[[], T]) -> tuple[T, float]:
    """What came of it, and the processor seconds it took."""
    started = time.process_time()
    result = work()
    return result, time.process_time() - started


def bounded(work: Callable[[str], T], text: str) -> T:
    """``work(text)``; fails when it takes far longer than an honest text of that length."""
    result, taken = cost(lambda: work(text))
    if taken > FLOOR_S:
        _, honest = cost(lambda: work(harmless(len(text))))
        assert taken < FLOOR_S + TIMES * honest, f"{taken:.2f} s where {honest:.3f} s would do"
    return result
