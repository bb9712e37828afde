"""What a list shows when there is nothing in it: a sentence, and perhaps what to do."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.views import QueueCounts, QueueFilter, QueueName, QueueRef
from app.ui.theme import painting, set_type, theme


def empty_words(
    queue: QueueRef, chosen: QueueFilter, counts: QueueCounts | None, *, narrowed: bool = False
) -> tuple[str, str, str]:
    """(headline, sentence, label of the button or "") for an empty queue."""
    if narrowed:
        return "Nothing like that here.", "No conversation meets every condition.", "Show all"
    if chosen is QueueFilter.UNREAD:
        return "All read.", "Nothing new in this queue.", "Show all"
    if chosen is QueueFilter.DUE_SOON:
        return "Nothing due soon.", "Every clock here has time left.", "Show all"
    if queue.name is QueueName.MY_WORK:
        return _all_answered(counts.unassigned if counts else 0)
    return (*_WORDS.get(queue.name, ("Nobody is waiting.", "")), "")


def _all_answered(unassigned: int) -> tuple[str, str, str]:
    if not unassigned:
        return "All answered.", "Nobody else is waiting either.", ""
    who = "One unassigned mention" if unassigned == 1 else f"{unassigned} unassigned mentions"
    return "All answered.", f"{who} could use you.", "Take the next one"


_WORDS: dict[QueueName, tuple[str, str]] = {
    QueueName.ESCALATED: ("Nothing handed to you.", ""),
    QueueName.SNOOZED: ("Nothing asleep.", ""),
    QueueName.OUTBOX: ("Everything has left.", ""),
    QueueName.CLOSED: ("Nothing closed yet.", ""),
    QueueName.NOISE: ("No noise.", "What you set aside stays here, to be taken back."),
    QueueName.REACH_OUT: (
        "Nobody to reach out to.",
        "Saved searches bring what people say about you.",
    ),
}


class EmptyState(QWidget):
    """A loose thread and two lines. ``acted`` when the button is pressed."""

    acted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head = QLabel(self)
        self._words = QLabel(self)
        self._button = QPushButton(self)
        for label in (self._head, self._words):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
        set_type(self._head, "body", 600)
        self._words.setProperty("role", "muted")
        self._button.setProperty("small", True)
        self._button.clicked.connect(self.acted)
        centred = QHBoxLayout()
        centred.addStretch(1)
        centred.addWidget(self._button)
        centred.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 0, 24, 0)
        layout.setSpacing(5)
        layout.addStretch(2)
        layout.addSpacing(40)
        layout.addWidget(self._head)
        layout.addWidget(self._words)
        layout.addSpacing(5)
        layout.addLayout(centred)
        layout.addStretch(3)

    def show_words(self, head: str, words: str, button: str) -> None:
        self._head.setText(head)
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self.setAccessibleName(f"{head} {words}".strip())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour("surface"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = self._head.y() - 34
        middle = self.width() / 2
        painter.setPen(painting.stitched_pen(theme().colour("accent")))
        painter.drawPath(_thread(QRectF(middle - 44, top, 88, 18)))
        painter.end()


def _thread(box: QRectF) -> QPainterPath:
    path = QPainterPath(QPointF(box.left(), box.center().y()))
    step = box.width() / 4
    for number in range(4):
        end = QPointF(box.left() + (number + 1) * step, box.center().y())
        swing = box.top() if number % 2 else box.bottom()
        path.quadTo(QPointF(end.x() - step / 2, swing), end)
    return path
