"""Seams: what the hand-offs of a case look like from outside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.domain.cases import CaseState, fold_case
from app.domain.events import Event, EventType, in_force
from app.domain.ids import DepartmentId, EventId
from app.domain.views import Holding, Seam

_PASSING = frozenset({EventType.CASE_HANDED_OFF, EventType.CASE_RETURNED})


def seams_of(events: Sequence[Event]) -> dict[EventId, Seam]:
    """The seam of each hand-off and return in force, for the events of one case.

    Each tells why; the latest, which brought the case where it is, also its brief and what the
    customer has been told.
    """
    counting = in_force(events)
    seams: dict[EventId, Seam] = {}
    for index, event in enumerate(counting):
        if event.type not in _PASSING:
            continue
        before = fold_case(counting[:index])
        after = fold_case(counting[: index + 1])
        if before is None or after is None or before.steps == after.steps:
            continue
        seams[event.id] = Seam(
            origin=before.department,
            target=after.department,
            held_ms=max(0, event.at_ms - before.steps[-1].entered_ms),
            text=_why(event),
        )
    if seams:
        latest = next(event for event in reversed(counting) if event.id in seams)
        seams[latest.id] = replace(seams[latest.id], text=_handed_on(latest))
    return seams


def _why(event: Event) -> str:
    return str(event.data.get("reason") or event.data.get("brief") or "")


def _handed_on(event: Event) -> str:
    """Why, and all that goes along: whoever holds the case now works from it."""
    told = str(event.data.get("told") or "")
    parts = (
        str(event.data.get("reason") or ""),
        str(event.data.get("brief") or ""),
        told and f"The customer has been told: {told}",
    )
    return "\n".join(part for part in parts if part)


def holdings_of(cases: Iterable[CaseState]) -> tuple[Holding, ...]:
    """Which department holds the customer when, over all their cases, oldest first.

    Where several departments hold cases of one customer at once, the latest to take one shows.
    """
    changes: list[tuple[int, int, DepartmentId | None]] = []
    for number, state in enumerate(cases):
        changes.extend((at, number, held) for at, held in _stays(state))
    changes.sort(key=lambda change: change[0])
    held: dict[int, DepartmentId] = {}
    holdings: list[Holding] = []
    for at_ms, number, department in changes:
        held.pop(number, None)
        if department is not None:
            held[number] = department
        now = next(reversed(held.values()), None)
        if not holdings or holdings[-1].department != now:
            holdings.append(Holding(at_ms, now))
    return tuple(holdings)


def _stays(state: CaseState) -> list[tuple[int, DepartmentId | None]]:
    out: list[tuple[int, DepartmentId | None]] = []
    for index, step in enumerate(state.steps):
        out.append((step.entered_ms, step.department))
        following = state.steps[index + 1] if index + 1 < len(state.steps) else None
        if step.left_ms is not None and (following is None or following.entered_ms > step.left_ms):
            out.append((step.left_ms, None))
    if not state.is_open and state.steps and state.steps[-1].left_ms is None:
        out.append((state.closed_ms or state.steps[-1].entered_ms, None))
    return out
