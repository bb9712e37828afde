"""How the columns share a width, in plain numbers."""

from __future__ import annotations

import pytest

from app.ui.room import (
    DRAWER_BELOW,
    FOLDED_BELOW,
    LIST,
    LIST_LEAST,
    NARROW_BELOW,
    PANEL,
    PANEL_LEAST,
    SIDEBAR,
    SIDEBAR_LEAST,
    TIMELINE_LEAST,
    room_for,
)

_HAIRLINES = 2


@pytest.mark.parametrize("wanted", [0, LIST, 900])
def test_the_timeline_always_has_what_it_needs(wanted: int) -> None:
    for width in range(FOLDED_BELOW, 2_000):
        room = room_for(width, wanted)
        panel = 0 if room.is_drawer else room.panel
        timeline = width - room.sidebar - room.list_width - panel - _HAIRLINES
        assert timeline >= TIMELINE_LEAST - 1, width  # without the panel, without its hairline
        assert room.list_width >= LIST_LEAST, width


def test_the_list_gives_way_before_sidebar_and_panel() -> None:
    enough = room_for(1362)
    assert (enough.sidebar, enough.list_width, enough.panel) == (SIDEBAR, LIST, PANEL)
    less = room_for(1330)
    assert (less.sidebar, less.list_width, less.panel) == (SIDEBAR, 300, PANEL)
    least = room_for(DRAWER_BELOW)
    assert (least.sidebar, least.list_width, least.panel) == (
        SIDEBAR_LEAST, LIST_LEAST, PANEL_LEAST,
    )  # fmt: skip


def test_what_folds_where() -> None:
    assert not room_for(DRAWER_BELOW).is_drawer
    assert room_for(DRAWER_BELOW - 1).is_drawer
    assert room_for(DRAWER_BELOW - 1).panel == PANEL
    assert not room_for(NARROW_BELOW).is_narrow
    assert room_for(NARROW_BELOW - 1).is_narrow
    assert not room_for(FOLDED_BELOW).is_folded
    assert room_for(FOLDED_BELOW - 1).is_folded
