"""What stands under each heading of the customer panel, made from a card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from app.domain.cases import Status, Step, Urgency
from app.domain.guard import Standing
from app.domain.ids import case_ref
from app.domain.views import CaseView, CustomerCard
from app.ui.plain_tip import plain_tip
from app.ui.theme import formats, mirroring, painting, theme
from app.ui.views.customer_clocks import clock_faces
from app.ui.views.customer_parts import (
    Line,
    Mark,
    Paragraph,
    PressLine,
    StepsBar,
    icon_mark,
    ring_mark,
)

if TYPE_CHECKING:
    from app.ui.timeline.names import Names

Rows = Sequence[QWidget | int]
_URGENCIES = {Urgency.HIGH: "High", Urgency.CRITICAL: "Critical"}
_INDENT = 25
_STEP = 24


def case_heading(case: CaseView | None) -> tuple[str, str]:
    """ "Case #7KQ4M2", and at the right its urgency, or that it is closed or asleep."""
    if case is None:
        return "Case", ""
    state = case.state
    asleep = {Status.CLOSED: "Closed", Status.SNOOZED: "Snoozed"}
    urgency = _URGENCIES.get(state.urgency, "")
    return f"Case #{case.ref}", urgency or asleep.get(state.status, "")


def case_rows(
    card: CustomerCard, case: CaseView | None, names: Names, now_ms: int, parent: QWidget
) -> Rows:
    """The clocks and the steps of a case; without one, how the last one ended."""
    if case is None:
        return _nothing_open(card, now_ms, parent)
    rows: list[QWidget | int] = []
    for face in clock_faces(case, now_ms):
        line = Line(parent, right_weight=600 if face.strong else 500)
        line.say(face.name, face.words, right_ink=face.ink)
        rows.append(line.put_mark(ring_mark(face.used, face.ring_ink), 15))
    if case.state.steps:
        rows.extend(_steps(case.state.steps, names, now_ms, parent))
    return rows


def _nothing_open(card: CustomerCard, now_ms: int, parent: QWidget) -> Rows:
    line = Line(parent, height=20)
    line.say("Nothing open").put_mark(icon_mark("circle-check", "ok"), 16)
    if not card.cases:
        return [line]
    last = max(card.cases, key=lambda case: case.state.closed_ms or 0)
    steps = _counted(len(last.state.steps), "step")
    when = formats.short_date(last.state.closed_ms or 0, now_ms)
    text = f"Last one solved in {steps}, {when}"
    return [line, 2, Paragraph(text, parent, style="small", ink="text-2", indent=_INDENT)]


def _steps(steps: tuple[Step, ...], names: Names, now_ms: int, parent: QWidget) -> Rows:
    total = sum((step.left_ms or now_ms) - step.entered_ms for step in steps)
    held = steps[-1].left_ms is None
    head = Line(parent, height=16, style="small", weight=600)
    so_far = f"{_counted(len(steps), 'step')} so far" if held else _counted(len(steps), "step")
    head.say(so_far, f"{formats.duration(total)} in total")
    rows: list[QWidget | int] = [10, head, 7, StepsBar(steps, now_ms, parent), 6]
    for number, step in enumerate(steps, 1):
        current = step.left_ms is None
        line = Line(parent, height=_STEP, weight=600 if current else 400)
        stay = formats.duration((step.left_ms or now_ms) - step.entered_ms)
        line.say(names.department(step.department), f"{stay}, now" if current else stay)
        rows.append(line.put_mark(_step_mark(number, step, current=current), 16))
    return rows


def _step_mark(number: int, step: Step, *, current: bool) -> Mark:
    """The number of a step on its department's colour: full while it has the case."""

    def paint(painter: QPainter, box: QRectF) -> None:
        look = theme()
        colour = look.department_colour(step.department)
        ground = colour if current else look.department_tint(step.department)
        painting.draw_dot(painter, box.center(), box.width(), ground)
        painter.setPen(look.colour("surface") if current else colour)
        painter.setFont(look.font("micro", 700))
        mirroring.draw_words(painter, box, Qt.AlignmentFlag.AlignCenter, str(number))

    return paint


def standing_rows(card: CustomerCard, settle: Callable[[], None], parent: QWidget) -> Rows:
    """Whether marketing may speak to the customer now, and why; pressed, it is settled by hand."""
    hold = card.hold
    line = Line(parent, height=17, weight=600)
    if hold is None:
        said, icon, why = "Promotions: welcome", "circle-check", "No case is open."
    elif hold.standing is Standing.OPTED_OUT:
        said, icon, why = "Promotions: opted out", "circle-slash", hold.reason
    else:
        waits = hold.standing is Standing.WELCOME and hold.case is not None
        why = f"while case #{case_ref(hold.case)} is open" if waits and hold.case else hold.reason
        said, icon = "Promotions: on hold", "circle-pause"
    row = PressLine(line.say(said).put_mark(icon_mark(icon, "marketing"), 16), parent)
    row.setAccessibleName(f"{said}, {why}" if why else said)
    row.clicked.connect(settle)
    return [row, Paragraph(why, parent, indent=_INDENT)] if why else [row]


def owner_rows(name: str, change: Callable[[], None], parent: QWidget) -> Rows:
    """Who holds the relationship, whoever has a case; nothing where nobody does."""
    if not name:
        return []
    said = f"{name.split(maxsplit=1)[0]} holds the relationship"

    def face(painter: QPainter, box: QRectF) -> None:
        painting.draw_avatar(painter, box, name)

    row = PressLine(Line(parent).say(said).put_mark(face, 18), parent)
    row.setToolTip(plain_tip(name))
    row.clicked.connect(change)
    return [4, row]


def note_rows(card: CustomerCard, now_ms: int, parent: QWidget) -> Rows:
    """The latest notes, newest first, each with who and when."""
    rows: list[QWidget | int] = []
    for note in card.notes:
        if rows:
            rows.append(9)
        rows.append(Paragraph(note.text, parent, ink="text-2", most=6))
        who = note.agent_name.split(maxsplit=1)[0] if note.agent_name else "Somebody"
        by = f"{who}, {formats.short_date(note.at_ms, now_ms)}"
        rows.extend((3, Paragraph(by, parent, style="caption", ink="text-3")))
    return rows


def _counted(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"
