"""Pieces of the composer: its tabs, its counter, the strip that warns, the line of the voice."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from app.domain.departments import Department
from app.ui.dialogs.controls import Choice
from app.ui.dialogs.parts import announce, button, draw_focus, text_label
from app.ui.plain_tip import plain_tip
from app.ui.theme import icons, mirroring, painting, theme
from app.ui.theme.formats import grouped

if TYPE_CHECKING:  # for the types alone: the database comes with them
    from app.connectors.base import Length

_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class Mode(Enum):
    """What is being written."""

    REPLY = 0
    NOTE = 1


class _Tab(Choice):
    def __init__(self, text: str, icon: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self._icon = icon
        self.setFixedHeight(26)

    def rename(self, text: str, icon: str) -> None:
        if (text, icon) != (self.text(), self._icon):
            self._icon = icon
            self.setText(text)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        width = QFontMetrics(theme().font("snippet", 600)).horizontalAdvance(self.text())
        return QSize(width + 10 + 15 + 6 + 11, 26)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        mirroring.mirror(painter, box)
        colours = theme()
        if self.isChecked():
            painting.fill_rounded(painter, box, 6, colours.colour("tab-on"))
        if self.hasFocus():
            draw_focus(painter, box, 6)
        strong = self.isChecked() or self.underMouse()
        colour = colours.colour("text" if strong else "text-2")
        if not self.isEnabled():
            colour = colours.colour("text-off")
        icons.draw(painter, self._icon, QRectF(10, 5.5, 15, 15), colour)
        painter.setPen(colour)
        painter.setFont(colours.font("snippet", 600 if self.isChecked() else 500))
        mirroring.draw_words(painter, box.adjusted(31, 0, 0, 0), _MIDDLE, self.text())


class Tabs(QWidget):
    """Reply or internal note."""

    changed = Signal(Mode)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for mode, text, icon in (
            (Mode.REPLY, "Reply", "reply"),
            (Mode.NOTE, "Internal note", "lock"),
        ):
            tab = _Tab(text, icon, self)
            self._group.addButton(tab, mode.value)
            row.addWidget(tab)
        self._group.button(Mode.REPLY.value).setChecked(True)
        self._group.idToggled.connect(self._toggled)

    def mode(self) -> Mode:
        return Mode(self._group.checkedId())

    def name_reply(self, text: str, icon: str) -> None:
        """What the first tab is called, where what is written there goes to colleagues."""
        tab = self._group.button(Mode.REPLY.value)
        assert isinstance(tab, _Tab)
        tab.rename(text, icon)

    def choose(self, mode: Mode) -> None:
        self._group.button(mode.value).setChecked(True)

    @Slot(int, bool)
    def _toggled(self, number: int, on: bool) -> None:
        if on:
            self.changed.emit(Mode(number))


class Counter(QWidget):
    """What is left of the channel's own limit: a ring and "420 left", or "12 over"."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._length: Length | None = None
        self._unit = "characters"
        self.hide()

    def show_length(self, length: Length | None, unit: str = "characters") -> None:
        if (length, unit) == (self._length, self._unit):
            return
        room = self.sizeHint()
        self._length, self._unit = length, unit
        self.setVisible(length is not None)
        self.setAccessibleName(self.text())
        self.setToolTip(f"Counted as the service counts {unit}." if length else "")
        if self.sizeHint() != room:
            self.updateGeometry()  # which lays out the whole composer again
        self.update()

    def text(self) -> str:
        if self._length is None:
            return ""
        left = self._length.left
        return f"{grouped(left)} left" if left >= 0 else f"{grouped(-left)} over"

    def sizeHint(self) -> QSize:
        width = QFontMetrics(theme().font("small", tabular=True)).horizontalAdvance(self.text())
        return QSize(13 + 6 + width + 10, 30)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._length is None:
            return
        painter = QPainter(self)
        mirroring.mirror(painter, QRectF(self.rect()))
        colour = theme().colour("text-3" if self._length.fits else "danger")
        total = max(1, self._length.used + self._length.left)
        painting.draw_ring(
            painter,
            QRectF(0, (self.height() - 13) / 2, 13, 13),
            self._length.used / total,
            colour,
        )
        painter.setPen(colour)
        weight = 400 if self._length.fits else 600
        painter.setFont(theme().font("small", weight, tabular=True))
        area = QRectF(19, 0, self.width() - 19, self.height())
        mirroring.draw_words(painter, area, _MIDDLE, self.text())


_TONES = {
    "warn": ("warn-tint", "warn", "shield-alert"),
    "danger": ("danger-tint", "danger", "circle-alert"),
    "plain": ("hover", "text-2", "info"),
}
"""Ground, ink and icon of a strip."""


class Strip(QWidget):
    """One line between tabs and text: a warning, a failure or a plain word, with an answer."""

    answered = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._tone = "plain"
        self._said = ("", "", "")
        self._objection = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(*mirroring.sides(36, 4, 6, 4))
        row.setSpacing(8)
        self.label = text_label("", "snippet", parent=self)
        self.label.setWordWrap(True)
        self.action = button("", small=True, parent=self)
        self.action.clicked.connect(self.answered)
        row.addWidget(self.label, 1)
        row.addWidget(self.action)
        self.setMinimumHeight(34)
        self.setVisible(False)

    def say(self, text: str, *, tone: str = "plain", action: str = "") -> None:
        """Show a sentence; "" hides the strip."""
        said = (text, tone, action)
        if said == self._said:
            return
        self._said = said
        if text and text != self.label.text():
            announce(self.label, text)
        self._tone = tone
        self.label.setText(text)
        self.label.set_colour(_TONES[tone][1])
        self.action.setText(action)
        self.action.setVisible(bool(action))
        self.setVisible(bool(text))
        self.update()

    def object_to(self, reason: str) -> None:
        """Say why what was asked for by key is not done; ``withdraw`` takes it back."""
        self.say(reason, tone="warn")
        self._objection = reason

    def withdraw(self) -> None:
        """What was objected to has changed; anything else that stands here stays."""
        if self._objection and self._objection == self.label.text():
            self.say("")
        self._objection = ""

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        mirroring.mirror(painter, QRectF(self.rect()))
        ground, ink, icon = _TONES[self._tone]
        painter.fillRect(self.rect(), theme().colour(ground))
        icons.draw(painter, icon, QRectF(12, (self.height() - 16) / 2, 16, 16), theme().colour(ink))


class VoiceLine(QWidget):
    """How the department that holds the case writes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(25)
        self._department: Department | None = None
        self._text = ""

    def show_department(self, department: Department | None) -> None:
        voiced = department is not None and department.voice
        words = f"{department.name} voice: {department.voice}" if department and voiced else ""
        self._say(words, department)

    def show_note(self) -> None:
        self._say("Only your company sees this.", None)

    def _say(self, text: str, department: Department | None) -> None:
        if (text, department) == (self._text, self._department):
            return
        self._text, self._department = text, department
        self.setAccessibleName(text)
        self.setToolTip(plain_tip(text))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self._text:
            return
        mirroring.mirror(painter, QRectF(self.rect()))
        colours = theme()
        if self._department is None:
            icon, ink, colour = "lock", colours.colour("note-meta"), colours.colour("note-meta")
        else:
            icon, colour = "mic", colours.colour("text-2")
            ink = colours.department_colour(self._department.id)
        icons.draw(painter, icon, QRectF(14, 6, 13, 13), ink)
        painter.setPen(colour)
        font = colours.font("small")
        painter.setFont(font)
        area = QRectF(34, 0, self.width() - 48, self.height())
        shown = painting.elided(self._text, font, area.width())
        mirroring.draw_words(painter, area, _MIDDLE, shown)


def ghost_button(text: str, icon: str, parent: QWidget) -> QPushButton:
    """A quiet button with an icon and words, for the composer's footer."""
    made = button(text, kind="quiet", small=True, parent=parent)
    made.setIcon(icons.icon(icon, "text-2", 15))
    return made
