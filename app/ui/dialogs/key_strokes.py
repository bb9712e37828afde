"""Keys as they are drawn in lists and taken in a field: one stroke, or one “then” another."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QEvent, QKeyCombination, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import QLineEdit, QWidget

from app.ui.dialogs.parts import draw_key, key_width
from app.ui.theme import mirroring, painting, theme

_THEN = " then "
_BETWEEN = ", "
_KEY_HEIGHT = 17
_TOGETHER_MS = 1_200
"""Two strokes are one sequence when they follow each other this closely."""
_MODIFIERS = (
    Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr,
    Qt.Key.Key_unknown,
)  # fmt: skip


def draw_strokes(painter: QPainter, right: float, row: QRectF, keys: str) -> float:
    """Paint keys as ``shown_keys`` writes them, ending at ``right``; returns where they begin."""
    font = theme().font("small")
    for place, part in enumerate(reversed(keys.split(_THEN))):
        if place:
            right -= painting.metrics(font).horizontalAdvance("then") + 5
            painter.setFont(font)
            painter.setPen(theme().colour("text-3"))
            middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            then = QRectF(right, row.top(), 60, row.height())
            mirroring.draw_words(painter, then, middle, "then")
            right -= 5
        right -= key_width(part)
        draw_key(painter, QPointF(right, row.top() + (row.height() - _KEY_HEIGHT) / 2), part)
    return right


class KeyField(QLineEdit):
    """Takes up to two strokes as they are pressed, and nothing else.

    ``pressed``   other keys stand in it now.
    ``ended``     Enter was pressed; ``given_up``  Esc was.
    Qt's own field for this tells of keys only a second after the last of them.
    """

    pressed = Signal()
    ended = Signal()
    given_up = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._strokes: list[str] = []
        self._fresh = True
        self._since = QElapsedTimer()
        self.setReadOnly(True)
        self.setFixedWidth(160)
        self.setPlaceholderText("Press keys")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def keys(self) -> str:
        """What was pressed, as keymaps write it; "" for nothing."""
        return _BETWEEN.join(self._strokes)

    def show_keys(self, keys: str) -> None:
        """Show what holds now; the next stroke begins afresh."""
        self._strokes = keys.split(_BETWEEN) if keys else []
        self._fresh = True
        self._show()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._fresh = True

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()  # whatever is pressed here is meant for this field
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in _MODIFIERS:
            return
        if plain and event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.ended.emit()
        else:
            self._take(_stroke(event))

    def _take(self, stroke: str) -> None:
        late = not self._since.isValid() or self._since.elapsed() > _TOGETHER_MS
        if self._fresh or late or len(self._strokes) > 1:
            self._strokes = []
        self._strokes.append(stroke)
        self._fresh = False
        self._since.start()
        self._show()
        self.pressed.emit()

    def _show(self) -> None:
        native = QKeySequence.SequenceFormat.NativeText
        shown = [QKeySequence(stroke).toString(native) for stroke in self._strokes]
        self.setText(_THEN.join(shown))


def _stroke(event: QKeyEvent) -> str:
    """The stroke as shortcuts know it: what needs Shift to be typed at all is written without."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    text = event.text()
    if modifiers == Qt.KeyboardModifier.ShiftModifier and text.strip() and not text.isalpha():
        modifiers = Qt.KeyboardModifier.NoModifier
    return QKeySequence(QKeyCombination(modifiers, Qt.Key(event.key()))).toString()
