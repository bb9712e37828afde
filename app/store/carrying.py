"""What no service can bring again, out of a damaged file: what was imported or written by hand."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import msgspec
import sqlalchemy as sa

from app.domain.clock import from_ms
from app.domain.ids import AccountId
from app.domain.interactions import (
    Channel,
    Direction,
    IdentityFact,
    InteractionFact,
    Kind,
    Media,
    Side,
    Visibility,
)
from app.store import tables
from app.store.archiving import BY_HAND, SERVER
from app.store.case_rules import rules_of
from app.store.connection import FileKey
from app.store.database import Tx
from app.store.ingest import ingest
from app.store.reading_around import Row, read_around


def carry_archives(tx: Tx, damaged: Path, key: FileKey) -> tuple[int, bool]:
    """Bring over the interactions of such accounts, which ``tx`` knows already: how many that had
    not been there, and whether all could be read."""
    account = tables.account.c
    archives = set(
        tx.conn.execute(
            sa.select(account.id).where(account.server.in_([SERVER, BY_HAND]))
        ).scalars()
    )
    if not archives:
        return 0, True
    told = read_around(
        damaged, key, tables.interaction, lambda _rowid, row: row["account"] in archives
    )
    people = {row[which] for row in told.rows for which in ("author", "party")}
    known = read_around(damaged, key, tables.identity, lambda _rowid, row: row["id"] in people)
    identities = {row["id"]: _identity(row) for row in known.rows}
    natives = {row["uid"]: row["native_id"] for row in told.rows}
    roots: dict[int, str] = {}
    by_account: defaultdict[AccountId, list[InteractionFact]] = defaultdict(list)
    for row in sorted(told.rows, key=lambda row: int(row["key"])):
        root = roots.setdefault(row["conversation"], row["native_id"])
        if row["author"] in identities:
            fact = _fact(row, identities, natives.get(row["parent"]), root)
            by_account[AccountId(row["account"])].append(fact)
    new = sum(
        ingest(tx, number, facts, rules=rules_of(tx, number, history=True)).new
        for number, facts in by_account.items()
    )
    return new, told.is_whole and known.is_whole


def _identity(row: Row) -> IdentityFact:
    return IdentityFact(
        Channel(row["channel"]),
        row["native_id"],
        row["handle"],
        row["display_name"],
        row["avatar_url"],
        row["profile_url"],
        row["followers"],
    )


def _fact(
    row: Row, identities: dict[int, IdentityFact], parent: str | None, root: str
) -> InteractionFact:
    kind = Kind(row["kind"])
    return InteractionFact(
        native_id=row["native_id"],
        kind=kind,
        direction=Direction(row["direction"]),
        author=identities[row["author"]],
        occurred_at=from_ms(row["occurred_ms"]),
        text=row["text"],
        party=identities.get(row["party"]),
        in_reply_to=parent,
        root=root,
        visibility=Visibility(row["visibility"]),
        subject=row["subject"],
        warning=row["warning"],
        language=row["language"],
        url=row["url"],
        media=tuple(msgspec.json.decode(row["media"], type=list[Media])) if row["media"] else (),
        side=Side(row["side"]) if kind.by_hand else None,
    )
