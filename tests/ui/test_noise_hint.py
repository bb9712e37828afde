"""What looks like noise says so over the timeline, with its reason, and is answered by a key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.cases import Status
from app.domain.clock import FakeClock
from app.domain.ids import CaseId, CustomerId
from app.services.noise import Noise
from app.ui.runtime import prepare
from tests.services.desk import make_desk
from tests.services.test_noise import GIVEAWAY, case_of, teach
from tests.store.building import identity, said
from tests.ui.consoles import Console, on_screen
from tests.ui.driving import press


@pytest.fixture
def console(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Console]:
    """A classifier that has learnt a little, and one more entry to a giveaway, on screen."""
    prepare("light")
    desk = make_desk(tmp_path, clock)
    teach(desk, Noise(desk.workspace, desk.directory), of_each=6)
    desk.take(said("n1", "nora", GIVEAWAY.format(99), at=600))
    for who in ("nora", "w0"):
        desk.cases.assign(case_of(desk, who), desk.directory.me().id).result()
    with on_screen(desk, qtbot) as console:
        rows = console.window.case_list.rows.model()
        qtbot.waitUntil(lambda: rows.rowCount() == 2)
        console.window.open_customer(CustomerId(identity("nora")), _case(console))
        qtbot.waitUntil(console.window.desk.noise_hint.isVisible)
        yield console
    desk.workspace.close()


def _case(console: Console) -> CaseId:
    return case_of(console.desk, "nora")


def test_it_says_why_and_a_key_sets_the_case_aside(console: Console, qtbot: QtBot) -> None:
    hint = console.window.desk.noise_hint
    assert hint.words.text().startswith("Looks like noise: “")
    press(Qt.Key.Key_X, at=console.window.case_list.rows)
    qtbot.waitUntil(lambda: not hint.isVisible())
    assert console.desk.cases.view(_case(console)).result().state.status is Status.NOISE


def test_another_key_keeps_it_and_teaches_that_it_is_none(console: Console, qtbot: QtBot) -> None:
    window, hint = console.window, console.window.desk.noise_hint
    press(Qt.Key.Key_X, Qt.KeyboardModifier.ShiftModifier, window.case_list.rows)
    qtbot.waitUntil(lambda: not hint.isVisible())
    assert console.desk.cases.view(_case(console)).result().state.status is Status.OPEN
    assert window.services.noise.measured().result().marks == 13
    assert window.services.noise.suggestion(_case(console)).result() is None


def test_it_leaves_with_the_case(console: Console, qtbot: QtBot) -> None:
    window = console.window
    window.open_customer(CustomerId(identity("w0")), case_of(console.desk, "w0"))
    assert not window.desk.noise_hint.isVisible()
    qtbot.waitUntil(lambda: window.desk.view is not None)
    assert not window.desk.noise_hint.isVisible()
