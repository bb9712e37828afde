"""Spelling: which words are looked up where, what is marked, and what the menu does about it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.services.spelling_settings import SpellingSettings
from app.ui.dialogs.settings import SettingsSheet
from app.ui.dialogs.settings_writing import WritingSection, found_text
from app.ui.spelling.dictionaries import fitting, installed, script_of
from app.ui.spelling.speller import Speller, forget_speller, use_speller
from app.ui.spelling.words import words_of
from app.ui.spelling.worker import Answers, serve
from app.ui.views.composer_edit import GrowingEdit
from app.ui.views.composer_spelling import MARK, dictionary_name
from tests.services.desk import Desk
from tests.ui.consoles import Console, on_screen, one_question
from tests.ui.dictionaries import make_dictionaries
from tests.ui.driving import child, press


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "dictionaries"
    make_dictionaries(place)
    monkeypatch.setenv("DICPATH", str(place))
    return place


# what is looked up


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello there", ["Hello", "there"]),
        ("don’t it's", ["don’t", "it's"]),
        ("a I 42 E14 3rd", []),
        ("ask @marta or @marta@mastodon.example now", ["ask", "or", "now"]),
        ("see #duofix and :tada: here", ["see", "and", "here"]),
        ("at https://halden.example/a?b=c, then halden.shop/duo", ["at", "then"]),
        ("mail care@halden.example soon", ["mail", "soon"]),
        ("GmbH PayPal NASA PDFs fine", ["fine"]),
        ("café naïve \N{HOT BEVERAGE}\N{PARTY POPPER}done", ["café", "naïve", "done"]),
        ("кофе 咖啡 coffee", ["coffee"]),
    ],
)
def test_only_words_a_dictionary_can_know_are_looked_up(text: str, words: list[str]) -> None:
    found = list(words_of(text, "LATIN"))
    assert [word.text for word in found] == words
    assert [text[word.first : word.behind] for word in found] == words


def test_dictionaries_are_found_in_pairs_and_the_first_of_a_name_counts(
    folder: Path, tmp_path: Path
) -> None:
    later = tmp_path / "later"
    make_dictionaries(later)
    for name in ("hyph_de_DE.dic", "sv_SE.dic"):
        (later / name).write_text("", "utf-8")
    (later / "hyph_de_DE.aff").write_text("", "utf-8")
    found = installed([tmp_path / "nowhere", folder, later])
    assert sorted(found) == ["de_DE", "en_US", "ru_RU"]
    assert found["de_DE"].parent == folder
    assert sorted(installed()) == sorted(found), "DICPATH names the folder"


@pytest.mark.parametrize(
    ("language", "here", "name"),
    [
        ("de", "en_US", "de_DE"),
        ("de-AT", "en_US", "de_AT"),
        ("de", "de_AT", "de_AT"),
        ("en", "de_AT", "en_US"),
        ("en-AU", "de_AT", "en_US"),
        ("pt", "en_US", "pt_BR"),
        ("sv", "en_US", ""),
        ("", "en_US", ""),
    ],
)
def test_the_country_of_this_computer_decides_within_a_language(
    language: str, here: str, name: str
) -> None:
    names = ("de_AT", "de_DE", "en_GB", "en_US", "pt_BR")
    assert fitting(names, language, here) == name


def _checked(text: str, **about: Any) -> tuple[str, list[str]]:
    asked = {"text": text, "chosen": "", "language": "", "here": "en_US", "known": []} | about
    answer = Answers().answer({"ask": "check", "about": asked})
    return answer["name"], [text[first:behind] for first, behind in answer["wrong"]]


@pytest.mark.usefixtures("folder")
def test_the_language_is_that_of_the_conversation_or_of_the_text() -> None:
    english, german = "We have recieved the mesage", "Wir haben die Nachricht und das Pakett"
    assert _checked(english) == ("en_US", ["recieved", "mesage"])
    assert _checked(german, language="de") == ("de_DE", ["Pakett"])
    assert _checked(german, language="en") == ("de_DE", ["Pakett"]), "the words tell"
    assert _checked(english, language="sv")[0] == "en_US", "no Swedish one, but it is English"
    assert _checked(german, chosen="en_US")[0] == "en_US", "what somebody chose counts"
    assert _checked("кофее", language="en") == ("ru_RU", ["кофее"]), "the letters tell"
    assert script_of("sr_Cyrl") == "CYRILLIC"


@pytest.mark.usefixtures("folder")
def test_nothing_is_marked_where_no_dictionary_knows_the_language() -> None:
    swedish = "Tack så mycket för ditt meddelande idag"
    assert _checked(swedish, language="sv") == ("", [])
    assert _checked(swedish, language="en") == ("", [])
    assert _checked("Tack", language="sv") == ("", []), "too short to tell"


@pytest.mark.usefixtures("folder")
def test_what_was_added_is_known_however_it_is_capitalised() -> None:
    assert _checked("We have the Duo", known=["duo"]) == ("en_US", [])


def test_a_broken_dictionary_is_an_answer_and_not_the_end(folder: Path) -> None:
    (folder / "de_DE.aff").unlink()
    (folder / "de_DE.aff").mkdir()
    about = {"text": "Wir", "chosen": "en_US", "language": "", "here": "C", "known": []}
    questions = [
        {"id": 1, "ask": "suggest", "about": {"name": "en_US"}},
        {"id": 2, "ask": "check", "about": about},
    ]
    lines = io.BytesIO(b"".join(json.dumps(each).encode() + b"\n" for each in questions))
    answers = io.BytesIO()
    serve(lines, answers)
    first, second = (json.loads(line) for line in answers.getvalue().splitlines())
    assert first["id"] == 1
    assert "TypeError" in first["failed"]
    assert second == {"id": 2, "name": "en_US", "wrong": [[0, 3]]}


# the process


@pytest.fixture
def asked(folder: Path, qtbot: QtBot) -> Iterator[Speller]:
    del folder
    made = Speller()
    use_speller(made)
    yield made
    forget_speller()
    assert not made.is_running


def test_the_process_starts_with_the_first_question(asked: Speller, qtbot: QtBot) -> None:
    assert not asked.is_running
    with qtbot.waitCallback() as answered:
        asked.suggest("en_US", "recieve", answered)
    answered.assert_called_with(("receive",))
    assert asked.is_running


def test_it_is_started_again_when_it_dies_but_not_for_ever(asked: Speller, qtbot: QtBot) -> None:
    for _ in range(3):
        with qtbot.waitCallback() as answered:
            asked.dictionaries(answered)
        assert asked._process is not None
        asked._process.kill()
        qtbot.waitUntil(lambda: not asked.is_running)
    asked.dictionaries(lambda _names: pytest.fail("nobody is there to answer"))
    assert not asked.is_running


# in the composer


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock) -> Iterator[Desk]:
    with one_question(tmp_path, clock) as made:
        yield made


@pytest.fixture
def console(desk: Desk, asked: Speller, qtbot: QtBot) -> Iterator[Console]:
    del asked
    with on_screen(desk, qtbot) as made:
        qtbot.waitUntil(lambda: made.window.desk.view is not None)
        yield made


def _edit(console: Console) -> GrowingEdit:
    console.window.desk.composer.focus_reply()
    return child(console.window.desk.composer, GrowingEdit)


def _write(console: Console, text: str, qtbot: QtBot, wrong: tuple[str, ...]) -> GrowingEdit:
    edit = _edit(console)
    edit.insertPlainText(text)
    qtbot.waitUntil(lambda: edit.marked(MARK) == wrong)
    return edit


def _menu(qtbot: QtBot, ready: str) -> QMenu:
    """The menu that is open, once it has an entry."""
    menus: list[QMenu] = []

    def has_it() -> bool:
        popup = QApplication.activePopupWidget()
        menus[:] = [popup] if isinstance(popup, QMenu) else []
        return any(ready in _texts(menu) for menu in menus)

    qtbot.waitUntil(has_it)
    return menus[0]


def _texts(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def _entry(menu: QMenu, text: str) -> QAction:
    return next(action for action in menu.actions() if action.text() == text)


def test_a_misspelt_word_is_mended_by_keys_alone(console: Console, qtbot: QtBot) -> None:
    edit = _write(console, "We recieve \N{HOT BEVERAGE} mesage. ", qtbot, ("recieve", "mesage"))
    press(Qt.Key.Key_F7)
    menu = _menu(qtbot, "receive")
    assert menu.accessibleName() == "“recieve” is not in the dictionary"
    assert menu.activeAction().text() == "receive"
    press(Qt.Key.Key_Return, at=menu)
    assert edit.text == "We receive \N{HOT BEVERAGE} mesage. "
    qtbot.waitUntil(lambda: edit.marked(MARK) == ("mesage",))
    edit.undo()
    assert "recieve" in edit.text, "one step back"


def test_the_word_being_written_is_not_judged_yet(console: Console, qtbot: QtBot) -> None:
    edit = _write(console, "mesage of coffe", qtbot, ("mesage",))
    edit.moveCursor(QTextCursor.MoveOperation.Start)
    assert edit.marked(MARK) == ("mesage", "coffe")


def test_the_pointer_opens_the_menu_of_the_word_it_points_at(
    console: Console, qtbot: QtBot
) -> None:
    edit = _write(console, "We recieve the mesage now", qtbot, ("recieve", "mesage"))
    word = edit.textCursor()
    word.setPosition(len("We recieve the mes"))
    place = edit.cursorRect(word).center()
    where = edit.viewport().mapToGlobal(place)
    asks = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, where)
    QApplication.sendEvent(edit.viewport(), asks)
    menu = _menu(qtbot, "message")
    _entry(menu, "message").trigger()
    menu.close()
    assert edit.text == "We recieve the message now"


def test_the_menu_key_adds_a_word_and_takes_it_back(
    console: Console, desk: Desk, qtbot: QtBot
) -> None:
    edit = _write(console, "the Duo ", qtbot, ("Duo",))
    edit.moveCursor(QTextCursor.MoveOperation.PreviousWord)
    centre = edit.rect().center()
    asks = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, centre, edit.mapToGlobal(centre))
    QApplication.sendEvent(edit, asks)
    menu = _menu(qtbot, "Add “Duo” to dictionary")
    _entry(menu, "Add “Duo” to dictionary").trigger()
    menu.close()
    qtbot.waitUntil(lambda: edit.marked(MARK) == ())
    assert SpellingSettings(desk.directory).words() == ("Duo",)
    edit.open_menu()
    menu = _menu(qtbot, "Remove “Duo” from dictionary")
    _entry(menu, "Remove “Duo” from dictionary").trigger()
    menu.close()
    qtbot.waitUntil(lambda: edit.marked(MARK) == ("Duo",))


def test_the_language_chosen_for_a_customer_is_kept(
    console: Console, desk: Desk, qtbot: QtBot
) -> None:
    edit = _write(console, "Kaffee ", qtbot, ("Kaffee",))
    edit.open_menu()
    menu = _menu(qtbot, "Spelling")
    part = _entry(menu, "Spelling").menu()
    assert isinstance(part, QMenu)
    assert _texts(part) == [
        "As the conversation", "English (United States)", "German (Germany)",
        "Russian (Russia)", "Don’t check",
    ]  # fmt: skip
    _entry(part, "German (Germany)").trigger()
    menu.close()
    qtbot.waitUntil(lambda: edit.marked(MARK) == ())
    view = console.window.desk.view
    assert view is not None
    assert SpellingSettings(desk.directory).chosen_for(view.customer) == "de_DE"


def test_checking_is_turned_off_in_the_settings(console: Console, qtbot: QtBot) -> None:
    edit = _write(console, "a mesage ", qtbot, ("mesage",))
    console.window.sheets.settings()
    sheet = child(console.window, SettingsSheet)
    (section,) = (s for s in sheet.sections if isinstance(s, WritingSection))
    qtbot.waitUntil(lambda: section.found.text().startswith("English (United States), German"))
    section.check.click()
    qtbot.waitUntil(lambda: edit.marked(MARK) == ())
    section.check.click()
    qtbot.waitUntil(lambda: edit.marked(MARK) == ("mesage",))


def test_what_to_install_is_said_where_there_is_no_dictionary() -> None:
    assert found_text(("de_AT", "en_GB")) == "English (United Kingdom), German (Austria)."
    assert "hunspell-en-us" in found_text((), "linux")
    assert "Library/Spelling" in found_text((), "darwin")
    assert "LibreOffice" in found_text((), "win32")
    assert dictionary_name("tlh") == "tlh"
