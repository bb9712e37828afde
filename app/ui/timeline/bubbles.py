"""Messages: what customers said, what we said, and what is still on its way."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from app.domain.interactions import Kind
from app.domain.outbox import OutboxItem, OutboxState
from app.domain.views import EventItem, InteractionItem, OutboxEntry
from app.ui.theme import formats
from app.ui.timeline import wording
from app.ui.timeline.decisions import TAKE_BACK, kept_until
from app.ui.timeline.drawing import (
    BUBBLE_RADIUS,
    Action,
    Dot,
    Drawing,
    Face,
    RowLayout,
    bubble,
    department_ink,
    outlined_box,
    stitched_box,
)
from app.ui.timeline.frame import AVATAR, CONTENT_X, SMALL_AVATAR, THREAD_X, Frame
from app.ui.timeline.moods import add_mood
from app.ui.timeline.run import Run
from app.ui.timeline.stack import Stack, fill_stack
from app.ui.timeline.state_line import place_state

_PAD_X = 12
_PAD_Y = 6
_INBOUND_JOINT = 18
_FAILED_DOT = 26


def inbound(item: InteractionItem, frame: Frame, top: int) -> RowLayout:
    """What the customer said: left, with their avatar on the thread."""
    into = Drawing()
    stack = fill_stack(item, frame.bubble - 2 * _PAD_X, frame)
    stack.meta = _inbound_meta(item)
    box = _bubble_rect(stack, frame, top, outgoing=False)
    into.add(bubble(box, "bubble-in", outgoing=False))
    stack.place(into, box.x() + _PAD_X, box.y() + _PAD_Y)
    face = QRectF(THREAD_X - AVATAR / 2, top, AVATAR, AVATAR)
    into.add(Face(face, item.author or item.handle, item.channel))
    return into.finish(box.bottom(), top + _INBOUND_JOINT, box)


def around(item: InteractionItem, frame: Frame, top: int) -> RowLayout:
    """What somebody else said in the thread: quieter, and under their name."""
    into = Drawing()
    stack = fill_stack(item, frame.bubble - 2 * _PAD_X, frame, ink="text-2")
    name = Run().text(item.author or item.handle, "text-2", 600)
    if item.author and item.handle and item.handle != item.author:
        name.text(item.handle, "text-3")
    stack.head = name
    stack.meta = _inbound_meta(item)
    box = _bubble_rect(stack, frame, top, outgoing=False)
    into.add(outlined_box(box, 12, "surface", "line-strong"))
    stack.place(into, box.x() + _PAD_X, box.y() + _PAD_Y)
    face = QRectF(THREAD_X - SMALL_AVATAR / 2, top, SMALL_AVATAR, SMALL_AVATAR)
    into.add(Face(face, item.author or item.handle, None))
    return into.finish(box.bottom(), top + SMALL_AVATAR / 2, box)


def outbound(item: InteractionItem, frame: Frame, top: int) -> RowLayout:
    """What we said and the customer has: right, solid."""
    into = Drawing()
    stack = fill_stack(item, frame.bubble - 2 * _PAD_X, frame)
    meta = Run()
    agent = frame.names.agent(item.by_agent)
    said_by = frame.names.speaker(item.by_agent, agent, item.department) or item.handle
    meta.dot(item.department).text(said_by)
    meta.sep().text(wording.kind_label(item)).sep().text(formats.clock_time(item.at_ms))
    add_fate(meta, item)
    if item.deleted_ms is None:
        meta.icon("check-check", 13, "accent", 1.75)
    stack.meta = meta
    return _solid(into, stack, frame, top, item.department)


def sent(item: OutboxEntry, frame: Frame, top: int) -> RowLayout:
    """What has left and was taken, before the service has told us of it again."""
    into = Drawing()
    stack = _wish_stack(item, frame)
    stack.meta.sep().text(formats.clock_time(item.at_ms)).icon("check", 13, "accent", 1.75)
    return _solid(into, stack, frame, top, item.department)


def waiting(item: OutboxEntry, frame: Frame, top: int) -> RowLayout:
    """What only we have: stitched, with how it stands."""
    into = Drawing()
    failed = item.item.state is OutboxState.FAILED
    stack = _wish_stack(item, frame)
    _add_progress(stack.meta, item, frame)
    box = _bubble_rect(stack, frame, top, outgoing=True)
    edge = "danger" if failed else "accent"
    into.add(*stitched_box(box, BUBBLE_RADIUS, "bubble-wait", edge))
    stack.place(into, box.x() + _PAD_X, box.y() + _PAD_Y, right=box.right() - _PAD_X)
    bottom = place_state(into, item, frame, box.bottom())
    joint = top + _FAILED_DOT if bottom > box.bottom() else box.center().y()
    into.add(Dot(QPointF(THREAD_X, joint), 8, department_ink(item.department), 3))
    return into.finish(bottom, joint, box)


def kept(item: EventItem, frame: Frame, top: int) -> RowLayout:
    """A reply that waits for its case to be closed, or for approval: stitched, like what waits for
    the way out."""
    into = Drawing()
    stack = Stack(frame.bubble - 2 * _PAD_X)
    data = item.event.data
    if warning := str(data.get("warning", "")):
        stack.warning(warning, unfolded=True)
    stack.text(str(data.get("text", "")))
    speaker = frame.names.speaker(item.event.agent, item.agent_name, item.department)
    stack.meta.dot(item.department).text(speaker).sep().icon("hourglass")
    stack.meta.text(kept_until(item, frame.names))
    stack.meta.text(TAKE_BACK, "accent", 600, action=Action.TAKE_BACK, gap=8)
    box = _bubble_rect(stack, frame, top, outgoing=True)
    into.add(*stitched_box(box, BUBBLE_RADIUS, "bubble-wait", "accent"))
    stack.place(into, box.x() + _PAD_X, box.y() + _PAD_Y, right=box.right() - _PAD_X)
    joint = box.center().y()
    into.add(Dot(QPointF(THREAD_X, joint), 8, department_ink(item.department), 3))
    return into.finish(box.bottom(), joint, box)


def _solid(
    into: Drawing, stack: Stack, frame: Frame, top: int, department: str | None
) -> RowLayout:
    box = _bubble_rect(stack, frame, top, outgoing=True)
    into.add(bubble(box, "bubble-out", outgoing=True))
    stack.place(into, box.x() + _PAD_X, box.y() + _PAD_Y, right=box.right() - _PAD_X)
    joint = box.center().y()
    into.add(Dot(QPointF(THREAD_X, joint), 8, f"@{department or ''}", 3))
    return into.finish(box.bottom(), joint, box)


def _bubble_rect(stack: Stack, frame: Frame, top: int, *, outgoing: bool) -> QRectF:
    stack.meta.fit(frame.bubble - 2 * _PAD_X)
    width = stack.width + 2 * _PAD_X
    x = frame.right - width if outgoing else CONTENT_X
    return QRectF(x, top, width, stack.height + 2 * _PAD_Y)


def _inbound_meta(item: InteractionItem) -> Run:
    meta = Run()
    meta.icon(wording.message_icon(item.channel, item.kind, item.visibility))
    meta.text(wording.kind_label(item)).sep().text(formats.clock_time(item.at_ms))
    if item.kind is not Kind.DIRECT:
        _add_counts(meta, item)
    add_mood(meta, item)
    add_fate(meta, item)
    return meta


def _add_counts(meta: Run, item: InteractionItem) -> None:
    for number, one, many in ((item.boosts, "boost", "boosts"), (item.likes, "like", "likes")):
        if number:
            meta.sep().text(f"{formats.compact_number(number)} {one if number == 1 else many}")


def add_fate(meta: Run, item: InteractionItem) -> None:
    """What happened to a message after it was written: edited, deleted."""
    if item.deleted_ms is not None:
        meta.sep().icon("trash-2", 11, "danger").text(
            wording.deleted_label(item).capitalize(), "danger", 500
        )
    elif item.edited_ms is not None:
        action = Action.EARLIER if item.revisions else None
        meta.sep().icon("pencil", 10).text("Edited", weight=500 if action else 400, action=action)


def _wish_stack(item: OutboxEntry, frame: Frame) -> Stack:
    room = frame.bubble - 2 * _PAD_X
    stack = Stack(room)
    if item.item.warning:
        stack.warning(item.item.warning, unfolded=True)
    stack.text(item.item.text)
    for attachment in item.item.attachments:
        stack.attachment(attachment.mime, attachment.description or attachment.name)
    speaker = frame.names.speaker(item.item.agent, item.agent_name, item.department)
    stack.meta.dot(item.department).text(speaker)
    if item.place == 0 or item.item.state is OutboxState.FAILED:
        stack.meta.sep().text(wording.reply_label(item.item))
    return stack


def _add_progress(meta: Run, item: OutboxEntry, frame: Frame) -> None:
    state = wording.waiting_state(item, frame.now_ms)
    match item.item.state:
        case OutboxState.FAILED | OutboxState.HELD:
            meta.sep().text(formats.clock_time(item.at_ms))
        case OutboxState.QUEUED if wording.seconds_left(item.item, frame.now_ms):
            meta.sep().ring(_used(item.item, frame.now_ms)).text(state)
            if not item.item.attempts:
                meta.text("Undo", "accent", 600, action=Action.UNDO, gap=8)
        case OutboxState.QUEUED:
            meta.sep().icon("hourglass").text(state)
        case OutboxState.SENDING:
            meta.sep().ring(0.9).text(state)
        case _:
            meta.sep().icon("search-check", 12).text(state)


def _used(item: OutboxItem, now_ms: int) -> float:
    """How much of the time to think again is gone."""
    begun = item.created_at.timestamp() * 1000
    span = item.not_before.timestamp() * 1000 - begun
    return min(1.0, max(0.05, (now_ms - begun) / span)) if span > 0 else 1.0
