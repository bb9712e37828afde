"""Damage to workspace files, as disks and people do it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from sqlcipher3 import dbapi2

from app.store.connection import FileKey
from app.store.copying import connect, opens

PAGE = 4096


def damage_page(path: Path, number: int) -> None:
    """Turn some bits in the middle of a page; the first is number 1."""
    body = bytearray(path.read_bytes())
    at = (number - 1) * PAGE + PAGE // 2
    body[at : at + 16] = bytes(byte ^ 0xFF for byte in body[at : at + 16])
    path.write_bytes(body)


def damage_header(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[:64] = bytes(64)
    path.write_bytes(body)


def cut_short(path: Path, pages: int) -> None:
    """Lose the last pages of a file."""
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - pages * PAGE)


def pages_of(path: Path, key: FileKey, sql: str, whole: Path) -> list[int]:
    """The pages of which damage makes ``sql`` fail while the file still opens.

    Found by trying each on copies of ``path`` made at ``whole``, since SQLite does not say.
    """
    hit = []
    body = path.read_bytes()
    for number in range(2, len(body) // PAGE + 1):
        whole.write_bytes(body)
        damage_page(whole, number)
        if opens(whole, key) and _fails(whole, key, sql):
            hit.append(number)
    whole.unlink()
    return hit


def _fails(path: Path, key: FileKey, sql: str) -> bool:
    try:
        with closing(connect(path, key)) as conn:
            conn.execute(sql).fetchall()
    except dbapi2.DatabaseError:
        return True
    return False
