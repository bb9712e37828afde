"""What this is: version, where the workspace lies, and the licence of everything bundled."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.services import about
from app.services.about import Part
from app.ui.dialogs.parts import button, text_label
from app.ui.dialogs.pick_model import Index
from app.ui.dialogs.sheet import Sheet
from app.ui.plain_tip import plain_tip
from app.ui.theme import mirroring, painting, set_type, theme
from app.ui.theme.brand import mark_pixmap

_WIDTH, _HEIGHT = 780, 620
_MARK = 40
_ROW = 44
_PART = Qt.ItemDataRole.UserRole
_OWN = "Seamline is free software under the Apache-2.0 licence."


class AboutSheet(Sheet):
    """``folder``: where the workspace lies; None where nobody knows."""

    def __init__(self, parent: QWidget, folder: Path | None) -> None:
        super().__init__(parent, title="About Seamline", width=_WIDTH, height=_HEIGHT)
        self.add_header("About Seamline")
        self._folder = folder
        self.column.addLayout(self._top())
        self.list = QListWidget(self.card)
        self.list.setAccessibleName("Packages and their licences")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedWidth(theme().scaled(262))
        self.list.setItemDelegate(_PartDelegate(self.list))
        self.list.setMouseTracking(True)
        self.list.viewport().setAutoFillBackground(False)
        self.text = QPlainTextEdit(self.card)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        set_type(self.text, "small")
        for part in about.parts():
            item = QListWidgetItem(f"{part.name} {part.version}", self.list)
            item.setData(_PART, part)
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole, f"{part.name} {part.version}, {part.licence}"
            )
            item.setToolTip(plain_tip(part.licence))
        self.list.currentItemChanged.connect(self._show_licence)
        lower = QHBoxLayout()
        lower.setContentsMargins(*mirroring.sides(14, 8, 22, 18))
        lower.setSpacing(12)
        lower.addWidget(self.list)
        lower.addWidget(self.text, 1)
        self.column.addLayout(lower, 1)
        self.list.setCurrentRow(0)

    def first_focus(self) -> QWidget:
        return self.list

    def _top(self) -> QVBoxLayout:
        mark = QLabel(self.card)
        mark.setPixmap(mark_pixmap(_MARK, self.devicePixelRatioF()))
        title = f"Seamline {about.version()}"
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(text_label(title, "title", weight=600, parent=self.card))
        words.addWidget(text_label(_OWN, "body", colour="text-2", parent=self.card))
        named = QHBoxLayout()
        named.setSpacing(14)
        named.addWidget(mark)
        named.addLayout(words, 1)
        top = QVBoxLayout()
        top.setContentsMargins(22, 0, 22, 6)
        top.setSpacing(14)
        top.addLayout(named)
        if self._folder is not None:
            lies = f"The workspace lies in {self._folder}"
            self.place = text_label(lies, "body", elide=True, parent=self.card)
            self.open_folder = button("Show the folder", small=True, parent=self.card)
            self.open_folder.clicked.connect(self._open_folder)
            row = QHBoxLayout()
            row.setSpacing(10)
            row.addWidget(self.place, 1)
            row.addWidget(self.open_folder)
            top.addLayout(row)
        return top

    def _show_licence(self) -> None:
        item = self.list.currentItem()
        if item is None:
            return
        part: Part = item.data(_PART)
        words = about.licence_text(part.name)
        if not words:
            named = part.licence or "terms of its own"
            words = f"{part.name} is under {named}. It brings no text of it along."
        self.text.setPlainText(words)
        self.text.setAccessibleName(f"Licence of {part.name}")

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))


class _PartDelegate(QStyledItemDelegate):
    """Name and version above, the licence below."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(100, theme().scaled(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, part = theme(), index.data(_PART)
        box = QRectF(option.rect)
        painter.save()
        mirroring.mirror(painter, box)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            ground = look.colour("accent-tint" if chosen else "hover")
            painting.fill_rounded(painter, box, 7, ground)
        if chosen and option.state & QStyle.StateFlag.State_HasFocus:
            painting.draw_focus_ring(painter, box, 7)
        top, bottom = box.adjusted(10, 3, -10, 0), box.adjusted(10, 0, -10, -4)
        top.setHeight(box.height() / 2)
        bottom.setTop(box.center().y())
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        name_font, font = look.font("body", 500), look.font("small")
        width = painting.metrics(font).horizontalAdvance(part.version)
        name = painting.elided(part.name, name_font, top.width() - width - 8)
        painter.setFont(name_font)
        painter.setPen(look.colour("text"))
        mirroring.draw_words(painter, top, middle, name)
        painter.setFont(font)
        painter.setPen(look.colour("text-3"))
        after = top.left() + painting.metrics(name_font).horizontalAdvance(name) + 8
        place = QRectF(after, top.top(), width + 4, top.height())
        mirroring.draw_words(painter, place, middle, part.version)
        painter.setPen(look.colour("text-2"))
        licence = painting.elided(part.licence, font, bottom.width())
        mirroring.draw_words(painter, bottom, middle, licence)
        painter.restore()
