"""Time that passes only when a test says so, for code that waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from app.domain.clock import FakeClock
from app.sync.pause import Pauses


class HandTime:
    """A clock and a sleep that belong together; use it on one loop."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.pauses = Pauses(clock, self.sleep)
        self._sleeping: list[tuple[datetime, asyncio.Future[None]]] = []

    def sleep(self, seconds: float) -> Coroutine[Any, Any, None]:
        """From the moment of the call on: what is awaited as a task begins a turn later, and time
        may have passed by then."""
        return self._sleep_until(self.clock.now() + timedelta(seconds=seconds))

    async def _sleep_until(self, due: datetime) -> None:
        if due <= self.clock.now():
            await asyncio.sleep(0)
            return
        done = asyncio.get_running_loop().create_future()
        entry = (due, done)
        self._sleeping.append(entry)
        try:
            await done
        finally:
            self._sleeping.remove(entry)

    def advance(self, seconds: float) -> None:
        """Let time pass and wake whoever has slept enough."""
        self.clock.set(self.clock.now() + timedelta(seconds=seconds))
        for due, done in tuple(self._sleeping):
            if due <= self.clock.now() and not done.done():
                done.set_result(None)

    def sleeps(self, at_least: float, at_most: float) -> bool:
        """Whether somebody is to sleep for so many seconds more."""
        now = self.clock.now()
        left = [(due - now).total_seconds() for due, _ in self._sleeping]
        return any(at_least <= seconds <= at_most for seconds in left)

    @property
    def longest_sleep(self) -> float:
        """Seconds until the last sleeper would wake."""
        now = self.clock.now()
        return max(((due - now).total_seconds() for due, _ in self._sleeping), default=0.0)


async def until(condition: Callable[[], bool], *, deadline_s: float = 30.0) -> None:
    """Let the loop run until the condition holds; fails loudly when it never does."""
    loop = asyncio.get_running_loop()
    end = loop.time() + deadline_s
    while not condition():
        assert loop.time() < end, "what was waited for did not happen"
        # The store's threads need a moment of their own between two looks.
        await asyncio.sleep(0.001)
