"""A row of the timeline: one record, and the shape it takes on the thread.

Shape tells kind: circles are service, diamonds marketing, squares notes, cross-stitches seams.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from enum import Enum, auto

from app.domain.events import EventType
from app.domain.ids import CaseId
from app.domain.interactions import Direction, Kind, Side
from app.domain.outbox import Act, OutboxState
from app.domain.records import dataclass
from app.domain.views import EventItem, InteractionItem, OutboxEntry, TimelineItem

_CAMPAIGN = frozenset(
    {Kind.CAMPAIGN_SENT, Kind.CAMPAIGN_OPENED, Kind.CAMPAIGN_CLICKED, Kind.BOUGHT}
)
_NOTES = frozenset({EventType.CASE_NOTED, EventType.DRAFT_WRITTEN})


class Shape(Enum):
    """How a row is drawn."""

    INBOUND = auto()
    AROUND = auto()
    OUTBOUND = auto()
    WAITING = auto()
    KEPT = auto()
    """A reply that waits for more than the way out: for its case to be closed, or for approval."""
    WISH = auto()
    """A like, boost or deletion on its way out: one stitched line."""
    NOTE = auto()
    SEAM = auto()
    MARK = auto()
    SYSTEM = auto()


@dataclass(frozen=True, slots=True)
class Entry:
    """A record in the timeline.

    ``key``       unique and lasting: "i" and the interaction's number, "e" or "o" and the id.
    ``day``       the ordinal of its day where the agent sits.
    ``revision``  counts how often the record changed since it was first shown.
    """

    key: str
    item: TimelineItem
    shape: Shape
    at_ms: int
    day: int
    revision: int = 0

    def changed(self, item: TimelineItem) -> Entry:
        """The same row, telling of a newer state of its record."""
        return replace(
            self,
            item=item,
            shape=shape_of(item),
            at_ms=item.at_ms,
            day=local_day(item.at_ms),
            revision=self.revision + 1,
        )

    @property
    def case(self) -> CaseId | None:
        """The case the record belongs to, if it belongs to one."""
        match self.item:
            case OutboxEntry(item=wish):
                return wish.case
            case item:
                return item.case


def entry_of(item: TimelineItem) -> Entry:
    return Entry(key_of(item), item, shape_of(item), item.at_ms, local_day(item.at_ms))


def key_of(item: TimelineItem) -> str:
    match item:
        case InteractionItem():
            return f"i{item.key}"
        case EventItem():
            return f"e{item.event.id}"
        case OutboxEntry():
            return f"o{item.item.id}"


def shape_of(item: TimelineItem) -> Shape:
    match item:
        case InteractionItem():
            return _interaction_shape(item)
        case EventItem():
            if item.seam is not None:
                return Shape.SEAM
            if item.waits:
                return Shape.KEPT
            return Shape.NOTE if item.event.type in _NOTES else Shape.SYSTEM
        case OutboxEntry():
            if item.item.act is not Act.REPLY:
                return Shape.WISH
            return Shape.OUTBOUND if item.item.state is OutboxState.SENT else Shape.WAITING


def _interaction_shape(item: InteractionItem) -> Shape:
    if item.kind is Kind.PHONE_NOTE:
        return Shape.NOTE
    if not item.kind.has_text or item.kind in _CAMPAIGN:
        return Shape.MARK
    if item.direction is Direction.AROUND:
        return Shape.AROUND
    if item.direction is Direction.OUTBOUND:
        announced = item.side is Side.MARKETING and item.kind is Kind.POST
        return Shape.MARK if announced else Shape.OUTBOUND
    return Shape.MARK if item.side is Side.MARKETING else Shape.INBOUND


def local_day(at_ms: int) -> int:
    """The ordinal of the day a moment falls on, in the time zone of this computer."""
    return date.fromtimestamp(at_ms / 1000).toordinal()  # noqa: DTZ012 - that time zone is meant
