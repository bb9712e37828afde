"""What only we can see: notes on their paper, seams from edge to edge."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF

from app.domain.views import EventItem, InteractionItem, Seam
from app.ui.theme import formats, theme
from app.ui.timeline.decisions import draft_head, draft_state
from app.ui.timeline.drawing import (
    Drawing,
    RowLayout,
    Stitches,
    Stroke,
    knot,
    square,
    stitched_box,
)
from app.ui.timeline.frame import CONTENT_X, SEAM_UNDER, THREAD_X, Frame
from app.ui.timeline.run import Run
from app.ui.timeline.text import TextBlock

_PAD_X = 12
_PAD_TOP = 7
_PAD_BOTTOM = 8
_META = 15
_PATH = 18
_RULE = 9
"""The room of the rule between a draft and what was said of it."""


def note(item: EventItem, frame: Frame, top: int) -> RowLayout:
    """An internal note; struck through when it was undone."""
    who = item.agent_name
    if item.department is not None:
        who = f"{who}, {frame.names.short(item.department)}"
    meta = Run(ink="note-meta").text("Internal note").sep().text(who)
    meta.sep().text(formats.clock_time(item.at_ms))
    if item.undone:
        meta.sep().text("Undone", weight=500)
    text = str(item.event.data.get("text", ""))
    return _paper(meta, text, "lock", frame, top, undone=item.undone)


def co_draft(item: EventItem, frame: Frame, top: int) -> RowLayout:
    """What another department would write, what became of it, and what was said of it."""
    meta = Run(ink="note-meta").dot(item.event.data.get("department"))
    meta.text(draft_head(item, frame.names), weight=500).sep().text(item.agent_name)
    meta.sep().text(formats.clock_time(item.at_ms)).sep().text(draft_state(item), weight=500)
    comments = item.draft.draft.comments if item.draft is not None else ()
    beneath = [f"{frame.names.agent(said.agent)}: {said.text}" for said in comments]
    text = str(item.event.data.get("text", ""))
    return _paper(meta, text, "pencil", frame, top, undone=item.undone, beneath=beneath)


def phone_note(item: InteractionItem, frame: Frame, top: int) -> RowLayout:
    """What was said on the phone, as an agent wrote it down."""
    who = frame.names.agent(item.by_agent) or item.author
    meta = Run(ink="note-meta").text("Phone note").sep().text(who)
    meta.sep().text(formats.clock_time(item.at_ms))
    return _paper(meta, item.text, "phone", frame, top)


def _paper(
    meta: Run, text: str, icon: str, frame: Frame, top: int, *,
    undone: bool = False, beneath: Sequence[str] = (),
) -> RowLayout:  # fmt: skip
    """``beneath``: what was said of it, under a thin rule."""
    look = theme()
    into = Drawing()
    room = frame.note - 2 * _PAD_X
    font = look.font("body")
    if undone:
        font = type(font)(font)
        font.setStrikeOut(True)
    block = TextBlock(text, font, room, look.line_height("body"))
    meta.fit(room)
    line = look.scaled(_META)
    said = [TextBlock(one, look.font("snippet"), room, look.line_height("snippet"))
            for one in beneath]  # fmt: skip
    below = _RULE + sum(one.height for one in said) if said else 0
    height = _PAD_TOP + line + 1 + block.height + below + _PAD_BOTTOM
    width = max(meta.width, *(one.width for one in (block, *said)))
    box = QRectF(CONTENT_X, top, width + 2 * _PAD_X, height)
    into.add(*stitched_box(box, 9, "note", "note-line"))
    meta.place(into, box.x() + _PAD_X, top + _PAD_TOP, line)
    ink = "note-meta" if undone else "note-text"
    x, y = box.x() + _PAD_X, top + _PAD_TOP + line + 1
    into.put(block, QPointF(x, y), ink)
    y += block.height
    if said:
        rule = y + _RULE / 2
        into.add(Stroke(QLineF(x, rule, box.right() - _PAD_X, rule), 1, "note-line/55"))
        y += _RULE
    for one in said:
        into.put(one, QPointF(x, y), "note-text")
        y += one.height
    joint = QPointF(THREAD_X, top + 19)
    into.add(*square(joint, icon))
    return into.finish(box.bottom(), joint.y(), box)


def seam(item: EventItem, mark: Seam, frame: Frame, top: int) -> RowLayout:
    """Where one department's work ends and another's begins."""
    look = theme()
    into = Drawing()
    width = frame.content - 4
    room = width - 2 * _PAD_X
    when = Run(ink="text-3").text(formats.clock_time(item.at_ms)).sep()
    when.text(f"after {formats.duration(mark.held_ms)}")
    if item.undone:
        when.sep().text("undone", weight=500)
    path, block = _fit_path(mark, frame, room - when.width - 7, room)
    line = look.scaled(_PATH)
    pad_top, pad_bottom = (_PAD_TOP, _PAD_BOTTOM) if block else (6, 6)
    height = pad_top + line + pad_bottom + (block.height + 1 if block else 0)
    box = QRectF(CONTENT_X, top, width, height)
    middle = box.center().y()
    into.add(Stitches(QLineF(4, middle, CONTENT_X, middle)))
    into.add(Stitches(QLineF(box.right(), middle, frame.width, middle)))
    into.add(*stitched_box(box, 9, "surface", "stitch"))
    path.place(into, box.x() + _PAD_X, top + pad_top, line)
    when.place(into, box.right() - _PAD_X - when.width, top + pad_top, line)
    if block:
        into.put(block, QPointF(box.x() + _PAD_X, top + pad_top + line + 1), "text-2")
    into.add(*knot(QPointF(THREAD_X, middle), mark.origin, mark.target))
    return into.finish(box.bottom() + SEAM_UNDER, middle, box)


def _fit_path(mark: Seam, frame: Frame, room: float, whole: float) -> tuple[Run, TextBlock | None]:
    """The departments on the first line; a short reason beside them, a longer one below.

    Full names give way to short ones where the pane is narrow.
    """
    look = theme()
    names = frame.names
    path = _path(mark, names.department(mark.origin), names.department(mark.target))
    if path.width > room:
        path = _path(mark, names.short(mark.origin), names.short(mark.target))
    path.fit(room)
    if not mark.text:
        return path, None
    block = TextBlock(mark.text, look.font("snippet"), whole, look.line_height("snippet"))
    if block.lines == 1 and path.width + 7 + block.width <= room:
        return path.text(mark.text, "text-2"), None
    return path, block


def _path(mark: Seam, origin: str, target: str) -> Run:
    path = Run("snippet", "text", gap=7)
    path.dot(mark.origin, 8).text(origin, weight=600, gap=6)
    path.icon("arrow-right", 14, "text-3", 1.75)
    return path.dot(mark.target, 8).text(target, weight=600, gap=6)
