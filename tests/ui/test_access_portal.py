"""Contrast and motion as the desktop wishes them, told by a portal on a bus of the test's own."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.ui.dialogs.controls import Spinner
from app.ui.runtime import prepare
from app.ui.theme import theme, theme_manager
from tests.buses import running_bus

if sys.platform != "linux":
    pytest.skip("the desktop portal is there on Linux alone", allow_module_level=True)

from PySide6.QtDBus import QDBusConnection

from app.ui.theme.portal import DesktopPortal
from tests.portals import FakePortal

if TYPE_CHECKING:
    from tests.portals import Setting, Value

CONTRAST = ("org.freedesktop.appearance", "contrast")
MOTION = ("org.freedesktop.appearance", "reduced-motion")
ANIMATIONS = ("org.gnome.desktop.interface", "enable-animations")
_names = count()

Follow = Callable[..., FakePortal]


@pytest.fixture(autouse=True)
def _as_the_system(qapp: QApplication) -> Iterator[None]:
    prepare("light")
    manager = theme_manager()
    manager.set_contrast("system")
    manager.set_motion("system")
    yield
    manager.follow(None)
    manager.set_contrast("system")
    manager.set_motion("system")


@pytest.fixture
def follow() -> Iterator[Follow]:
    """Start a portal with settings, and have the theme follow it."""
    name = f"portal-{next(_names)}"
    started: list[FakePortal] = []
    kept: list[DesktopPortal] = []
    with tempfile.TemporaryDirectory(prefix="portal-") as folder:
        with running_bus(Path(folder)) as address:

            def start(settings: dict[Setting, Value], *, deaf: bool = False) -> FakePortal:
                portal = FakePortal(address, settings, deaf=deaf)
                started.append(portal)
                listening = DesktopPortal(QDBusConnection.connectToBus(address, name))
                kept.append(listening)
                theme_manager().follow(listening)
                listening.ask()
                return portal

            yield start
            theme_manager().follow(None)
            QDBusConnection.disconnectFromBus(name)
        for portal in started:
            portal.end()


def test_high_contrast_of_the_desktop_is_taken_over(follow: Follow, qtbot: QtBot) -> None:
    follow({CONTRAST: ("u", 1)})
    qtbot.waitUntil(lambda: theme().strong)
    assert not theme().still


@pytest.mark.parametrize(("setting", "value"), [(ANIMATIONS, ("b", False)), (MOTION, ("u", 1))])
def test_either_way_of_asking_for_less_motion_is_heeded(
    follow: Follow, qtbot: QtBot, setting: Setting, value: Value
) -> None:
    follow({setting: value})
    qtbot.waitUntil(lambda: theme().still)
    assert theme().duration_ms("slow") == 0
    assert not QApplication.isEffectEnabled(Qt.UIEffect.UI_FadeMenu)


def test_a_change_of_the_desktop_is_heard_at_once(follow: Follow, qtbot: QtBot) -> None:
    portal = follow({CONTRAST: ("u", 0), ANIMATIONS: ("b", True)})
    qtbot.waitUntil(lambda: len(portal.asked) == 3)
    assert (theme().strong, theme().still) == (False, False)
    portal.change(ANIMATIONS, ("b", False))
    qtbot.waitUntil(lambda: theme().still)
    portal.change(CONTRAST, ("u", 1))
    qtbot.waitUntil(lambda: theme().strong)
    portal.change(ANIMATIONS, ("b", True))
    qtbot.waitUntil(lambda: not theme().still)


def test_what_was_chosen_in_the_settings_goes_before_the_desktop(
    follow: Follow, qtbot: QtBot
) -> None:
    follow({CONTRAST: ("u", 1), ANIMATIONS: ("b", False)})
    qtbot.waitUntil(lambda: theme().still and theme().strong)
    theme_manager().set_motion("usual")
    theme_manager().set_contrast("usual")
    assert (theme().strong, theme().still) == (False, False)
    theme_manager().set_motion("system")
    assert theme().still


def test_a_portal_that_never_answers_is_not_waited_for(follow: Follow, qtbot: QtBot) -> None:
    began = monotonic()
    portal = follow({ANIMATIONS: ("b", False)}, deaf=True)
    assert monotonic() - began < 5, "a question of D-Bus gives up after 10 s at the earliest"
    qtbot.waitUntil(lambda: len(portal.asked) == 3)
    assert not theme().still


def test_a_spinner_stands_still_as_soon_as_motion_is_reduced(qtbot: QtBot) -> None:
    theme_manager().set_motion("usual")
    around = QWidget()
    qtbot.addWidget(around)
    spinner = Spinner(around)
    assert not spinner.is_turning()
    around.show()
    assert spinner.is_turning()
    theme_manager().set_motion("reduced")
    assert not spinner.is_turning()
    theme_manager().set_motion("usual")
    assert spinner.is_turning()
    around.hide()
    assert not spinner.is_turning()


def test_whatever_moves_asks_the_theme_how_long() -> None:
    """An animation of Qt knows nothing of reduced motion, so its file has to ask."""
    moving = ("QPropertyAnimation", "QVariantAnimation", "QTimeLine", "QMovie", "QScroller")
    sources = Path(__file__).resolve().parents[2].joinpath("app", "ui").rglob("*.py")
    read = {path.name: path.read_text("utf-8") for path in sources}
    assert "controls.py" in read
    unasked = [
        name for name, text in read.items()
        if any(kind in text for kind in moving) and "duration_ms" not in text
    ]  # fmt: skip
    assert not unasked
