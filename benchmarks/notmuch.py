"""A yardstick: the same texts as mail in notmuch, searched through libnotmuch in this process.

Debian's package is ``libnotmuch5``. Only what a search needs is declared here; the functions are
those of ``notmuch.h`` (https://git.notmuchmail.org). Each mail is deleted once it is indexed:
notmuch reads a file again only to show it.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

_NEWEST_FIRST = 1
_PER_TRANSACTION = 10_000
_READ_ONLY, _READ_WRITE = 0, 1
_MAIL = """\
From: {who} <{who}@elsewhere.example>
To: halden@social.example
Subject: mention
Date: {date}
Message-ID: <{id}@bench>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

{text}
"""


class Notmuch:
    """A database of mail; raises OSError where libnotmuch is not installed."""

    def __init__(self, folder: Path, *, write: bool = False) -> None:
        """Open the database in ``folder``; ``write`` makes it where there is none."""
        self._lib = _library()
        self._folder = folder
        self._database = ctypes.c_void_p()
        path = str(folder).encode()
        if write and not (folder / ".notmuch").exists():
            folder.mkdir(parents=True, exist_ok=True)
            config = folder / "config"
            config.write_text(f"[database]\npath={folder}\n")
            made = self._lib.notmuch_database_create_with_config(
                path, str(config).encode(), None, ctypes.byref(self._database), None
            )
        else:
            made = self._lib.notmuch_database_open_with_config(
                path,
                _READ_WRITE if write else _READ_ONLY,
                str(folder / "config").encode(),
                None,
                ctypes.byref(self._database),
                None,
            )
        _check(made, "opening the database")

    def put(self, mails: Iterable[tuple[str, str, datetime, str]]) -> None:
        """Index (id, sender's name, time, text) of each mail."""
        for count, (native_id, who, at, text) in enumerate(mails):
            if count % _PER_TRANSACTION == 0:
                if count:
                    _check(self._lib.notmuch_database_end_atomic(self._database), "committing")
                _check(self._lib.notmuch_database_begin_atomic(self._database), "beginning")
                if sys.stderr.isatty():
                    sys.stderr.write(f"\rindexing with notmuch: {count:,}")
            # A name of its own each: notmuch tells mails apart by their files.
            place = self._folder / f"mail{count}"
            place.write_text(
                _MAIL.format(who=who, date=format_datetime(at), id=native_id, text=text)
            )
            file = str(place).encode()
            _check(
                self._lib.notmuch_database_index_file(self._database, file, None, None),
                "indexing a mail",
            )
            place.unlink()
        _check(self._lib.notmuch_database_end_atomic(self._database), "committing")

    def newest(self, query: str, limit: int) -> list[str]:
        """The Message-IDs of the newest matches."""
        lib = self._lib
        asked = lib.notmuch_query_create(self._database, query.encode())
        lib.notmuch_query_set_sort(asked, _NEWEST_FIRST)
        messages = ctypes.c_void_p()
        _check(lib.notmuch_query_search_messages(asked, ctypes.byref(messages)), "searching")
        found: list[str] = []
        while len(found) < limit and lib.notmuch_messages_valid(messages):
            message = lib.notmuch_messages_get(messages)
            found.append(lib.notmuch_message_get_message_id(message).decode())
            lib.notmuch_messages_move_to_next(messages)
        lib.notmuch_query_destroy(asked)
        return found

    def close(self) -> None:
        self._lib.notmuch_database_destroy(self._database)


def _library() -> ctypes.CDLL:
    lib = ctypes.CDLL("libnotmuch.so.5")
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    out = ctypes.POINTER(ctypes.c_void_p)
    for name, result, arguments in (
        ("database_create_with_config", ctypes.c_int, (text, text, text, out, pointer)),
        ("database_open_with_config", ctypes.c_int, (text, ctypes.c_int, text, text, out, pointer)),
        ("database_begin_atomic", ctypes.c_int, (pointer,)),
        ("database_end_atomic", ctypes.c_int, (pointer,)),
        ("database_index_file", ctypes.c_int, (pointer, text, pointer, pointer)),
        ("database_destroy", ctypes.c_int, (pointer,)),
        ("query_create", pointer, (pointer, text)),
        ("query_set_sort", None, (pointer, ctypes.c_int)),
        ("query_search_messages", ctypes.c_int, (pointer, out)),
        ("query_destroy", None, (pointer,)),
        ("messages_valid", ctypes.c_int, (pointer,)),
        ("messages_get", pointer, (pointer,)),
        ("messages_move_to_next", None, (pointer,)),
        ("message_get_message_id", text, (pointer,)),
    ):
        function = getattr(lib, f"notmuch_{name}")
        function.restype, function.argtypes = result, arguments
    return lib


def _check(status: int, what: str) -> None:
    if status:
        raise RuntimeError(f"notmuch gave status {status} while {what}")
