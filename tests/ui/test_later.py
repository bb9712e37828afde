"""What is put off is done once, or let go of with whoever it was for."""

from __future__ import annotations

import gc
import weakref

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from app.ui.later import later


class Owner(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.done = 0

    def act(self) -> None:
        self.done += 1


def test_it_is_done_once(qtbot: QtBot) -> None:
    owner = Owner()
    later(0, owner, owner.act)
    qtbot.waitUntil(lambda: owner.done == 1)
    qtbot.waitUntil(lambda: not owner.children())


def test_whoever_goes_first_is_let_go_of(qtbot: QtBot) -> None:
    owner = Owner()
    gone = weakref.ref(owner)
    later(0, owner, owner.act)
    Shiboken.delete(owner)
    del owner
    qtbot.wait(10)
    gc.collect()
    assert gone() is None
