"""What the composer offers at the caret: emoji by name, colleagues in notes, templates."""

from __future__ import annotations

import unicodedata

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.ui.views.composer_completing import OfferList
from app.ui.views.composer_offers import NO_TEMPLATES, offers
from app.ui.views.emoji import emoji, emoji_like, emoji_named
from tests.ui.composer_page import Page
from tests.ui.dialog_services import INES, JONAS, NADIA, FakeServices
from tests.ui.driving import press, shown_window

ALL = (INES, JONAS, NADIA)


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    page = Page(qtbot, FakeServices())
    shown_window(page.window, 620, 420)
    page.composer.move(0, 100)
    return page.open()


def _shown(page: Page) -> list[str]:
    lists = [each for each in page.window.findChildren(OfferList) if each.isVisible()]
    return [row.label for each in lists if each.offers is not None for row in each.offers.rows]


def test_the_names_people_know_come_before_those_of_unicode() -> None:
    assert emoji_named("tada") == emoji_named("party_popper") == "\N{PARTY POPPER}"
    assert [one.text for one in emoji_like("thumbsu")] == ["\N{THUMBS UP SIGN}"]
    assert emoji_like("heart")[0].text == "\N{HEAVY BLACK HEART}\ufe0f", "in colour"
    assert "\N{HOT BEVERAGE}" in [one.text for one in emoji_like("beverage")], "by a later word"
    assert [one.name for one in emoji_like("he", most=2)] == ["heart", "hearts"]
    assert emoji_like("") == emoji_like("nothing_is_called_this") == ()


def test_every_emoji_is_one_character_once_among_the_offers() -> None:
    assert len(emoji()) > 1300
    for one in emoji():
        assert len(one.text.rstrip("\ufe0f")) == 1, one.name
        assert unicodedata.name(one.text[0]), one.name
        assert one.name == one.name.casefold()
    texts = [one.text for one in emoji_like("h", most=10_000)]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize(
    ("before", "note", "name"),
    [
        ("Great :ta", False, "Emoji"),
        ("(:ta", True, "Emoji"),
        ("at 10:30", False, None),
        ("https://x.example:ta", False, None),
        ("a :t", False, None),
        ("@Jo", True, "Colleagues"),
        ("Ask @", True, "Colleagues"),
        ("@Jo", False, None),
        ("care@jo", True, None),
        ("@Nobody", True, None),
        ("/", False, "Templates"),
        ("/", True, None),
        ("and/", False, None),
        ("first line\n:ta", False, "Emoji"),
    ],
)
def test_offers_come_where_they_are_meant(before: str, note: bool, name: str | None) -> None:
    found = offers(before, note=note, colleagues=ALL)
    assert (found.name if found else None) == name


def test_an_emoji_is_chosen_by_keys_and_typing_goes_on(page: Page) -> None:
    page.type("Done :thumbs")
    assert _shown(page)[:2] == ["thumbsup", "thumbsdown"]
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    assert page.edit.text == "Done \N{THUMBS DOWN SIGN}"
    assert _shown(page) == []
    page.type(" so")
    assert page.edit.text == "Done \N{THUMBS DOWN SIGN} so"
    page.edit.undo()
    assert page.edit.text == "Done :thumbs", "one step back"


def test_a_name_between_colons_becomes_its_emoji_at_once(page: Page) -> None:
    page.type("Hurray :tada: again")
    assert page.edit.text == "Hurray \N{PARTY POPPER} again"
    page.type(" :nosuchname: stays")
    assert page.edit.text.endswith(":nosuchname: stays")


def test_escape_closes_the_offers_and_keeps_what_was_typed(page: Page) -> None:
    page.type(":ta")
    assert _shown(page)
    press(Qt.Key.Key_Escape)
    assert _shown(page) == []
    assert page.edit.hasFocus()
    press(Qt.Key.Key_Return)
    assert page.edit.text == ":ta\n"


def test_control_enter_sends_over_open_offers(page: Page, qtbot: QtBot) -> None:
    page.type("Yes :ta")
    with qtbot.waitSignal(page.composer.sent):
        page.press_send()
    assert page.sent_draft().text == "Yes :ta"
    assert _shown(page) == []


def test_a_colleague_is_named_in_a_note(page: Page, qtbot: QtBot) -> None:
    page.composer.focus_note()
    page.type("@we")
    assert _shown(page) == ["Jonas Weber"]
    press(Qt.Key.Key_Tab)
    page.type("knows")
    assert page.edit.text == "@Jonas Weber knows"
    with qtbot.waitSignal(page.composer.noted):
        page.press_send()


def test_the_pointer_chooses_too(page: Page) -> None:
    page.composer.focus_note()
    page.type("@")
    rows = _shown(page)
    assert rows == ["Ines Duarte", "Jonas Weber", "Nadia Klein"]
    (shown,) = (each for each in page.window.findChildren(OfferList) if each.isVisible())
    middle = QPoint(60, shown.height() // 2)
    QTest.mouseClick(shown, Qt.MouseButton.LeftButton, pos=middle)
    assert page.edit.text == "@Jonas Weber "
    assert page.edit.hasFocus()


def test_a_slash_opens_the_templates_and_says_that_there_are_none(page: Page) -> None:
    page.type("/")
    (shown,) = (each for each in page.window.findChildren(OfferList) if each.isVisible())
    assert shown.accessibleName() == f"Templates: {NO_TEMPLATES}"
    press(Qt.Key.Key_Return)
    assert page.edit.text == "/\n", "Enter is not taken for nothing"
    assert not shown.isVisible()


def test_the_offers_go_when_the_caret_or_the_keyboard_goes(page: Page) -> None:
    page.type(":ta")
    press(Qt.Key.Key_Home)
    assert _shown(page) == []
    press(Qt.Key.Key_End)
    page.type("d")
    assert _shown(page)
    page.send.setFocus()
    page.tool("Attach pictures").setFocus()
    assert _shown(page) == []
    page.type("a")
    page.composer.show_case(None)
    assert _shown(page) == []
