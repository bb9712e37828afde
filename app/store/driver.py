"""The driver of an encrypted workspace file: the key, a connection, and what it complains of."""

from __future__ import annotations

from dataclasses import field
from hashlib import pbkdf2_hmac
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from app.domain.errors import WorkspaceError, WorkspaceLocked
from app.domain.records import dataclass

DAMAGED = "The workspace file is damaged."
_BUSY_TIMEOUT_MS = 10_000
_SALT_BYTES, _KEY_BYTES = 16, 32
"""Of SQLCipher 4, which stretches a passphrase by PBKDF2 with SHA-512 and the start of the file."""
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "temp_store = MEMORY",
    "cache_size = -65536",  # 64 MB
    "wal_autocheckpoint = 16000",
    "foreign_keys = ON",
    f"busy_timeout = {_BUSY_TIMEOUT_MS}",
)


@dataclass(frozen=True, slots=True, repr=False)
class FileKey:
    """What opens the file: 32 raw bytes (0.6 ms) or a passphrase that is stretched (0.1 s)."""

    raw: bytes = b""
    passphrase: str = ""
    _stretched: dict[bytes, bytes] = field(init=False, default_factory=dict, compare=False)

    def pragma(self) -> str:
        if self.raw:
            return f"PRAGMA key = \"x'{self.raw.hex()}'\""
        quoted = self.passphrase.replace("'", "''")
        return f"PRAGMA key = '{quoted}'"

    def pragma_of(self, path: Path, rounds: int) -> str:
        """As ``pragma``, for this very file: a passphrase is stretched once in so many rounds, not
        at every connection. What it comes to is known to this object alone."""
        if not self.passphrase or self.passphrase.startswith("x'"):  # SQLCipher reads a key there
            return self.pragma()
        try:
            with path.open("rb") as file:
                salt = file.read(_SALT_BYTES)
        except OSError:
            return self.pragma()  # SQLite says what is wrong with it
        if len(salt) < _SALT_BYTES:  # a new file chooses its salt with the first page
            return self.pragma()
        if salt not in self._stretched:
            words = self.passphrase.encode()
            self._stretched[salt] = pbkdf2_hmac("sha512", words, salt, rounds, _KEY_BYTES)
        return FileKey(raw=self._stretched[salt]).pragma()


def open_file(path: Path, key: FileKey, *, query_only: bool = False) -> Any:
    """A connection of the driver's own, set up; closing it is the caller's.

    Raises WorkspaceLocked when the key does not fit, WorkspaceError otherwise.
    """
    raw = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
    # A wrong key is told by an exception; SQLCipher would write it to standard error as well.
    raw.execute("PRAGMA cipher_log_level = NONE")
    rounds = raw.execute("PRAGMA cipher_default_kdf_iter").fetchone()[0]
    raw.execute(key.pragma_of(path, int(rounds)))
    try:
        raw.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        for pragma in _PRAGMAS:
            raw.execute(f"PRAGMA {pragma}")
        if query_only:
            raw.execute("PRAGMA query_only = ON")
    except dbapi2.DatabaseError as error:
        raw.close()
        raise _why_not(path, error) from error
    return raw


def _why_not(path: Path, error: Exception) -> WorkspaceError:
    words = str(error)
    if "not a database" in words or "hmac" in words:
        return WorkspaceLocked(
            f"{path.name} does not open with this key.",
            hint="Check the passphrase, or that this keyring belongs to this workspace.",
        )
    if "locked" in words:
        return WorkspaceError(
            "The workspace is busy in another program.",
            hint="Close the other program or try again in a moment.",
        )
    return in_words(error)


def complaint(error: BaseException) -> WorkspaceError | None:
    """What the file or its disk complains of; None for what is no fault of theirs."""
    words = str(error)
    for signs, sentence, hint in _COMPLAINTS:
        if any(sign in words for sign in signs):
            return WorkspaceError(sentence, hint=hint)
    return None


def in_words(error: BaseException) -> WorkspaceError:
    """What SQLite complains of, as a sentence about the workspace and what to do."""
    return complaint(error) or WorkspaceError(
        f"The workspace cannot be read or written: {error}.", hint="Run “seamline doctor”."
    )


_COMPLAINTS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("locked",),
        "Another program is writing to this workspace.",
        "Try again in a moment.",
    ),
    (
        ("full",),
        "The disk is full, so nothing was saved.",
        "Free some space and try again.",
    ),
    (
        ("readonly", "read-only", "unable to open"),
        "The workspace’s folder cannot be written to.",
        "Check its permissions.",
    ),
    (
        ("malformed", "not a database", "hmac"),
        DAMAGED,
        "Start Seamline anew: it offers the newest good backup, as “seamline restore” does.",
    ),
    (
        ("disk I/O",),
        "The disk could not be read or written, so nothing was saved.",
        "Check the disk and its free space; “seamline doctor” reads the whole workspace.",
    ),
)
