"""Notices on the desktop: by its notification server, or by the tray where there is none."""

from __future__ import annotations

import os
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.services.noticing import News
from app.services.notification_settings import About
from app.ui.notices_bus import CRITICAL, NORMAL, Notice, NoticeBus, may_have_a_server
from app.ui.notifying_tray import TrayNotifier, tray_can_notify

_TOKEN = "XDG_ACTIVATION_TOKEN"  # noqa: S105 (the name of a variable)
"""Where Qt finds the permission to bring a window to the front under Wayland."""


def can_notify() -> bool:
    """Whether this desktop may show notices of programs."""
    return may_have_a_server() or tray_can_notify()


class DesktopNotifier(QObject):
    """Shows news; a click calls what came with it, on the main thread."""

    _clicked = Signal(str, str)
    _refused = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._opened: dict[str, Callable[[], None]] = {}
        self._tray = TrayNotifier(self)
        self._bus = NoticeBus(self._clicked.emit, self._refused.emit)
        queued = Qt.ConnectionType.QueuedConnection
        self._clicked.connect(self._open, queued)
        self._refused.connect(self._show_in_tray, queued)

    def show(self, news: News, opened: Callable[[], None]) -> None:
        notice = Notice(
            key=f"{news.about} {news.case or ''}",
            title=news.title,
            text=news.text,
            urgency=CRITICAL if news.about is About.FAILED else NORMAL,
        )
        self._opened[notice.key] = opened
        if may_have_a_server():
            self._bus.show(notice)
        else:
            self._show_in_tray(notice)

    def clear(self) -> None:
        self._opened.clear()
        self._bus.clear()
        self._tray.clear()

    @Slot(str, str)
    def _open(self, key: str, token: str) -> None:
        opened = self._opened.get(key)
        if opened is not None:
            if token:
                os.environ[_TOKEN] = token
            opened()

    @Slot(object)
    def _show_in_tray(self, notice: Notice) -> None:
        opened = self._opened.get(notice.key)
        if opened is not None:
            self._tray.show(notice.title, notice.text, opened)
