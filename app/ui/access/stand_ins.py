"""Buttons nobody sees, standing where a list paints what can be pressed.

A painted button is pixels. A screen reader, a switch or a voice control asks the accessibility
bus for something with a name, a place and an action. So each painted place gets a real button
beneath the list that paints it: never in sight, never in the way of pointer or Tab, pressed only
through the bus. They are there only while somebody listens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QAccessible, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QStackedWidget, QWidget

from app.domain.records import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Something painted that can be pressed.

    ``rect``   where, in pixels of the view's viewport.
    ``name``   what it is called: “Retry”.
    ``about``  what it belongs to, as a reader names that row.
    """

    rect: QRect
    name: str
    about: str
    press: Callable[[], None]


class StandIns(QWidget):
    """The unseen buttons of one list; a group called ``name`` beside it.

    ``places`` tells what can be pressed at this moment, for the rows in sight alone.
    """

    def __init__(
        self, view: QAbstractItemView, name: str, places: Callable[[], Iterable[Place]]
    ) -> None:
        self._around = _around(view)
        super().__init__(self._around)
        self._view = view
        self._places = places
        self._buttons: list[_StandIn] = []
        self._again = QTimer(self, singleShot=True, interval=0)  # once for many changes
        self._again.timeout.connect(self.stand)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.lower()
        view.installEventFilter(self)
        bar, model = view.verticalScrollBar(), view.model()
        for changed in (
            bar.valueChanged,
            bar.rangeChanged,
            model.rowsInserted,
            model.rowsRemoved,
            model.rowsMoved,
            model.dataChanged,
            model.modelReset,
            view.selectionModel().currentChanged,
        ):
            changed.connect(self.look_again)

    def look_again(self) -> None:
        """Something moved, came or went."""
        if QAccessible.isActive() or self._buttons:
            self._again.start()

    def stand(self) -> None:
        """Make the buttons those of this moment; none when nobody listens."""
        listened = QAccessible.isActive() and self._view.isVisible()
        places = list(self._places()) if listened else []
        self.setVisible(bool(places))
        if places:
            corner = self._view.viewport().mapTo(self._around, QPoint())
            self.setGeometry(QRect(corner, self._view.viewport().size()))
        while len(self._buttons) > len(places):
            gone = self._buttons.pop()
            gone.hide()
            gone.deleteLater()
        while len(self._buttons) < len(places):
            self._buttons.append(_StandIn(self))
        for button, place in zip(self._buttons, places, strict=True):
            button.stand_for(place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide):
            self.look_again()
        return super().eventFilter(watched, event)


class _StandIn(QAbstractButton):
    """One button; it paints nothing and takes no keyboard."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._press: Callable[[], None] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.clicked.connect(self._pressed)

    def stand_for(self, place: Place) -> None:
        self._press = place.press
        if self.accessibleName() != place.name:
            self.setAccessibleName(place.name)
        if self.accessibleDescription() != place.about:
            self.setAccessibleDescription(place.about)
        self.setGeometry(place.rect)
        self.show()

    def _pressed(self) -> None:
        if self._press is not None:
            self._press()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Nothing: what it stands for is painted by the list."""


def _around(view: QAbstractItemView) -> QWidget:
    """What holds the view and speaks of all it holds; a stack speaks of its pages alone."""
    around = view.parentWidget()
    while isinstance(around, QStackedWidget):
        around = around.parentWidget()
    if around is None:
        raise TypeError("a list of its own has no room beside it for stand-ins")
    return around
