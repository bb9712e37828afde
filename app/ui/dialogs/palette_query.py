"""The line one types into: the words that are looked for, and a chip for each bound."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QRectF, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from app.domain.bounds import UNBOUND, Bounds, Choice, Typed, chips, choices, typed
from app.domain.departments import Department
from app.ui.dialogs.parts import Kbd
from app.ui.theme import icons, mirroring, painting, set_type, theme
from app.ui.theme.tokens import LEAST_HIT

_PLACEHOLDER = "Search customers, cases and messages, > for commands"
_BOUND_PLACEHOLDER = "A word to look for"
_CARET_ROOM = 26
"""Beside the words, so that the chips stand close and nothing scrolls."""
_CHIP_HEIGHT = 26
_CHIP_WIDEST, _CHIP_LEAST = 220, 44


class QueryLine(QWidget):
    """``changed`` when there is something else to look for.

    “since: Monday” becomes a chip with the space after it. Backspace before the first letter takes
    the last chip away, as a press on one takes that.
    """

    changed = Signal()

    def __init__(self, departments: Callable[[], Sequence[Department]], parent: QWidget) -> None:
        super().__init__(parent)
        self._departments = departments
        self._typed = Typed("", UNBOUND)
        self._chips: list[_Chip] = []
        self.setFixedHeight(58)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(*mirroring.sides(52, 0, 16, 0))
        self._row.setSpacing(6)
        self.field = _Field(self)
        self.field.textChanged.connect(self._read)
        self.field.installEventFilter(self)
        self._row.addWidget(self.field, 1)
        self._row.addStretch()
        self._row.addWidget(Kbd("Esc", self))

    @property
    def words(self) -> str:
        """What is looked for, without the bounds."""
        return self._typed.words.strip()

    @property
    def bounds(self) -> Bounds:
        return self._typed.bounds

    def offered(self) -> tuple[Choice, ...]:
        """What can stand for the bound that is being written."""
        held = self._typed
        if not held.open_word:
            return ()
        return choices(held.open_word, held.open_value, held.bounds, self._departments())

    def begin(self, word: str) -> None:
        """Begin a bound, as if its word were typed, in place of what found the command."""
        self.field.setText(f"{word}: ")

    def take(self, chosen: Choice) -> None:
        """Put a chip where a bound was being written."""
        now = Typed(f"{self.words} ".lstrip(), chosen.bounds)
        self._hold(now, now.line)
        self.field.end(False)

    @Slot(str)
    def _read(self, line: str) -> None:
        now = typed(line, self.bounds, self._departments())
        self._hold(now, line if now.bounds == self.bounds else now.line)

    def _hold(self, now: Typed, line: str) -> None:
        rebuilt = now.bounds != self.bounds
        self._typed = now
        if self.field.text() != line:
            at = self.field.cursorPosition() + len(line) - len(self.field.text())
            with QSignalBlocker(self.field):
                self.field.setText(line)
            self.field.setCursorPosition(max(0, at))  # where one types, also before other words
        if rebuilt:
            self._show_chips()
        self.field.updateGeometry()
        self.changed.emit()

    def _show_chips(self) -> None:
        for chip in self._chips:
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = [_Chip(held, self) for held in chips(self.bounds, self._departments())]
        for place, chip in enumerate(self._chips, 1):
            chip.clicked.connect(self._chip_pressed)
            self._row.insertWidget(place, chip)
        self._row.setStretch(0, 0 if self._chips else 1)
        self.field.fits = bool(self._chips)
        said = ", ".join(chip.text() for chip in self._chips)
        self.field.setPlaceholderText(_BOUND_PLACEHOLDER if said else _PLACEHOLDER)
        self.field.setAccessibleName(
            f"Search everything, {said}; Backspace takes the last away"
            if said
            else "Search everything"
        )

    @Slot()
    def _chip_pressed(self) -> None:
        chip = self.sender()
        if isinstance(chip, _Chip):
            self._without(chip)

    def _without(self, chip: _Chip) -> None:
        self._hold(replace(self._typed, bounds=chip.held.bounds), self.field.text())
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.field
            and event.type() is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Backspace
            and self._chips
            and self.field.cursorPosition() == 0
            and not self.field.hasSelectedText()
        ):
            self._without(self._chips[-1])
            return True
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        mirroring.mirror(painter, QRectF(self.rect()))
        box = QRectF(20, (self.height() - 20) / 2, 20, 20)
        icons.draw(painter, "search", box, theme().colour("text-3"))


class _Field(QLineEdit):
    """As wide as the line, or as its words where chips follow them."""

    fits = False

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setProperty("bare", True)
        set_type(self, "query")
        self.setPlaceholderText(_PLACEHOLDER)
        self.setAccessibleName("Search everything")
        self.setMaxLength(400)
        self.setMinimumHeight(LEAST_HIT)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if not self.fits:
            return hint
        shown = self.text() or self.placeholderText()
        return QSize(self.fontMetrics().horizontalAdvance(shown) + _CARET_ROOM, hint.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, super().minimumSizeHint().height())


class _Chip(QAbstractButton):
    """A bound that is held; the keyboard stays in the field, where Backspace takes the last."""

    def __init__(self, held: Choice, parent: QWidget) -> None:
        super().__init__(parent)
        self.held = held
        self.setText(held.text)
        self.setAccessibleName(f"{held.text}, take away")
        self.setToolTip(f"{held.text}. Press to take it away")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(_CHIP_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.show()

    def sizeHint(self) -> QSize:
        width = painting.metrics(theme().font("snippet", 500)).horizontalAdvance(self.text()) + 18
        return QSize(min(round(width), _CHIP_WIDEST), _CHIP_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """In a narrow window its words are shortened; the tooltip has them whole."""
        return QSize(_CHIP_LEAST, _CHIP_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = theme()
        box = QRectF(self.rect())
        painting.fill_rounded(painter, box, 6, look.colour("accent-tint"))
        font = look.font("snippet", 500)
        painter.setFont(font)
        painter.setPen(look.colour("text-2" if self.underMouse() else "accent"))
        words = painting.elided(self.text(), font, box.width() - 16)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
