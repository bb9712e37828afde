"""Bring the rows of a list model to a new order with the fewest signals, never a reset."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

Row = TypeVar("Row")

NO_PARENT = QModelIndex()
_FEW = 16
"""So many new rows are put in one by one."""
AnyIndex = QModelIndex | QPersistentModelIndex


class RowsModel(QAbstractListModel, Generic[Row]):
    """A list model of frozen rows, each with a key of its own.

    ``roles`` says what each item role shows of a row.
    """

    def __init__(
        self,
        key: Callable[[Row], Hashable],
        roles: Mapping[int, Callable[[Row], Any]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._key = key
        self._roles = roles
        self._rows: list[Row] = []

    def rowCount(self, parent: AnyIndex = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index)
        shown = self._roles.get(role)
        return shown(row) if shown is not None and row is not None else None

    def row(self, index: AnyIndex) -> Row | None:
        """The row at an index, None for an index that points nowhere."""
        return self._rows[index.row()] if index.isValid() else None

    def rows(self) -> Sequence[Row]:
        return self._rows

    def index_of(self, key: Hashable) -> QModelIndex:
        """The index of the row with that key; an invalid one when it is not loaded."""
        for number, row in enumerate(self._rows):
            if self._key(row) == key:
                return self.index(number)
        return QModelIndex()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Become exactly these rows: removes, moves, inserts and ``dataChanged`` as needed.

        Of several rows with the same key the first is kept.
        """
        wanted: dict[Hashable, Row] = {}
        for row in rows:
            wanted.setdefault(self._key(row), row)
        self._remove_missing(wanted)
        known = {self._key(row) for row in self._rows}
        if len(wanted) - len(known) > _FEW:
            self._insert(len(known), [row for key, row in wanted.items() if key not in known])
            self._rearrange(wanted)
        else:
            self._step_by_step(wanted, known)

    def _rearrange(self, wanted: Mapping[Hashable, Row]) -> None:
        """Bring the rows there are to this order all at once: a signal for each of hundreds would
        take longer than a frame."""
        held = {self._key(row): row for row in self._rows}
        places = {key: place for place, key in enumerate(wanted)}
        if list(held) != list(places):
            self.layoutAboutToBeChanged.emit()
            before = self.persistentIndexList()
            keys = list(held)
            self._rows = [held[key] for key in wanted]
            after = [self.index(places[keys[index.row()]]) for index in before]
            self.changePersistentIndexList(before, after)
            self.layoutChanged.emit()
        for place, row in enumerate(wanted.values()):
            self._update(place, row)

    def _step_by_step(self, wanted: Mapping[Hashable, Row], known: AbstractSet[Hashable]) -> None:
        place = 0
        fresh: list[Row] = []
        for key, row in wanted.items():
            if key not in known:
                fresh.append(row)
                continue
            if fresh:
                place = self._insert(place, fresh)
                fresh = []
            if self._key(self._rows[place]) != key:
                self._bring_to(place, key)
            self._update(place, row)
            place += 1
        self._insert(place, fresh)

    def append_rows(self, rows: Sequence[Row]) -> None:
        """Add rows at the end; those already there are left out."""
        known = {self._key(row) for row in self._rows}
        self._insert(len(self._rows), [row for row in rows if self._key(row) not in known])

    def _remove_missing(self, wanted: dict[Hashable, Row]) -> None:
        last = len(self._rows) - 1
        while last >= 0:
            if self._key(self._rows[last]) in wanted:
                last -= 1
                continue
            first = last
            while first > 0 and self._key(self._rows[first - 1]) not in wanted:
                first -= 1
            self.beginRemoveRows(NO_PARENT, first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()
            last = first - 1

    def _insert(self, place: int, rows: list[Row]) -> int:
        """Insert at ``place``; returns the place after what was inserted."""
        if rows:
            self.beginInsertRows(NO_PARENT, place, place + len(rows) - 1)
            self._rows[place:place] = rows
            self.endInsertRows()
        return place + len(rows)

    def _bring_to(self, place: int, key: Hashable) -> None:
        at = place + 1
        while self._key(self._rows[at]) != key:
            at += 1
        self.beginMoveRows(NO_PARENT, at, at, NO_PARENT, place)
        self._rows.insert(place, self._rows.pop(at))
        self.endMoveRows()

    def _update(self, place: int, row: Row) -> None:
        before = self._rows[place]
        if before is not row and before != row:
            self._rows[place] = row
            index = self.index(place)
            self.dataChanged.emit(index, index)
