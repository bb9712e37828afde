"""Disks that are full and folders that cannot be written to, for real and without being root."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import cache
from pathlib import Path

_NOBODY = 65_534
_SMALL_DISK = "4m"

Filled = Callable[[Path], AbstractContextManager[None]]
"""Fills the disk that a folder is on for as long as the context lasts."""


@contextmanager
def no_longer_files(folder: Path) -> Iterator[None]:
    """Nothing in this process writes beyond the length that the longest file in ``folder`` has.

    The system refuses with EFBIG, as a quota does, whoever the process belongs to.
    """
    longest = max(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (longest, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Fill the small disk that ``folder`` is on to its last byte."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        for size in (1 << 16, 1 << 8, 1):
            with suppress(OSError):
                while file.write(b"x" * size):
                    pass
    try:
        yield
    finally:
        filler.unlink()


@cache
def can_mount() -> bool:
    """Whether this process may mount: root on a machine of its own, not in most containers."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    with tempfile.TemporaryDirectory() as folder:
        if _run("mount", "-t", "tmpfs", "-o", "size=64k", "seamline-test", folder):
            _run("umount", folder)
            return True
    return False


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A disk of 4 MB of its own at ``folder``."""
    assert _run(
        "mount", "-t", "tmpfs", "-o", f"size={_SMALL_DISK},mode=700", "seamline", str(folder)
    )
    try:
        yield
    finally:
        assert _run("umount", "--lazy", str(folder))


def _run(*words: str) -> bool:
    with suppress(OSError):
        return subprocess.run(words, capture_output=True, check=False).returncode == 0
    return False


@contextmanager
def as_nobody_who_writes(folder: Path) -> Iterator[None]:
    """``folder`` and what is in it can be read and not be written to by this process.

    Permissions do not bind root, who is somebody else for as long as this lasts.
    """
    places = [folder, *folder.rglob("*")]
    root = os.geteuid() == 0
    modes = {place: place.stat().st_mode & 0o777 for place in places}
    for place in places:
        place.chmod(0o500 if place.is_dir() else 0o400)
        if root:
            os.chown(place, _NOBODY, _NOBODY)
    if root:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for place, mode in modes.items():
            if root:
                os.chown(place, 0, 0)
            place.chmod(mode)


@contextmanager
def public_folder() -> Iterator[Path]:
    """A folder that everybody can reach, unlike those of pytest."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)
