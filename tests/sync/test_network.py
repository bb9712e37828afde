"""The network thread: takes coroutines, ends cleanly, leaves nothing behind."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from app.domain.errors import SeamlineError
from app.sync.network import NetworkThread


@pytest.fixture
def network() -> Iterator[NetworkThread]:
    made = NetworkThread()
    yield made
    assert made.stop()


async def _name() -> str:
    return threading.current_thread().name


def test_work_runs_on_a_thread_of_its_own(network: NetworkThread) -> None:
    assert network.submit(_name()).result(30) == "seamline-network"


def test_an_exception_belongs_to_whoever_asked(network: NetworkThread) -> None:
    async def refuse() -> None:
        raise SeamlineError("No.")

    with pytest.raises(SeamlineError, match="No"):
        network.submit(refuse()).result(30)


def test_stopping_cancels_what_runs_and_waits_for_its_clean_up() -> None:
    network = NetworkThread()
    began, cleaned = threading.Event(), threading.Event()

    async def forever() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.set()

    running = network.submit(forever())
    assert began.wait(30)
    assert network.stop()
    assert cleaned.is_set()
    assert running.cancelled()


def test_cancelling_the_future_cancels_the_coroutine(network: NetworkThread) -> None:
    began, ended = threading.Event(), threading.Event()

    async def forever() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    running = network.submit(forever())
    assert began.wait(30)
    running.cancel()
    assert ended.wait(30)


def test_after_stopping_nothing_is_taken() -> None:
    network = NetworkThread()
    assert network.stop()
    with pytest.raises(SeamlineError, match="closing"):
        network.submit(_name()).result(30)
    called: list[int] = []
    network.call(lambda: called.append(1))
    assert called == []


def test_a_call_reaches_the_loop(network: NetworkThread) -> None:
    network.submit(_name()).result(30)
    called = threading.Event()
    network.call(called.set)
    assert called.wait(30)
