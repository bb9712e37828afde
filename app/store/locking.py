"""A lock between programs that have the same workspace open.

The console and ``seamline sync`` may run at once. Both may read, write and pull; only one of them
may deliver, because only then does it know that what is recorded as being sent and is not its
own was left behind by a program that died.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


class FileLock:
    """Held by at most one holder of all programs; let go by the system when its program dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    def acquire(self) -> bool:
        """Take it without waiting; True when it is (or already was) ours."""
        if self._descriptor is not None:
            return True
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(descriptor)
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Let it go; it need not be held."""
        if self._descriptor is not None:
            os.close(self._descriptor)  # closing is what unlocks, on every system
            self._descriptor = None


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def private_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter, and so every folder above it that is missing."""
    for missing in reversed([each for each in folder.parents if not each.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)


def flush_journal(database: Path) -> None:
    """Bring what is committed to the disk itself, so that a power cut cannot take it back.

    WAL with ``synchronous = NORMAL`` survives the death of the program by itself, but may forget
    the last commits when the machine dies. An attempt to send has to be remembered even then.
    """
    journal = database.with_name(database.name + "-wal")
    try:
        descriptor = os.open(journal, os.O_RDWR)
    except FileNotFoundError:
        return  # just checkpointed, which flushes the database
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_file(path: Path) -> None:
    """Bring a finished file to the disk itself."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk itself; Windows does so without being asked."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
