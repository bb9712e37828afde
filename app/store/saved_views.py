"""The saved views of a workspace: a few rows, always read whole and in their order."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import sqlalchemy as sa

from app.domain.saved_views import SavedView, Shown
from app.store import tables
from app.store.database import Tx

_PUT = tables.saved_view.insert().prefix_with("OR REPLACE")


def views(conn: sa.Connection) -> tuple[SavedView, ...]:
    """All of them, in the order of the sidebar."""
    table = tables.saved_view
    rows = conn.execute(sa.select(table).order_by(table.c.position, table.c.id))
    return tuple(
        SavedView(row.id, row.name, row.icon, msgspec.json.decode(row.shows, type=Shown))
        for row in rows
    )


def put_all(tx: Tx, wanted: Iterable[SavedView]) -> None:
    """Exactly these, in this order."""
    tx.conn.execute(tables.saved_view.delete())
    rows = [
        {
            "id": view.id,
            "position": position,
            "name": view.name,
            "icon": view.icon,
            "shows": msgspec.json.encode(view.shows).decode(),
        }
        for position, view in enumerate(wanted)
    ]
    if rows:
        tx.conn.execute(_PUT, rows)
