"""Who else is at a case."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from app.domain.clock import FakeClock
from app.domain.ids import AgentId, CaseId, OutboxId
from app.services.presence import SILENT_AFTER_MS, Presence, Seat

CASE, OTHER = CaseId(1), CaseId(2)
INES, TOMAS = AgentId("ines"), AgentId("tomas")
HERE = Seat("here", INES, CASE)
THERE = Seat("there", TOMAS, CASE)
WRITING = Seat("third", INES, CASE, writes=True)


@pytest.fixture
def presence(clock: FakeClock) -> Presence:
    return Presence(clock)


def test_others_at_the_same_case_are_known_and_who_writes_comes_first(presence: Presence) -> None:
    for seat in (HERE, THERE, WRITING, Seat("fourth", TOMAS, OTHER)):
        presence.tell(seat)
    assert presence.others(CASE, "here") == (WRITING, THERE)
    assert presence.others(CASE, "third") == (HERE, THERE)
    assert presence.others(CaseId(3), "here") == ()


def test_who_goes_elsewhere_or_leaves_is_there_no_more(presence: Presence) -> None:
    presence.tell(THERE)
    presence.tell(WRITING)
    presence.tell(Seat("there", TOMAS, OTHER))
    presence.leave("third")
    assert presence.others(CASE, "here") == ()
    assert len(presence.others(OTHER, "here")) == 1


def test_who_is_not_heard_of_falls_silent(presence: Presence, clock: FakeClock) -> None:
    presence.tell(THERE)
    presence.tell(WRITING)
    clock.set(clock.now() + timedelta(milliseconds=SILENT_AFTER_MS - 1))
    presence.tell(THERE)
    assert presence.others(CASE, "here") == (WRITING, THERE)
    clock.set(clock.now() + timedelta(milliseconds=1))
    assert presence.others(CASE, "here") == (THERE,)


def test_only_what_is_new_is_announced(presence: Presence, clock: FakeClock) -> None:
    heard: list[int] = []
    stop = presence.on_change(lambda: heard.append(len(presence.others(CASE, "here"))))
    presence.tell(THERE)
    presence.tell(THERE)
    presence.tell(WRITING)
    presence.leave("third")
    presence.leave("third")
    assert heard == [1, 2, 1]
    clock.set(clock.now() + timedelta(milliseconds=SILENT_AFTER_MS))
    presence.tell(THERE)
    assert heard == [1, 2, 1, 1]
    stop()
    presence.leave("there")
    assert len(heard) == 4


def test_replies_from_elsewhere_are_known_until_taken_back(presence: Presence) -> None:
    first, mine = OutboxId("first"), OutboxId("mine")
    presence.replied(CASE, "there", first)
    presence.replied(CASE, "here", mine)
    presence.replied(OTHER, "there", OutboxId("other"))
    assert presence.replies(CASE, "here") == {first}
    assert presence.replies(CASE, "there") == {mine}
    presence.took_back(first)
    presence.took_back(first)
    assert presence.replies(CASE, "here") == frozenset()


def test_many_threads_may_tell_at_once(presence: Presence) -> None:
    def come_and_go(number: int) -> None:
        for _ in range(200):
            presence.tell(Seat(f"w{number}", TOMAS, CASE))
            presence.others(CASE, "here")
        if number % 2:
            presence.leave(f"w{number}")

    threads = [threading.Thread(target=come_and_go, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {seat.window for seat in presence.others(CASE, "here")} == {"w0", "w2", "w4", "w6"}
