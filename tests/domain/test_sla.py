"""Clocks run at work, stand still where they should, and are the same wherever they are read."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cases import Urgency
from app.domain.clocks import ClockKind
from app.domain.departments import CARE, PR
from app.domain.hours import ALWAYS, BusinessHours, Span
from app.domain.interactions import Channel
from app.domain.sla import (
    NO_PROMISE,
    USUAL,
    Clock,
    SlaPolicy,
    policy_for,
    running_clock,
)

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
OFFICE = BusinessHours(
    "Europe/Stockholm",
    (*((Span(540, 720), Span(780, 1020)),) * 5, (Span(60, 240),), (Span(60, 240),)),
)
# The Thursday before the clocks go back.
START = round(datetime(2026, 10, 22, 5, tzinfo=UTC).timestamp() * 1000)
HOURS = st.sampled_from([ALWAYS, OFFICE])
REPLY = ClockKind.NEXT_REPLY


@st.composite
def stretches(draw: st.DrawFn) -> list[tuple[int, int | None]]:
    """Stretches in their order and apart; the last may be open."""
    edges = sorted(draw(st.sets(st.integers(0, 6 * DAY), min_size=2, max_size=9)))
    times = [START + edge for edge in edges]
    made: list[tuple[int, int | None]] = list(zip(times[::2], times[1::2], strict=False))
    if len(times) % 2:
        made.append((times[-1], None))
    return made


@given(stretches(), st.integers(MINUTE, 30 * HOUR), HOURS)
def test_a_clock_is_due_once_its_target_is_used_up(
    ran: list[tuple[int, int | None]], target: int, hours: BusinessHours
) -> None:
    clock = running_clock(ClockKind.RESOLUTION, target, ran, hours)
    assert clock is not None
    until = clock.due_ms if clock.due_ms is not None else ran[-1][1]
    assert until is not None
    used = sum(
        hours.open_between(start, min(until, until if end is None else end))
        for start, end in ran
        if start < until
    )
    if clock.is_paused:
        assert used == clock.spent_ms <= target
        assert not clock.is_late(until + DAY)
    else:
        assert used == target
        assert clock.is_late(until)
        assert not clock.is_late(until - 1)
        assert clock.used(until) == 1.0


@given(stretches(), st.integers(MINUTE, 30 * HOUR), HOURS, st.data())
def test_reading_it_in_between_changes_nothing(
    ran: list[tuple[int, int | None]], target: int, hours: BusinessHours, data: st.DataObject
) -> None:
    """A restart or a hand-off cuts a stretch in two that touch."""
    number = data.draw(st.integers(0, len(ran) - 1))
    start, end = ran[number]
    cut = data.draw(st.integers(start + 1, (end or start + DAY)))
    pieces = [*ran[:number], (start, cut), (cut, end), *ran[number + 1 :]]
    whole = running_clock(REPLY, target, ran, hours)
    parts = running_clock(REPLY, target, pieces, hours)
    assert whole is not None
    assert parts is not None
    assert parts.due_ms == whole.due_ms or _is_no_time(hours, parts.due_ms, whole.due_ms)
    for moment in (START, cut, START + 3 * DAY, START + 7 * DAY):
        if moment >= max(parts.started_ms, whole.started_ms):
            assert parts.used(moment) == pytest.approx(whole.used(moment))


def _is_no_time(hours: BusinessHours, one: int | None, other: int | None) -> bool:
    """The end of one day at work and the beginning of the next are the same on a clock."""
    return (
        one is not None
        and other is not None
        and (hours.open_between(min(one, other), max(one, other)) == 0)
    )


@given(stretches(), st.integers(MINUTE, 30 * HOUR), HOURS)
def test_what_is_used_only_grows_and_the_last_third_comes_before_the_end(
    ran: list[tuple[int, int | None]], target: int, hours: BusinessHours
) -> None:
    clock = running_clock(REPLY, target, ran, hours)
    assert clock is not None
    read = [clock.used(clock.started_ms + step * HOUR) for step in range(100)]
    assert all(a <= b for a, b in pairwise(read))
    soon = clock.due_soon_ms()
    if clock.due_ms is None:
        assert soon is None
        assert len(set(read)) == 1
    else:
        assert soon is not None
        assert soon <= clock.due_ms
        assert clock.used(soon) >= 2 / 3 - 1 / target


def test_a_clock_that_ran_out_stays_late_after_the_reply() -> None:
    clock = running_clock(REPLY, HOUR, [(START, START + 2 * HOUR)], ALWAYS)
    assert clock == Clock(REPLY, HOUR, START, START + HOUR)
    met = running_clock(REPLY, HOUR, [(START, START + HOUR)], ALWAYS)
    assert met is not None
    assert met.is_paused
    assert not met.is_late(START + DAY)


def test_what_never_ran_has_no_clock() -> None:
    assert running_clock(REPLY, HOUR, [], ALWAYS) is None


@pytest.mark.parametrize(
    ("urgency", "first", "following"),
    [(Urgency.NORMAL, 60, 120), (Urgency.HIGH, 30, 60), (Urgency.CRITICAL, 20, 40)],
)
def test_the_more_urgent_the_sooner(urgency: Urgency, first: int, following: int) -> None:
    policy = policy_for(USUAL, department=CARE, channel=Channel.X, urgency=urgency)
    assert policy.target_ms(ClockKind.FIRST_REPLY) == first * MINUTE
    assert policy.target_ms(ClockKind.NEXT_REPLY) == following * MINUTE
    assert policy.target_ms(ClockKind.RESOLUTION) == DAY
    assert policy.target_ms(ClockKind.PROMISE) is None


def test_the_first_policy_that_covers_a_case_holds() -> None:
    only = [
        SlaPolicy("vip", "VIP", MINUTE, None, None, tags=("vip", "press")),
        SlaPolicy("mail", "Mail", DAY, None, None, channels=(Channel.EMAIL,), departments=(PR,)),
    ]

    def held(**case: object) -> SlaPolicy:
        return policy_for(only, **({"department": PR, "channel": Channel.EMAIL,
                                    "urgency": Urgency.HIGH} | case))  # type: ignore[arg-type]  # fmt: skip

    assert held(tags=frozenset({"press"})).id == "vip"
    assert held(tags=frozenset({"b2b"})).id == "mail"
    assert held(department=CARE) is NO_PROMISE
    assert held(channel=Channel.X) is NO_PROMISE
