"""Templates in the workspace: every version, and which customers were told which."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from app.domain.events import EventType
from app.domain.ids import AgentId, CaseId, CustomerId, DepartmentId
from app.domain.records import dataclass
from app.domain.templates import TemplateVersion
from app.store import ledger
from app.store.database import Tx
from app.store.events import json_ids
from app.store.queues import name_of
from app.store.tables import template_version

_TOLD = sa.text(
    "SELECT i.customer, i.display_name, i.handle, o.case_id, o.created_ms"
    " FROM outbox AS o JOIN case_state AS c ON c.id = o.case_id"
    " JOIN identity AS i ON i.id = c.identity"
    " WHERE o.template = :template AND o.template IS NOT NULL AND o.state <> 'cancelled'"
    " AND o.template_number IN (SELECT value FROM json_each(:numbers))"
    " ORDER BY o.created_ms DESC"
)


@dataclass(frozen=True, slots=True)
class Told:
    """A customer who was sent a wording: latest in this case, at ms since 1970."""

    customer: CustomerId
    name: str
    case: CaseId
    at_ms: int


@dataclass(frozen=True, slots=True)
class SavedVersion:
    version: TemplateVersion
    saved_ms: int
    saved_by: AgentId
    retired: bool


def versions(conn: sa.Connection, template: int | None = None) -> tuple[SavedVersion, ...]:
    """All versions of all templates, or of one, by name and number; retired ones too."""
    table = template_version
    wanted = sa.select(table).order_by(table.c.id, table.c.number)
    if template is not None:
        wanted = wanted.where(table.c.id == template)
    return tuple(
        SavedVersion(
            TemplateVersion(
                id=row.id,
                number=row.number,
                name=row.name,
                text=row.text,
                department=DepartmentId(row.department) if row.department else None,
                language=row.language,
                owner=AgentId(row.owner) if row.owner else None,
                promotional=bool(row.promotional),
                wrong=bool(row.wrong),
            ),
            row.saved_ms,
            AgentId(row.saved_by),
            bool(row.retired),
        )
        for row in conn.execute(wanted)
    )


def keep_version(
    tx: Tx, agent: AgentId, worded: TemplateVersion, *, corrects: int | None = None
) -> TemplateVersion:
    """Decide a wording as the next version of its template, whatever its number says.

    ``corrects``: the number of an earlier version that told something wrong.
    """
    earlier = (one.version.number for one in versions(tx.conn, worded.id))
    data: dict[str, Any] = {
        "number": max(earlier, default=0) + 1,
        "name": worded.name,
        "text": worded.text,
        "department": worded.department,
        "language": worded.language,
        "owner": worded.owner,
        "promotional": worded.promotional,
    }
    if corrects is not None:
        data["corrects"] = corrects
    ledger.decide(tx, agent, EventType.TEMPLATE_SAVED, worded.id, data)
    return versions(tx.conn, worded.id)[-1].version


def in_use(conn: sa.Connection) -> tuple[TemplateVersion, ...]:
    """The versions of all templates that are not retired."""
    return tuple(one.version for one in versions(conn) if not one.retired)


def told(conn: sa.Connection, template: int, numbers: Iterable[int]) -> tuple[Told, ...]:
    """Who was sent one of these versions, latest first, each once; those whose message still
    waits too, those whose message was taken back not."""
    found: dict[CustomerId, Told] = {}
    values = {"template": template, "numbers": json_ids(numbers)}
    for row in conn.execute(_TOLD, values):
        customer = CustomerId(row.customer)
        name = name_of(row.display_name, row.handle)
        found.setdefault(customer, Told(customer, name, CaseId(row.case_id), row.created_ms))
    return tuple(found.values())
