"""Boxes to choose one or several of some values, as fields of a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from app.ui.dialogs.controls import ChoiceBox
from app.ui.dialogs.parts import wordless
from app.ui.theme import icons, mirroring, theme


class ManyBox(QPushButton):
    """A choice of several, in a menu; none taken asks for nothing. ``changed`` after each."""

    changed = Signal()

    def __init__(
        self, name: str, choices: Mapping[Any, str], anything: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._anything = anything
        self.setAutoDefault(False)
        self.setProperty("many", True)
        menu = QMenu(self)
        self._actions = {value: menu.addAction(_plain(words)) for value, words in choices.items()}
        self._words = dict(choices)
        for action in self._actions.values():
            action.setCheckable(True)
        menu.triggered.connect(self._on_triggered)
        self.setMenu(menu)
        self._show()

    def take(self, values: tuple[Any, ...]) -> None:
        for value, action in self._actions.items():
            action.setChecked(value in values)
        self._show()

    def taken(self) -> tuple[Any, ...]:
        return tuple(value for value, action in self._actions.items() if action.isChecked())

    @Slot(object)
    def _on_triggered(self, _action: object) -> None:
        self._show()
        self.changed.emit()

    def sizeHint(self) -> QSize:
        return QSize(80, super().sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Like a choice of one: the words at the left, an arrow at the right."""
        painter = wordless(self)
        mirroring.mirror(painter, QRectF(self.rect()))
        arrow = QRectF(self.width() - 25, (self.height() - 15) / 2, 15, 15)
        icons.draw(painter, "chevron-down", arrow, theme().colour("text-3"))
        words = QRectF(10, 0, self.width() - 40, self.height())
        painter.setFont(theme().font("body"))
        painter.setPen(theme().colour("text" if self.taken() else "text-3"))
        told = self.fontMetrics().elidedText(
            self._told, Qt.TextElideMode.ElideRight, int(words.width())
        )
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        mirroring.draw_words(painter, words, left, told)

    def _show(self) -> None:
        self._told = ", ".join(self._words[value] for value in self.taken()) or self._anything
        self.setAccessibleName(f"{self._name}: {self._told}")
        self.update()


class OneBox(ChoiceBox):
    """A choice of one; the values stay what they are, which Qt would make numbers and strings."""

    def __init__(self, name: str, choices: Mapping[Any, str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._values = list(choices)
        self.addItems(list(choices.values()))

    def offer(self, choices: Mapping[Any, str]) -> None:
        """Other choices, of which the first is taken."""
        self._values = list(choices)
        self.clear()
        self.addItems(list(choices.values()))

    def take(self, value: Any) -> None:
        """What is no choice leaves the first."""
        self.setCurrentIndex(self._values.index(value) if value in self._values else 0)

    def taken(self) -> Any:
        return self._values[self.currentIndex()]


def _plain(words: str) -> str:
    """Words whose & is no mark of a key."""
    return words.replace("&", "&&")
