"""What a Linux desktop wishes of every program, where Qt does not tell: contrast and motion.

The desktop portal (``org.freedesktop.portal.Settings``) answers for all desktops and through a
sandbox as well. It is asked over the session bus and never waited for: until it answers, and where
there is none, nothing is wished. Qt itself tells of high contrast on macOS, Windows and the larger
Linux desktops, and of reduced motion on Windows alone; on macOS it keeps silent about motion, so
that there the choice in the settings of Seamline is the only one.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusPendingCallWatcher,
    QDBusVariant,
)

from app.ui.theme.manager import theme_manager

_SERVICE = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_INTERFACE = "org.freedesktop.portal.Settings"
_WITHIN_MS = 10_000

_CONTRAST = ("org.freedesktop.appearance", "contrast")
"""1 for more of it."""
_MOTION = ("org.freedesktop.appearance", "reduced-motion")
"""1 for less of it; younger portals alone know it."""
_ANIMATIONS = ("org.gnome.desktop.interface", "enable-animations")
"""False for none."""
_SETTINGS = (_CONTRAST, _MOTION, _ANIMATIONS)


class DesktopPortal(QObject):
    """The wishes of the desktop behind one bus; ``ask`` asks, and keeps on listening."""

    changed = Signal()
    """Another wish than before."""

    def __init__(self, bus: QDBusConnection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._values: dict[tuple[str, str], object] = {}
        self._asked: dict[QDBusPendingCallWatcher, tuple[str, str]] = {}

    @property
    def wants_contrast(self) -> bool:
        return self._values.get(_CONTRAST) == 1

    @property
    def wants_stillness(self) -> bool:
        return self._values.get(_MOTION) == 1 or self._values.get(_ANIMATIONS) is False

    def ask(self) -> None:
        """Ask for every wish and hear of each change; returns at once."""
        heard = SLOT("_told(QDBusMessage)")
        # The stub asks for bytes, the binding for a string: it is a `const char *`.
        self._bus.connect(_SERVICE, _PATH, _INTERFACE, "SettingChanged", self, heard)  # type: ignore[call-overload]
        for namespace, key in _SETTINGS:
            question = QDBusMessage.createMethodCall(_SERVICE, _PATH, _INTERFACE, "Read")
            question.setArguments([namespace, key])
            watcher = QDBusPendingCallWatcher(self._bus.asyncCall(question, _WITHIN_MS), self)
            self._asked[watcher] = (namespace, key)
            watcher.finished.connect(self._answered)

    @Slot(QDBusPendingCallWatcher)
    def _answered(self, watcher: QDBusPendingCallWatcher) -> None:
        """A portal that does not know a setting answers with an error: nothing is wished."""
        setting = self._asked.pop(watcher)
        if not watcher.isError():
            self._take(setting, watcher.reply().arguments())
        watcher.deleteLater()

    @Slot(QDBusMessage)
    def _told(self, message: QDBusMessage) -> None:
        arguments = message.arguments()
        if len(arguments) == 3:
            self._take((str(arguments[0]), str(arguments[1])), arguments[2:])

    def _take(self, setting: tuple[str, str], answer: list[object]) -> None:
        before = (self.wants_contrast, self.wants_stillness)
        if setting in _SETTINGS and answer:
            self._values[setting] = _plain(answer[0])
        if (self.wants_contrast, self.wants_stillness) != before:
            self.changed.emit()


def follow_desktop_portal(parent: QObject) -> None:
    """Have the theme follow the desktop’s portal, where there is a session bus to reach it by."""
    if not sys.platform.startswith("linux") or not _has_session_bus():
        return
    bus = QDBusConnection.sessionBus()
    if bus.isConnected():
        portal = DesktopPortal(bus, parent)
        theme_manager().follow(portal)
        portal.ask()


def _has_session_bus() -> bool:
    """Without one, asking for it would have D-Bus start one and wait for it."""
    if os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return True
    folder = os.environ.get("XDG_RUNTIME_DIR")
    return bool(folder) and Path(folder or "", "bus").exists()


def _plain(value: object) -> object:
    """What lies in a variant; the older question packs its answer into two."""
    while isinstance(value, QDBusVariant):
        value = value.variant()
    return value
