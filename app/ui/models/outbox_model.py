"""What waits to leave: what needs a person first, then the line in its order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt

from app.domain.ids import OutboxId
from app.domain.interactions import Visibility
from app.domain.outbox import Act, OutboxState
from app.domain.views import OutboxEntry
from app.ui.models.rows_model import AnyIndex, RowsModel
from app.ui.plain_tip import plain_tip
from app.ui.theme import formats

ENTRY_ROLE = Qt.ItemDataRole.UserRole + 1
HEADING_ROLE = Qt.ItemDataRole.UserRole + 2

_NEEDS_YOU = frozenset({OutboxState.FAILED, OutboxState.HELD, OutboxState.UNKNOWN})
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}
_TEENS = range(11, 14)


def needs_you(entry: OutboxEntry) -> bool:
    return entry.item.state in _NEEDS_YOU


def act_text(entry: OutboxEntry) -> str:
    """ "public reply", "direct message", "like"."""
    item = entry.item
    if item.act is not Act.REPLY:
        return item.act.value
    return "direct message" if item.visibility is Visibility.DIRECT else "public reply"


def state_text(entry: OutboxEntry, now_ms: int) -> str:
    """What the chip says: the cause of a failure, the place in line, or what happens now."""
    item = entry.item
    match item.state:
        case OutboxState.FAILED:
            return item.error or "Not sent"
        case OutboxState.HELD:
            return item.error
        case OutboxState.UNKNOWN:
            return "Checking whether it arrived"
        case OutboxState.SENDING:
            return "Sending"
        case _:
            left = round((item.not_before.timestamp() * 1000 - now_ms) / 1000)
            if item.attempts == 0 and left > 0:
                return f"Sending in {left} s"
            return f"{ordinal(entry.place)} in line" if entry.place else "Waiting"


def ordinal(number: int) -> str:
    """ "1st", "2nd", "11th"."""
    suffix = "th" if number % 100 in _TEENS else _ORDINALS.get(number % 10, "th")
    return f"{number}{suffix}"


class OutboxModel(RowsModel[OutboxEntry]):
    """Rows are ``OutboxEntry`` values; ``HEADING_ROLE`` is (heading, what stands at its right)
    for the first row of a group and None for the others."""

    def __init__(self, now_ms: Callable[[], int], parent: QObject | None = None) -> None:
        roles: dict[int, Callable[[OutboxEntry], Any]] = {
            Qt.ItemDataRole.DisplayRole: lambda entry: entry.customer_name,
            Qt.ItemDataRole.AccessibleTextRole: self._spoken,
            Qt.ItemDataRole.AccessibleDescriptionRole: lambda entry: entry.item.text,
            Qt.ItemDataRole.ToolTipRole: _tooltip,
            ENTRY_ROLE: lambda entry: entry,
        }
        super().__init__(_item_of, roles, parent)
        self._now_ms = now_ms

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == HEADING_ROLE and index.isValid():
            return self._heading(index.row())
        return super().data(index, role)

    def _spoken(self, entry: OutboxEntry) -> str:
        state = state_text(entry, self._now_ms())
        return f"{entry.customer_name}, {act_text(entry)}, {state}"

    def show_entries(self, entries: Sequence[OutboxEntry]) -> None:
        """Become these rows; the headings above them may move, so neighbours repaint too."""
        self.show_rows(sorted(entries, key=lambda entry: not needs_you(entry)))
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1), [HEADING_ROLE])

    def _heading(self, number: int) -> tuple[str, str] | None:
        entry = self._rows[number]
        waits = not needs_you(entry)
        if number > 0 and needs_you(self._rows[number - 1]) is not waits:
            return None
        same = sum(1 for row in self._rows if needs_you(row) is not waits)
        if waits:
            note = f"{formats.grouped(same)}, in this order"
            return "On the way out", note
        return "Needs you", formats.grouped(same)


def _item_of(entry: OutboxEntry) -> OutboxId:
    return entry.item.id


def _tooltip(entry: OutboxEntry) -> str:
    """A service's own words may stand in an error."""
    return plain_tip(f"{entry.item.error} {entry.item.hint}".strip() or entry.item.text)
