"""About: the version, every licence, and where the workspace lies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app import __version__
from app.domain.clock import FakeClock
from app.services.about import licence_text, parts
from app.services.doctor import DEPENDENCIES
from app.ui.dialogs.about import AboutSheet
from app.ui.runtime import prepare
from app.ui.sheets import Sheets
from tests.services.desk import make_desk
from tests.ui.consoles import make_console
from tests.ui.driving import child, focused, lines, press, said, shown_window


def test_everything_bundled_has_a_version_and_a_licence() -> None:
    found = {part.name.lower().replace("_", "-"): part for part in parts()}
    assert {name.lower().replace("_", "-") for name in DEPENDENCIES} <= found.keys()
    assert {"shiboken6", "certifi", "httpcore", "python"} <= found.keys(), "what they bring along"
    assert [part.name for part in parts() if not part.version or not part.licence] == []
    assert "pytest" not in found, "what only develops it is not in it"


def test_licence_texts_come_from_the_packages() -> None:
    assert "Permission is hereby granted" in licence_text("keyring")
    assert "SIL OPEN FONT LICENSE" in licence_text("fontpkg-inter").upper()
    assert licence_text("no-such-package") == ""


@pytest.fixture
def sheet(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[AboutSheet]:
    prepare("light")
    desk = make_desk(tmp_path, clock)
    console = make_console(desk)
    window = console.window
    qtbot.addWidget(window)
    shown_window(window)
    folder = tmp_path / "workspace"
    services = replace(window.services, folder=folder)
    Sheets(services, console.bridge, window, lambda _: None, lambda *_: None).about()
    yield child(window, AboutSheet)
    window.close()
    desk.workspace.close()


def test_by_keyboard_alone_a_licence_is_read(sheet: AboutSheet) -> None:
    assert said(sheet, f"Seamline {__version__}")
    assert any("The workspace lies in " in label for label in _labels(sheet))
    assert focused() is sheet.list
    names = lines(sheet.list)
    wanted = next(row for row, name in enumerate(names) if name.startswith("keyring "))
    while sheet.list.currentRow() != wanted:
        press(Qt.Key.Key_Down)
    assert "Permission is hereby granted" in sheet.text.toPlainText()
    assert sheet.text.accessibleName() == "Licence of keyring"


def test_who_brings_no_text_is_named(sheet: AboutSheet) -> None:
    rows = lines(sheet.list)
    sheet.list.setCurrentRow(next(n for n, row in enumerate(rows) if row.startswith("PySide6")))
    assert sheet.text.toPlainText().startswith("PySide6_Essentials is under LGPL-3.0")


def _labels(sheet: AboutSheet) -> list[str]:
    return [sheet.place.whole_text()]
