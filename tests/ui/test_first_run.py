"""The first run: what can be connected, what cannot yet, and the ways in."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.errors import BadInput, ContractBroken, SeamlineError, Unreachable
from app.domain.interactions import Channel
from app.ui.bridge import UiBridge
from app.ui.dialogs.connect import ConnectSheet
from app.ui.dialogs.connect_history import HistoryPanel
from app.ui.dialogs.first_run import ChannelTile, FirstRun
from app.ui.dialogs.first_run_art import FirstRunArt
from app.ui.dialogs.parts import TextLabel
from app.ui.theme import theme, theme_manager
from app.ui.theme.manager import LARGEST_SCALE
from tests.ui.dialog_services import ACCOUNT, FakeServices
from tests.ui.driving import button, child, click, focused, press, said, shown_window, write


def _behind_a_portal() -> SeamlineError:
    """What signing in makes of a web page where data was due."""
    made = BadInput("social.example is not a Mastodon server.", hint="Sign in to the network.")
    made.__cause__ = ContractBroken("A web page.", in_between=True)
    return made


@pytest.fixture
def first_run(qtbot: QtBot) -> FirstRun:
    view = FirstRun(FakeServices().real(), UiBridge())
    qtbot.addWidget(view)
    shown_window(view, 1440, 900)
    return view


def test_eight_channels_of_which_two_connect(first_run: FirstRun) -> None:
    tiles = {tile.channel: tile for tile in first_run.findChildren(ChannelTile)}
    assert set(tiles) == set(Channel)
    assert {c for c, tile in tiles.items() if tile.there} == {Channel.MASTODON, Channel.BLUESKY}
    assert tiles[Channel.X].accessibleName() == "X, not in this version yet"
    assert said(
        first_run,
        "X, Facebook, Instagram, LinkedIn, YouTube and E-mail are not in this version yet.",
    )


def test_a_channel_to_come_says_so(first_run: FirstRun) -> None:
    click(button(first_run, "LinkedIn"))
    assert said(first_run, "LinkedIn is not in this version yet.")
    assert first_run.findChildren(ConnectSheet) == []


def test_connecting_is_told_when_its_sheet_closes(first_run: FirstRun, qtbot: QtBot) -> None:
    button(first_run, "Mastodon").setFocus()
    press(Qt.Key.Key_Space)
    sheet = child(first_run, ConnectSheet)
    write(focused(), "social.example")
    with qtbot.assertNotEmitted(first_run.connected):
        click(button(sheet, "Sign in with your browser"))
        qtbot.waitUntil(lambda: child(sheet, HistoryPanel).isVisible())
    with qtbot.waitSignal(first_run.connected) as connected:
        click(button(sheet, "Only from now on"))
    assert connected.args == [ACCOUNT]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            Unreachable("It cannot be reached.", hint="It is tried again by itself."),
            "It cannot be reached. Check the network, then try again: what you typed is kept.",
        ),
        (_behind_a_portal(), "social.example is not a Mastodon server. Sign in to the network."),
    ],
)
def test_without_a_network_the_sample_is_offered_meanwhile(
    qtbot: QtBot, error: SeamlineError, sentence: str
) -> None:
    services = FakeServices()
    services.accounts.answers["connect_mastodon_oauth"] = error
    view = FirstRun(services.real(), UiBridge())
    qtbot.addWidget(view)
    shown_window(view, 1440, 900)
    click(button(view, "Mastodon"))
    sheet = child(view, ConnectSheet)
    write(focused(), "social.example")
    click(button(sheet, "Sign in with your browser"))
    whole = f"{sentence} You can look around the sample meanwhile."
    qtbot.waitUntil(lambda: said(sheet, whole))
    assert child(sheet, QLineEdit, "Server").text() == "social.example"
    press(Qt.Key.Key_Escape, at=sheet)
    with qtbot.waitSignal(view.explore_sample):
        click(button(view, "Explore"))


def test_the_sample_is_explored(first_run: FirstRun, qtbot: QtBot) -> None:
    with qtbot.waitSignal(first_run.explore_sample):
        click(button(first_run, "Explore"))


def test_another_workspace_is_opened(
    first_run: FirstRun, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    with qtbot.waitSignal(first_run.open_workspace) as chosen:
        click(button(first_run, "Open a workspace…"))
    assert chosen.args == [str(tmp_path)]


def test_choosing_no_folder_opens_nothing(
    first_run: FirstRun, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    with qtbot.assertNotEmitted(first_run.open_workspace):
        click(button(first_run, "Open a workspace…"))


def test_a_narrow_window_does_without_the_picture(first_run: FirstRun) -> None:
    art = child(first_run, FirstRunArt)
    assert art.isVisible()
    first_run.resize(900, 700)
    assert not art.isVisible()
    assert button(first_run, "Explore").isVisible()


def test_every_way_in_is_reached_by_tab(first_run: FirstRun) -> None:
    button(first_run, "Mastodon").setFocus()
    seen = []
    for _ in range(11):
        seen.append(focused())
        press(Qt.Key.Key_Tab)
    assert button(first_run, "Explore") in seen
    assert button(first_run, "Open a workspace…") in seen
    assert len(set(seen)) >= 10


@pytest.mark.parametrize("size", [(1100, 640), (1280, 800), (560, 500)])
def test_nothing_lies_over_another_however_large_the_text(
    first_run: FirstRun, qtbot: QtBot, size: tuple[int, int]
) -> None:
    theme_manager().set_text_scale(LARGEST_SCALE)
    try:
        first_run.resize(*size)
        order: list[QWidget] = [
            child(first_run, QLabel, name)
            for name in ("Seamline", "Every customer,", "one thread.", "Connect your first account")
        ]
        later = "Instagram, not in this version yet"
        order += [button(first_run, name) for name in ("Mastodon", later, "Explore")]
        qtbot.waitUntil(lambda: all(
            _top_of(below) >= _top_of(above) + above.height() > _top_of(above)
            for above, below in pairwise(order)
        ))  # fmt: skip
        tile = button(first_run, "Facebook, not in this version yet")
        assert tile.fontMetrics().horizontalAdvance(tile.text()) < tile.width()
    finally:
        theme_manager().set_text_scale(1.0)


def _top_of(part: QWidget) -> int:
    return part.mapTo(part.window(), QPoint()).y()


def test_lines_stand_as_far_apart_as_the_design_says(first_run: FirstRun) -> None:
    greeting = child(
        first_run,
        TextLabel,
        "Mentions, messages and campaigns in a single timeline,"
        " whoever in your company picks them up.",
    )
    assert greeting.heightForWidth(430) == 2 * 23
    assert greeting.heightForWidth(210) % 23 == 0
    detail = child(first_run, TextLabel, first_run._missing())
    assert detail.heightForWidth(200) % theme().line_height("small") == 0
