"""A desktop portal of a test's own, on a bus of its own: it answers what the test says."""

from __future__ import annotations

from threading import Thread
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import open_dbus_connection

Setting = tuple[str, str]
Value = tuple[str, Any]
"""Signature and value: ("u", 1), ("b", False)."""

SERVICE = "org.freedesktop.portal.Desktop"
_PLACE = DBusAddress("/org/freedesktop/portal/desktop", interface="org.freedesktop.portal.Settings")
_UNKNOWN = "org.freedesktop.portal.Error.NotFound"


class FakePortal:
    """Knows some settings; a ``deaf`` one takes questions and never answers."""

    def __init__(self, address: str, settings: dict[Setting, Value], *, deaf: bool) -> None:
        self.asked: list[Setting] = []
        self._settings = settings
        self._deaf = deaf
        self._bus = open_dbus_connection(address)
        self._bus.send_and_get_reply(message_bus.RequestName(SERVICE))
        self._thread = Thread(target=self._serve, name="portal", daemon=True)
        self._thread.start()

    def change(self, setting: Setting, value: Value) -> None:
        """Somebody turns a switch in the settings of the desktop."""
        self._settings[setting] = value
        self._bus.send(new_signal(_PLACE, "SettingChanged", "ssv", (*setting, value)))

    def end(self) -> None:
        """After its bus has ended, which wakes it."""
        self._thread.join(10)
        self._bus.close()

    def _serve(self) -> None:
        while True:
            try:
                message = self._bus.receive()
            except (ConnectionError, EOFError, OSError):
                return
            header = message.header
            is_call = header.message_type is MessageType.method_call
            if is_call and header.fields.get(HeaderFields.member) == "Read":
                self._answer(message)

    def _answer(self, question: Any) -> None:
        setting: Setting = question.body
        self.asked.append(setting)
        if self._deaf:
            return
        value = self._settings.get(setting)
        if value is None:
            self._bus.send(new_error(question, _UNKNOWN))
        else:
            # The older question packs a variant into a variant.
            self._bus.send(new_method_return(question, "v", (("v", value),)))
