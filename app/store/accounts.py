"""Accounts, their positions at the services, and their saved searches."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.domain.ids import AccountId, DepartmentId, account_id
from app.domain.interactions import Channel
from app.domain.pictures import PictureChoice
from app.domain.views import SavedSearch
from app.store import at_hand, tables
from app.store.database import Tx

AccountRecord = at_hand.AccountRecord
all_accounts = at_hand.all_accounts
_account = tables.account

LIMITS = "limits"
"""The cursor under which a server's limits are kept, so that they are known offline."""


def put_account(
    tx: Tx,
    *,
    channel: Channel,
    server: str,
    native_id: str,
    handle: str,
    display_name: str,
    avatar_url: str,
    owner: DepartmentId,
    sample: bool = False,
) -> AccountRecord:
    """Add an account, or bring back and refresh one that was here before."""
    number = account_id(channel, server, native_id)
    values = {
        "handle": handle,
        "display_name": display_name,
        "avatar_url": avatar_url,
        "removed_ms": None,
    }
    updated = tx.conn.execute(_account.update().where(_account.c.id == number).values(values))
    if not updated.rowcount:
        tx.conn.execute(
            _account.insert().values(
                id=number,
                channel=channel.value,
                server=server,
                native_id=native_id,
                owner=owner,
                sample=sample,
                created_ms=tx.now_ms,
                history_done=sample,
                # A sample has no outside: nothing of it is ever loaded.
                pictures=PictureChoice.NEVER if sample else PictureChoice.ASK,
                **values,
            )
        )
    tx.changes.accounts.add(number)
    row = tx.conn.execute(sa.select(_account).where(_account.c.id == number)).one()
    return at_hand.account_of(row)


def every_account(conn: sa.Connection) -> tuple[AccountRecord, ...]:
    """All there is history of: the connected accounts and the removed ones."""
    return tuple(at_hand.account_of(row) for row in conn.execute(sa.select(_account)))


def account(conn: sa.Connection, number: AccountId) -> AccountRecord | None:
    """An account, removed ones too: their history stays."""
    row = conn.execute(sa.select(_account).where(_account.c.id == number)).first()
    return at_hand.account_of(row) if row else None


def update_account(tx: Tx, number: AccountId, **values: Any) -> None:
    """Set columns of an account."""
    tx.conn.execute(_account.update().where(_account.c.id == number).values(values))
    tx.changes.accounts.add(number)


def remove_account(tx: Tx, number: AccountId) -> None:
    """Disconnect: no more pulling or sending; what was said stays."""
    update_account(tx, number, removed_ms=tx.now_ms)
    tx.conn.execute(tables.cursor.delete().where(tables.cursor.c.account == number))
    tx.conn.execute(tables.saved_search.delete().where(tables.saved_search.c.account == number))


def cursor(conn: sa.Connection, number: AccountId, stream: str) -> str | None:
    return conn.execute(
        sa.select(tables.cursor.c.value).where(
            tables.cursor.c.account == number, tables.cursor.c.stream == stream
        )
    ).scalar()


def set_cursor(tx: Tx, number: AccountId, stream: str, value: str) -> None:
    tx.conn.execute(
        tables.cursor.insert().prefix_with("OR REPLACE"),
        {"account": number, "stream": stream, "value": value},
    )


def saved_searches(conn: sa.Connection) -> tuple[SavedSearch, ...]:
    rows = conn.execute(sa.select(tables.saved_search).order_by(tables.saved_search.c.id))
    return tuple(
        SavedSearch(row.id, AccountId(row.account), row.query, DepartmentId(row.department))
        for row in rows
    )


def add_search(tx: Tx, number: AccountId, query: str, department: DepartmentId) -> SavedSearch:
    result = tx.conn.execute(
        tables.saved_search.insert().values(account=number, query=query, department=department)
    )
    key = result.inserted_primary_key
    assert key is not None
    tx.changes.accounts.add(number)
    return SavedSearch(int(key[0]), number, query, department)


def remove_search(tx: Tx, search: int) -> bool:
    """Whether there was one."""
    removed = tx.conn.execute(
        tables.saved_search.delete().where(tables.saved_search.c.id == search)
    )
    return bool(removed.rowcount)
