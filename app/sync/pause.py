"""Waiting that can be cut short, on time that tests can own; and storing that is not cut short."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import TypeVar

from app.domain.clock import Clock

T = TypeVar("T")

Sleep = Callable[[float], Awaitable[None]]
"""Waits that many seconds: ``asyncio.sleep``, or a test's own."""


class Pauses:
    """Tells the time and waits. ``clock`` is the wall, ``sleep`` the waiting that goes with it."""

    def __init__(self, clock: Clock, sleep: Sleep = asyncio.sleep) -> None:
        self.clock = clock
        self._sleep = sleep

    async def rest(self, seconds: float) -> None:
        """Wait, whatever happens meanwhile (but for being cancelled)."""
        await self._sleep(seconds)

    async def until(self, woken: asyncio.Event, seconds: float | None) -> bool:
        """Wait for the event, at most ``seconds`` (None: for as long as it takes).

        Clears the event; True when it was set.
        """
        if seconds is None:
            await woken.wait()
        elif not woken.is_set():
            waiting = asyncio.ensure_future(woken.wait())
            resting = asyncio.ensure_future(self._sleep(max(0.0, seconds)))
            try:
                await asyncio.wait((waiting, resting), return_when=asyncio.FIRST_COMPLETED)
            finally:
                waiting.cancel()
                resting.cancel()
                await asyncio.gather(waiting, resting, return_exceptions=True)
        was_set = woken.is_set()
        woken.clear()
        return was_set


async def stored(future: Future[T]) -> T:
    """Await what a store thread does. Cancelling whoever waits leaves the store to finish it.

    Without the shield, a cancelled task would take its transaction back out of the writer's
    queue, and what a service has already done would go unrecorded.
    """
    return await asyncio.shield(asyncio.wrap_future(future))
