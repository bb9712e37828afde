"""What a service sent, kept beside its interaction, compressed.

Posts of one channel are alike, so a dictionary trained on the first good batch of a channel
makes them several times smaller than compressing each by itself. A body carries neither zstd’s
mark nor the name of its dictionary, eight bytes of some 170: the row knows both.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
import zstandard

from app.domain.interactions import Channel
from app.store import tables
from app.store.bulk import BulkInsert
from app.store.database import Tx

_LEVEL = 5
"""Where the search for repeats becomes thorough; beyond it a body shrinks hardly more."""
_TRAIN_FROM = 256
_DICTIONARY_BYTES = 64 * 1024
_PUT = BulkInsert.of(tables.raw, verb="INSERT OR REPLACE")


def put_raw(tx: Tx, bodies: Sequence[tuple[int, Channel, bytes]]) -> None:
    """Keep (key, channel, body) of a batch."""
    rows: list[tuple[int, int, bytes]] = []
    by_channel: dict[Channel, tuple[list[int], list[bytes]]] = {}
    for key, channel, body in bodies:
        keys, sent = by_channel.setdefault(channel, ([], []))
        keys.append(key)
        sent.append(body)
    for channel, (keys, sent) in by_channel.items():
        number, compressor = _compressor(tx, channel, sent)
        # In one call, which lets the other threads run meanwhile and not for a moment each.
        packed = compressor.multi_compress_to_buffer([*sent])
        rows += ((key, number, packed[place].tobytes()) for place, key in enumerate(keys))
    rows.sort(key=itemgetter(0))
    _PUT.tuples(tx.conn, rows)


def read_raw(conn: sa.Connection, key: int) -> bytes | None:
    """The body as the service sent it, None when it was not kept."""
    row = conn.execute(
        sa.select(tables.raw.c.body, tables.dictionary.c.body.label("dictionary"))
        .outerjoin(tables.dictionary, tables.dictionary.c.id == tables.raw.c.dictionary)
        .where(tables.raw.c.key == key)
    ).first()
    if row is None:
        return None
    trained = zstandard.ZstdCompressionDict(row.dictionary) if row.dictionary else None
    unpacking = zstandard.ZstdDecompressor(
        dict_data=trained, format=zstandard.FORMAT_ZSTD1_MAGICLESS
    )
    return unpacking.decompress(row.body)


def _compressor(
    tx: Tx, channel: Channel, samples: list[bytes]
) -> tuple[int, zstandard.ZstdCompressor]:
    """The channel's dictionary (0 for none yet) and a compressor that uses it."""
    name = f"zstd:{channel}"
    made: tuple[int, zstandard.ZstdCompressor] | None = tx.memo.get(name)
    if made is None:
        trained = _stored(tx, channel) or _trained(tx, channel, samples)
        if trained is None:
            return 0, _packing(None)
        number, body = trained
        made = number, _packing(zstandard.ZstdCompressionDict(body))
        # A training that is rolled back leaves the memo ahead of the file: check before use.
        tx.memo[name] = made
    elif not _exists(tx, made[0]):
        del tx.memo[name]
        return _compressor(tx, channel, samples)
    return made


def _packing(dictionary: zstandard.ZstdCompressionDict | None) -> zstandard.ZstdCompressor:
    bare = zstandard.ZstdCompressionParameters.from_level(
        _LEVEL, format=zstandard.FORMAT_ZSTD1_MAGICLESS, write_dict_id=False
    )
    return zstandard.ZstdCompressor(dict_data=dictionary, compression_params=bare)


def _exists(tx: Tx, number: int) -> bool:
    found = tx.conn.execute(sa.text("SELECT 1 FROM dictionary WHERE id = :id"), {"id": number})
    return found.scalar() is not None


def _stored(tx: Tx, channel: Channel) -> tuple[int, bytes] | None:
    row: Any = tx.conn.execute(
        sa.select(tables.dictionary.c.id, tables.dictionary.c.body).where(
            tables.dictionary.c.channel == channel.value
        )
    ).first()
    return (row.id, row.body) if row else None


def _trained(tx: Tx, channel: Channel, samples: list[bytes]) -> tuple[int, bytes] | None:
    if len(samples) < _TRAIN_FROM:
        return None
    try:
        some: list[Any] = list(samples[: 4 * _TRAIN_FROM])
        body = zstandard.train_dictionary(_DICTIONARY_BYTES, some).as_bytes()
    except zstandard.ZstdError:
        # Bodies too short or too alike to train on.
        return None
    result = tx.conn.execute(tables.dictionary.insert().values(channel=channel.value, body=body))
    number = result.inserted_primary_key
    assert number is not None
    return int(number[0]), body
