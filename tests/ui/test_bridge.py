"""The crossing to the main thread: order, staleness, errors, commits."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from PySide6.QtCore import QCoreApplication, QElapsedTimer, QObject, QThread, QTimer
from pytestqt.qtbot import QtBot

from app.domain.changes import ChangeSet
from app.domain.errors import SeamlineError, Unreachable
from app.domain.ids import CaseId
from app.ui.bridge import STORM_PAUSE_MS, UiBridge
from app.ui.frames import Frames


@pytest.fixture
def bridge(qtbot: QtBot) -> UiBridge:
    return UiBridge()


def test_an_answer_of_another_thread_arrives_on_the_main_one(
    bridge: UiBridge, qtbot: QtBot
) -> None:
    arrived: list[tuple[str, bool]] = []
    main = QThread.currentThread()

    def show(value: str) -> None:
        arrived.append((value, QThread.currentThread() == main))

    with ThreadPoolExecutor(1) as pool:
        bridge.ask("topic", pool.submit(lambda: threading.current_thread().name), show)
        qtbot.waitUntil(lambda: bool(arrived))
    name, on_main = arrived[0]
    assert name != threading.current_thread().name
    assert on_main


def test_an_answer_never_comes_before_the_caller_goes_on(bridge: UiBridge, qtbot: QtBot) -> None:
    arrived: list[int] = []
    future: Future[int] = Future()
    future.set_result(1)
    bridge.ask("topic", future, arrived.append)
    assert arrived == []
    qtbot.waitUntil(lambda: arrived == [1])


def test_a_stale_answer_is_dropped_and_so_is_its_error(bridge: UiBridge, qtbot: QtBot) -> None:
    first: Future[int] = Future()
    second: Future[int] = Future()
    third: Future[int] = Future()
    arrived: list[object] = []
    bridge.ask("topic", first, arrived.append, arrived.append)
    bridge.ask("topic", second, arrived.append, arrived.append)
    bridge.ask("topic", third, arrived.append, arrived.append)
    third.set_result(3)
    second.set_result(2)
    first.set_exception(Unreachable("No answer."))
    other: Future[int] = Future()
    bridge.ask("other", other, arrived.append)
    other.set_result(4)
    qtbot.waitUntil(lambda: 4 in arrived)
    assert arrived == [3, 4]


def test_the_nameless_topic_is_never_stale(bridge: UiBridge, qtbot: QtBot) -> None:
    arrived: list[int] = []
    futures: list[Future[int]] = [Future(), Future()]
    for future in futures:
        bridge.ask("", future, arrived.append)
    for number, future in enumerate(futures):
        future.set_result(number)
    qtbot.waitUntil(lambda: arrived == [0, 1])


def test_an_error_nobody_takes_is_announced(bridge: UiBridge, qtbot: QtBot) -> None:
    future: Future[int] = Future()
    error = Unreachable("Mastodon did not answer.")
    with qtbot.waitSignal(bridge.failed) as failed:
        bridge.act(future)
        future.set_exception(error)
    assert failed.args == [error]


def test_an_unforeseen_error_is_logged_and_told_in_one_sentence(
    bridge: UiBridge, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    future: Future[int] = Future()
    taken: list[SeamlineError] = []
    with caplog.at_level(logging.ERROR, logger="app.ui.bridge"):
        bridge.ask("", future, lambda _value: None, taken.append)
        future.set_exception(ZeroDivisionError("secret"))
        qtbot.waitUntil(lambda: bool(taken))
    assert "secret" not in str(taken[0])
    assert taken[0].hint
    assert caplog.records[0].exc_info is not None


def test_a_cancelled_future_says_nothing(bridge: UiBridge, qtbot: QtBot) -> None:
    arrived: list[object] = []
    future: Future[int] = Future()
    bridge.ask("", future, arrived.append, arrived.append)
    future.cancel()
    after: Future[str] = Future()
    bridge.ask("", after, arrived.append)
    after.set_result("after")
    qtbot.waitUntil(lambda: arrived == ["after"])


def test_a_deleted_widget_is_not_called(bridge: UiBridge, qtbot: QtBot) -> None:
    calls: list[int] = []

    class Receiver(QObject):
        def take(self, value: int) -> None:
            calls.append(value)

    receiver = Receiver()
    future: Future[int] = Future()
    bridge.ask("", future, receiver.take)
    receiver.deleteLater()
    qtbot.waitUntil(lambda: not _alive(receiver))
    future.set_result(1)
    after: Future[int] = Future()
    bridge.ask("", after, calls.append)
    after.set_result(2)
    qtbot.waitUntil(lambda: calls == [2])


def _alive(thing: QObject) -> bool:
    from shiboken6 import isValid

    return isValid(thing)


def test_commits_close_together_are_announced_once(bridge: UiBridge, qtbot: QtBot) -> None:
    heard: list[ChangeSet] = []
    bridge.committed.connect(heard.append)

    def commit_often() -> None:
        for number in range(20):
            cases = frozenset({CaseId(number)})
            bridge.announce_commit(ChangeSet(cases=cases, interactions=10))

    writer = threading.Thread(target=commit_often)
    writer.start()
    writer.join()
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [ChangeSet(cases=frozenset(CaseId(n) for n in range(20)), interactions=200)]


def _scrolls(monkeypatch: pytest.MonkeyPatch, *, most_ms: int = 1_000_000) -> None:
    monkeypatch.setattr(Frames, "are_due", property(lambda _self: True))
    monkeypatch.setattr("app.ui.bridge.MOVING_PAUSE_MS", most_ms)


def test_what_comes_in_is_told_of_when_the_reader_stops_scrolling(
    bridge: UiBridge, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _scrolls(monkeypatch)
    told: list[ChangeSet] = []
    bridge.committed.connect(told.append)
    pause = bridge.findChild(QTimer)
    assert pause is not None
    for interactions in (1, 2):
        bridge.announce_commit(ChangeSet(interactions=interactions))
        with qtbot.waitSignal(pause.timeout):
            assert told == []
    assert told == []
    monkeypatch.setattr(Frames, "are_due", property(lambda _self: False))
    qtbot.waitUntil(lambda: len(told) == 1)
    assert told[0].interactions == 3


def test_a_reader_who_scrolls_on_and_on_is_told_all_the_same(
    bridge: UiBridge, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _scrolls(monkeypatch, most_ms=2 * STORM_PAUSE_MS)
    told: list[ChangeSet] = []
    bridge.committed.connect(told.append)
    for round_ in (1, 2):
        clock = QElapsedTimer()
        clock.start()
        bridge.announce_commit(ChangeSet(interactions=1))
        qtbot.waitUntil(lambda: len(told) == round_)  # noqa: B023 - waited for here
        assert clock.elapsed() >= 2 * STORM_PAUSE_MS - 20


def test_a_decision_of_ones_own_is_told_while_one_scrolls_whatever_comes_in(
    bridge: UiBridge, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _scrolls(monkeypatch)
    told: list[ChangeSet] = []
    bridge.committed.connect(told.append)
    bridge.announce_commit(ChangeSet(interactions=1))
    decided = [ChangeSet(cases=frozenset({CaseId(number)})) for number in (1, 2)]
    for number, decision in enumerate(decided, start=1):
        bridge.announce_commit(decision)
        qtbot.waitUntil(lambda: len(told) == number)  # noqa: B023 - waited for here
    assert told == decided


def test_a_storm_of_commits_is_announced_now_and_then(bridge: UiBridge, qtbot: QtBot) -> None:
    heard: list[ChangeSet] = []
    bridge.committed.connect(heard.append)
    clock = QElapsedTimer()
    clock.start()
    sent = 0
    while clock.elapsed() < 4 * STORM_PAUSE_MS:
        bridge.announce_commit(ChangeSet(interactions=1))
        sent += 1
        QCoreApplication.processEvents()
    qtbot.waitUntil(lambda: sum(changes.interactions for changes in heard) == sent)
    assert 2 <= len(heard) <= 6
