"""A word about what just happened, with its undo; goes by itself, keeps no focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from app.domain.errors import SeamlineError
from app.ui.theme import icons, restyle, set_type

_SHOWN_MS = 6_000
_SHOWN_ERROR_MS = 12_000
_TOP = 12
_WIDEST = 620
_MOVED = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide)


class Notice(QFrame):
    """Floats at the head of a pane, where the oldest messages are; over the whole of its parent
    where that pane is folded away or covered.

    ``undo_requested`` when its button is pressed.
    """

    undo_requested = Signal()

    def __init__(self, parent: QWidget, pane: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._pane = pane
        self.setProperty("surface", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._symbol = QLabel(self)
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        set_type(self._text, "body", 500)
        self._undo = QPushButton("Undo", self)
        self._undo.setProperty("small", True)
        self._undo.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._undo.clicked.connect(self._undone)
        self._lines = layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 9, 10, 9)
        layout.setSpacing(9)
        layout.addWidget(self._symbol, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._undo, 0, Qt.AlignmentFlag.AlignVCenter)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        pane.installEventFilter(self)
        self.hide()

    def say(self, text: str, *, undo: bool = False) -> None:
        """One sentence, for six seconds."""
        self._show(text, "check", "ok", undo=undo, for_ms=_SHOWN_MS)

    def complain(self, error: SeamlineError) -> None:
        """What went wrong and what to do next."""
        self._show(str(error), "circle-alert", "danger", undo=False, for_ms=_SHOWN_ERROR_MS)

    def _show(self, text: str, symbol: str, token: str, *, undo: bool, for_ms: int) -> None:
        self._text.setText(text)
        self._symbol.setPixmap(icons.icon(symbol, token).pixmap(16, 16))
        self._undo.setVisible(undo)
        restyle(self)
        self._place()
        self.show()
        self.raise_()
        self._timer.start(for_ms)
        event = QAccessibleAnnouncementEvent(self, text)
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
        QAccessible.updateAccessibility(event)

    def _undone(self) -> None:
        self.hide()
        self.undo_requested.emit()

    def _place(self) -> None:
        area = self._parent.rect()
        if self._pane.isVisible():
            area = QRect(self._pane.mapTo(self._parent, QPoint()), self._pane.size())
        width = max(0, min(_WIDEST, max(240, self._natural_width()), area.width() - 40))
        self.setFixedSize(width, self._lines.totalHeightForWidth(width))
        self.move(area.left() + (area.width() - width) // 2, area.top() + _TOP)

    def _natural_width(self) -> int:
        words = self._text.fontMetrics().horizontalAdvance(self._text.text())
        return words + 60 + (70 if self._undo.isVisibleTo(self) else 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVED and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)
