"""The first three minutes: from nothing at all to an answer that the customer has.

The window is driven by real keys at the speed of the machine. What a person would take on top is
computed and added, not slept: a fifth of a second a key, the access token included, and two seconds
for every screen that has to be read before going on. Not counted: what happens outside Seamline,
which is making the access token on the server’s own page.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.container import Container, open_container
from app.ui.dialogs.first_run import FirstRun
from app.ui.session import Session
from app.ui.window import ConsoleWindow
from tests.stories.keys import XKeyboard, bring_forward
from tests.stories.pages import Console, Wait, words_in
from tests.stories.people import People

MOST_S = 180
KEYS_A_SECOND = 5
READING_S = 2.0
ANSWER = "Hold the power key for ten seconds, then it starts again."


@dataclass
class Newcomer:
    """Somebody who has never seen this, with a watch."""

    keyboard: XKeyboard
    began: float = field(default_factory=time.monotonic)
    screens: int = 0

    def reads(self, *screens: str) -> None:
        """Takes in what each of these screens says."""
        self.screens += len(screens)

    @property
    def seconds(self) -> float:
        """What it took so far, with the pauses a person makes."""
        machine = time.monotonic() - self.began
        return machine + self.keyboard.pressed / KEYS_A_SECOND + self.screens * READING_S


def test_a_newcomer_answers_within_three_minutes(
    open_session: Callable[[Callable[[str | None], Container]], Session],
    keyboard: XKeyboard,
    wait: Wait,
    people: People,
    tmp_path: Path,
    qtbot: QtBot,
    capsys: pytest.CaptureFixture[str],
) -> None:
    people.ask("marta", "my Duo shows E14, what now?")
    opened: list[Container] = []

    def door(passphrase: str | None) -> Container:
        opened.append(open_container(tmp_path / "workspace", passphrase=passphrase))
        return opened[0]

    newcomer = Newcomer(keyboard)
    session = open_session(door)
    welcome = session.window
    assert welcome is not None
    assert isinstance(welcome.centralWidget(), FirstRun)
    newcomer.reads("the welcome")
    _reach(keyboard, "Mastodon")
    keyboard.press("Space")

    wait(lambda: _at("Server"))
    newcomer.reads("the form")
    keyboard.write(f"http://127.0.0.1:{people.port}")
    _reach(keyboard, "Use an access token instead")
    keyboard.press("Space")
    newcomer.reads("the form with a token")
    _reach(keyboard, "Access token")
    keyboard.write(people.brand.token)
    keyboard.press("Ctrl+Return")

    wait(lambda: "How far back should Seamline read?" in words_in(welcome))
    newcomer.reads("how far back")
    keyboard.press("Ctrl+Return")
    wait(lambda: "Everything is here." in words_in(welcome))
    newcomer.reads("that everything is here")
    keyboard.press("Ctrl+Return")

    wait(lambda: isinstance(session.window, ConsoleWindow))
    window = session.window
    assert isinstance(window, ConsoleWindow)
    bring_forward(window, wait)
    console = Console(window, opened[0].services, keyboard, wait)
    newcomer.reads("the console", "the queues")
    console.go("G, U", "Unassigned")
    assert console.list.opened().startswith("Marta")
    console.timeline.comes_to_show("my Duo shows E14")
    newcomer.reads("the conversation", "whom a reply goes to")
    console.composer.reply("Marta", ANSWER)
    wait(lambda: any(ANSWER in received for received in people.received("marta")))
    taken = newcomer.seconds
    assert len(people.received("marta")) == 1

    machine = time.monotonic() - newcomer.began
    with capsys.disabled():
        print(  # noqa: T201 - whoever tells the story wants to know
            f"\nFrom nothing to the first answer: {taken:.0f} s of {MOST_S} at a person’s pace"
            f" ({machine:.0f} s by the machine, {keyboard.pressed} keys,"
            f" {newcomer.screens} screens)"
        )
    assert taken <= MOST_S


def _at(name: str) -> bool:
    here: QWidget | None = QApplication.focusWidget()
    return here is not None and (here.accessibleName() or getattr(here, "text", str)()) == name


def _reach(keyboard: XKeyboard, name: str) -> None:
    """With Tab to something so named."""
    for _ in range(40):
        if _at(name):
            return
        keyboard.press("Tab")
    pytest.fail(f"Tab never comes to “{name}”")
