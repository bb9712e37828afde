"""The clocks of a case in words: what the customer was promised, and how it stands."""

from __future__ import annotations

from app.domain.cases import Status
from app.domain.clocks import CaseClock, ClockKind, Due
from app.domain.records import dataclass
from app.domain.views import CaseView
from app.ui.theme import formats
from app.ui.timeline.drawing import Ink

_INKS: dict[Due, tuple[Ink, Ink]] = {
    Due.DUE: ("warn-mark", "warn"),
    Due.LATE: ("danger", "danger"),
}
_NAMES = {
    ClockKind.FIRST_REPLY: "First reply",
    ClockKind.NEXT_REPLY: "Next reply",
    ClockKind.PROMISE: "Promised",
    ClockKind.RESOLUTION: "Solution",
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
    """Every promise on the case, as far as it is running or was met, then the solution."""
    if case.state.status is Status.CLOSED and case.state.closed_ms is not None:
        taken = max(0, case.state.closed_ms - case.state.opened_ms)
        return (ClockFace("Solved", f"in {formats.duration(taken)}", 1.0, "ok", "text-2",
                          strong=False),)  # fmt: skip
    return tuple(_face(clock, now_ms) for clock in sorted(case.clocks, key=_place))


def _place(clock: CaseClock) -> int:
    return list(ClockKind).index(clock.kind)


def _face(clock: CaseClock, now_ms: int) -> ClockFace:
    name, used = _name(clock, now_ms), clock.used(now_ms)
    if clock.met:
        words = f"{formats.duration(clock.spent_ms)} of {formats.duration(clock.target_ms)}"
        kept = clock.spent_ms <= clock.target_ms
        return ClockFace(name, words, used, "ok" if kept else "danger", "text-2", strong=False)
    if clock.deadline is None:
        return ClockFace(name, "paused", used, "text-3", "text-2", strong=False)
    words, due = formats.deadline_text(clock.deadline, now_ms)
    said = words if due is Due.LATE else f"{words} left"
    ring_ink, ink = _INKS.get(due, ("text-3", "text-2"))
    return ClockFace(name, said, used, ring_ink, ink, strong=due in _INKS)


def _name(clock: CaseClock, now_ms: int) -> str:
    if clock.kind is not ClockKind.RESOLUTION or clock.deadline is None:
        return _NAMES[clock.kind]
    due_ms = clock.deadline.due_ms
    today = formats.short_date(due_ms, now_ms) == formats.short_date(now_ms, now_ms)
    at = formats.clock_time(due_ms) if today else formats.short_date(due_ms, now_ms)
    return f"Solved by {at}"
