"""What everybody needs at once: settings, departments, agents and accounts, few and small.

Plain statements: the first picture is made before anything heavier is imported.
"""

from __future__ import annotations

from typing import Any

from app.domain.departments import Absence, Agent, Department
from app.domain.ids import AccountId, AgentId, DepartmentId
from app.domain.interactions import Channel
from app.domain.pictures import PictureChoice
from app.domain.records import dataclass
from app.store.quick_rows import Reads, quick_rows


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """A login of ours on one channel. ``history_since_ms``: how far back it was asked to fetch,
    None while nobody has said; ``history_done``: whether it has got there."""

    id: AccountId
    channel: Channel
    server: str
    native_id: str
    handle: str
    display_name: str
    avatar_url: str
    owner: DepartmentId
    sample: bool
    created_ms: int
    synced_ms: int | None
    history_since_ms: int | None
    history_done: bool
    pictures: PictureChoice = PictureChoice.ASK


def account_of(row: Any) -> AccountRecord:
    """Out of a row of the table."""
    return AccountRecord(
        id=AccountId(row.id),
        channel=Channel(row.channel),
        server=row.server,
        native_id=row.native_id,
        handle=row.handle,
        display_name=row.display_name,
        avatar_url=row.avatar_url,
        owner=DepartmentId(row.owner),
        sample=bool(row.sample),
        created_ms=row.created_ms,
        synced_ms=row.synced_ms,
        history_since_ms=row.history_since_ms,
        history_done=bool(row.history_done),
        pictures=PictureChoice(row.pictures),
    )


def settings(conn: Reads) -> dict[str, str]:
    return {row.name: row.value for row in quick_rows(conn, "SELECT name, value FROM setting")}


def departments(conn: Reads) -> tuple[Department, ...]:
    rows = quick_rows(conn, "SELECT * FROM department ORDER BY position")
    return tuple(
        Department(
            id=DepartmentId(row.id),
            name=row.name,
            short=row.short,
            colour=row.colour,
            responds=row.responds,
            reaches_out=row.reaches_out,
            voice=row.voice,
        )
        for row in rows
    )


def agents(conn: Reads) -> tuple[Agent, ...]:
    rows = quick_rows(conn, "SELECT * FROM agent ORDER BY name")
    return tuple(
        Agent(AgentId(row.id), row.name, DepartmentId(row.department), _absence(row))
        for row in rows
    )


def _absence(row: Any) -> Absence | None:
    if not row.away:
        return None
    return Absence(row.away_until_ms, AgentId(row.deputy) if row.deputy else None)


def all_accounts(conn: Reads) -> tuple[AccountRecord, ...]:
    """The connected accounts, oldest first."""
    rows = quick_rows(
        conn, "SELECT * FROM account WHERE removed_ms IS NULL ORDER BY created_ms, id"
    )
    return tuple(account_of(row) for row in rows)
