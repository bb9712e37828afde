"""What was held elsewhere before it came here: its accounts, and cases that were done long ago."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from app.domain.clock import hybrid_floor
from app.domain.events import EventType, ruled
from app.domain.ids import AccountId, DepartmentId, key_ms
from app.domain.interactions import Channel, IdentityFact
from app.store import ledger
from app.store.accounts import account, put_account, update_account
from app.store.database import Tx
from app.store.events import json_ids

SERVER, BY_HAND = "import", "by-hand"
"""Stand where an account has its server: nothing is asked there and nothing is sent."""

_DONE = sa.text(
    "SELECT DISTINCT c.id, c.last_key,"
    " (SELECT max(stamp) FROM event WHERE subject = c.id) AS stamp"
    " FROM json_each(:uids) AS wanted JOIN interaction AS i ON i.uid = wanted.value"
    " JOIN case_state AS c ON c.conversation = i.conversation"
    " WHERE c.status = 1 AND c.last_key > c.last_in_key"
)

_CALLED = sa.text(
    "SELECT handle, channel, native_id FROM identity"
    " WHERE handle IN (SELECT value FROM json_each(:handles))"
)


def put_archive(
    tx: Tx,
    number: AccountId,
    *,
    channel: Channel,
    native_id: str,
    name: str,
    owner: DepartmentId,
    server: str = SERVER,
) -> None:
    """The account of what is imported, where it is not there yet: one that nothing is connected
    to, as the account of a history whose sign-in was removed."""
    if account(tx.conn, number) is not None:
        return
    record = put_account(
        tx,
        channel=channel,
        server=server,
        native_id=native_id,
        handle=f"@{native_id}",
        display_name=name,
        avatar_url="",
        owner=owner,
    )
    assert record.id == number
    update_account(tx, number, removed_ms=tx.now_ms)


def is_archive(conn: sa.Connection, number: AccountId) -> bool:
    """Whether nothing leads from an account to a service."""
    record = account(conn, number)
    return record is not None and record.server in (SERVER, BY_HAND)


def called(conn: sa.Connection, handles: Iterable[str]) -> dict[str, list[IdentityFact]]:
    """Who goes by these handles, each with its at sign; one walk through all identities."""
    found: dict[str, list[IdentityFact]] = {}
    for row in conn.execute(_CALLED, {"handles": json_ids(handles)}):
        who = IdentityFact(Channel(row.channel), row.native_id, row.handle)
        found.setdefault(row.handle, []).append(who)
    return found


def close_answered(tx: Tx, uids: Iterable[int]) -> int:
    """Close the open cases of these conversations in which the brand had the last word, at the
    moment it had it; how many. A decision of a rule, and so made once."""
    done = tx.conn.execute(_DONE, {"uids": json_ids(uids)}).all()
    ledger.append(
        tx,
        [
            ruled(
                EventType.CASE_CLOSED,
                row.id,
                row.last_key,
                stamp=max(hybrid_floor(key_ms(row.last_key)), row.stamp) + 1,
            )
            for row in done
        ],
    )
    return len(done)
