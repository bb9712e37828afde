"""Over the list: which of its conversations, and in which order."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from app.domain.clocks import Due
from app.domain.views import CaseRow, QueueFilter, QueueSort
from app.ui.theme import icons

_FILTERS = (
    (QueueFilter.ALL, "All"),
    (QueueFilter.UNREAD, "Unread"),
    (QueueFilter.DUE_SOON, "Due soon"),
)
_SORTS = (
    (QueueSort.DEADLINE, "Deadline"),
    (QueueSort.NEWEST, "Newest"),
    (QueueSort.OLDEST, "Oldest"),
    (QueueSort.REACH, "Reach"),
)


def _pressing(row: CaseRow, now_ms: int) -> bool:
    return row.deadline is not None and row.deadline.due(now_ms) in (Due.DUE, Due.LATE)


class Filters(QFrame):
    """All, Unread, Due soon: one of them."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("segmented", True)
        self._group = QButtonGroup(self)
        self._buttons: dict[QueueFilter, QPushButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(1)
        for number, (value, label) in enumerate(_FILTERS):
            button = QPushButton(label, self)
            button.setCheckable(True)
            button.setAutoExclusive(True)  # a screen reader calls it one of several, no check box
            button.setProperty("segment", True)
            self._group.addButton(button, number)
            self._buttons[value] = button
            layout.addWidget(button)
        self._buttons[QueueFilter.ALL].setChecked(True)
        self._group.idClicked.connect(self._clicked)

    def choose(self, value: QueueFilter) -> None:
        self._buttons[value].setChecked(True)

    def press(self, value: QueueFilter) -> None:
        """As if its button were pressed."""
        self._buttons[value].click()

    def show_counts(self, rows: Sequence[CaseRow], now_ms: int) -> None:
        """Numbers beside the filters, counted in ``rows``; none where there is nothing."""
        unread = sum(row.unread for row in rows)
        due = sum(_pressing(row, now_ms) for row in rows)
        for value, count in ((QueueFilter.UNREAD, unread), (QueueFilter.DUE_SOON, due)):
            label = dict(_FILTERS)[value]
            self._buttons[value].setText(f"{label} {count}" if count else label)

    def _clicked(self, number: int) -> None:
        self.chosen.emit(_FILTERS[number][0])


class SortButton(QToolButton):
    """In which order the cases stand."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "quiet")
        self.setProperty("small", True)
        self.setIconSize(QSize(13, 13))
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAccessibleName("Order")
        menu = QMenu(self)
        menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._group = QActionGroup(self)
        for value, label in _SORTS:
            action = menu.addAction(label)
            action.setCheckable(True)
            action.setData(value)
            action.setChecked(value is QueueSort.DEADLINE)
            self._group.addAction(action)
        self._group.triggered.connect(self._picked)
        self.setMenu(menu)
        self.setText(_SORTS[0][1])
        self.refresh_theme()

    def refresh_theme(self) -> None:
        self.setIcon(icons.icon("arrow-up-down", "text-2", 13))

    def open(self) -> None:
        """Offer the orders beneath the button."""
        self.menu().popup(self.mapToGlobal(self.rect().bottomLeft()))

    def set_compact(self, *, compact: bool) -> None:
        style = Qt.ToolButtonStyle
        self.setToolButtonStyle(
            style.ToolButtonIconOnly if compact else style.ToolButtonTextBesideIcon
        )

    def choose(self, sort: QueueSort) -> None:
        """Show this order; asks for nothing."""
        for action in self._group.actions():
            if action.data() == sort:
                action.setChecked(True)
                self.setText(action.text())

    def _picked(self, action: QAction) -> None:
        self.setText(action.text())
        self.chosen.emit(QueueSort(action.data()))
