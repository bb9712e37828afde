"""Small help with futures that cross from the store's threads to whoever asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import TypeVar

S = TypeVar("S")
T = TypeVar("T")


def then(source: Future[S], change: Callable[[S], T]) -> Future[T]:
    """The future of ``change(value)``; runs where ``source`` is resolved, so keep it quick."""
    result: Future[T] = Future()

    def resolve(done: Future[S]) -> None:
        if not result.set_running_or_notify_cancel():
            return
        try:
            value = change(done.result())
        except (Exception, CancelledError) as error:  # noqa: BLE001 - belongs to whoever waits
            result.set_exception(error)
        else:
            result.set_result(value)

    source.add_done_callback(resolve)
    return result


def aside(work: Callable[[], T], name: str) -> Future[T]:
    """Run ``work`` on a thread of its own, called ``name``."""
    future: Future[T] = Future()

    def run() -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - belongs to whoever asked
            future.set_exception(error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return future
