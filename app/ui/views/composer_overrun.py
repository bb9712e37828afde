"""Where a text grows longer than its channel takes: found, and marked in the text itself."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QTextCharFormat

from app.ui.theme import theme, theme_manager
from app.ui.views.composer_edit import GrowingEdit

_MARK = "too long"
_PAUSE_MS = 60
"""To find the place costs some milliseconds, which no key has to wait for."""


def fitting(text: str, fits: Callable[[str], bool]) -> int:
    """How many characters (code points) from the start still fit, whole graphemes only.

    ``fits`` is the channel's own rule about the beginning of the text: a link or a name counts as
    the service counts it. It is asked about log2(graphemes) times.
    """
    if fits(text):
        return len(text)
    import regex  # 21 ms, which the start need not wait for

    ends = [0, *(found.end() for found in regex.finditer(r"\X", text))]
    return ends[bisect_right(ends, 0, lo=1, key=lambda end: 0 if fits(text[:end]) else 1) - 1]


class Overrun(QObject):
    """Marks what is too much by a ground and an ink; the counter says the same in words."""

    def __init__(self, edit: GrowingEdit, fits: Callable[[str], bool]) -> None:
        super().__init__(edit)
        self._edit = edit
        self._fits = fits
        self._over = False
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._soon.timeout.connect(self._mark)
        theme_manager().changed.connect(self._dress)

    def show(self, *, over: bool) -> None:
        """Mark from where it no longer fits, at the next pause, or nothing, at once; to be called
        whenever that may move."""
        self._over = over
        if over:
            self._soon.start()
        else:
            self._soon.stop()
            self._edit.mark(_MARK, ())

    @Slot()
    def _mark(self) -> None:
        form = QTextCharFormat()
        form.setBackground(theme().colour("danger-tint"))
        form.setForeground(theme().colour("danger"))
        text = self._edit.text
        self._edit.mark(_MARK, [(fitting(text, self._fits), len(text))], form)

    def text(self) -> str:
        """What is marked."""
        return "".join(self._edit.marked(_MARK))

    @Slot()
    def _dress(self) -> None:
        self.show(over=self._over)
