"""One-line rows: marketing touches, decisions about the case, and wishes without words."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF

from app.domain.outbox import OutboxState
from app.domain.views import EventItem, InteractionItem, OutboxEntry
from app.ui.theme import formats, theme
from app.ui.timeline import wording
from app.ui.timeline.bubbles import add_fate
from app.ui.timeline.decisions import decision
from app.ui.timeline.drawing import (
    Action,
    Area,
    Drawing,
    Label,
    RowLayout,
    Stroke,
    circle,
    diamond,
    inset,
    rounded,
)
from app.ui.timeline.entries import Entry
from app.ui.timeline.frame import CONTENT_X, THREAD_X, Frame
from app.ui.timeline.moods import add_mood
from app.ui.timeline.run import Run
from app.ui.timeline.stack import fill_stack
from app.ui.timeline.state_line import place_state
from app.ui.timeline.text import TextLine, theme_line

_LINE = 18
_SYSTEM_LINE = 22
_PIPS = 14
_TIME_PAD = 2


def mark(entry: Entry, item: InteractionItem, frame: Frame, top: int) -> RowLayout:
    """A marketing touch: a diamond, what it was, and the customer's own words, or what a campaign
    was about, in quotes."""
    into = Drawing()
    line = theme().scaled(_LINE)
    run = Run("snippet", gap=6).text(wording.mark_label(item), "marketing", 500)
    run.text(wording.mark_object(item), "text", 500)
    _place_line(into, run, entry.at_ms, frame, top=top, line=line)
    bottom: float = top + line
    if item.pips:
        bottom = _place_pips(into, item, frame, bottom + 1)
    if item.kind.has_text and (item.text or item.media):
        bottom = _place_quote(into, item, frame, bottom + 3)
    joint = QPointF(THREAD_X, top + line / 2)
    into.add(*diamond(joint, wording.mark_icon(item)))
    return into.finish(bottom, joint.y(), _frame_rect(frame, top, bottom))


def _place_pips(into: Drawing, item: InteractionItem, frame: Frame, y: float) -> float:
    """Sent, opened, clicked: ticks joined by a thin line; wrapped where the pane is narrow."""
    pitch = theme().scaled(_PIPS)
    x: float = CONTENT_X
    for number, pip in enumerate(item.pips):
        label = f"{pip.label} {formats.clock_time(pip.at_ms)}" if pip.at_ms else pip.label
        run = Run(ink="text-2" if pip.at_ms else "text-3", gap=3)
        if pip.at_ms:
            run.icon("check", 11, "marketing", 2.4)
        run.text(label).fit(frame.content)
        if number and x + run.width + 24 > frame.right:
            x, y = CONTENT_X, y + pitch + 2
        elif number:
            middle = y + pitch / 2
            into.add(Stroke(QLineF(x + 5, middle, x + 19, middle), 1, "marketing-line"))
            x += 24
        run.place(into, x, y, pitch)
        x += run.width
    return y + pitch


def _place_quote(into: Drawing, item: InteractionItem, frame: Frame, y: float) -> float:
    room = frame.quote - 22
    stack = fill_stack(item, room, frame, subject=False)
    add_mood(stack.meta, item)
    add_fate(stack.meta, item)
    box = QRectF(CONTENT_X, y, stack.width + 22, stack.height + 13)
    into.add(Area(rounded(inset(box, 0.5), 11.5), "surface", "marketing-line"))
    stack.place(into, box.x() + 11, y + 6)
    return box.bottom()


def system(entry: Entry, item: EventItem, frame: Frame, top: int) -> RowLayout:
    """A decision about the case, in a line; struck through when it was undone."""
    into = Drawing()
    line = theme().scaled(_SYSTEM_LINE)
    said = decision(item, frame.names)
    run = Run("snippet", gap=6)
    if item.undone:
        run.text(said.whole, "text-3", struck=True).text("undone", "text-3")
    else:
        run.text(said.what, "text", 500).text(said.rest)
    _place_line(into, run, entry.at_ms, frame, top=top, line=line)
    joint = QPointF(THREAD_X, top + line / 2)
    into.add(*circle(joint, said.icon))
    return into.finish(top + line, joint.y(), _frame_rect(frame, top, top + line))


def wish(entry: Entry, item: OutboxEntry, frame: Frame, top: int) -> RowLayout:
    """A like, a boost or a deletion that has not happened yet."""
    into = Drawing()
    line = theme().scaled(_SYSTEM_LINE)
    failed = item.item.state is OutboxState.FAILED
    run = Run("snippet", gap=6).text(wording.wish_label(item, frame.now_ms), "text", 500)
    run.text(item.agent_name)
    if wording.seconds_left(item.item, frame.now_ms) and not item.item.attempts:
        run.text("Undo", "accent", 600, action=Action.UNDO, gap=8)
    _place_line(into, run, entry.at_ms, frame, top=top, line=line)
    bottom = place_state(into, item, frame, top + line)
    joint = QPointF(THREAD_X, top + line / 2)
    icon = "circle-alert" if failed else wording.wish_icon(item.item)
    into.add(*circle(joint, icon, stitched=True))
    return into.finish(bottom, joint.y(), _frame_rect(frame, top, bottom))


def _place_line(
    into: Drawing, run: Run, at_ms: int, frame: Frame, *, top: float, line: float
) -> None:
    """The words at the left, the time at the right; the longest words give way."""
    when: TextLine = theme_line(formats.clock_time(at_ms), "caption")
    x = frame.right - _TIME_PAD - when.width
    run.fit(x - CONTENT_X - 8).place(into, CONTENT_X, top, line)
    into.add(Label(when, QPointF(x, top + (line - when.height) / 2), "text-3"))


def _frame_rect(frame: Frame, top: float, bottom: float) -> QRectF:
    return QRectF(CONTENT_X - 6, top - 2, frame.right - CONTENT_X + 8, bottom - top + 4)
