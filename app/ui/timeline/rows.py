"""From a record to a row ready to be painted."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from app.domain.events import EventType
from app.domain.views import EventItem, InteractionItem, OutboxEntry
from app.ui.theme import theme
from app.ui.timeline import bubbles, cards, marks
from app.ui.timeline.drawing import Label, RowLayout
from app.ui.timeline.entries import Entry, Shape
from app.ui.timeline.frame import CONTENT_X, DAY_HEIGHT, GAP, SEAM_GAP, Frame
from app.ui.timeline.gallery import Plan, pictures_of
from app.ui.timeline.picture_boxes import MOST, boxes
from app.ui.timeline.stack import LONG
from app.ui.timeline.text import theme_line

_LETTER = 6.6
"""About how wide a letter is, for guessing the height of rows nobody has seen."""


def lay_out(entry: Entry, frame: Frame, day: str = "") -> RowLayout:
    """The layout of a row; ``day`` is the separator above it, "" for none."""
    gap = SEAM_GAP if entry.shape is Shape.SEAM else GAP
    line = theme().scaled(DAY_HEIGHT)
    top = gap + (GAP + line if day else 0)
    layout = _body(entry, frame, top)
    if day:
        label = theme_line(day, "caption", 600, frame.content)
        x = CONTENT_X + (frame.content - label.width) / 2
        mark = Label(label, QPointF(x, GAP + (line - label.height) / 2), "text-3")
        layout.marks = (mark, *layout.marks)
    return layout


def estimate(entry: Entry, frame: Frame) -> int:
    """A guess at the height of a row, made without laying anything out."""
    match entry.shape:
        case Shape.SYSTEM | Shape.WISH:
            return GAP + 22
        case Shape.SEAM:
            return SEAM_GAP + 54
        case Shape.MARK if isinstance(entry.item, InteractionItem) and not entry.item.text:
            return GAP + (33 if entry.item.pips else 18)
        case _:
            return GAP + 29 + 19 * _lines(entry, frame) + _media(entry, frame)


def _media(entry: Entry, frame: Frame) -> int:
    """The height of what came with a message, nearly right: its places are known beforehand."""
    if not isinstance(entry.item, InteractionItem) or not entry.item.media or entry.item.warning:
        return 0
    plan = frame.gallery.plan(entry.item) if frame.gallery else Plan.NAMED
    if plan is Plan.SHOWN:
        places = boxes(pictures_of(entry.item)[:MOST], frame.bubble - 24)
        return round(places[-1].bottom()) + 5
    return 33 * len(entry.item.media) + (24 if plan is Plan.OFFERED else 0)


def _lines(entry: Entry, frame: Frame) -> int:
    match entry.item:
        case InteractionItem() as item:
            text = item.text
        case OutboxEntry() as waiting:
            text = waiting.item.text
        case EventItem() as event:
            text = str(event.event.data.get("text", ""))
            if event.draft is not None:
                text = "\n".join((text, *(said.text for said in event.draft.draft.comments)))
    a_line = max(8, round((frame.bubble - 24) / _LETTER))
    letters = min(len(text), LONG)
    return max(1, -(-letters // a_line)) + text.count("\n", 0, LONG)


def _body(entry: Entry, frame: Frame, top: int) -> RowLayout:
    match entry.item:
        case InteractionItem() as item:
            return _interaction(entry, item, frame, top)
        case OutboxEntry() as item:
            if entry.shape is Shape.WISH:
                return marks.wish(entry, item, frame, top)
            if entry.shape is Shape.OUTBOUND:
                return bubbles.sent(item, frame, top)
            return bubbles.waiting(item, frame, top)
        case EventItem() as item:
            if item.seam is not None:
                return cards.seam(item, item.seam, frame, top)
            if entry.shape is Shape.KEPT:
                return bubbles.kept(item, frame, top)
            if item.event.type is EventType.DRAFT_WRITTEN:
                return cards.co_draft(item, frame, top)
            if entry.shape is Shape.NOTE:
                return cards.note(item, frame, top)
            return marks.system(entry, item, frame, top)


def _interaction(entry: Entry, item: InteractionItem, frame: Frame, top: int) -> RowLayout:
    match entry.shape:
        case Shape.NOTE:
            return cards.phone_note(item, frame, top)
        case Shape.MARK:
            return marks.mark(entry, item, frame, top)
        case Shape.AROUND:
            return bubbles.around(item, frame, top)
        case Shape.OUTBOUND:
            return bubbles.outbound(item, frame, top)
        case _:
            return bubbles.inbound(item, frame, top)
