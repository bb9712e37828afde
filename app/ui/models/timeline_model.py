"""The rows of one customer's timeline: facts, decisions and wishes together, oldest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.domain.views import EventItem, InteractionItem, OutboxEntry, TimelineItem
from app.ui.timeline import wording
from app.ui.timeline.entries import Entry, Shape, entry_of, key_of
from app.ui.timeline.names import Names

Index = QModelIndex | QPersistentModelIndex


class TimelineRole(IntEnum):
    """What a row can be asked for beside its text."""

    ENTRY = Qt.ItemDataRole.UserRole + 1
    KEY = Qt.ItemDataRole.UserRole + 2


class TimelineModel(QAbstractListModel):
    """A contiguous stretch of a timeline that ends with the newest row.

    It is replaced only when another customer is shown. A refresh compares and inserts, removes
    or changes single rows, so that views keep their place and their selection.
    """

    def __init__(self, now_ms: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.names = Names()
        self._now_ms = now_ms
        self._entries: list[Entry] = []

    # Qt's side

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._entries):
            return None
        entry = self._entries[index.row()]
        match role:
            case TimelineRole.ENTRY:
                return entry
            case TimelineRole.KEY:
                return entry.key
            case Qt.ItemDataRole.DisplayRole:
                return text_of(entry)
            case Qt.ItemDataRole.AccessibleTextRole:
                return wording.accessible_name(entry, self.names, self._now_ms())
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return wording.accessible_detail(entry)
            case Qt.ItemDataRole.ToolTipRole:
                return wording.tooltip(entry, self.names) or None
            case _:
                return None

    # Ours

    def __len__(self) -> int:
        return len(self._entries)

    def entry(self, row: int) -> Entry:
        return self._entries[row]

    @property
    def entries(self) -> Sequence[Entry]:
        return self._entries

    def row_of(self, key: str) -> int:
        """The row of a key; -1 when it is not loaded."""
        for row, entry in enumerate(self._entries):
            if entry.key == key:
                return row
        return -1

    def show(self, items: Iterable[TimelineItem]) -> None:
        """Start over with another customer's newest rows."""
        self.beginResetModel()
        self._entries = [entry_of(item) for item in items]
        self.endResetModel()

    def prepend(self, items: Iterable[TimelineItem]) -> None:
        """Put an older page before what is loaded; what is loaded already is skipped."""
        known = {entry.key for entry in self._entries}
        older = [entry_of(item) for item in items if key_of(item) not in known]
        if older:
            self._insert(0, older)

    def merge(self, items: Sequence[TimelineItem], *, from_start: bool) -> None:
        """Make the newest rows equal to ``items``, touching only what differs.

        ``from_start`` says that ``items`` go back to the first record there is; otherwise rows
        older than the first of ``items`` stay as they are.
        """
        wanted = {key_of(item): item for item in items}
        row = 0 if from_start or not items else self._start_of(items[0])
        if not items and not from_start:
            return
        self._remove_unwanted(row, wanted)
        fresh: list[Entry] = []
        for key, item in wanted.items():
            here = self._entries[row] if row < len(self._entries) else None
            if here is None or here.key != key:
                moved = next((r for r in range(row, len(self)) if self._entries[r].key == key), -1)
                if moved >= 0:
                    fresh.append(self._entries[moved].changed(item))
                    self._remove(moved, moved)
                else:
                    fresh.append(entry_of(item))
                continue
            if fresh:
                self._insert(row, fresh)
                row += len(fresh)
                fresh = []
            if here.item != item:
                self._entries[row] = here.changed(item)
                index = self.index(row)
                self.dataChanged.emit(index, index)
            row += 1
        if fresh:
            self._insert(row, fresh)

    def _start_of(self, first: TimelineItem) -> int:
        row = self.row_of(key_of(first))
        if row >= 0:
            return row
        return next((r for r, e in enumerate(self._entries) if e.at_ms >= first.at_ms), len(self))

    def _remove_unwanted(self, start: int, wanted: dict[str, TimelineItem]) -> None:
        row = len(self._entries) - 1
        while row >= start:
            if self._entries[row].key in wanted:
                row -= 1
                continue
            last = row
            while row > start and self._entries[row - 1].key not in wanted:
                row -= 1
            self._remove(row, last)
            row -= 1

    def _insert(self, row: int, entries: Sequence[Entry]) -> None:
        self.beginInsertRows(QModelIndex(), row, row + len(entries) - 1)
        self._entries[row:row] = entries
        self.endInsertRows()

    def _remove(self, first: int, last: int) -> None:
        self.beginRemoveRows(QModelIndex(), first, last)
        del self._entries[first : last + 1]
        self.endRemoveRows()


def text_of(entry: Entry) -> str:
    """The words of a row, as they are copied: a message, a note, the reason of a seam."""
    match entry.item:
        case InteractionItem() as item:
            return item.text or item.subject
        case OutboxEntry() as waiting:
            return waiting.item.text
        case EventItem() as event:
            if entry.shape is Shape.SEAM and event.seam is not None:
                return event.seam.text
            return str(event.event.data.get("text", ""))
