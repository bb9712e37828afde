"""What an agent can decide about a case: the event it becomes, and when it makes sense."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import field
from datetime import datetime
from typing import Any

from app.domain.cases import CaseState, Status
from app.domain.clock import to_ms
from app.domain.errors import BadInput, NotFound
from app.domain.events import EventType
from app.domain.ids import AgentId
from app.domain.records import dataclass
from app.domain.replies import Escalation
from app.services.directory import Directory

_TAG_LENGTH = 40


def _always(_state: CaseState) -> None:
    """Makes sense whatever the state."""


@dataclass(frozen=True, slots=True)
class Decision:
    """``may`` raises BadInput where the decision makes no sense for a case as it stands."""

    type: EventType
    data: dict[str, Any] = field(default_factory=dict)
    may: Callable[[CaseState], None] = _always


def assigning(directory: Directory, assignee: AgentId | None) -> Decision:
    """To an agent, or to nobody."""
    if assignee is not None and directory.agent(assignee) is None:
        raise NotFound("There is no such agent.", hint="Choose one of the list.")
    return Decision(EventType.CASE_ASSIGNED, {"assignee": assignee})


def tagging(add: Iterable[str], remove: Iterable[str] = ()) -> Decision:
    adding, removing = [_clean_tag(tag) for tag in add], [_clean_tag(tag) for tag in remove]
    if not adding and not removing:
        raise BadInput("No tag was given.", hint="Name at least one.")
    return Decision(EventType.CASE_TAGGED, {"add": adding, "remove": removing})


def snoozing(now: datetime, until: datetime) -> Decision:
    """Out of the queues until a moment, or until the customer writes."""
    if until.tzinfo is None or until <= now:
        raise BadInput("That moment is already past.", hint="Choose one in the future.")
    return Decision(EventType.CASE_SNOOZED, {"until": to_ms(until)}, is_open)


def closing() -> Decision:
    return Decision(EventType.CASE_CLOSED, may=is_open)


def reopening() -> Decision:
    """Open again, or awake. What is noise is taken back instead: its clocks have gone on, and it is
    no example of noise any more."""

    def may(state: CaseState) -> None:
        if state.status is Status.OPEN:
            raise BadInput("This case is open.")
        _refuse_noise(state)

    return Decision(EventType.CASE_REOPENED, {"cause": "agent"}, may)


def escalating(directory: Directory, escalation: Escalation) -> Decision:
    """Hand over to another department, with its context."""
    target = directory.department(escalation.to)

    def may(state: CaseState) -> None:
        _refuse_noise(state)
        if state.department == target.id:
            raise BadInput(f"{target.name} holds this case now.", hint="Choose another department.")

    data = {
        "to": escalation.to,
        "urgency": int(escalation.urgency),
        "reason": escalation.reason.strip(),
        "brief": escalation.brief.strip(),
        "told": escalation.told.strip(),
        "follow": escalation.follow,
    }
    return Decision(EventType.CASE_HANDED_OFF, data, may)


def setting_aside(reason: str = "") -> Decision:
    """It needs no answer: out of the queues, and kept where noise is."""

    def may(state: CaseState) -> None:
        if state.status is Status.NOISE:
            raise BadInput("This is noise already.")

    return Decision(EventType.NOISE_MARKED, {"reason": reason.strip()}, may)


def taking_back() -> Decision:
    """It needs an answer after all."""

    def may(state: CaseState) -> None:
        if state.status is not Status.NOISE:
            raise BadInput("This is not among the noise.")

    return Decision(EventType.NOISE_CLEARED, may=may)


def is_open(state: CaseState) -> None:
    if state.status is Status.CLOSED:
        raise BadInput("This case is closed.", hint="Reopen it first.")
    _refuse_noise(state)


def _refuse_noise(state: CaseState) -> None:
    if state.status is Status.NOISE:
        raise BadInput("This case is among the noise.", hint="Take it back first.")


def _clean_tag(tag: str) -> str:
    clean = "-".join(tag.strip().lstrip("#").split()).casefold()
    if not clean:
        raise BadInput("A tag is empty.", hint="Write a word, like firmware-3.2.")
    return clean[:_TAG_LENGTH]
