"""The running console, read as a screen reader reads it: through the accessibility bus."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from app.domain.outbox import OutboxState
from scripts.display import hidden_display
from tests.e2e.console_to_read import CUSTOMER
from tests.e2e.screen_reader import GoneError, Node, ScreenReader, running_access_bus
from tests.peers.bluesky_network import wait_for

pytestmark = pytest.mark.display

DOWN, END, ESCAPE = 0xFF54, 0xFF57, 0xFF1B
SEAM = "Handed from PR to IT after 39 minutes"
BUBBLE = "Marta Lindqvist, Mastodon, direct message"
FAILED = "We found it, Marta. A fix is on its way to your Duo."
POLITE = 1
_WITHIN_S = 60.0


@dataclass(frozen=True)
class Reading:
    """A console in another process, and a screen reader that looks at its window."""

    program: subprocess.Popen[str]
    reader: ScreenReader
    window: Node

    def find(self, role: str, name: str = "") -> Node:
        """Something in sight, as soon as it is there."""
        found = wait_for(partial(self.window.find, role, name), _WITHIN_S)
        assert found is not None
        return found

    def rows(self, name: str) -> list[Node]:
        return self.find("list", name).children

    def row(self, of: str, name: str) -> Node:
        """The last row of a list that is called so."""

        def found() -> Node | None:
            try:
                return next((one for one in self.rows(of)[::-1] if one.name.startswith(name)), None)
            except GoneError:
                return None

        there = wait_for(found, _WITHIN_S)
        assert there is not None
        return there

    def say(self, line: str) -> None:
        assert self.program.stdin is not None
        self.program.stdin.write(f"{line}\n")
        self.program.stdin.flush()

    def outbox(self) -> dict[str, str]:
        """The texts in the outbox of the workspace, and their states."""
        self.say("outbox")
        assert self.program.stdout is not None
        states: dict[str, str] = json.loads(self.program.stdout.readline())
        return states

    def go_to_marta(self) -> None:
        """Walk down the list of conversations with the keyboard."""
        conversations = self.find("list", "My work")
        conversations.focus()
        for _ in range(len(conversations.children)):
            if "selected" in self.row("My work", CUSTOMER).states:
                break
            self.reader.press(DOWN)
        wait_for(lambda: "selected" in self.row("My work", CUSTOMER).states, _WITHIN_S)
        self.row("Timeline", SEAM)


@pytest.fixture(scope="module")
def reading() -> Iterator[Reading]:
    with (
        tempfile.TemporaryDirectory(prefix="read-") as name,
        hidden_display() as display,
    ):
        if not display:
            pytest.skip("there is no X server; Xvfb is not installed")
        folder = Path(name)
        with (
            running_access_bus(folder, display["DISPLAY"]) as buses,
            _console(folder, display | buses) as program,
            closing(ScreenReader(buses["DBUS_SESSION_BUS_ADDRESS"])) as reader,
        ):
            window = wait_for(lambda: _window(reader) or _ended(program), _WITHIN_S)
            assert isinstance(window, Node), "the console has ended"
            found = Reading(program, reader, window)
            found.say("front")
            wait_for(lambda: "active" in window.states, _WITHIN_S)
            yield found


@contextmanager
def _console(folder: Path, variables: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    inherited = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.console_to_read", str(folder / "sample")],
        cwd=Path(__file__).resolve().parents[2],
        env={
            **inherited,
            "HOME": str(folder / "home"),
            "XDG_STATE_HOME": str(folder / "state"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "QT_QPA_PLATFORM": "xcb",
            **variables,
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with program:
        yield program
        assert program.stdin is not None
        program.stdin.close()
        assert program.wait(30) == 0


def _ended(program: subprocess.Popen[str]) -> bool:
    return program.poll() is not None


def _window(reader: ScreenReader) -> Node | None:
    """The console’s window, once it shows conversations."""
    for program in reader.programs():
        try:
            for window in program.children:
                rows = window.find("list", "My work")
                if window.role == "frame" and rows is not None and rows.children:
                    return window
        except GoneError:
            continue
    return None


def test_queues_conversations_messages_and_seams_are_rows_with_names(reading: Reading) -> None:
    queues = [row.name for row in reading.rows("Queues")]
    assert any(name.startswith("Unassigned") for name in queues), queues
    reading.go_to_marta()
    marta = reading.row("My work", CUSTOMER)
    assert marta.role == "list item"
    assert marta.name.startswith("Marta Lindqvist, Mastodon, ")
    assert "next reply in" in marta.name
    assert marta.states >= {"selected", "focused", "showing"}
    others = [row for row in reading.rows("My work") if row != marta]
    assert not any("selected" in row.states for row in others)
    seam = reading.row("Timeline", SEAM)
    assert seam.role == "list item"
    assert seam.description.startswith("Rolling firmware back for one serial")
    bubble = reading.row("Timeline", BUBBLE)
    assert bubble.name.endswith("I’ve started to look at the instant coffee in the office.")


def test_a_painted_button_is_pressed_and_the_workspace_changes(reading: Reading) -> None:
    reading.go_to_marta()
    assert reading.outbox()[FAILED] == OutboxState.FAILED.value
    failed = reading.row("Timeline", "Ines Duarte, public reply, Not sent. Mastodon didn’t answer")
    reading.find("list", "Timeline").focus()
    reading.reader.press(END)
    retry = reading.find("push button", "Retry")
    assert retry.description == failed.name
    retry.do("Press")
    reading.row("Timeline", "Ines Duarte, public reply, Queued")
    assert reading.outbox()[FAILED] == OutboxState.QUEUED.value


def test_the_composer_is_a_field_that_takes_the_keyboard(reading: Reading) -> None:
    reading.go_to_marta()
    field = reading.find("text", "Reply")
    assert field.states >= {"editable", "focusable", "enabled"}
    wait_for(lambda: field.text.startswith("For the three lost mornings"), _WITHIN_S)
    field.focus()
    wait_for(lambda: "focused" in field.states, _WITHIN_S)


def test_a_sheet_is_a_dialog_and_gives_the_keyboard_back(reading: Reading) -> None:
    reading.go_to_marta()
    reading.find("push button", "Escalate").do("Press")
    sheet = reading.find("dialog", "Escalate Marta’s case")
    assert sheet.find("push button", "Cancel") is not None
    assert any("focused" in node.states for node in sheet.everything())
    reading.reader.press(ESCAPE)
    wait_for(lambda: reading.window.find("dialog") is None, _WITHIN_S)
    assert "focused" in reading.row("My work", CUSTOMER).states


def test_a_new_message_is_announced_politely_and_moves_nothing(reading: Reading) -> None:
    reading.go_to_marta()
    with reading.reader.hearing("Object:Announcement") as announced:
        reading.say("message And now it leaks as well.")
        _, politeness, _, said, _ = announced.next()
    assert (politeness, said) == (POLITE, ("s", "1 new message"))
    reading.row("Timeline", "Marta Lindqvist, Mastodon, public mention")
    assert reading.row("My work", CUSTOMER).states >= {"focused", "selected"}


def test_the_months_are_a_slider_and_the_tabs_of_the_composer_a_choice(reading: Reading) -> None:
    reading.go_to_marta()
    months = reading.find("slider", "Months of the timeline, ")
    months.set_value(0)
    wait_for(lambda: months.name == "Months of the timeline, November 2023", _WITHIN_S)
    assert months.description.startswith("November 2023: ")
    answer, note = (reading.find("radio button", name) for name in ("Reply", "Internal note"))
    assert "checked" in answer.states
    assert "checked" not in note.states
