"""A saved view: a queue, narrowed and in an order, under a name of its own."""

from __future__ import annotations

from app.domain.narrowing import EVERYTHING, Narrowing
from app.domain.records import dataclass
from app.domain.views import QueueFilter, QueueName, QueueRef, QueueSort

ICONS = ("star", "megaphone", "hash", "bookmark", "inbox")
"""What a view can be marked with."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a view shows; stored."""

    queue: QueueRef
    filter: QueueFilter = QueueFilter.ALL
    narrowing: Narrowing = EVERYTHING
    sort: QueueSort = QueueSort.DEADLINE


@dataclass(frozen=True, slots=True)
class SavedView:
    id: str
    name: str
    icon: str
    shows: Shown

    @property
    def ref(self) -> QueueRef:
        """The queue as this view shows it."""
        queue = self.shows.queue
        return QueueRef(queue.name, queue.department, self.id)


def icon_for(shown: Shown) -> str:
    """The mark of a new view: a star for reach, a hash for tags or words, a department’s or a
    bookmark."""
    narrowing = shown.narrowing
    if narrowing.reach:
        return "star"
    if narrowing.tags or narrowing.words:
        return "hash"
    if narrowing.channels:
        return "megaphone"
    return "inbox" if shown.queue.name is QueueName.UNASSIGNED else "bookmark"
