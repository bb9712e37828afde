"""Small things a workspace remembers: settings, departments, agents, reading marks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

import sqlalchemy as sa

from app.domain.departments import Agent, Department
from app.domain.ids import CaseId
from app.store import tables
from app.store.at_hand import agents, departments, settings
from app.store.database import Tx

__all__ = [
    "agents",
    "departments",
    "mark_seen",
    "mark_unread",
    "put_agent",
    "put_departments",
    "put_setting",
    "settings",
]


def put_setting(tx: Tx, name: str, value: str) -> None:
    tx.conn.execute(
        tables.setting.insert().prefix_with("OR REPLACE"), {"name": name, "value": value}
    )


def put_departments(tx: Tx, wanted: Iterable[Department]) -> None:
    """Exactly these, in this order."""
    tx.conn.execute(tables.department.delete())
    rows = [asdict(one) | {"position": position} for position, one in enumerate(wanted)]
    tx.conn.execute(tables.department.insert(), rows)


def put_agent(tx: Tx, agent: Agent) -> None:
    """A new one, or the same under another name or in another department."""
    tx.conn.execute(
        sa.text(
            "INSERT INTO agent (id, name, department) VALUES (:id, :name, :department)"
            " ON CONFLICT (id) DO UPDATE SET name = excluded.name, department = excluded.department"
        ),
        {"id": agent.id, "name": agent.name, "department": agent.department},
    )


def mark_seen(tx: Tx, case: CaseId) -> bool:
    """Everything in the case up to now is read; False when it already was."""
    changed = tx.conn.execute(
        sa.text(
            "INSERT INTO seen (case_id, key) SELECT id, last_key FROM case_state"
            " WHERE id = :case_id ON CONFLICT (case_id) DO UPDATE SET key = excluded.key"
            " WHERE excluded.key > seen.key"
        ),
        {"case_id": case},
    )
    if changed.rowcount:
        tx.changes.cases.add(case)
    return bool(changed.rowcount)


def mark_unread(tx: Tx, case: CaseId) -> bool:
    """The customer's latest message in the case is to be read again; False when there is none."""
    changed = tx.conn.execute(
        sa.text(
            "INSERT INTO seen (case_id, key) SELECT id, last_in_key - 1 FROM case_state"
            " WHERE id = :case_id AND last_in_key > 0"
            " ON CONFLICT (case_id) DO UPDATE SET key = min(seen.key, excluded.key)"
        ),
        {"case_id": case},
    )
    if changed.rowcount:
        tx.changes.cases.add(case)
    return bool(changed.rowcount)
