"""Campaigns in the settings, on a real workspace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.domain.campaigns import Campaign
from app.domain.clock import FakeClock
from app.services.importing import Importing
from app.ui.dialogs.campaign import CampaignSheet
from app.ui.dialogs.settings import SECTIONS, SettingsSheet
from app.ui.dialogs.settings_campaigns import CampaignsSection
from tests.services.desk import Desk
from tests.ui.consoles import Console, on_screen, one_question
from tests.ui.driving import child, click, press

FILE = (
    b"customer,campaign,touch,time,brief,codes\n",
    b"@marta,Spring,sent,2019-03-02,Ends Friday,A1\n",
)


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock) -> Iterator[Desk]:
    """An import told of “Spring”, which touched Marta."""
    with one_question(tmp_path, clock) as desk:
        list(Importing(desk.workspace, desk.directory).marketing(FILE))
        yield desk


@pytest.fixture
def console(desk: Desk, qtbot: QtBot) -> Iterator[Console]:
    with on_screen(desk, qtbot) as console:
        yield console


@pytest.fixture
def section(console: Console, qtbot: QtBot) -> CampaignsSection:
    console.window.sheets.settings()
    sheet = child(console.window, SettingsSheet)
    sheet.tabs.button(SECTIONS.index(CampaignsSection)).setChecked(True)
    section = child(sheet, CampaignsSection)
    qtbot.waitUntil(lambda: section.which.count() == 2)
    return section


def _choose(section: CampaignsSection, name: str | None) -> None:
    section.which.take(name)
    section.which.activated.emit(section.which.currentIndex())


def test_an_imported_campaign_is_written_over_and_taken_back(
    section: CampaignsSection, console: Console, desk: Desk, qtbot: QtBot
) -> None:
    _choose(section, "Spring")
    assert section.name.isReadOnly()
    assert (section.brief.text, section.codes.text()) == ("Ends Friday", "A1")
    assert section.told.text().startswith("An import told of it")
    section.brief.set_text("Ended. Nobody gets it now.")
    section.ends.setText("2019-03-08")
    section.keep.click()
    qtbot.waitUntil(lambda: section.told.text().startswith("Written here."))
    panel = console.window.panel
    qtbot.waitUntil(
        lambda: (
            panel.card is not None
            and [one.brief for one in panel.card.campaigns] == ["Ended. Nobody gets it now."]
        )
    )
    section.take_back.click()
    qtbot.waitUntil(lambda: section.brief.text == "Ends Friday")
    assert not desk.directory.setup().campaigns


def test_another_is_begun_with_the_keyboard_alone(
    section: CampaignsSection, desk: Desk, qtbot: QtBot
) -> None:
    assert section.which.taken() is None
    section.name.setFocus()
    for line, words in (
        (section.name, " Winter roasts "),
        (section.codes, "W1 W1 W2"),
        (section.starts, "2026-11-02"),
    ):
        line.setText(words)
    press(Qt.Key.Key_Return, at=section.starts)
    wanted = (Campaign("Winter roasts", codes=("W1", "W2"), starts=date(2026, 11, 2)),)
    qtbot.waitUntil(lambda: desk.directory.setup().campaigns == wanted)
    qtbot.waitUntil(lambda: section.which.taken() == "Winter roasts")
    assert not section.name.isReadOnly()
    section.name.setText("Winter")
    section.keep.click()
    qtbot.waitUntil(lambda: section.which.taken() == "Winter")
    assert section.which.count() == 3


def test_a_brief_that_is_read_leads_to_where_it_is_written(
    console: Console, desk: Desk, qtbot: QtBot
) -> None:
    panel = console.window.panel
    qtbot.waitUntil(lambda: panel.card is not None and bool(panel.card.campaigns))
    click(child(panel, QAbstractButton, "Campaign Spring, Sent 2 Mar 2019"))
    qtbot.waitUntil(lambda: bool(console.window.findChildren(CampaignSheet)))
    child(console.window, CampaignSheet).edit.click()
    section = child(console.window, CampaignsSection)
    qtbot.waitUntil(lambda: section.brief.text == "Ends Friday")
    section.choose("Ads in June")
    assert (section.name.text(), section.which.taken()) == ("Ads in June", None)


def test_what_cannot_be_kept_is_told(section: CampaignsSection, qtbot: QtBot) -> None:
    section.name.setText("Winter")
    section.ends.setText("2.11.")
    section.keep.click()
    qtbot.waitUntil(lambda: section.wrong.text().startswith("“2.11.” is no day."))
    section.ends.setText("2026-11-01")
    section.starts.setText("2026-11-02")
    section.keep.click()
    qtbot.waitUntil(lambda: "ends before it starts" in section.wrong.text())
