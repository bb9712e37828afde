"""A stretch of a thread on which every kind of record stands once, out of the sample."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from app.domain.clock import to_ms
from app.domain.events import EventType
from app.domain.interactions import Direction, Kind, Side
from app.domain.outbox import OutboxState
from app.domain.views import EventItem, InteractionItem, OutboxEntry, TimelineItem
from app.ui.theme import theme
from app.ui.timeline.entries import Entry, entry_of
from app.ui.timeline.frame import THREAD_X
from app.ui.timeline.layouts import RowLayouts
from app.ui.timeline.names import Names
from app.ui.timeline.thread import Thread
from app.ui.window import ConsoleWindow

_UNDO_S = 6
_PAGES = 12


@dataclass(frozen=True)
class Stretch:
    """Rows of one customer, oldest first, and who held them when."""

    entries: tuple[Entry, ...]
    thread: Thread
    names: Names
    now_ms: int


def sample_thread(window: ConsoleWindow) -> Stretch:
    """One row of each kind from the customer whose case is on the desk."""
    customer = window.desk.customer
    if customer is None:
        raise LookupError("Nobody is on the desk.")
    services = window.services
    page = services.timelines.page(customer).result()
    items: list[TimelineItem] = list(page.items)
    before, pages = page.before, 1
    while before is not None and pages < _PAGES:
        older = services.timelines.page(customer, before=before).result()
        items = [*older.items, *items]
        before, pages = older.before, pages + 1
    now = services.clock.now()
    wishes = {item.item.state: item for item in items if isinstance(item, OutboxEntry)}
    failed, waiting = wishes[OutboxState.FAILED], wishes[OutboxState.QUEUED]
    leaving = replace(
        waiting,
        item=replace(waiting.item, created_at=now, not_before=now + timedelta(seconds=_UNDO_S)),
        place=0,
    )
    answer = _last(items, lambda i: _said(i, Direction.OUTBOUND))
    asked = items[: items.index(answer)]
    shown = (
        _last(items, lambda i: isinstance(i, InteractionItem) and i.kind is Kind.CAMPAIGN_SENT),
        _last(items, lambda i: _decided(i) is EventType.CASE_OPENED),
        _last(asked, lambda i: _said(i, Direction.INBOUND)),
        answer,
        leaving,
        waiting,
        failed,
        _last(items, lambda i: isinstance(i, EventItem) and i.seam is not None and _brief(i)),
        _last(items, lambda i: _decided(i) is EventType.CASE_NOTED),
    )
    directory = services.directory
    names = Names(
        {department.id: department for department in directory.departments()},
        {agent.id: agent for agent in directory.agents()},
    )
    entries = [entry_of(item) for item in shown]
    told = tuple(
        replace(entry, key=f"{entry.key}-{number}") for number, entry in enumerate(entries)
    )
    return Stretch(told, Thread(page.holdings), names, to_ms(now))


def paint_thread(painter: QPainter, stretch: Stretch, width: int) -> None:
    """Paint it as the timeline does, from the present origin down."""
    layouts = RowLayouts(lambda: stretch.now_ms)
    layouts.names = stretch.names
    look = theme()
    before: Entry | None = None
    for entry in stretch.entries:
        above = before if before is None else replace(before, day=entry.day)  # no line of days
        layout, _ = layouts.get(entry, above or replace(entry, key=""), width)
        holder = look.department_colour(stretch.thread.holder(entry.at_ms))
        painter.setOpacity(look.thread_opacity)
        painter.fillRect(QRectF(THREAD_X - 1, 0, 2, layout.height), holder)
        painter.setOpacity(1)
        for mark in layout.marks:
            mark.paint(painter, look, QRectF(0, 0, width, layout.height))
        painter.translate(0, layout.height)
        before = entry


def _last(items: list[TimelineItem], fits: Callable[[TimelineItem], bool]) -> TimelineItem:
    return next(item for item in reversed(items) if fits(item))


def _decided(item: TimelineItem) -> EventType | None:
    return item.event.type if isinstance(item, EventItem) else None


def _brief(item: EventItem) -> bool:
    return item.seam is not None and bool(item.seam.text)


def _said(item: TimelineItem, direction: Direction) -> bool:
    return (
        isinstance(item, InteractionItem)
        and item.side is Side.SERVICE
        and item.direction is direction
        and bool(item.text)
    )
