"""What a program that leaks would have more and more of."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication
from shiboken6 import Shiboken

_STATUS = Path("/proc/self/status")
_FILES = Path("/proc/self/fd")
_TASKS = Path("/proc/self/task")


@dataclass(frozen=True, slots=True)
class Reading:
    """Taken when everything is at rest on the same conversation.

    ``resident_kb``  memory in use that is its own, without files that are mapped (a font is read
                     page by page as its letters are needed); 0 where the system does not tell.
    ``objects``      QObjects that hang on a window or on the application.
    ``wrappers``     QObjects Python holds, those that hang on nothing included.
    ``values``       blocks of memory Python has given out; told, not judged.
    ``timers``       QTimers that run.
    ``threads``      of the process; the names of Python's are in ``named``.
    ``files``        open files and sockets.
    """

    action: int
    resident_kb: int
    objects: int
    wrappers: int
    values: int
    timers: int
    threads: int
    files: int
    named: frozenset[str]


def take_reading(action: int) -> Reading:
    """Count now; what is garbage is thrown away first.

    The collector is not asked for its objects: that takes hold of tuples which other threads are
    about to fill, and those threads fail.
    """
    gc.collect()
    gc.collect()  # what Qt let go of at the first
    hanging = _hanging()
    held = sum(isinstance(one, QObject) for one in Shiboken.getAllValidWrappers())
    return Reading(
        action=action,
        resident_kb=_resident_kb(),
        objects=len(hanging),
        wrappers=held,
        values=sys.getallocatedblocks(),
        timers=sum(isinstance(one, QTimer) and one.isActive() for one in hanging),
        threads=_count(_TASKS) or threading.active_count(),
        files=_count(_FILES),
        named=frozenset(thread.name for thread in threading.enumerate()),
    )


def _hanging() -> list[QObject]:
    application = QApplication.instance()
    tops: list[QObject] = list(QApplication.topLevelWidgets())
    if application is not None:
        tops.append(application)
    return [one for top in tops for one in (top, *top.findChildren(QObject))]


def _resident_kb() -> int:
    """What is really in use: the C library is asked to give back what it keeps for later."""
    if not _STATUS.exists():
        return 0
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl has not
        if trim is not None:
            trim(0)
    for line in _STATUS.read_text("ascii").splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1])
    return 0


def _count(folder: Path) -> int:
    return len(os.listdir(folder)) if folder.exists() else 0  # noqa: PTH208 - a count, no paths
