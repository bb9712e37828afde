"""Long work rests while a frame is made, and never for long."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from app.domain.right_of_way import SHARE_S, RightOfWay, stand_back

_PATIENCE_S = 20
_MOMENT_S = 0.05
_LAST = 19


class _Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 1.0

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


class _Worker:
    """Asks once, on a thread of its own, whether it may go on."""

    def __init__(self, way: RightOfWay) -> None:
        self._went_on = threading.Event()
        self._thread = threading.Thread(target=self._work, args=(way,))
        self._thread.start()

    def _work(self, way: RightOfWay) -> None:
        way.give_way()
        self._went_on.set()

    def rests(self) -> bool:
        return not self._went_on.wait(_MOMENT_S)

    def goes_on(self) -> bool:
        gone = self._went_on.wait(_PATIENCE_S)
        self._thread.join(_PATIENCE_S)
        return gone


def _way(clock: _Clock, lapses_s: float = 2 * _PATIENCE_S) -> RightOfWay:
    way = RightOfWay(clock, lapses_s)
    clock.pass_by(SHARE_S)
    return way


def test_work_rests_until_the_right_is_given_back() -> None:
    way = _way(_Clock())
    way.take()
    worker = _Worker(way)
    assert worker.rests()
    way.give()
    assert worker.goes_on()


def test_work_goes_on_where_nobody_has_the_right() -> None:
    way = _way(_Clock())
    assert _Worker(way).goes_on()
    way.take()
    way.give()
    assert _Worker(way).goes_on()


def test_a_right_that_is_not_given_back_lapses() -> None:
    way = _way(_Clock(), lapses_s=0.01)
    way.take()
    assert _Worker(way).goes_on()
    assert not way.is_taken


def test_work_that_has_rested_has_its_share_before_it_rests_again() -> None:
    clock = _Clock()
    way = _way(clock)
    way.give()
    way.take()
    clock.pass_by(SHARE_S / 2)
    assert _Worker(way).goes_on()
    clock.pass_by(SHARE_S)
    worker = _Worker(way)
    assert worker.rests()
    way.give()
    assert worker.goes_on()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux knows priorities of threads")
def test_a_thread_that_stands_back_leaves_the_others_where_they_are() -> None:
    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    found: list[int] = []

    def work() -> None:
        stand_back()
        found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(_PATIENCE_S)
    assert found[0] > before or before >= _LAST
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before
