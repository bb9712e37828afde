"""What a damaged file still tells of the time since its backup, carried into the restored one.

People's decisions, drafts, what was written to customers and what became of it, accounts, and what
was imported or logged by hand. What customers wrote elsewhere is not: the channels have it, and
bring it again with all that the rules decide.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import sqlalchemy as sa

from app.domain.events import RULE
from app.domain.outbox import OutboxState
from app.domain.records import dataclass
from app.store import ledger, tables
from app.store.bulk import insert_sql, write_rows
from app.store.carrying import carry_archives
from app.store.connection import FileKey
from app.store.copying import opens
from app.store.database import Tx
from app.store.events import event_of
from app.store.reading_around import LAST_ROWID, Readable, Row, read_around, read_small

_FINAL = (OutboxState.SENT.value, OutboxState.CANCELLED.value)


@dataclass(frozen=True, slots=True)
class Salvaged:
    """How much was recovered, of what the backup had not.

    ``messages``  written to customers and not gone; they are held back with the others.
    ``missing``   how many entries of the ledger could not be read, rules' own among them; None
                  where nobody can say.
    ``whole``     whether all drafts, messages, pictures and imports could be read.
    """

    decisions: int = 0
    drafts: int = 0
    messages: int = 0
    missing: int | None = None
    whole: bool = False


def salvage(tx: Tx, damaged: Path, key: FileKey) -> Salvaged:
    """Carry over into ``tx`` what the file at ``damaged`` has beyond it; raises nothing for what
    cannot be read."""
    if not opens(damaged, key):
        return Salvaged()
    _carry_accounts(tx, damaged, key)
    decisions, missing = _carry_decisions(tx, damaged, key)
    _, all_archives = carry_archives(tx, damaged, key)
    drafts, all_drafts = _carry_drafts(tx, damaged, key)
    messages, all_messages = _carry_outbox(tx, damaged, key)
    whole = all_archives and all_drafts and all_messages
    return Salvaged(decisions, drafts, messages, missing, whole)


# Decisions ------------------------------------------------------------------------------------


def _carry_decisions(tx: Tx, damaged: Path, key: FileKey) -> tuple[int, int | None]:
    event = tables.event
    held = {
        str(row.id): int(row.rowid)
        for row in tx.conn.exec_driver_sql("SELECT id, rowid FROM event")
    }
    same_numbers = True

    def wanted(rowid: int, row: Row) -> bool:
        nonlocal same_numbers
        known = held.get(row["id"])
        if known is not None:
            same_numbers = same_numbers and known == rowid
            return False
        return bool(row["agent"] != RULE)

    read = read_around(damaged, key, event, wanted)
    # A case that a rule opened since then is opened again by the message that comes again.
    ledger.append(tx, [event_of(SimpleNamespace(**row)) for row in read.rows])
    return len(read.rows), _missing(read, set(held.values()) if same_numbers else set())


def _missing(read: Readable, known: set[int]) -> int | None:
    """How many rows of the gaps are in the backup neither; None without an end to count to.

    The ledger only grows, so that its row ids have no holes, and a backup of the same file has
    the same ones.
    """
    if any(last == LAST_ROWID for _, last in read.gaps):
        return None
    return sum(
        last - first + 1 - sum(first <= rowid <= last for rowid in known)
        for first, last in read.gaps
    )


# Drafts ---------------------------------------------------------------------------------------


def _carry_drafts(tx: Tx, damaged: Path, key: FileKey) -> tuple[int, bool]:
    draft, picture = tables.draft, tables.draft_picture
    held = {row.case_id: row.saved_ms for row in tx.conn.execute(sa.select(draft))}
    read = read_around(damaged, key, draft)
    newer = [row for row in read.rows if row["saved_ms"] > held.get(row["case_id"], -1)]
    write_rows(tx.conn, insert_sql(draft, replace=True), newer)
    fresh = {row["case_id"] for row in newer}
    for case in fresh:
        tx.conn.execute(picture.delete().where(picture.c.case_id == case))
    pictures = read_around(damaged, key, picture, lambda _rowid, row: row["case_id"] in fresh)
    write_rows(tx.conn, insert_sql(picture, replace=True), pictures.rows)
    if read.is_whole:  # what has been sent or given up since is no draft any more
        still = {row["case_id"] for row in read.rows}
        for case in held.keys() - still:
            tx.conn.execute(draft.delete().where(draft.c.case_id == case))
            tx.conn.execute(picture.delete().where(picture.c.case_id == case))
    return len(newer), read.is_whole and pictures.is_whole


# The outbox -----------------------------------------------------------------------------------


def _carry_outbox(tx: Tx, damaged: Path, key: FileKey) -> tuple[int, bool]:
    """What became of the messages in the backup, and those written since.

    They come over as they are: whoever restores holds back afterwards all that is not final.
    """
    outbox, attachment = tables.outbox, tables.attachment
    held = {row.id: row.state for row in tx.conn.execute(sa.select(outbox.c.id, outbox.c.state))}
    read = read_around(
        damaged, key, outbox, lambda _rowid, row: bool(held.get(row["id"]) != row["state"])
    )
    write_rows(tx.conn, insert_sql(outbox, replace=True), read.rows)
    fresh = {row["id"] for row in read.rows if row["id"] not in held}
    pictures = read_around(damaged, key, attachment, lambda _rowid, row: row["item"] in fresh)
    write_rows(tx.conn, insert_sql(attachment, replace=True), pictures.rows)
    waiting = [row for row in read.rows if row["id"] in fresh and row["state"] not in _FINAL]
    return len(waiting), read.is_whole and pictures.is_whole


# Accounts -------------------------------------------------------------------------------------


def _carry_accounts(tx: Tx, damaged: Path, key: FileKey) -> None:
    """Those connected or removed since, the newest sign-ins, colleagues, saved searches,
    campaigns."""
    account = tables.account
    held = set(tx.conn.execute(sa.select(account.c.id)).scalars())
    for row in read_small(damaged, key, account).rows:
        if row["id"] in held:
            same = account.update().where(account.c.id == row["id"])
            tx.conn.execute(same.values(removed_ms=row["removed_ms"]))
        else:  # its history was not in the backup: it is fetched again
            row |= {"history_done": False, "synced_ms": None}
            write_rows(tx.conn, insert_sql(account), [row])
    small = (tables.secret, tables.agent, tables.saved_search, tables.saved_view, tables.campaign)
    for table in small:
        rows = read_small(damaged, key, table).rows
        write_rows(tx.conn, insert_sql(table, replace=True), rows)
