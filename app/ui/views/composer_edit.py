"""The field an agent writes in: plain text, growing with what is written, taking pictures."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QMenu, QTextEdit, QWidget

from app.ui.theme import theme, theme_manager
from app.ui.views.waves import draw_wave, lines_under

_WAVE = QTextCharFormat.UnderlineStyle.WaveUnderline
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class GrowingEdit(QTextEdit):
    """A plain-text field as high as its text, between two heights in pixels.

    ``submitted``     Ctrl+Enter was pressed.
    ``pictures``      pictures were pasted or dropped: a list of ``Path`` and ``QImage``; only
                      while ``takes_pictures``.
    ``menu_opens``    (QMenu, place in the text as Qt counts it): the menu of that place is about
                      to open, and more may be put into it.
    ``focus_moved``   it has got or lost the keyboard.
    """

    submitted = Signal()
    pictures = Signal(list)
    menu_opens = Signal(QMenu, int)
    focus_moved = Signal()

    def __init__(
        self,
        *,
        lowest: int,
        highest: int,
        name: str,
        line: int = 20,
        bare: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._lowest, self._highest, self._line = lowest, highest, line
        self.takes_pictures = False
        self._marks: dict[str, list[QTextEdit.ExtraSelection]] = {}
        self._waves: dict[str, QColor] = {}
        """The colour of those marks that are wavy lines."""
        self.setAccessibleName(name)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("bare", bare)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)
        self._dress()
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        theme_manager().changed.connect(self._dress)

    # text

    def set_text(self, text: str) -> None:
        """Replace the text; not a step of undo."""
        self.setPlainText(text)
        self._set_line_height()
        self.moveCursor(QTextCursor.MoveOperation.End)
        self.document().clearUndoRedoStacks()

    @property
    def text(self) -> str:
        return self.toPlainText()

    def mark(
        self, what: str, spans: Iterable[tuple[int, int]], form: QTextCharFormat | None = None
    ) -> None:
        """Mark parts of the text, without changing it or its steps of undo.

        ``what`` names the marks, and replaces the earlier ones of that name; ``spans`` are
        (first, behind the last) in characters of ``text``.
        """
        text = self.text
        self.mark_units(
            what, [(in_units(text, first), in_units(text, behind)) for first, behind in spans], form
        )

    def mark_units(
        self, what: str, spans: Iterable[tuple[int, int]], form: QTextCharFormat | None = None
    ) -> None:
        """The same, with places as Qt counts them."""
        wave = form is not None and form.underlineStyle() is _WAVE
        colour = form.underlineColor() if form is not None and wave else None
        if form is not None and wave:
            form = QTextCharFormat(form)
            form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.NoUnderline)
        made = [self._selection(first, behind, form) for first, behind in spans]
        self._waves.pop(what, None)
        if colour is not None and made:
            self._waves[what] = colour
        if made or self._marks.get(what):
            self._marks[what] = made
            self.setExtraSelections([one for marks in self._marks.values() for one in marks])

    def marked(self, what: str) -> tuple[str, ...]:
        """The parts of the text that carry marks of this name."""
        return tuple(one.cursor.selectedText() for one in self._marks.get(what, ()))

    def marks(self, what: str) -> tuple[QTextCursor, ...]:
        """Cursors over the parts that carry marks of this name, wherever those are by now."""
        return tuple(QTextCursor(one.cursor) for one in self._marks.get(what, ()))

    def _selection(
        self, first: int, behind: int, form: QTextCharFormat | None
    ) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        selection.cursor = QTextCursor(self.document())
        selection.cursor.setPosition(first)
        selection.cursor.setPosition(behind, QTextCursor.MoveMode.KeepAnchor)
        if form is not None:
            selection.format = form
        return selection

    @Slot()
    def _dress(self) -> None:
        font = theme().font("message")
        self.setFont(font)
        self.document().setDefaultFont(font)
        self._set_line_height()
        self._fit()

    def _set_line_height(self) -> None:
        form = QTextBlockFormat()
        fixed = QTextBlockFormat.LineHeightTypes.FixedHeight.value
        form.setLineHeight(float(theme().scaled(self._line)), fixed)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(form)
        self.document().clearUndoRedoStacks()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._waves:
            return
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(0, -self.verticalScrollBar().value())
        for what, colour in self._waves.items():
            for line in lines_under(self.document(), self.marks(what)):
                draw_wave(painter, line.p1(), line.length(), colour)
        painter.end()

    # height

    @Slot()
    def _fit(self) -> None:
        frame = self.height() - self.viewport().height()
        wanted = round(self.document().size().height()) + max(0, frame)
        height = max(self._lowest, min(self._highest, wanted))
        if height != self.height() or self.minimumHeight() != height:
            self.setFixedHeight(height)
        policy = Qt.ScrollBarPolicy
        full = wanted > self._highest
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if full else policy.ScrollBarAlwaysOff
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._lowest)

    # keys

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_moved.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_moved.emit()

    def event(self, event: QEvent) -> bool:
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Undo)
            and not self.document().isUndoAvailable()
        ):
            # Nothing typed to take back: Ctrl+Z means the sent message, which the window knows.
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.submitted.emit()
            return
        super().keyPressEvent(event)

    # the menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self.open_menu()
        else:
            position = self.cursorForPosition(event.pos()).position()
            self._open_menu(position, event.globalPos())

    def open_menu(self) -> None:
        """The menu of where the caret is."""
        caret = self.cursorRect().bottomLeft()
        self._open_menu(self.textCursor().position(), self.viewport().mapToGlobal(caret))

    def _open_menu(self, position: int, place: QPoint) -> None:
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.menu_opens.emit(menu, position)
        menu.popup(place)

    # pictures

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return (self.takes_pictures and bool(_pictures_in(source))) or source.hasText()

    def insertFromMimeData(self, source: QMimeData) -> None:
        found = _pictures_in(source) if self.takes_pictures else []
        if found:
            self.pictures.emit(found)
        elif source.hasText():
            self.insertPlainText(source.text())


def in_units(text: str, characters: int) -> int:
    """A place in the text as Qt counts it: in UTF-16, where an emoji takes two."""
    return len(text[:characters].encode("utf-16-le", "surrogatepass")) // 2


def _pictures_in(source: QMimeData) -> list[Path | QImage]:
    """Local files and images of a paste or a drop; text that came along wins over an image."""
    files: list[Path | QImage] = [
        Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()
    ]
    if files:
        return files
    if source.hasImage() and not source.hasText():
        image = source.imageData()
        if isinstance(image, QImage):
            return [image]
    return []
