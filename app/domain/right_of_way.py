"""The screen goes first: long work beside it rests while a frame is made.

Python runs one thread at a time. A frame lets go of the interpreter whenever Qt calls back, several
times, and each time whoever works beside it has it for a while; besides, there may be fewer
processors than threads at work. So a frame takes the right of way, and whoever stores or translates
thousands of facts asks between two steps whether somebody has it. Both are the quicker for it.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable

LAPSES_S = 0.03
"""What is not given back by then is not waited for any longer."""
SHARE_S = 0.004
"""Work that has rested goes on for at least so long, however many frames are to be made."""
_STEPS_BACK = 5


class RightOfWay:
    """Taken and given by one thread, respected by the others. ``clock`` tells seconds."""

    def __init__(
        self, clock: Callable[[], float] = time.perf_counter, lapses_s: float = LAPSES_S
    ) -> None:
        self._clock = clock
        self._lapses_s = lapses_s
        self._is_free = threading.Event()
        self._is_free.set()
        self._free_since = clock()

    @property
    def is_taken(self) -> bool:
        return not self._is_free.is_set()

    def take(self) -> None:
        """From now on others rest at their next step."""
        self._is_free.clear()

    def give(self) -> None:
        self._free_since = self._clock()
        self._is_free.set()

    def give_way(self) -> None:
        """To be called by long work between two steps of some 0.1 ms: rests while the right is
        taken. Costs next to nothing while it is not."""
        if self._is_free.is_set() or self._clock() - self._free_since < SHARE_S:
            return
        if not self._is_free.wait(self._lapses_s):
            self.give()


SCREEN = RightOfWay()
"""There is one interpreter in a process, and so one of these."""
give_way = SCREEN.give_way


def stand_back() -> None:
    """From now on the thread that calls this, and those it starts, have a processor after the
    screen where there are not enough. Only Linux knows priorities of single threads.

    It is little, and must be: such a thread may hold the interpreter while other programs have all
    processors.
    """
    if sys.platform == "linux":
        me = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, me, os.getpriority(os.PRIO_PROCESS, me) + _STEPS_BACK)
