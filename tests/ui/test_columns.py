"""Columns share the width: what gives way first, and that none lies over another."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.room import DRAWER_BELOW, LIST_LEAST, TIMELINE_LEAST
from app.ui.theme import theme_manager
from tests.ui.consoles import Console


@pytest.mark.parametrize(
    ("width", "narrow", "drawer"),
    [
        (1440, False, False),
        (1200, False, True),
        (1000, True, True),
        (900, True, True),
        (880, True, True),
    ],
)
def test_columns_give_way_and_nothing_is_cut_off(
    console: Console, qtbot: QtBot, width: int, narrow: bool, drawer: bool
) -> None:
    window = console.window
    window.resize(width, 800)
    assert (window.sidebar.width() < 100) is narrow
    qtbot.waitUntil(lambda: not window.desk.isVisible() or _right_of(window.desk) <= width)
    assert window.panel.isVisible() is not drawer
    window.columns.toggle_drawer()
    assert window.panel.isVisible()


@pytest.mark.parametrize(
    ("scale", "widths"),
    [(1.0, (1239, 1240, 1280, 1366, 1440, 1920)), (0.9, (1116, 1280)), (1.3, (1280, 1612, 1920))],
)
def test_no_column_lies_over_another(
    console: Console, qtbot: QtBot, scale: float, widths: tuple[int, ...]
) -> None:
    window = console.window
    theme_manager().set_text_scale(scale)
    try:
        for width in widths:
            window.resize(width, 800)
            parts = [window.sidebar, window.case_list, window.desk]
            if width >= DRAWER_BELOW * scale:
                parts.append(window.panel)
            qtbot.waitUntil(partial(_stand_side_by_side, parts, width))
            assert window.panel.isVisible() is (window.panel in parts)
            assert window.desk.width() >= TIMELINE_LEAST * scale - 2  # what rounding takes
            assert window.desk.composer.width() <= window.desk.width()
    finally:
        theme_manager().set_text_scale(1.0)


def _stand_side_by_side(parts: list[QWidget], width: int) -> bool:
    """One after the other up to the end, a hairline between them at the most."""
    lefts = [part.mapTo(part.window(), part.rect().topLeft()).x() for part in parts[1:]]
    gaps = [left - _right_of(part) for part, left in zip(parts, lefts, strict=False)]
    return all(gap in (0, 1) for gap in gaps) and _right_of(parts[-1]) == width


def test_the_list_is_again_as_wide_as_it_was_made_when_there_is_room(
    console: Console, qtbot: QtBot
) -> None:
    window = console.window
    window.resize(1920, 800)
    window.columns.set_list_width(400)
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: window.case_list.width() == LIST_LEAST)
    window.resize(1920, 800)
    qtbot.waitUntil(lambda: window.case_list.width() == 400)
    try:
        for scale, wide in ((1.3, 520), (0.9, 360), (1.0, 400)):
            theme_manager().set_text_scale(scale)
            qtbot.waitUntil(partial(_is_as_wide, window.case_list, wide))
    finally:
        theme_manager().set_text_scale(1.0)


def _is_as_wide(part: QWidget, wide: int) -> bool:
    return part.width() == wide


def _right_of(part: QWidget) -> int:
    return part.mapTo(part.window(), part.rect().topRight()).x() + 1
