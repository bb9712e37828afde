"""Online and offline, told from attempts alone."""

from __future__ import annotations

from datetime import timedelta

from app.domain.clock import FakeClock, to_ms
from app.domain.errors import AuthExpired, Unreachable
from app.domain.ids import AccountId
from app.sync.connectivity import Connectivity

ONE, TWO = AccountId(1), AccountId(2)
GONE = Unreachable("No answer.")


def test_one_answer_is_enough_to_be_online(clock: FakeClock) -> None:
    changes: list[int] = []
    connectivity = Connectivity(clock, lambda: changes.append(1))
    assert connectivity.online
    connectivity.heard(ONE, GONE)
    assert not connectivity.online
    connectivity.heard(TWO, None)
    assert connectivity.online
    assert len(changes) == 2


def test_a_refusal_is_an_answer(clock: FakeClock) -> None:
    connectivity = Connectivity(clock, lambda: None)
    connectivity.heard(ONE, AuthExpired("Signed out."))
    assert connectivity.online


def test_it_says_since_when_and_when_the_next_try_is(clock: FakeClock) -> None:
    connectivity = Connectivity(clock, lambda: None)
    clock.set(clock.now() + timedelta(minutes=1))
    went_ms = to_ms(clock.now())
    connectivity.heard(ONE, GONE)
    connectivity.heard(TWO, GONE)
    connectivity.tries_again(ONE, clock.now() + timedelta(seconds=40))
    connectivity.tries_again(TWO, clock.now() + timedelta(seconds=9))
    shown = connectivity.connection(waiting=2)
    assert (shown.online, shown.since_ms, shown.waiting) == (False, went_ms, 2)
    assert shown.next_try_ms == went_ms + 9_000
    connectivity.heard(ONE, None)
    assert connectivity.connection(0).next_try_ms is None


def test_coming_back_is_told_once(clock: FakeClock) -> None:
    connectivity = Connectivity(clock, lambda: None)
    assert not connectivity.heard(ONE, None)
    connectivity.heard(ONE, GONE)
    assert connectivity.heard(ONE, None)
    assert not connectivity.heard(ONE, None)


def test_an_account_that_went_says_nothing_any_more(clock: FakeClock) -> None:
    connectivity = Connectivity(clock, lambda: None)
    connectivity.heard(ONE, GONE)
    connectivity.forget(ONE)
    assert connectivity.online
