"""The quiet buttons of the composer: Templates, emoji, Guide; by pointer and by keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.connectors.base import Capabilities, Limits
from app.domain.clock import FakeClock
from app.domain.departments import PR
from app.domain.interactions import Visibility
from app.ui.dialogs.emoji import EmojiSheet
from app.ui.dialogs.guide import GuideSheet, guide_lines
from app.ui.views.composer_completing import OfferList
from app.ui.views.composer_footer import GuideButton, TemplatesButton
from app.ui.views.composer_offers import NO_TEMPLATES
from app.ui.views.emoji import emoji_named, well_known
from tests.services.desk import Desk
from tests.ui.composer_page import Page
from tests.ui.consoles import Console, on_screen, one_question
from tests.ui.dialog_services import FakeServices, setup
from tests.ui.driving import CONTROL, child, click, focused, press, shown_window


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    page = Page(qtbot, FakeServices())
    shown_window(page.window, 620, 420)
    page.composer.move(0, 100)
    return page.open()


def test_templates_says_that_there_are_none_and_leaves_the_text_alone(page: Page) -> None:
    page.type("Half a line")
    click(child(page.composer, TemplatesButton))
    (shown,) = (each for each in page.window.findChildren(OfferList) if each.isVisible())
    assert shown.accessibleName() == f"Templates: {NO_TEMPLATES}"
    assert page.edit.hasFocus()
    page.type("s")
    assert not shown.isVisible()
    assert page.edit.text == "Half a lines"


def test_an_emoji_is_found_by_its_name_and_put_in_at_the_caret(page: Page) -> None:
    page.type("Done now")
    for _ in range(4):
        press(Qt.Key.Key_Left)
    click(page.tool("Emoji"))
    sheet = child(page.window, EmojiSheet)
    assert [row.value for row in sheet.rows("")][:2] == [
        "\N{THUMBS UP SIGN}",
        "\N{THUMBS DOWN SIGN}",
    ]
    QTest.keyClicks(focused(), "party popp")
    press(Qt.Key.Key_Return)
    assert page.edit.text == "Done\N{PARTY POPPER} now"
    assert page.edit.hasFocus(), "writing goes on"
    page.edit.undo()
    assert page.edit.text == "Done now"


def test_a_name_no_emoji_has_is_said(page: Page) -> None:
    sheet = EmojiSheet(page.window)
    assert sheet.rows("nothing is called this") == []
    assert "Try another word" in sheet.note.text()


def test_each_emoji_people_know_is_offered_once() -> None:
    signs = [one.text for one in well_known()]
    assert len(signs) == len(set(signs)) > 50
    assert emoji_named("tada") in signs


def test_templates_shrinks_to_its_icon_where_there_is_little_room(page: Page) -> None:
    button = child(page.composer, TemplatesButton)
    wide = button.sizeHint().width()
    page.composer.resize(440, 300)
    assert button.sizeHint().width() < wide / 2
    assert button.accessibleName() == "Templates"


def test_a_note_has_no_templates_and_no_guide(page: Page) -> None:
    page.composer.focus_note()
    assert not child(page.composer, TemplatesButton).isVisible()
    assert not child(page.composer, GuideButton).isVisible()
    assert page.tool("Emoji").isVisible()


def test_the_guide_tells_what_is_known_of_department_and_channel(page: Page) -> None:
    click(child(page.composer, GuideButton))
    sheet = child(page.window, GuideSheet)
    department = page.services.directory.department(PR)
    assert sheet.accessibleName() == f"Writing for {department.name}"
    assert sheet.lines[0] == ("Voice", "First names, no jargon, one clear next step.")
    heading, words = sheet.lines[-1]
    assert heading == "Mastodon, as @halden"
    assert words.startswith("At most 500 characters. Up to 4 pictures. Describe each")
    assert words.endswith("A content warning counts with the text.")
    plain = setup(
        limits=Limits(300),
        capabilities=Capabilities((Visibility.PUBLIC,), False, max_attachments=0),
    )
    lines = guide_lines(replace(department, voice="", reaches_out=""), plain)
    assert [heading for heading, _ in lines] == ["Responds to", "Mastodon, as @halden"]
    assert lines[-1][1] == "At most 300 characters. No pictures."


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock) -> Iterator[Desk]:
    with one_question(tmp_path, clock) as made:
        yield made


@pytest.fixture
def console(desk: Desk, qtbot: QtBot) -> Iterator[Console]:
    with on_screen(desk, qtbot) as made:
        qtbot.waitUntil(lambda: made.window.desk.view is not None)
        qtbot.waitUntil(lambda: child(made.window, GuideButton).isVisible())
        yield made


def test_each_has_a_key(console: Console) -> None:
    window = console.window
    press(Qt.Key.Key_T, CONTROL, window)
    assert any(each.isVisible() for each in window.findChildren(OfferList))
    press(Qt.Key.Key_Period, CONTROL, window)
    child(window, EmojiSheet).close()
    press(Qt.Key.Key_G, CONTROL, window)
    assert child(window, GuideSheet).isVisible()
