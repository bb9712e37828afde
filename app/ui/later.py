"""Something to do in a moment, by an object that may be gone by then."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def later(ms: int, owner: QObject, act: Callable[[], object]) -> None:
    """Call ``act`` once, in ``ms`` milliseconds, unless ``owner`` is gone.

    ``QTimer.singleShot`` with a context does so too, but PySide6 6.11 never lets go of what it was
    to call where the context goes first: a window closed soon after it opened stayed in memory.
    """
    timer = QTimer(owner, singleShot=True, interval=ms)
    timer.timeout.connect(act)
    timer.timeout.connect(timer.deleteLater)
    timer.start()
