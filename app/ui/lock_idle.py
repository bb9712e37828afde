"""How long nobody has touched the console."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

LOOK_MS = 5_000
_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.ShortcutOverride,  # the only sign of a key that is a shortcut
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
    }
)
# A laptop asleep is idle too: CLOCK_BOOTTIME of Linux and the monotonic clock of macOS go on.
_CLOCK: int | None = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))


def seconds() -> float:
    """A clock that never jumps and also counts while the machine sleeps."""
    return time.clock_gettime(_CLOCK) if _CLOCK is not None else time.monotonic()


class IdleWatch(QObject):
    """``expired`` once nobody has pressed a key or moved the pointer for long enough.

    A filter on the whole application, so it sees every window, sheet and menu. The touch that
    comes too late (a laptop is opened again) is swallowed: it must not act on what it uncovers.
    """

    expired = Signal()

    def __init__(
        self,
        minutes: Callable[[], int],
        parent: QObject | None = None,
        now: Callable[[], float] = seconds,
    ) -> None:
        """``minutes`` is asked again and again; 0 is never. ``now`` is in seconds."""
        super().__init__(parent)
        self._minutes = minutes
        self._now = now
        self._touched = now()
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        application = QCoreApplication.instance()
        assert application is not None
        self._touched = self._now()
        application.installEventFilter(self)
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def look(self) -> bool:
        """Whether it has been too long; says so by ``expired``."""
        minutes = self._minutes()
        if not minutes or self._now() - self._touched < 60 * minutes:
            return False
        self.expired.emit()
        return True

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() not in _TOUCHES:
            return False
        if self.look():
            event.accept()  # or its key would still be looked for among the shortcuts
            return True
        self._touched = self._now()
        return False
