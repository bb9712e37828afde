"""Pressing keys and buttons as a person does, and finding what a person sees."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QListWidget, QPushButton, QWidget

W = TypeVar("W", bound=QWidget)

CONTROL = Qt.KeyboardModifier.ControlModifier
NOTHING = Qt.KeyboardModifier.NoModifier
_PATIENCE_MS = 30_000


def child(parent: QWidget, kind: type[W], name: str = "") -> W:
    """The first widget of a kind inside another, by its accessible name where one is given."""
    for widget in parent.findChildren(kind):
        if not name or widget.accessibleName() == name:
            return widget
    raise AssertionError(f"no {kind.__name__} called “{name}” here")


def button(parent: QWidget, text: str) -> QAbstractButton:
    """A button by what is written on it, or by its accessible name where nothing is."""
    for widget in parent.findChildren(QAbstractButton):
        if text in (widget.text(), widget.accessibleName()):
            return widget
    raise AssertionError(f"no button “{text}” here")


def main_button(composer: QWidget) -> QPushButton:
    """What Ctrl+Return presses in a composer; without effect before it is enabled."""
    buttons = composer.findChildren(QPushButton)
    (main,) = (one for one in buttons if one.property("kind") == "main")
    return main


def lines(listed: QListWidget) -> list[str]:
    """What stands in a list, from the top."""
    return [listed.item(row).text() for row in range(listed.count())]


def said(parent: QWidget, sentence: str) -> bool:
    """Whether a sentence stands somewhere in sight, as a screen reader would read it."""
    return any(
        widget.accessibleName() == sentence and widget.isVisible()
        for widget in parent.findChildren(QWidget)
    )


def focused() -> QWidget:
    """Who has the keyboard."""
    widget = QApplication.focusWidget()
    assert widget is not None, "nobody has the keyboard"
    return widget


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = NOTHING, at: QWidget | None = None) -> None:
    """Press a key where the keyboard is, or at a widget."""
    QTest.keyClick(at or focused(), key, modifiers)


def write(widget: QWidget, text: str) -> None:
    """Type a text into a field."""
    widget.setFocus()
    QTest.keyClicks(widget, text)


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def shown_window(window: QWidget, wide: int = 1200, high: int = 800) -> QWidget:
    """Show a window and give it the keyboard."""
    window.resize(wide, high)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window, _PATIENCE_MS)
    return window
