"""Pictures that were loaded once, kept small inside the encrypted file so that they show offline.

They are a cache with a bound: the oldest make room for new ones, and what has gone can be loaded
again. The bound also limits what they add to each backup.
"""

from __future__ import annotations

import sqlalchemy as sa

from app.domain.ids import PictureId
from app.domain.pictures import Thumbnail
from app.store import tables
from app.store.database import Tx

MOST_BYTES = 100 * 1024 * 1024
"""Of all pictures together: some 700 of the size that is kept."""

_picture = tables.picture
_HELD = sa.text("SELECT coalesce(sum(size), 0) FROM picture")
_OLDEST = sa.text("SELECT id, size FROM picture ORDER BY stored_ms, id")


def put_picture(
    tx: Tx, number: PictureId, picture: Thumbnail, *, most: int = MOST_BYTES
) -> tuple[PictureId, ...]:
    """Keep a picture; returns those that had to go for it."""
    tx.conn.execute(
        _picture.insert().prefix_with("OR REPLACE"),
        {
            "id": number,
            "stored_ms": tx.now_ms,
            "size": len(picture.body),
            "mime": picture.mime,
            "width": picture.width,
            "height": picture.height,
            "body": picture.body,
        },
    )
    return _make_room(tx, number, most)


def _make_room(tx: Tx, spared: PictureId, most: int) -> tuple[PictureId, ...]:
    over = tx.conn.execute(_HELD).scalar_one() - most
    gone: list[PictureId] = []
    if over > 0:
        for row in tx.conn.execute(_OLDEST):
            if over <= 0:
                break
            if row.id != spared:
                gone.append(PictureId(row.id))
                over -= row.size
        tx.conn.execute(_picture.delete().where(_picture.c.id.in_(gone)))
    return tuple(gone)


def picture(conn: sa.Connection, number: PictureId) -> Thumbnail | None:
    row = conn.execute(sa.select(_picture).where(_picture.c.id == number)).first()
    return Thumbnail(row.body, row.mime, row.width, row.height) if row else None


def held_pictures(conn: sa.Connection) -> frozenset[PictureId]:
    """Which pictures are kept; reads an index, not the pictures."""
    return frozenset(
        PictureId(n) for n in conn.execute(sa.text("SELECT id FROM picture")).scalars()
    )
