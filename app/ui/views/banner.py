"""The strip above the work: offline is a state, not an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFont, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.ui.delegates.chips import draw_text
from app.ui.plain_tip import plain_tip
from app.ui.theme import icons, painting, theme
from app.ui.views.banner_words import banner_words, next_try_words

if TYPE_CHECKING:  # for the types alone: the database comes with them
    from app.services.syncing import Connection

HEIGHT = 38
_WORDS_LEFT = 42
_GAP = 16
_WIDEST_NOTE = "Next try in 00 s"


class OfflineBanner(QWidget):
    """Shown while an account is not reached; counts down to the next try.

    ``try_now`` asks at once. Each second only the count is painted, and only while it is in sight.
    """

    try_now = Signal()

    def __init__(self, now_ms: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now_ms = now_ms
        self._head = self._rest = self._note = ""
        self._next_try_ms: int | None = None
        self._asked = False
        self.setFixedHeight(HEIGHT)
        self._button = QPushButton("Try now", self)
        self._button.setProperty("small", True)
        self._button.setToolTip("Try now (F5)")
        self._button.clicked.connect(self._ask)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 0, 10, 1)
        layout.addStretch(1)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self.count_down)
        self.hide()

    def show_connection(self, connection: Connection) -> None:
        """Say what the connection is like; nothing while every account is reached."""
        words = banner_words(connection, self._now_ms())
        if words is None:
            self.hide()
            return
        if (words.head, words.rest) != (self._head, self._rest):
            self._head, self._rest = words.head, words.rest
            self.setAccessibleName(str(words))
            self.setToolTip(plain_tip(str(words)))
            self.update()
        if connection.next_try_ms != self._next_try_ms:
            self._next_try_ms, self._asked = connection.next_try_ms, False
        self.count_down()
        self.show()

    @property
    def note(self) -> str:
        """What it says about the next try."""
        return self._note

    @Slot()
    def count_down(self) -> None:
        """Paint the count, where it has changed."""
        note = "Trying" if self._asked else next_try_words(self._next_try_ms, self._now_ms())
        if note != self._note:
            self._note = note
            self.update(self.note_area())

    def note_area(self) -> QRect:
        """Where the count stands: as wide as its widest, so that nothing beside it moves."""
        width = round(painting.metrics(self._plain()).horizontalAdvance(_WIDEST_NOTE)) + 2
        return QRect(self._button.geometry().left() - 12 - width, 0, width, HEIGHT - 1)

    @Slot()
    def _ask(self) -> None:
        self._asked = True
        self.count_down()
        self.try_now.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.fillRect(event.rect(), look.colour("sunken"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, look.colour("line"))
        area = self.note_area()
        if not area.contains(event.rect()):
            self._paint_words(painter, area.left() - _GAP)
        plain = self._plain()
        painter.setFont(plain)
        painter.setPen(look.colour("text-3"))
        painter.drawText(
            area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._note
        )
        painter.end()

    def _paint_words(self, painter: QPainter, right: float) -> None:
        look = theme()
        symbol = QRectF(18, (self.height() - 16) / 2, 15, 15)
        icons.draw(painter, "wifi-off", symbol, look.colour("text-3"))
        strong, plain = look.font("snippet", 600), self._plain()
        left = float(_WORDS_LEFT)
        head = painting.elided(self._head, strong, max(0.0, right - left))
        box = QRectF(left, 0, right - left, HEIGHT - 1)
        draw_text(painter, box, head, strong, look.colour("text"))
        left += painting.metrics(strong).horizontalAdvance(head) + 4
        room = max(0.0, right - left)
        words = painting.elided(self._rest, plain, room)
        draw_text(painter, QRectF(left, 0, room, HEIGHT - 1), words, plain, look.colour("text-2"))

    @staticmethod
    def _plain() -> QFont:
        return theme().font("snippet", tabular=True)
