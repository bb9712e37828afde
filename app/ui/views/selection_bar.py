"""What stands over the list while several conversations are chosen: how many, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from app.ui.dialogs.parts import icon_button
from app.ui.theme import icons, set_type
from app.ui.theme.formats import compact_number, grouped

_BUTTON = 26
"""So narrow that all of them and the number fit the narrowest list."""


class SelectionBar(QWidget):
    """``ended`` when the agent is done with the choice."""

    ended = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = QLabel(self)
        self._told = ("", "", "")
        self._said = ""
        set_type(self._words, "body", 600)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(18, 0, 8, 8)
        self._row.setSpacing(0)
        self._row.addWidget(self._words)
        self._row.addStretch(1)
        self._buttons: list[tuple[QToolButton, str]] = []
        self._deeds: Callable[[], Sequence[QAction]] | None = None
        end = self._button("x")
        end.setToolTip("Choose only this one (Esc)")
        end.setAccessibleName("Choose only this one")
        end.clicked.connect(self.ended)
        self.hide()

    def offer(self, deeds: Callable[[], Sequence[QAction]]) -> None:
        """What can be done to all of them, asked for when several are chosen for the first time;
        the icons are in the actions’ data."""
        self._deeds = deeds

    def _make_buttons(self) -> None:
        deeds, self._deeds = self._deeds, None
        for place, action in enumerate(deeds() if deeds is not None else (), 2):
            button = self._button(str(action.data()), place)
            button.setAccessibleName(action.text().rstrip("…"))
            button.setToolTip(action.toolTip())
            button.clicked.connect(action.trigger)

    def say(self, count: int, *, whole: bool) -> None:
        """How many are chosen; told to screen readers too."""
        words = f"All {grouped(count)}" if whole else f"{grouped(count)} chosen"
        if count:
            self._make_buttons()
        self._told = words, grouped(count), compact_number(count)
        self._fit()
        if words != self._said:
            self._said = words
            event = QAccessibleAnnouncementEvent(self, words)
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
            QAccessible.updateAccessibility(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The number alone, or roughly, where the words find no room; they stay its name."""
        words = self._told[0]
        margins = self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right() - _BUTTON * len(self._buttons)
        wide = self._words.fontMetrics().horizontalAdvance
        self._words.setText(next((one for one in self._told if wide(one) <= room), self._told[-1]))
        self._words.setAccessibleName(words)

    def refresh_theme(self) -> None:
        for button, symbol in self._buttons:
            button.setIcon(icons.icon(symbol, "text-2", 17))

    def _button(self, symbol: str, place: int | None = None) -> QToolButton:
        button = icon_button(symbol, "", self)
        button.setProperty("small", True)
        if place is None:
            self._row.addWidget(button)
        else:
            self._row.insertWidget(place, button)
        self._buttons.append((button, symbol))
        return button
