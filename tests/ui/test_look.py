"""Colours and size of text are chosen in the window, and kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.ui.runtime import prepare
from app.ui.theme import theme, theme_manager
from tests.services.desk import Desk
from tests.ui.consoles import Console, make_console, one_question


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock) -> Iterator[Desk]:
    """One question, mine: my work shows it."""
    prepare("light")
    with one_question(tmp_path, clock) as made:
        yield made


def test_both_schemes_and_every_text_size_are_painted(console: Console, qtbot: QtBot) -> None:
    rows = console.window.case_list.model
    qtbot.waitUntil(lambda: rows.rowCount() == 1)
    qtbot.waitUntil(lambda: console.window.desk.view is not None)
    window = console.window
    light = window.grab().toImage()
    height = window.case_list.rows.visualRect(window.case_list.model.index(0)).height()
    try:
        window.named_actions["scheme"].trigger()
        dark = window.grab().toImage()
        for _ in range(5):
            window.named_actions["larger"].trigger()
        larger = window.case_list.rows.visualRect(window.case_list.model.index(0)).height()
    finally:
        theme_manager().set_scheme("light")
        theme_manager().set_text_scale(1.0)
    assert light.pixelColor(600, 200).lightness() > 200
    assert dark.pixelColor(600, 200).lightness() < 60
    assert larger == round(height * 1.3)


def test_the_look_is_kept_in_the_workspace(console: Console, qtbot: QtBot) -> None:
    directory = console.desk.directory
    try:
        console.window.named_actions["scheme"].trigger()
        console.window.named_actions["larger"].trigger()
        qtbot.waitUntil(lambda: directory.setting("ui-scheme") == "dark")
        qtbot.waitUntil(lambda: directory.setting("ui-text-scale") == "1.1")
        theme_manager().set_scheme("light")
        theme_manager().set_text_scale(1.0)
        again = make_console(console.desk).window
        qtbot.addWidget(again)
        assert theme().is_dark
        assert theme().scale == 1.1
        again.close()
    finally:
        theme_manager().set_scheme("light")
        theme_manager().set_text_scale(1.0)
