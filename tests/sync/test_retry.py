"""How long is waited."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.clock import FakeClock
from app.domain.errors import RateLimited, Unreachable
from app.sync.retry import PULLING, SENDING, BackOff


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_a_delay_is_between_half_and_all_of_the_doubled_step(failures: int, spread: float) -> None:
    back_off = BackOff(first_s=2.0, cap_s=60.0)
    full = min(60.0, 2.0 * 2.0 ** min(failures - 1, 30))
    assert full / 2 <= back_off.delay(failures, spread) <= full


def test_the_first_waits_double_until_the_cap() -> None:
    assert [PULLING.delay(n, 1.0) for n in range(1, 7)] == [4, 8, 16, 32, 60, 60]


def test_a_rest_asked_for_is_kept(clock: FakeClock) -> None:
    now = clock.now()
    error = RateLimited("Slow down.", retry_at=now + timedelta(minutes=15))
    assert SENDING.next_try(now, 1, 0.0, error) == now + timedelta(minutes=15)
    assert SENDING.next_try(now, 1, 1.0, error) == now + timedelta(minutes=15, seconds=2)


def test_a_rest_that_is_over_already_still_rests_a_second(clock: FakeClock) -> None:
    now = clock.now()
    error = RateLimited("Slow down.", retry_at=now - timedelta(minutes=15))
    assert SENDING.next_try(now, 1, 0.0, error) == now + timedelta(seconds=1)


def test_other_failures_back_off(clock: FakeClock) -> None:
    now = clock.now()
    assert SENDING.next_try(now, 2, 1.0, Unreachable("Gone.")) == now + timedelta(seconds=8)
