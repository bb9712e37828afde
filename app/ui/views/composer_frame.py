"""The composer as drawn: where everything stands, without what it does."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui.dialogs.parts import KeyedButton, icon_button, text_label
from app.ui.theme import icons, mirroring, theme, theme_manager
from app.ui.views.composer_attachments import AttachmentStrip
from app.ui.views.composer_co_draft import CoDraftCard
from app.ui.views.composer_edit import GrowingEdit
from app.ui.views.composer_footer import GuideButton, TemplatesButton
from app.ui.views.composer_parts import Counter, Mode, Strip, Tabs, VoiceLine
from app.ui.views.composer_remarks import GuardStrip, Remarks, ShareLabel
from app.ui.views.composer_visibility import VisibilityPicker

_MARGIN = 12
_ABOVE, _BELOW = 9, 3
_LOWEST, _HIGHEST = 50 - _ABOVE - _BELOW, 220 - _ABOVE - _BELOW
_FOOTER = 44
_ROOMY = 520
_LONGEST_WARNING = 200


class ComposerFrame(QWidget):
    """Tabs and visibility; what warns; warning, text and pictures; the voice; the footer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Composer")
        # It paints its own ground, so that no letter has everything behind it painted again.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._build()
        theme_manager().changed.connect(self._dress)
        self._dress()

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(_MARGIN, 0, _MARGIN, _MARGIN)
        outer.setSpacing(0)
        outer.addLayout(self._build_tabs())
        self._task_strip = Strip(self)
        outer.addLayout(_inset(self._task_strip))
        self._strip = Strip(self)
        outer.addLayout(_inset(self._strip))
        self._guard_strip = GuardStrip(self)
        outer.addLayout(_inset(self._guard_strip))
        self._answering = Strip(self)
        outer.addLayout(_inset(self._answering))
        self._co_draft = CoDraftCard(self)
        outer.addLayout(_inset(self._co_draft))
        self._warning = QLineEdit(self)
        self._warning.setPlaceholderText("Content warning, shown before the text is")
        self._warning.setAccessibleName("Content warning")
        self._warning.setMaxLength(_LONGEST_WARNING)
        holder = QHBoxLayout()
        holder.setContentsMargins(12, 6, 12, 0)
        holder.addWidget(self._warning)
        outer.addLayout(holder)
        self._warning.setVisible(False)
        self._edit = GrowingEdit(
            lowest=_LOWEST, highest=_HIGHEST, name="Reply", bare=True, parent=self
        )
        holder = QHBoxLayout()
        holder.setContentsMargins(12, _ABOVE, 12, _BELOW)
        holder.addWidget(self._edit)
        outer.addLayout(holder)
        self._edit.focus_moved.connect(self.update)  # the frame shows it
        self._attachments = AttachmentStrip(self._edit, self)
        outer.addWidget(self._attachments)
        self._remarks = Remarks(self)
        outer.addLayout(_inset(self._remarks))
        self._voice = VoiceLine(self)
        self._guide_button = GuideButton(self)
        holder = QHBoxLayout()
        holder.setContentsMargins(*mirroring.sides(0, 0, 12, 0))
        holder.addWidget(self._voice, 1)
        self._share = ShareLabel(self)
        holder.addWidget(self._share)
        holder.addWidget(self._guide_button)
        outer.addLayout(holder)
        outer.addLayout(self._build_footer())

    def _build_tabs(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(6, 6, 6, 6)
        self._tabs = Tabs(self)
        fixed = QSizePolicy.Policy.Fixed
        self._tabs.setSizePolicy(fixed, fixed)  # a long account gives way, not what one presses
        row.addWidget(self._tabs)
        row.addStretch(1)
        self._picker = VisibilityPicker(self)
        row.addWidget(self._picker)
        return row

    def _build_footer(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(8, 7, 8, 7)
        row.setSpacing(2)
        self._templates_button = TemplatesButton(self)
        row.addWidget(self._templates_button)
        self._attach_button = icon_button("paperclip", "Attach pictures", self)
        self._warning_button = icon_button("triangle-alert", "Content warning", self)
        self._warning_button.setCheckable(True)
        row.addWidget(self._attach_button)
        self._emoji_button = icon_button("smile", "Emoji", self)
        row.addWidget(self._emoji_button)
        row.addWidget(self._warning_button)
        self._saved = text_label("", "small", colour="text-3", parent=self)
        row.addWidget(self._saved)
        row.addStretch(1)
        self._counter = Counter(self)
        row.addWidget(self._counter)
        self._send_button = KeyedButton("Send", "Ctrl ↵", self)
        self._send_button.setProperty("kind", "main")
        self._send_button.setAutoDefault(False)
        row.addWidget(self._send_button)
        return row

    # what the menus and keys of the window do; a button that is not offered does nothing

    def attach(self) -> None:
        """Choose pictures to go along."""
        _press(self._attach_button)

    def warn(self) -> None:
        """Put a content warning before the reply, or take it off."""
        _press(self._warning_button)

    def choose_readers(self) -> None:
        """Offer who can read the reply."""
        _press(self._picker)

    def send(self) -> None:
        """Send the reply, or add the note."""
        _press(self._send_button)

    @Slot()
    def _dress(self) -> None:
        self._send_button.setFont(theme().font("body", 600))
        self._attach_button.setIcon(icons.icon("paperclip", "text-2", 17))
        self._emoji_button.setIcon(icons.icon("smile", "text-2", 17))
        self._warning_button.setIcon(icons.icon("triangle-alert", "text-2", 17))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._templates_button.set_compact(compact=self.width() < theme().scaled(_ROOMY))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = theme()
        note = self._tabs.mode() is Mode.NOTE
        painter.fillRect(event.rect(), colours.colour("surface"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(_MARGIN + 0.5, 0.5, -_MARGIN - 0.5, -_MARGIN - 0.5)
        path = QPainterPath()
        path.addRoundedRect(box, 11, 11)
        painter.fillPath(path, colours.colour("note" if note else "raised"))
        focused = self._edit.hasFocus()
        edge = "note-line" if note else "focus" if focused else "line-strong"
        painter.setPen(QPen(colours.colour(edge), 1.5 if focused else 1))
        painter.drawPath(path)
        painter.setPen(QPen(colours.colour("note-line" if note else "line"), 1))
        line = box.bottom() - _FOOTER
        painter.setOpacity(0.4 if note else 1)
        painter.drawLine(int(box.left()) + 1, int(line), int(box.right()) - 1, int(line))


def _press(button: QAbstractButton) -> None:
    if button.isVisible():
        button.click()


def _inset(strip: QWidget) -> QHBoxLayout:
    """Keeps a strip inside the frame, which is painted under it."""
    row = QHBoxLayout()
    row.setContentsMargins(1, 0, 1, 0)
    row.addWidget(strip)
    return row
