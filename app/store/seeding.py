"""What a new workspace starts with."""

from __future__ import annotations

from sqlalchemy import Connection

from app.domain.departments import SEEDED
from app.domain.ids import uuid7
from app.store import tables


def seed(conn: Connection) -> None:
    """The six departments, and the name of this device in the ledger."""
    conn.execute(tables.setting.insert(), [{"name": "device", "value": uuid7()}])
    conn.execute(
        tables.department.insert(),
        [
            {
                "id": department.id,
                "position": position,
                "name": department.name,
                "short": department.short,
                "colour": department.colour,
                "responds": department.responds,
                "reaches_out": department.reaches_out,
                "voice": department.voice,
            }
            for position, department in enumerate(SEEDED)
        ],
    )
