"""The queues and departments of the sidebar, with their counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import Enum
from typing import Any

from PySide6.QtCore import QObject, Qt

from app.domain.departments import Department
from app.domain.ids import DepartmentId
from app.domain.records import dataclass
from app.domain.saved_views import SavedView
from app.domain.views import QueueCounts, QueueName, QueueRef
from app.ui.models.rows_model import AnyIndex, RowsModel

ENTRY_ROLE = Qt.ItemDataRole.UserRole + 1


class EntryKind(Enum):
    QUEUE = "queue"
    HEADER = "header"
    DEPARTMENT = "department"
    VIEW = "view"
    INSIGHTS = "insights"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row: a queue or a saved view with one count, a heading, a department with two, Insights.

    ``count`` is what waits (for a department: in Respond), ``second`` what waits in Reach out.
    A queue that grows for ever is not counted: None. ``alarm`` replaces the count when something
    needs a person: "1 failed".
    """

    kind: EntryKind
    label: str
    icon: str = ""
    queue: QueueRef | None = None
    second_queue: QueueRef | None = None
    department: DepartmentId | None = None
    mine: bool = False
    count: int | None = 0
    second: int = 0
    alarm: str = ""

    @property
    def key(self) -> tuple[EntryKind, str]:
        return self.kind, self.label

    def spoken(self) -> str:
        """What a screen reader says: "Outbox, 1 failed", "IT, 6 to respond, 1 to reach out"."""
        if self.kind is EntryKind.HEADER:
            return self.label
        if self.kind is EntryKind.DEPARTMENT:
            return f"{self.label}, {self.count} to respond, {self.second} to reach out"
        counted = "" if self.count is None else str(self.count)
        return ", ".join(part for part in (self.label, self.alarm or counted) if part)


_QUEUES: tuple[tuple[QueueName, str, str], ...] = (
    (QueueName.MY_WORK, "My work", "circle-user"),
    (QueueName.UNASSIGNED, "Unassigned", "inbox"),
    (QueueName.ESCALATED, "Escalated to us", "corner-up-left"),
    (QueueName.SNOOZED, "Snoozed", "alarm-clock"),
    (QueueName.OUTBOX, "Outbox", "send"),
    (QueueName.CLOSED, "Closed", "archive"),
    (QueueName.NOISE, "Noise", "funnel-x"),
)


_INSIGHTS = Entry(EntryKind.INSIGHTS, "Insights", icon="chart-no-axes-column", count=None)


def queue_title(queue: QueueRef, department: Department | None = None) -> str:
    """What the list is headed with: "My work", "Respond · IT"."""
    for name, label, _ in _QUEUES:
        if name is queue.name:
            return label
    titles = {
        QueueName.RESPOND: "Respond",
        QueueName.REACH_OUT: "Reach out",
        QueueName.ALL: "All open",
    }
    title = titles[queue.name]
    return f"{title} · {department.name}" if department else title


VIEWS_HEADING = "Saved views"


class SidebarModel(RowsModel[Entry]):
    """Queues and departments are fixed at the start; saved views come and go."""

    def __init__(
        self,
        departments: Sequence[Department],
        mine: DepartmentId,
        parent: QObject | None = None,
    ) -> None:
        roles: dict[int, Callable[[Entry], Any]] = {
            Qt.ItemDataRole.DisplayRole: lambda entry: entry.label,
            Qt.ItemDataRole.AccessibleTextRole: Entry.spoken,
            Qt.ItemDataRole.ToolTipRole: Entry.spoken,
            ENTRY_ROLE: lambda entry: entry,
        }
        super().__init__(_key_of, roles, parent)
        self._departments = tuple(departments)
        self._mine = mine
        self._counts: QueueCounts | None = None
        self._views: tuple[SavedView, ...] = ()
        self._view_counts: dict[str, int] = {}
        self.show_rows(self._entries())

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        entry = self.row(index)
        if entry is None or entry.kind is EntryKind.HEADER:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def show_counts(self, counts: QueueCounts) -> None:
        self._counts = counts
        self.show_rows(self._entries())

    def show_views(self, views: Sequence[SavedView]) -> None:
        self._views = tuple(views)
        self.show_rows(self._entries())

    def show_view_counts(self, counts: dict[str, int]) -> None:
        """How many cases each view shows, by its id."""
        self._view_counts = counts
        self.show_rows(self._entries())

    def show_departments(self, departments: Sequence[Department], mine: DepartmentId) -> None:
        """Departments were renamed, or I changed mine."""
        self._departments = tuple(departments)
        self._mine = mine
        self.show_rows(self._entries())

    def count_of(self, queue: QueueRef) -> int | None:
        """How many rows a queue has; None while that is not known."""
        if self._counts is None:
            return None
        for entry in self._rows:
            if entry.queue == queue:
                return entry.count
            if entry.second_queue == queue:
                return entry.second
        return None

    def _entries(self) -> list[Entry]:
        queues = [
            Entry(EntryKind.QUEUE, label, icon=icon, queue=QueueRef(name))
            for name, label, icon in _QUEUES
        ]
        departments = [
            Entry(
                EntryKind.DEPARTMENT,
                department.name,
                queue=QueueRef(QueueName.RESPOND, department.id),
                second_queue=QueueRef(QueueName.REACH_OUT, department.id),
                department=department.id,
                mine=department.id == self._mine,
            )
            for department in self._departments
        ]
        entries = [*queues, _INSIGHTS, Entry(EntryKind.HEADER, "Departments"), *departments]
        if self._counts is not None:
            entries = [_counted(entry, self._counts) for entry in entries]
        views = [
            Entry(
                EntryKind.VIEW,
                view.name,
                icon=view.icon,
                queue=view.ref,
                count=self._view_counts.get(view.id),
            )
            for view in self._views
        ]
        return [*entries, Entry(EntryKind.HEADER, VIEWS_HEADING), *views]


def _counted(entry: Entry, counts: QueueCounts) -> Entry:
    if entry.department is not None:
        respond, reach_out = counts.departments.get(entry.department, (0, 0))
        return replace(entry, count=respond, second=reach_out)
    if entry.queue is None:
        return entry
    if entry.queue.name is QueueName.OUTBOX:
        failed = counts.outbox_failed
        return replace(
            entry,
            count=counts.outbox_waiting + failed,
            alarm=f"{failed} failed" if failed else "",
        )
    by_name = {
        QueueName.MY_WORK: counts.my_work,
        QueueName.UNASSIGNED: counts.unassigned,
        QueueName.ESCALATED: counts.escalated,
        QueueName.SNOOZED: counts.snoozed,
    }
    return replace(entry, count=by_name.get(entry.queue.name))


def _key_of(entry: Entry) -> tuple[EntryKind, str]:
    return entry.key
