"""What a screen reader sees of the console: its tree on the accessibility bus, and what it says.

The accessibility bus is a D-Bus of its own; ``at-spi-bus-launcher`` runs it and tells programs on
the session bus where it is. Every object of a program stands on it with a role, a name, states and
what can be done with it (the AT-SPI 2 protocol, which Orca and its kin speak as well).
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusAddress, MatchRule, MessageType, Properties, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from scripts.system import access_bus_launcher
from tests.buses import end, running_bus
from tests.peers.bluesky_network import wait_for

_WITHIN_S = 20.0
_KEYSYM = 3
"""AT-SPI’s way to name a key by the X keysym it makes."""
_A11Y = "org.a11y.atspi"
_STATES = {
    1: "active", 4: "checked", 7: "editable", 8: "enabled", 9: "expandable", 11: "focusable",
    12: "focused", 16: "modal", 20: "pressed", 23: "selected", 24: "sensitive", 25: "showing",
    30: "visible",
}  # fmt: skip
"""The bits of AT-SPI’s StateType that the tests look at."""


@contextmanager
def running_access_bus(folder: Path, display: str) -> Iterator[dict[str, str]]:
    """Start both buses in a short folder, and end them; the variables that lead a program there.

    ``display`` is the X server on which the keys of a reader are pressed. Skips where the buses
    are not installed.
    """
    launcher = access_bus_launcher()
    if launcher is None:
        pytest.skip("at-spi2-core is not installed; “python -m scripts.system access” does that")
    home = folder / "home"
    home.mkdir(mode=0o700)
    with running_bus(folder) as address, (folder / "access.log").open("wb") as log:
        variables = {"DBUS_SESSION_BUS_ADDRESS": address, "XDG_RUNTIME_DIR": str(home)}
        surroundings = {"PATH": os.environ["PATH"], "HOME": str(home), "DISPLAY": display}
        surroundings |= variables
        bus = subprocess.Popen(
            [launcher, "--launch-immediately", "--a11y=1"],
            env=surroundings, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            wait_for(lambda: _is_there(address) or bus.poll() is not None, _WITHIN_S)
            assert bus.poll() is None, (folder / "access.log").read_text("utf-8")
            yield variables
        finally:
            end(bus)


def _is_there(session: str) -> bool:
    with closing(open_dbus_connection(session)) as connection:
        asked = message_bus.NameHasOwner("org.a11y.Bus")
        return bool(connection.send_and_get_reply(asked, timeout=_WITHIN_S).body[0])


class GoneError(Exception):
    """The object is no longer there; the tree changes while it is read."""


class ScreenReader:
    """Somebody on the accessibility bus."""

    def __init__(self, session: str) -> None:
        launcher = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
        with closing(open_dbus_connection(session)) as connection:
            asked = new_method_call(launcher, "GetAddress")
            address = connection.send_and_get_reply(asked, timeout=_WITHIN_S).body[0]
        self._bus: DBusConnection = open_dbus_connection(address)

    def close(self) -> None:
        self._bus.close()

    def ask(self, name: str, path: str, interface: str, method: str, *given: Any) -> Any:
        """What an object answers: nothing, one value or several. ``given``: signature, values."""
        address = DBusAddress(path, name, f"{_A11Y}.{interface}")
        asked = new_method_call(address, method, given[0] if given else None, given[1:])
        body = self._send(asked)
        return body[0] if len(body) == 1 else body

    def property(self, name: str, path: str, interface: str, which: str) -> Any:
        asked = Properties(DBusAddress(path, name, f"{_A11Y}.{interface}")).get(which)
        return self._send(asked)[0][1]

    def set_property(
        self, name: str, path: str, interface: str, which: str, value: tuple[str, Any]
    ) -> None:
        asked = Properties(DBusAddress(path, name, f"{_A11Y}.{interface}")).set(which, *value)
        self._send(asked)

    def _send(self, asked: Any) -> tuple[Any, ...]:
        answer = self._bus.send_and_get_reply(asked, timeout=_WITHIN_S)
        if answer.header.message_type is MessageType.error:
            raise GoneError(*answer.body)
        return tuple(answer.body)

    def programs(self) -> list[Node]:
        """Every program that stands on the bus."""
        root = self.ask(f"{_A11Y}.Registry", "/org/a11y/atspi/accessible/root", "Accessible",
                        "GetChildren")  # fmt: skip
        return [Node(self, name, path) for name, path in root]

    def press(self, keysym: int) -> None:
        """Press and release a key on the screen’s own keyboard, where it is now."""
        keys = DBusAddress(
            "/org/a11y/atspi/registry/deviceeventcontroller",
            f"{_A11Y}.Registry",
            f"{_A11Y}.DeviceEventController",
        )
        self._send(new_method_call(keys, "GenerateKeyboardEvent", "isu", (keysym, "", _KEYSYM)))

    @contextmanager
    def hearing(self, event: str) -> Iterator[Heard]:
        """Listen for one kind of event: “Object:Announcement”; programs send what is heard."""
        kind, member = event.split(":")
        registry = DBusAddress(
            f"/{_A11Y.replace('.', '/')}/registry", f"{_A11Y}.Registry", f"{_A11Y}.Registry"
        )
        named = new_method_call(registry, "RegisterEvent", "sas", (event, []))
        self._bus.send_and_get_reply(named, timeout=_WITHIN_S)
        rule = MatchRule(type="signal", interface=f"{_A11Y}.Event.{kind}", member=member)
        self._bus.send_and_get_reply(message_bus.AddMatch(rule), timeout=_WITHIN_S)
        with self._bus.filter(rule) as queue:
            yield Heard(self._bus, queue)
        self._bus.send_and_get_reply(message_bus.RemoveMatch(rule), timeout=_WITHIN_S)


@dataclass(frozen=True)
class Heard:
    """What has been heard of one kind of event since somebody listens."""

    bus: DBusConnection
    queue: Any

    def next(self) -> tuple[Any, ...]:
        """(detail, first number, second number, value, more) of the next; waits for it."""
        return tuple(self.bus.recv_until_filtered(self.queue, timeout=_WITHIN_S).body)


@dataclass(frozen=True)
class Node:
    """One object of a program, asked anew each time; it can be gone by then."""

    reader: ScreenReader = field(repr=False)
    owner: str
    path: str

    def _ask(self, interface: str, method: str, *given: Any) -> Any:
        return self.reader.ask(self.owner, self.path, interface, method, *given)

    @property
    def name(self) -> str:
        return str(self.reader.property(self.owner, self.path, "Accessible", "Name"))

    @property
    def description(self) -> str:
        return str(self.reader.property(self.owner, self.path, "Accessible", "Description"))

    @property
    def role(self) -> str:
        return str(self._ask("Accessible", "GetRoleName"))

    @property
    def states(self) -> set[str]:
        """Those of its states that have a name here."""
        low, high = self._ask("Accessible", "GetState")
        bits = low | high << 32
        return {name for bit, name in _STATES.items() if bits >> bit & 1}

    @property
    def children(self) -> list[Node]:
        return [
            Node(self.reader, owner, path) for owner, path in self._ask("Accessible", "GetChildren")
        ]

    @property
    def text(self) -> str:
        return str(self._ask("Text", "GetText", "ii", 0, -1))

    @property
    def actions(self) -> list[str]:
        return [str(action[0]) for action in self._ask("Action", "GetActions")]

    def do(self, action: str) -> None:
        """Do one of its ``actions``, as a switch or a voice control would."""
        assert self._ask("Action", "DoAction", "i", self.actions.index(action)), action

    def focus(self) -> None:
        """Give it the keyboard."""
        assert self._ask("Component", "GrabFocus")

    def set_value(self, value: float) -> None:
        """Move a slider."""
        self.reader.set_property(self.owner, self.path, "Value", "CurrentValue", ("d", value))

    def everything(self) -> Iterator[Node]:
        """It and all that is in it, as deep as it goes; what is gone meanwhile is left out."""
        yield self
        with suppress(GoneError):
            for child in self.children:
                yield from child.everything()

    def find(self, role: str, name: str = "") -> Node | None:
        """The first in sight with this role whose name begins so."""
        for node in self.everything():
            with suppress(GoneError):
                if node.role == role and node.name.startswith(name) and "showing" in node.states:
                    return node
        return None
