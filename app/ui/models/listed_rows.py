"""The rows of a list that is made anew as one types, and how they are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractListModel, QObject, Qt

from app.ui.models.rows_model import NO_PARENT, AnyIndex

ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""The row itself, for whoever paints it."""


class Listed(Protocol):
    """What stands in such a list: ``shown`` is its text, ``spoken`` what a screen reader says."""

    @property
    def shown(self) -> str: ...

    @property
    def spoken(self) -> str: ...


Row = TypeVar("Row", bound=Listed)


class ListedRows(QAbstractListModel, Generic[Row]):
    """Rows by number; a new list replaces all of them at once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

    def show(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def row(self, number: int) -> Row:
        return self._rows[number]

    def rowCount(self, parent: AnyIndex = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.shown
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken
        return None
