"""The clocks of a case in words: what the customer was promised, and how it stands."""

from __future__ import annotations

from app.domain.cases import Status
from app.domain.clocks import Deadline, Due, Policy
from app.domain.records import dataclass
from app.domain.views import CaseView
from app.ui.theme import formats
from app.ui.timeline.drawing import Ink

_INKS: dict[Due, tuple[Ink, Ink]] = {
    Due.DUE: ("warn-mark", "warn"),
    Due.LATE: ("danger", "danger"),
}


@dataclass(frozen=True, slots=True)
class ClockFace:
    """A line of the panel: its name, its words, how much is used, and the two inks."""

    name: str
    words: str
    used: float
    ring_ink: Ink
    ink: Ink
    strong: bool


def clock_faces(case: CaseView, now_ms: int) -> tuple[ClockFace, ...]:
    """First reply, next reply and solution, as far as each is running or was met."""
    faces = [_first_reply(case, now_ms)]
    if case.first_reply_ms is not None and case.deadline is not None:
        faces.append(_running("Next reply", case.deadline, case, now_ms))
    faces.append(_solution(case, now_ms))
    return tuple(face for face in faces if face is not None)


def _first_reply(case: CaseView, now_ms: int) -> ClockFace | None:
    if case.first_reply_ms is None:
        return _running("First reply", case.deadline, case, now_ms) if case.deadline else None
    taken = max(0, case.first_reply_ms - case.state.opened_ms)
    target = Policy().reply_target_ms(first=True, urgency=case.state.urgency)
    met = taken <= target
    words = f"{formats.duration(taken)} of {formats.duration(target)}"
    return ClockFace("First reply", words, min(1.0, taken / target), "ok" if met else "danger",
                     "text-2", strong=False)  # fmt: skip


def _solution(case: CaseView, now_ms: int) -> ClockFace | None:
    if case.state.status is Status.CLOSED and case.state.closed_ms is not None:
        taken = max(0, case.state.closed_ms - case.state.opened_ms)
        return ClockFace("Solved", f"in {formats.duration(taken)}", 1.0, "ok", "text-2",
                         strong=False)  # fmt: skip
    if case.resolution is None:
        return None
    due_ms = case.resolution.due_ms
    today = formats.short_date(due_ms, now_ms) == formats.short_date(now_ms, now_ms)
    at = formats.clock_time(due_ms) if today else formats.short_date(due_ms, now_ms)
    return _running(f"Solved by {at}", case.resolution, case, now_ms)


def _running(name: str, deadline: Deadline, case: CaseView, now_ms: int) -> ClockFace:
    used = deadline.used(now_ms)
    if case.state.status is Status.SNOOZED:
        return ClockFace(name, "paused", used, "text-3", "text-2", strong=False)
    words, due = formats.deadline_text(deadline, now_ms)
    said = words if due is Due.LATE else f"{words} left"
    ring_ink, ink = _INKS.get(due, ("text-3", "text-2"))
    return ClockFace(name, said, used, ring_ink, ink, strong=due in _INKS)
