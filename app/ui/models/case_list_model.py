"""The rows of one queue, loaded page by page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt

from app.domain.cases import Status
from app.domain.clocks import ClockKind, Due
from app.domain.departments import Department
from app.domain.ids import CaseId, DepartmentId
from app.domain.views import CasePage, CaseRow
from app.ui.models.rows_model import RowsModel
from app.ui.theme import formats

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
CASE_ROLE = Qt.ItemDataRole.UserRole + 2


class CaseListModel(RowsModel[CaseRow]):
    """Rows are ``CaseRow`` values; ``ROW_ROLE`` gives the whole row, ``CASE_ROLE`` its case id.

    ``now_ms`` tells the time, ``department`` what a department is called.
    """

    def __init__(
        self,
        now_ms: Callable[[], int],
        department: Callable[[DepartmentId], Department],
        parent: QObject | None = None,
    ) -> None:
        roles: dict[int, Callable[[CaseRow], Any]] = {
            Qt.ItemDataRole.DisplayRole: lambda row: row.name,
            Qt.ItemDataRole.AccessibleTextRole: self.spoken,
            Qt.ItemDataRole.AccessibleDescriptionRole: lambda row: row.snippet,
            Qt.ItemDataRole.ToolTipRole: _tooltip,
            ROW_ROLE: lambda row: row,
            CASE_ROLE: _case_of,
        }
        super().__init__(_case_of, roles, parent)
        self._now_ms = now_ms
        self._department = department
        self.more = False

    def show_page(self, page: CasePage) -> None:
        """Become the first page (or a refresh of all that was loaded)."""
        self.more = page.more
        self.show_rows(page.rows)

    def append_page(self, page: CasePage) -> None:
        self.more = page.more
        self.append_rows(page.rows)

    @property
    def cursor(self) -> tuple[int, int] | None:
        """Where the next page starts; None when nothing is loaded."""
        return self._rows[-1].cursor if self._rows else None

    def spoken(self, row: CaseRow) -> str:
        """What a screen reader says: "Marta Lindqvist, Mastodon, unread, next reply in 18
        minutes, with PR & Community"."""
        parts = [row.name, row.channel.label]
        if row.unread:
            parts.append("unread")
        if row.deadline is not None:
            now, promised = self._now_ms(), row.deadline.kind is ClockKind.PROMISE
            if row.deadline.due(now) is Due.LATE:
                late = formats.spoken_duration(now - row.deadline.due_ms)
                parts.append(f"{'promise' if promised else 'reply'} {late} late")
            else:
                left = formats.spoken_duration(row.deadline.due_ms - now)
                parts.append(f"{'promised' if promised else 'next reply'} in {left}")
        if row.status is Status.SNOOZED and row.snoozed_until_ms is not None:
            parts.append(f"asleep until {formats.list_time(row.snoozed_until_ms, self._now_ms())}")
        if row.status is Status.CLOSED:
            parts.append("closed")
        if row.status is Status.NOISE:
            parts.append("noise")
        if row.outbox_failed:
            parts.append("a reply was not sent")
        if row.has_draft:
            parts.append("has a draft")
        parts.append(f"with {self._department(row.department).name}")
        return ", ".join(parts)


def _case_of(row: CaseRow) -> CaseId:
    return row.case


def _tooltip(row: CaseRow) -> str:
    return f"{row.name} · {row.channel.label} · {row.handle}"
