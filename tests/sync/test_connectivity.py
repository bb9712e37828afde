"""Online and offline, told from attempts alone."""

from __future__ import annotations

from datetime import timedelta

from app.domain.clock import FakeClock, to_ms
from app.domain.errors import AuthExpired, ContractBroken, Unreachable
from app.domain.ids import AccountId
from app.sync.connectivity import Connectivity, Down

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
    connectivity.heard(TWO, None)
    assert connectivity.connection(0).next_try_ms == went_ms + 40_000
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


def test_one_account_down_is_named_while_the_others_go_on(clock: FakeClock) -> None:
    changes: list[int] = []
    connectivity = Connectivity(clock, lambda: changes.append(1))
    connectivity.heard(TWO, None)
    went_ms = to_ms(clock.now())
    connectivity.heard(ONE, GONE, "@halden")
    clock.set(clock.now() + timedelta(minutes=5))
    connectivity.heard(ONE, GONE, "@halden")
    connectivity.tries_again(ONE, clock.now() + timedelta(seconds=7))
    shown = connectivity.connection(waiting=1)
    next_ms = went_ms + 307_000
    assert shown.online
    assert shown.down == (Down(ONE, "@halden", "No answer.", went_ms, False, next_ms),)
    assert shown.next_try_ms == next_ms
    assert len(changes) == 2  # that it went, and when it is tried: once each
    connectivity.forget(ONE)
    assert connectivity.connection(0).down == ()
    assert len(changes) == 3


def test_what_something_in_between_says_is_no_answer(clock: FakeClock) -> None:
    connectivity = Connectivity(clock, lambda: None)
    connectivity.heard(ONE, ContractBroken("A web page.", in_between=True))
    shown = connectivity.connection(0)
    assert not shown.online
    assert shown.down[0].in_between
    connectivity.heard(ONE, ContractBroken("Nonsense of its own."))
    assert connectivity.online
    assert connectivity.connection(0).down == ()
