"""A notification server for tests: it records what it is asked to show, and clicks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from app.ui.notices_bus import PLACE, SERVICE

_PLACE = DBusAddress(PLACE, bus_name=SERVICE, interface=SERVICE)


@dataclass(frozen=True)
class Shown:
    """One ``Notify`` as it arrived."""

    number: int
    replaces: int
    title: str
    text: str
    actions: list[str]
    hints: dict[str, tuple[str, Any]]


@dataclass
class NoticeServer:
    """Answers on a thread; ``shown`` and ``closed`` grow as the program asks."""

    connection: DBusConnection
    capabilities: tuple[str, ...] = ("actions", "body", "body-markup")
    refuses: str = ""
    """The method it answers with an error."""
    shown: list[Shown] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def click(self, number: int, token: str = "", action: str = "default") -> None:
        """As somebody does who clicks on a notice."""
        if token:
            self._send(new_signal(_PLACE, "ActivationToken", "us", (number, token)))
        self._send(new_signal(_PLACE, "ActionInvoked", "us", (number, action)))

    def dismiss(self, number: int) -> None:
        self._send(new_signal(_PLACE, "NotificationClosed", "uu", (number, 2)))

    def serve(self) -> None:
        """Until the connection is closed."""
        while True:
            try:
                message = self.connection.receive()
            except (OSError, ValueError, KeyError):
                return
            if message.header.message_type is MessageType.method_call:
                self._send(self._answer(message))

    def _send(self, message: Message) -> None:
        with self._lock:
            self.connection.send(message)

    def _answer(self, message: Message) -> Message:
        member = message.header.fields[HeaderFields.member]
        if self.refuses == member:
            return new_error(message, f"{SERVICE}.Error.Refused", "s", ("not today",))
        if member == "GetCapabilities":
            return new_method_return(message, "as", (list(self.capabilities),))
        if member == "CloseNotification":
            self.closed.append(message.body[0])
            return new_method_return(message)
        _name, replaces, _icon, title, text, actions, hints, _timeout = message.body
        number = replaces or len(self.shown) + 1
        self.shown.append(Shown(number, replaces, title, text, actions, hints))
        return new_method_return(message, "u", (number,))


@contextmanager
def running_notice_server(address: str) -> Iterator[NoticeServer]:
    """Answer for the desktop on a bus."""
    connection = open_dbus_connection(address)
    connection.bus_proxy.RequestName(SERVICE)
    server = NoticeServer(connection)
    thread = threading.Thread(target=server.serve, name="notice server", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        connection.sock.shutdown(2)
        thread.join(10)
        connection.close()
