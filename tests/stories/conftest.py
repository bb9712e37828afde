"""The console as the program opens it, on a real display, with a real keyboard at it.

These fixtures serve the files beside ``test_stories.py``, each of which runs in a process of its
own: on a display only one window has the keyboard.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.container import Container, open_container, open_sample
from app.ui.runtime import prepare
from app.ui.session import Doors, Session
from app.ui.window import ConsoleWindow
from tests.peers.mastodon import MastodonServer
from tests.stories.gate import Gate
from tests.stories.keys import XKeyboard, bring_forward
from tests.stories.pages import DEADLINE_MS, Console, Wait
from tests.stories.people import People

_LONGEST_PAUSE_MS = 40
Door = Callable[[str | None], Container]


@pytest.fixture
def wait() -> Wait:
    """Looks often at first, as most keys are dealt with at once, and then less and less."""

    def until(condition: Callable[[], bool]) -> None:
        since, pause = time.monotonic(), 1
        while not condition():
            if time.monotonic() - since > DEADLINE_MS / 1000:
                pytest.fail(f"this did not come true within {DEADLINE_MS // 1000} s")
            QTest.qWait(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_MS)

    return until


@pytest.fixture
def keyboard(qtbot: QtBot, wait: Wait) -> Iterator[XKeyboard]:
    prepare("light")
    with XKeyboard(wait) as made:
        yield made


@pytest.fixture
def open_session(
    keyboard: XKeyboard, wait: Wait, qtbot: QtBot
) -> Iterator[Callable[[Door], Session]]:
    """Start the program behind a door; returns when something is on the screen."""
    begun: list[Session] = []

    def start(door: Door) -> Session:
        session = Session(Doors(door, door, door, lambda _path, word: door(word)))
        begun.append(session)
        with qtbot.waitSignal(session.shown, timeout=DEADLINE_MS):
            session.open_first()
        window = session.window
        assert window is not None
        bring_forward(window, wait)
        return session

    yield start
    for session in begun:
        if session.window is not None:
            session.window.close()
        session.close()


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample workspace as it comes, made once; for copying."""
    folder = tmp_path_factory.mktemp("sample") / "workspace"
    open_sample(folder).close()
    return folder


@pytest.fixture
def sample(
    open_session: Callable[[Door], Session],
    keyboard: XKeyboard,
    wait: Wait,
    sample_folder: Path,
    tmp_path: Path,
) -> Console:
    """The console on the sample workspace."""
    shutil.copytree(sample_folder, tmp_path / "sample")
    container = open_sample(tmp_path / "sample")
    return _console(open_session(lambda _word: container), container, keyboard, wait)


@pytest.fixture
def people(mastodon: MastodonServer) -> People:
    """A brand and its customers on a Mastodon server."""
    return People(mastodon)


@pytest.fixture
def gate(mastodon: MastodonServer) -> Iterator[Gate]:
    with Gate(mastodon.port) as made:
        yield made


@pytest.fixture
def console(
    open_session: Callable[[Door], Session],
    keyboard: XKeyboard,
    wait: Wait,
    people: People,
    gate: Gate,
    tmp_path: Path,
) -> Console:
    """The console on a workspace of one’s own, reading the brand’s account through the gate."""
    container = open_container(tmp_path / "workspace", passphrase="for a story")
    services = container.services
    services.directory.set_me("Ines Duarte", services.directory.me().department).result()
    account = services.accounts.connect_mastodon_token(gate.url, people.brand.token).result(60)
    services.accounts.set_owner(account.account, services.directory.me().department).result()
    return _console(open_session(lambda _word: container), container, keyboard, wait)


def _console(session: Session, container: Container, keyboard: XKeyboard, wait: Wait) -> Console:
    window = session.window
    assert isinstance(window, ConsoleWindow)
    return Console(window, container.services, keyboard, wait)
