"""Icons of actions are drawn when somebody is about to see them, and not before."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.ui.actions import MENUS, TABLE, Actions
from app.ui.runtime import prepare


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    prepare("light")
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def actions(window: QWidget) -> Actions:
    return Actions(window, {spec.id: lambda: None for spec in TABLE})


def _undrawn(window: QWidget) -> set[str]:
    wanted = {spec.id for spec in TABLE if spec.icon}
    held = {each.objectName(): each for each in window.findChildren(QAction)}
    return {name for name in wanted if held[name].icon().isNull()}


def test_an_icon_is_there_for_whoever_asks_for_the_action(
    window: QWidget, actions: Actions
) -> None:
    before = _undrawn(window)
    assert "close" in before
    assert not actions["close"].icon().isNull()
    actions.refresh_icons()
    assert _undrawn(window) == before - {"close"}


@pytest.mark.parametrize("title", MENUS)
def test_a_menu_has_its_icons_when_it_opens(window: QWidget, actions: Actions, title: str) -> None:
    menu = QMenu()
    actions.fill(menu, title)
    menu.aboutToShow.emit()
    shown = {spec.id for spec in TABLE if spec.menu == title}
    assert not _undrawn(window) & shown
    menu.deleteLater()
