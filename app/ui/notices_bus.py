"""Speaks with the desktop’s notification server over D-Bus, on a thread of its own.

The interface is ``org.freedesktop.Notifications``, which GNOME, KDE, Xfce, dunst, mako and others
answer. Its ids are unsigned and its urgency is a byte, which QtDBus cannot say from Python; jeepney
can.
"""

from __future__ import annotations

import os
import queue
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any, Final

from app.domain.records import dataclass

if TYPE_CHECKING:
    from jeepney.io.blocking import DBusConnection

SERVICE: Final = "org.freedesktop.Notifications"
PLACE: Final = "/org/freedesktop/Notifications"
NORMAL, CRITICAL = 1, 2
_ANSWER_S = 5.0
_LIKE_THE_SERVER = -1
"""Shown as long as this desktop shows its notices."""
_FAILURES: Final = (OSError, ValueError, KeyError, RuntimeError)
"""What a bus that is not there, went away or answers late comes to; TimeoutError is an OSError."""


@dataclass(frozen=True, slots=True)
class Notice:
    """``key``: a later notice of the same key takes its place. ``urgency``: NORMAL or CRITICAL,
    which stays until somebody sees it."""

    key: str
    title: str
    text: str
    urgency: int = NORMAL


def may_have_a_server() -> bool:
    """Whether there is a bus; whether a server answers on it the first notice finds out."""
    return sys.platform.startswith("linux") and bool(
        os.environ.get("DBUS_SESSION_BUS_ADDRESS") or os.environ.get("XDG_RUNTIME_DIR")
    )


class NoticeBus:
    """``clicked(key, token)`` and ``refused(notice)`` are called on its thread: somebody clicked,
    with the token that lets a window come to the front; nobody took the notice.

    The thread begins with the first notice and ends with ``clear``; nothing here waits for it.
    """

    def __init__(
        self, clicked: Callable[[str, str], None], refused: Callable[[Notice], None]
    ) -> None:
        self._clicked = clicked
        self._refused = refused
        self._talk: _Talk | None = None

    def show(self, notice: Notice) -> None:
        talk = self._talk
        if talk is None or not talk.say(notice):
            talk = self._talk = _Talk(self._clicked, self._refused)
            talk.say(notice)
            talk.start()

    def clear(self) -> None:
        """Take back what is still shown, and call nobody any more."""
        talk, self._talk = self._talk, None
        if talk is not None:
            talk.say(None)

    def wait(self, seconds: float) -> None:
        """Until what was said last is done with; for tests and the end of the program."""
        for thread in threading.enumerate():
            if isinstance(thread, _Talk):
                thread.join(seconds)


class _Talk(threading.Thread):
    """One conversation with the server: until it is cleared, or the bus is gone."""

    def __init__(
        self, clicked: Callable[[str, str], None], refused: Callable[[Notice], None]
    ) -> None:
        super().__init__(name="notices", daemon=True)
        self._clicked = clicked
        self._refused = refused
        self._said: queue.SimpleQueue[Notice | None] = queue.SimpleQueue()
        self._waker, self._woken = socket.socketpair()
        self._gate = threading.Lock()
        self._over = False
        self._silent = False
        self._ids: dict[str, int] = {}
        self._tokens: dict[int, str] = {}
        self._heard: deque[Any] = deque()
        self._can: tuple[str, ...] = ()

    def say(self, notice: Notice | None) -> bool:
        """Hand over a notice, or None for the end; False when the talk is over."""
        with self._gate:
            if self._over:
                return False
            self._silent = self._silent or notice is None
            self._said.put(notice)
            self._waker.send(b"!")
            return True

    def run(self) -> None:
        try:
            self._talk()
        except _FAILURES:
            pass  # the bus is gone, and with it what was shown
        finally:
            with self._gate:
                self._over = True
            self._refuse_the_rest()
            self._waker.close()
            self._woken.close()

    def _refuse_the_rest(self) -> None:
        while not self._said.empty():
            notice = self._said.get()
            if notice is not None and not self._silent:
                self._refused(notice)

    def _talk(self) -> None:
        from jeepney import MatchRule
        from jeepney.io.blocking import open_dbus_connection

        connection = open_dbus_connection("SESSION")
        try:
            rule = MatchRule(type="signal", interface=SERVICE, path=PLACE)
            connection.bus_proxy.AddMatch(rule)
            with connection.filter(rule, queue=self._heard):
                self._can = tuple(self._ask(connection, "GetCapabilities")[0])
                self._listen(connection)
        finally:
            connection.close()

    def _listen(self, connection: DBusConnection) -> None:
        connection.selector.register(self._woken, 1)
        while True:
            connection.selector.select()
            if not self._take_orders(connection):
                return
            self._receive(connection)
            while self._heard:
                self._hear(self._heard.popleft())

    def _receive(self, connection: DBusConnection) -> None:
        """Whatever has come by now."""
        connection.selector.unregister(self._woken)
        try:
            while True:
                connection.recv_messages(timeout=0)
        except TimeoutError:
            pass
        finally:
            connection.selector.register(self._woken, 1)

    def _take_orders(self, connection: DBusConnection) -> bool:
        """Show what was handed over; False once everything has been taken back."""
        connection.selector.unregister(self._woken)
        try:
            while not self._said.empty():
                self._woken.recv(1)
                notice = self._said.get()
                if notice is None:
                    for number in self._ids.values():
                        self._ask(connection, "CloseNotification", "u", (number,))
                    return False
                try:
                    self._show(connection, notice)
                except RuntimeError:  # it answers, but not this time
                    self._refused(notice)
        finally:
            connection.selector.register(self._woken, 1)
        return True

    def _show(self, connection: DBusConnection, notice: Notice) -> None:
        text = escape(notice.text, quote=False) if "body-markup" in self._can else notice.text
        actions = ["default", "Open"] if "actions" in self._can else []
        hints = {
            "urgency": ("y", notice.urgency),
            "desktop-entry": ("s", "seamline"),
            "category": ("s", "im.received"),
        }
        earlier = self._ids.get(notice.key, 0)
        body = (
            "Seamline",
            earlier,
            "seamline",
            notice.title,
            text,
            actions,
            hints,
            _LIKE_THE_SERVER,
        )
        (number,) = self._ask(connection, "Notify", "susssasa{sv}i", body)
        self._ids[notice.key] = number

    @staticmethod
    def _ask(
        connection: DBusConnection, method: str, signature: str = "", body: tuple[Any, ...] = ()
    ) -> tuple[Any, ...]:
        """The answer of the server; RuntimeError where it refuses or there is none."""
        from jeepney import DBusAddress, MessageType, new_method_call

        place = DBusAddress(PLACE, bus_name=SERVICE, interface=SERVICE)
        question = new_method_call(place, method, signature or None, body)
        answer = connection.send_and_get_reply(question, timeout=_ANSWER_S)
        if answer.header.message_type is MessageType.error:
            raise RuntimeError(str(answer.body))
        return tuple(answer.body)

    def _hear(self, signal: Any) -> None:
        from jeepney import HeaderFields

        member = signal.header.fields.get(HeaderFields.member)
        number, said = signal.body
        key = next((key for key, held in self._ids.items() if held == number), None)
        if key is None:
            return
        if member == "ActivationToken":
            self._tokens[number] = said
        elif member == "ActionInvoked" and said == "default" and not self._silent:
            self._clicked(key, self._tokens.pop(number, ""))
        elif member == "NotificationClosed":
            self._ids.pop(key)
