"""The network thread: one asyncio loop, on which everything remote is a coroutine."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from app.domain.errors import SeamlineError
from app.domain.right_of_way import stand_back

T = TypeVar("T")

STOP_S = 5.0


class NetworkThread:
    """Starts at the first use; after ``stop`` it takes nothing more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stopped = False

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine there. Cancelling the future cancels the coroutine.

        After ``stop`` the future carries a SeamlineError.
        """
        with self._lock:
            if not self._stopped:
                return asyncio.run_coroutine_threadsafe(work, self._running_loop())
        work.close()
        refused: Future[T] = Future()
        refused.set_exception(SeamlineError("Seamline is closing.", hint="Start it again."))
        return refused

    def call(self, function: Callable[[], object]) -> None:
        """Call a quick function on the loop, soon; from any thread. Ignored when not running."""
        loop = self._loop
        if loop is not None:
            # The loop may be closed between the two lines; then nobody is left to call.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(function)

    def stop(self, timeout_s: float = STOP_S) -> bool:
        """Cancel everything and end the thread; True when it ended in time.

        From any thread but its own.
        """
        with self._lock:
            self._stopped = True
            loop, thread = self._loop, self._thread
        if loop is None or thread is None:
            return True
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout_s)
        return not thread.is_alive()

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(
                target=_run, args=(self._loop,), name="seamline-network", daemon=True
            )
            self._thread.start()
        return self._loop


def _run(loop: asyncio.AbstractEventLoop) -> None:
    stand_back()
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        loop.run_until_complete(cancel_others())
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        asyncio.set_event_loop(None)
        loop.close()


async def cancel_others() -> None:
    """Cancel whatever else runs on this loop, and wait until it has ended."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
