"""Notices through the desktop’s tray, where it answers nothing better; without one, none."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

_SHOWN_MS = 10_000


def tray_can_notify() -> bool:
    """Whether this desktop shows notices of programs."""
    return QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()


class TrayNotifier(QObject):
    """The icon is there only while something was told; a click opens the latest notice."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._icon: QSystemTrayIcon | None = None
        self._opened: Callable[[], None] | None = None

    def show(self, title: str, text: str, opened: Callable[[], None]) -> None:
        if not tray_can_notify():
            return
        if self._icon is None:
            self._icon = QSystemTrayIcon(QApplication.windowIcon(), self)
            self._icon.setToolTip("Seamline")
            self._icon.messageClicked.connect(self._clicked)
            self._icon.activated.connect(self._activated)
        self._opened = opened
        self._icon.show()
        self._icon.showMessage(title, text, QApplication.windowIcon(), _SHOWN_MS)

    def clear(self) -> None:
        self._opened = None
        if self._icon is not None:
            self._icon.hide()

    @Slot(QSystemTrayIcon.ActivationReason)
    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        """A click is told as what it is; of a double click it is the first of two."""
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self._clicked()

    @Slot()
    def _clicked(self) -> None:
        """Once: X11 tells a click on the icon under the notice as both."""
        opened = self._opened
        self.clear()
        if opened is not None:
            opened()
