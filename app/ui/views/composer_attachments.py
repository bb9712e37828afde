"""The pictures of a reply, each with its preview, its description and a way to take it off."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.outbox import Attachment
from app.ui.dialogs.parts import draw_focus, icon_button, text_label
from app.ui.plain_tip import plain_tip
from app.ui.theme import theme
from app.ui.views.composer_pictures import PREVIEW, Picture

_MEGABYTE = 1_000_000


_REMOVE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class _Preview(QWidget):
    """``removed`` by Del or Backspace while it has the keyboard."""

    removed = Signal()

    def __init__(self, image: QImage, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._image = image
        self.setFixedSize(PREVIEW, PREVIEW)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setAccessibleDescription("Del takes it off")
        self.setToolTip(plain_tip(name))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _REMOVE:
            self.removed.emit()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), 6, 6)
        painter.setClipPath(path)
        painter.fillRect(self.rect(), theme().colour("hover"))
        painter.drawImage(QRectF(self.rect()), self._image)
        if self.hasFocus():
            draw_focus(painter, QRectF(self.rect()), 6)


class _Row(QWidget):
    removed = Signal(QWidget)

    def __init__(self, picture: Picture, longest: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.picture = picture
        name = picture.attachment.name
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(10)
        self.preview = _Preview(picture.preview, name, self)
        self.preview.removed.connect(self._remove)
        row.addWidget(self.preview)
        self.description = QLineEdit(picture.attachment.description, self)
        self.description.setMaxLength(longest)
        self.description.setPlaceholderText("Describe it for people who can’t see it")
        self.description.setAccessibleName(f"Description of {name}")
        row.addWidget(self.description, 1)
        row.addWidget(
            text_label(_size_text(len(picture.attachment.body)), "caption", colour="text-3")
        )
        self.button = icon_button("x", f"Remove {name}", self)
        self.button.clicked.connect(self._remove)
        row.addWidget(self.button)

    @Slot()
    def _remove(self) -> None:
        self.removed.emit(self)

    def follow(self, before: QWidget) -> QWidget:
        """Take the keyboard after ``before``; returns its last part, for whatever comes next."""
        for part in (self.preview, self.description, self.button):
            QWidget.setTabOrder(before, part)
            before = part
        return before

    def described(self) -> Picture:
        attachment = replace(self.picture.attachment, description=self.description.text().strip())
        return replace(self.picture, attachment=attachment)


class AttachmentStrip(QWidget):
    """The pictures under the text, hidden while there are none.

    Tab goes from the text (``after``) through every picture, its description and its way off.
    """

    changed = Signal()

    def __init__(self, after: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._after = after
        self._longest = 1500
        self._rows: list[_Row] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 4, 0, 6)
        self._column.setSpacing(6)
        self.setVisible(False)

    def set_longest_description(self, characters: int) -> None:
        """How long a description may be on this channel."""
        self._longest = characters

    def pictures(self) -> tuple[Picture, ...]:
        """The pictures with the descriptions as they are typed now."""
        return tuple(row.described() for row in self._rows)

    def attachments(self) -> tuple[Attachment, ...]:
        return tuple(picture.attachment for picture in self.pictures())

    def set_pictures(self, pictures: tuple[Picture, ...]) -> None:
        for row in list(self._rows):
            self._drop(row)
        for picture in pictures:
            self.add(picture)
        self.changed.emit()

    def add(self, picture: Picture) -> None:
        row = _Row(picture, self._longest, self)
        row.removed.connect(self._take_off)
        self._rows.append(row)
        self._column.addWidget(row)
        row.show()
        self.setVisible(True)
        self._put_in_order()
        self.changed.emit()

    def _put_in_order(self) -> None:
        before = self._after
        for row in self._rows:
            before = row.follow(before)

    @Slot(QWidget)
    def _take_off(self, row: QWidget) -> None:
        if isinstance(row, _Row) and row in self._rows:
            at = self._rows.index(row)
            had_keyboard = row.isAncestorOf(self.focusWidget() or self)
            self._drop(row)
            if had_keyboard:  # the next picture, else the one before, else the text
                others = self._rows[at : at + 1] or self._rows[-1:]
                (others[0].preview if others else self._after).setFocus()
            self.changed.emit()

    def _drop(self, row: _Row) -> None:
        self._rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.setVisible(bool(self._rows))

    def sizeHint(self) -> QSize:
        return self._column.totalSizeHint() if self._rows else QSize(0, 0)


def _size_text(count: int) -> str:
    """ "84 kB", "1.2 MB"."""
    if count < _MEGABYTE:
        return f"{max(1, round(count / 1000))} kB"
    return f"{count / _MEGABYTE:.1f} MB"
