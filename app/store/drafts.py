"""What is written for a case and not sent, kept at every pause in typing."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import sqlalchemy as sa

from app.domain.ids import CaseId
from app.domain.interactions import Visibility
from app.domain.outbox import Attachment
from app.domain.replies import Written
from app.store.database import Tx
from app.store.tables import draft as draft_table
from app.store.tables import draft_picture

_PICTURES = (
    sa.select(draft_picture)
    .where(draft_picture.c.case_id == sa.bindparam("case_id"))
    .order_by(draft_picture.c.position)
)


def draft(conn: sa.Connection, case: CaseId) -> Written:
    """What is kept of a case, its pictures with their bytes; empty where nothing is."""
    row = conn.execute(sa.select(draft_table).where(draft_table.c.case_id == case)).first()
    if row is None:
        return Written()
    return Written(
        text=row.text,
        note=row.note,
        warning=row.warning,
        visibility=_visibility(row.visibility),
        answer_to=row.answer_to,
        answer_visibility=_visibility(row.answer_visibility),
        answer_chosen=bool(row.answer_chosen),
        pictures=tuple(
            Attachment(one.name, one.mime, one.body, one.description)
            for one in conn.execute(_PICTURES, {"case_id": case})
        ),
    )


def words(conn: sa.Connection, case: CaseId) -> tuple[str, str, str]:
    """The words of what is kept of a case, see ``Written.words``."""
    row = conn.execute(
        sa.select(draft_table.c.text, draft_table.c.note, draft_table.c.warning).where(
            draft_table.c.case_id == case
        )
    ).first()
    return ("", "", "") if row is None else (row.text, row.note, row.warning)


def put(tx: Tx, case: CaseId, written: Written) -> None:
    """Keep what is being written; what is empty is forgotten. Announces the mark in the list."""
    had = bool(tx.conn.scalar(sa.select(sa.exists().where(draft_table.c.case_id == case))))
    if written.is_empty:
        if had:
            tx.conn.execute(draft_table.delete().where(draft_table.c.case_id == case))
            tx.conn.execute(draft_picture.delete().where(draft_picture.c.case_id == case))
    else:
        tx.conn.execute(
            draft_table.insert().prefix_with("OR REPLACE"),
            _row(case, written) | {"saved_ms": tx.now_ms},
        )
        _put_pictures(tx, case, written.pictures)
    if had is written.is_empty:
        tx.changes.cases.add(case)


def move(tx: Tx, origin: CaseId, target: CaseId) -> None:
    """What is written for a case stands behind what is written for another from now on."""
    written = draft(tx.conn, origin)
    if not written.is_empty:
        put(tx, target, written.after(draft(tx.conn, target)))
        put(tx, origin, Written())


def _put_pictures(tx: Tx, case: CaseId, pictures: tuple[Attachment, ...]) -> None:
    """Write only what differs: megabytes are not stored again with every word of a text."""
    kept = {
        row.position: (row.name, row.mime, row.description, row.digest)
        for row in tx.conn.execute(
            sa.select(
                draft_picture.c.position,
                draft_picture.c.name,
                draft_picture.c.mime,
                draft_picture.c.description,
                draft_picture.c.digest,
            ).where(draft_picture.c.case_id == case)
        )
    }
    here = draft_picture.c.case_id == case
    for position, picture in enumerate(pictures):
        digest = blake2b(picture.body, digest_size=16).hexdigest()
        wanted = (picture.name, picture.mime, picture.description, digest)
        held = kept.get(position)
        if held == wanted:
            continue
        words = dict(zip(("name", "mime", "description", "digest"), wanted, strict=True))
        if held is not None and held[3] == digest:
            at = draft_picture.c.position == position
            tx.conn.execute(draft_picture.update().where(here, at).values(words))
        else:
            row = {"case_id": case, "position": position, "body": picture.body, **words}
            tx.conn.execute(draft_picture.insert().prefix_with("OR REPLACE"), row)
    if len(kept) > len(pictures):
        beyond = draft_picture.c.position >= len(pictures)
        tx.conn.execute(draft_picture.delete().where(here, beyond))


def _row(case: CaseId, written: Written) -> dict[str, Any]:
    return {
        "case_id": case,
        "text": written.text,
        "note": written.note,
        "warning": written.warning,
        "visibility": written.visibility,
        "answer_to": written.answer_to,
        "answer_visibility": written.answer_visibility,
        "answer_chosen": written.answer_chosen,
    }


def _visibility(number: int | None) -> Visibility | None:
    return None if number is None else Visibility(number)
