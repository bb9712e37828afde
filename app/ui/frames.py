"""The frames of what moves: they go before the work of other threads."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QElapsedTimer, QObject

from app.domain.right_of_way import SCREEN
from app.ui.after_painting import AfterPainting

_STILL_AFTER_MS = 250


class Frames(QObject):
    """Takes the right of way until what is to be painted now has been painted."""

    def __init__(self) -> None:
        super().__init__()
        self._moved = QElapsedTimer()
        self._painted = AfterPainting(self)
        self._painted.due.connect(SCREEN.give)

    def begin(self) -> None:
        """Something moves under the reader’s eyes."""
        SCREEN.take()
        self._moved.start()
        self._painted.start()

    @property
    def are_due(self) -> bool:
        """Whether the reader moves something, so that there is a frame to make at any moment."""
        return self._moved.isValid() and self._moved.elapsed() < _STILL_AFTER_MS


@cache
def frames() -> Frames:
    """Those of the application; lives on the main thread."""
    return Frames()
