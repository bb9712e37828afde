"""The strip above the work: offline is a state, not an error."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.ui.delegates.chips import draw_text
from app.ui.theme import icons, painting, theme

HEIGHT = 38


class OfflineBanner(QWidget):
    """Shown while the network is away; counts down to the next try. ``try_now`` asks at once."""

    try_now = Signal()

    def __init__(self, now_ms: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now_ms = now_ms
        self._waiting = 0
        self._next_try_ms: int | None = None
        self.setFixedHeight(HEIGHT)
        self._button = QPushButton("Try now", self)
        self._button.setProperty("small", True)
        self._button.clicked.connect(self.try_now)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 0, 10, 1)
        layout.addStretch(1)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self.update)
        self.hide()

    def show_connection(self, *, online: bool, waiting: int, next_try_ms: int | None) -> None:
        self._waiting, self._next_try_ms = waiting, next_try_ms
        self.setVisible(not online)
        if online:
            self._tick.stop()
            return
        self._tick.start()
        self.setAccessibleName(f"You’re offline. {self._words()}")
        self.update()

    def _words(self) -> str:
        if self._waiting == 1:
            return "Keep working. One reply waits in the outbox."
        if self._waiting:
            return f"Keep working. {self._waiting} replies wait in the outbox and go out in order."
        return "Keep working. Replies wait in the outbox and go out in order."

    def _next_try(self) -> str:
        if self._next_try_ms is None:
            return ""
        seconds = max(0, round((self._next_try_ms - self._now_ms()) / 1000))
        return f"Next try in {seconds} s" if seconds else "Trying"

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.colour("sunken"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, look.colour("line"))
        symbol = QRectF(18, (self.height() - 16) / 2, 15, 15)
        icons.draw(painter, "wifi-off", symbol, look.colour("text-3"))
        strong, plain = look.font("snippet", 600), look.font("snippet", tabular=True)
        head = "You’re offline."
        left = 42.0
        draw_text(painter, QRectF(left, 0, 300, HEIGHT - 1), head, strong, look.colour("text"))
        left += painting.metrics(strong).horizontalAdvance(head) + 4
        right = self._button.geometry().left() - 12
        note = self._next_try()
        note_width = painting.metrics(plain).horizontalAdvance(note)
        box = QRectF(right - note_width, 0, note_width + 1, HEIGHT - 1)
        draw_text(painter, box, note, plain, look.colour("text-3"))
        room = right - note_width - 16 - left
        words = painting.elided(self._words(), plain, max(0.0, room))
        draw_text(painter, QRectF(left, 0, room, HEIGHT - 1), words, plain, look.colour("text-2"))
        painter.end()
