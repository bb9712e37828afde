"""What the palette lists: results of a search and commands, in sections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum, auto

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from app.domain.bounds import CHANNEL, DEPARTMENT, SIDE, SINCE, Choice
from app.domain.cases import Status
from app.domain.departments import Department
from app.domain.ids import CaseId, CustomerId, DepartmentId, InteractionKey
from app.domain.interactions import Channel, Kind
from app.domain.records import dataclass
from app.domain.views import CaseHit, CaseRow, CustomerHit, MessageHit, SearchResults, SearchScope
from app.ui.models.listed_rows import ListedRows
from app.ui.theme.formats import grouped

Index = QModelIndex | QPersistentModelIndex
Marks = tuple[tuple[int, int], ...]
Target = tuple[CustomerId | None, CaseId | None, InteractionKey | None]

IN_EVERYTHING = 3
"""Customers and cases listed when everything is searched; their own scopes list more."""
CAPPED = 5
"""A search of everything stops at so many customers and cases."""

_KINDS = {
    Kind.MENTION: "mention",
    Kind.REPLY: "reply",
    Kind.QUOTE: "quote",
    Kind.DIRECT: "direct message",
    Kind.COMMENT: "comment",
    Kind.REVIEW: "review",
    Kind.MAIL: "e-mail",
    Kind.POST: "post",
    Kind.CAMPAIGN_SENT: "campaign mail",
    Kind.TICKET_COMMENT: "ticket comment",
    Kind.PHONE_NOTE: "phone note",
    Kind.BOUGHT: "purchase",
    Kind.CALL: "call",
    Kind.MEETING: "meeting",
    Kind.LETTER: "letter",
    Kind.VISIT: "visit",
}
_STATUS = {Status.OPEN: "open", Status.SNOOZED: "snoozed", Status.CLOSED: "closed"}


class Scope(Enum):
    """Where the palette looks; Tab goes to the next."""

    EVERYTHING = "Everything"
    CUSTOMERS = "Customers"
    CASES = "Cases"
    MESSAGES = "Messages"
    COMMANDS = "Commands"

    @property
    def search(self) -> SearchScope:
        """What to ask the workspace for; commands need nothing of it but the total."""
        return SearchScope(self.value.lower()) if self is not Scope.COMMANDS else SearchScope.CASES


class RowKind(Enum):
    SECTION = auto()
    CUSTOMER = auto()
    CASE = auto()
    MESSAGE = auto()
    COMMAND = auto()


@dataclass(frozen=True, slots=True)
class Command:
    """Something the window can do; ``keys`` as they are shown."""

    id: str
    text: str
    keys: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class PaletteRow:
    """One line of the list.

    ``marks``   ranges of ``title`` that matched, in characters.
    ``narrows`` what choosing it narrows the search to.
    ``target``  what opening it shows: customer, case, interaction.
    """

    kind: RowKind
    title: str
    detail: str = ""
    marks: Marks = ()
    name: str = ""
    channel: Channel | None = None
    reach: int = 0
    at_ms: int | None = None
    department: DepartmentId | None = None
    keys: str = ""
    icon: str = ""
    command: str = ""
    narrows: Choice | None = None
    target: Target = (None, None, None)

    @property
    def shown(self) -> str:
        return self.title

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        return ", ".join(part for part in (self.title, self.detail, self.keys) if part)


class PaletteModel(ListedRows[PaletteRow]):
    """The rows of the palette.

    A new query replaces all of them at once: a reset, as they have nothing to do with what stood
    there. Older messages are appended.
    """

    def append(self, rows: Sequence[PaletteRow]) -> None:
        if not rows:
            return
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
        self._rows.extend(rows)
        self.endInsertRows()

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if self._rows[index.row()].kind is RowKind.SECTION:
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    def next_choice(self, start: int, step: int) -> int:
        """The nearest row from ``start`` in a direction that can be chosen, else ``-1``."""
        place = start
        while 0 <= place < len(self._rows):
            if self._rows[place].kind is not RowKind.SECTION:
                return place
            place += step
        return -1


def result_rows(
    results: SearchResults, scope: Scope, departments: dict[DepartmentId, Department]
) -> list[PaletteRow]:
    """The rows of a search, section by section."""
    everything = scope is Scope.EVERYTHING
    people = [_customer_row(hit, results.query) for hit in results.customers]
    cases = [_case_row(hit, results.query, departments) for hit in results.cases]
    said = f"{grouped(results.messages_count)}{'+' if results.messages_more else ''}"
    most = IN_EVERYTHING if everything else None
    return [
        *with_section("Customers", people[:most], found(len(people), capped=everything)),
        *with_section("Cases", cases[:most], found(len(cases), capped=everything)),
        *with_section("Messages", message_rows(results.messages), said),
    ]


def found(count: int, *, capped: bool) -> str:
    """A count in words; ``capped`` when the search stopped at ``CAPPED``."""
    return f"{grouped(count)}+" if capped and count >= CAPPED else grouped(count)


def message_rows(hits: Iterable[MessageHit]) -> list[PaletteRow]:
    """The rows of message hits, also of a further page."""
    return [
        PaletteRow(
            RowKind.MESSAGE,
            hit.snippet,
            f"{hit.name} · {_KINDS.get(hit.kind, 'message')}",
            marks=hit.marks,
            name=hit.name,
            channel=hit.channel,
            at_ms=hit.at_ms,
            target=(hit.customer, hit.case, hit.key),
        )
        for hit in hits
    ]


def _customer_row(hit: CustomerHit, query: str) -> PaletteRow:
    identities = "1 identity" if hit.identities == 1 else f"{hit.identities} identities"
    case = " · case open" if hit.open_case is not None else ""
    return PaletteRow(
        RowKind.CUSTOMER,
        hit.name,
        f"{hit.handle} · {identities}{case}",
        marks=marks_of(query, hit.name),
        name=hit.name,
        channel=hit.channel,
        reach=hit.reach,
        at_ms=hit.last_ms,
        target=(hit.customer, hit.open_case, None),
    )


def row_at_hand(case: CaseRow, departments: dict[DepartmentId, Department]) -> PaletteRow:
    """A case of the agent's own work, offered before anything is typed."""
    department = departments.get(case.department)
    holder = department.short if department else str(case.department)
    return PaletteRow(
        RowKind.CASE,
        case.title or case.snippet or f"Case #{case.ref}",
        f"{holder} · {case.name} · #{case.ref} · {_STATUS[case.status]}",
        name=case.name,
        channel=case.channel,
        at_ms=case.last_ms,
        department=case.department,
        target=(case.customer, case.case, None),
    )


def _case_row(hit: CaseHit, query: str, departments: dict[DepartmentId, Department]) -> PaletteRow:
    department = departments.get(hit.department)
    holder = department.short if department else str(hit.department)
    return PaletteRow(
        RowKind.CASE,
        hit.title or f"Case #{hit.ref}",
        f"{holder} · {hit.name} · #{hit.ref} · {_STATUS[hit.status]}",
        marks=marks_of(query, hit.title),
        name=hit.name,
        channel=hit.channel,
        at_ms=hit.at_ms,
        department=hit.department,
        target=(hit.customer, hit.case, None),
    )


def command_rows(commands: Iterable[Command], query: str) -> list[PaletteRow]:
    """Commands whose words begin with the typed ones; all of them for an empty query."""
    wanted = query.lower().split()
    rows = []
    for command in commands:
        words = command.text.lower().split()
        if all(any(word.startswith(part) for word in words) for part in wanted):
            rows.append(
                PaletteRow(
                    RowKind.COMMAND,
                    command.text,
                    marks=marks_of(query, command.text) if wanted else (),
                    keys=command.keys,
                    icon=command.icon,
                    command=command.id,
                )
            )
    return rows


NARROWING = {
    f"narrow-{word}": Command(f"narrow-{word}", f"Narrow by {called}", f"{word}:", "list-filter")
    for word, called in (
        (SINCE, "day"),
        (CHANNEL, "channel"),
        (DEPARTMENT, "department"),
        (SIDE, "side"),
    )
}
"""Commands of the palette’s own: each begins a bound, as if its word were typed."""
SAVE = "save-search"


def choice_rows(offered: Iterable[Choice]) -> list[PaletteRow]:
    """What can stand for the bound that is being written."""
    return [
        PaletteRow(RowKind.COMMAND, one.text, icon="list-filter", narrows=one) for one in offered
    ]


def save_row(keys: str) -> PaletteRow:
    title = "Save this search as a view"
    return PaletteRow(RowKind.COMMAND, title, keys=keys, icon="hash", command=SAVE)


def with_section(title: str, rows: list[PaletteRow], count: str = "") -> list[PaletteRow]:
    """The rows under their heading; nothing for no rows."""
    return [PaletteRow(RowKind.SECTION, title, count), *rows] if rows else []


def marks_of(query: str, text: str) -> Marks:
    """Where the words of a query stand in a text, at the beginning of words, merged."""
    lowered = text.lower()
    if len(lowered) != len(text):
        return ()  # a letter that changes its length in lower case would shift the marks
    found: list[tuple[int, int]] = []
    for word in query.lower().replace('"', " ").replace("“", " ").replace("”", " ").split():
        start = lowered.find(word)
        while start >= 0:
            if start == 0 or not lowered[start - 1].isalnum():
                found.append((start, start + len(word)))
            start = lowered.find(word, start + 1)
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
