"""Seams: what the hand-offs of a case look like from outside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import itemgetter

from app.domain.cases import Status, Step, fold_case
from app.domain.events import Event, EventType, in_force
from app.domain.ids import DepartmentId, EventId
from app.domain.records import dataclass
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


@dataclass(frozen=True, slots=True)
class Stays:
    """What of a ``CaseState`` tells which department held the case when."""

    steps: tuple[Step, ...] = ()
    status: Status = Status.OPEN
    closed_ms: int | None = None
    asked: EventId | None = None


def holdings_of(cases: Iterable[Stays]) -> tuple[Holding, ...]:
    """Which department holds the customer when, over all their cases, oldest first.

    Where several departments hold cases of one customer at once, the latest to take one shows.
    """
    changes: list[tuple[int, int, DepartmentId | None]] = []
    for number, case in enumerate(cases):
        changes += _changes(number, case)
    changes.sort(key=itemgetter(0))
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


def _changes(number: int, case: Stays) -> list[tuple[int, int, DepartmentId | None]]:
    """When the case went to which department, or to none."""
    out: list[tuple[int, int, DepartmentId | None]] = []
    last: Step | None = None
    for step in case.steps:
        if last is not None and last.left_ms is not None and step.entered_ms > last.left_ms:
            out.append((last.left_ms, number, None))
        out.append((step.entered_ms, number, step.department))
        last = step
    if last is not None and last.left_ms is not None:
        out.append((last.left_ms, number, None))
    elif last is not None and case.status >= Status.CLOSED:
        out.append((case.closed_ms or last.entered_ms, number, None))
    return out
