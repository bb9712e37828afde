"""A yardstick: the same texts in PostgreSQL, searched as web inboxes do.

A cluster of its own, reached through a socket in its own folder and by nobody else. PostgreSQL
refuses to run as root, so root lends it to the user that Debian's package made.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

_SETTINGS = "-c listen_addresses= -c fsync=off -c shared_buffers=256MB -c work_mem=64MB"
_OWNER = "postgres"
ILIKE = "SELECT id FROM mention WHERE {} ORDER BY id DESC LIMIT %s"
TSVECTOR = (
    "SELECT id FROM mention WHERE words @@ to_tsquery('simple', %s) ORDER BY id DESC LIMIT %s"
)


class Postgres:
    """A running cluster with the table ``mention(id, text, words)``."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def put(self, mentions: Iterable[tuple[int, str]]) -> None:
        """Load (id, text) and index the words."""
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.execute("CREATE TABLE mention (id bigint PRIMARY KEY, text text NOT NULL)")
            with cursor.copy("COPY mention (id, text) FROM STDIN") as copy:
                for row in mentions:
                    copy.write_row(row)
            cursor.execute(
                "ALTER TABLE mention ADD COLUMN words tsvector"
                " GENERATED ALWAYS AS (to_tsvector('simple', text)) STORED"
            )
            cursor.execute("CREATE INDEX mention_words ON mention USING gin (words)")
        self._connection.execute("VACUUM ANALYZE mention")

    def by_ilike(self, words: list[str], limit: int) -> list[int]:
        """The newest that hold all of these, anywhere in their text."""
        condition = " AND ".join(["text ILIKE %s"] * len(words))
        values = [*(f"%{word}%" for word in words), limit]
        return [row[0] for row in self._connection.execute(ILIKE.format(condition), values)]

    def by_words(self, words: list[str], limit: int, *, open_end: bool = False) -> list[int]:
        """The newest that hold all of these words; the last may have any ending."""
        query = " & ".join(words) + (":*" if open_end else "")
        return [row[0] for row in self._connection.execute(TSVECTOR, [query, limit])]


@contextmanager
def running(folder: Path) -> Iterator[Postgres]:
    """The cluster in ``folder``, made where there is none; it stops at the end.

    Raises FileNotFoundError where PostgreSQL is not installed.
    """
    programs = _programs()
    data = folder / "data"
    if not data.exists():
        folder.mkdir(parents=True, exist_ok=True)
        if os.getuid() == 0:
            shutil.chown(folder, _OWNER)
        _run([programs / "initdb", "-D", data, "--locale=C.UTF-8", "-E", "UTF8", "-U", "bench"])
    control: list[str | Path] = [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    _run([*control, "-o", f"{_SETTINGS} -c unix_socket_directories={folder}", "start"])
    try:
        with psycopg.connect(
            host=str(folder), user="bench", dbname="postgres", autocommit=True
        ) as connection:
            yield Postgres(connection)
    finally:
        _run([*control, "-m", "fast", "stop"])


def _programs() -> Path:
    """Debian keeps the programs of a cluster off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if found:
        return found[-1]
    on_path = shutil.which("initdb")
    if on_path is None:
        raise FileNotFoundError("PostgreSQL is not installed")
    return Path(on_path).resolve().parent


def _run(command: list[str | Path]) -> None:
    if os.getuid() == 0:
        command = ["runuser", "-u", _OWNER, "--", *command]
    subprocess.run(list(map(str, command)), check=True, cwd="/", stdout=subprocess.DEVNULL)
