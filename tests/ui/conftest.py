"""The sample workspace, made once for all tests that look at a console full of work."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.container import open_sample
from app.domain.clock import FakeClock
from app.ui.bridge import UiBridge
from app.ui.runtime import prepare
from app.ui.theme import theme_manager
from app.ui.window import ConsoleWindow
from tests.services.desk import Desk
from tests.ui.consoles import Console, on_screen, one_question
from tests.ui.driving import shown_window


@pytest.fixture(scope="session")
def made_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample workspace, which no test opens."""
    folder = tmp_path_factory.mktemp("sample") / "workspace"
    open_sample(folder).close()
    return folder


@pytest.fixture
def sample_folder(made_sample: Path, tmp_path: Path) -> Path:
    """A sample workspace of the test's own: a window keeps its place and its text size in it."""
    return shutil.copytree(made_sample, tmp_path / "sample")


@pytest.fixture
def sample_window(sample_folder: Path, qtbot: QtBot) -> Iterator[ConsoleWindow]:
    """The console on the sample, 1440 by 900, with its first case on the desk."""
    prepare("light")
    container = open_sample(sample_folder)
    bridge = UiBridge()
    stop = container.workspace.on_commit(bridge.announce_commit)
    window = ConsoleWindow(container.services, bridge)
    shown_window(window, 1440, 900)
    window.start()
    qtbot.waitUntil(lambda: window.desk.view is not None and window.desk.composer.isVisible())
    qtbot.waitUntil(lambda: len(window.desk.timeline.model) > 0)
    yield window
    stop()
    window.close()
    container.close()
    theme_manager().set_text_scale(1.0)


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock) -> Iterator[Desk]:
    """One question of a customer, which nobody has taken."""
    prepare("light")
    with one_question(tmp_path, clock, mine=False) as made:
        yield made


@pytest.fixture
def console(desk: Desk, qtbot: QtBot) -> Iterator[Console]:
    """The console over the ``desk`` of the test."""
    with on_screen(desk, qtbot) as made:
        yield made
