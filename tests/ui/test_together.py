"""Writing a reply together with another department, by the keys alone."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.departments import IT, MARKETING, PR
from app.domain.guard import Hold, Standing
from app.domain.ids import CaseId
from app.domain.requests import Answer
from app.services.requests import Requests
from app.services.templates import Templates
from app.ui.dialogs.asking import HELP, AccessSheet, AskSheet, WordsSheet
from app.ui.dialogs.filing import FilingSheet
from app.ui.runtime import prepare
from app.ui.views.composer_co_draft import CoDraftCard, shortened
from app.ui.views.composer_remarks import GuardStrip
from tests.ui.composer_page import Page
from tests.ui.consoles import Console, on_screen, one_question
from tests.ui.dialog_services import CASE, FakeServices, guidance
from tests.ui.driving import CONTROL, button, child, main_button, press, said, write
from tests.ui.together_page import (
    PAYS,
    ask_leadership,
    asked,
    field,
    hand_over,
    show,
    sit_down,
    strips,
)

BOTH = CONTROL | Qt.KeyboardModifier.ShiftModifier
QUESTION = "How do we say that it is the seal?"
DRAFT = "It is the seal, Marta. A new one leaves today."


@pytest.fixture
def console(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Console]:
    """Ines of PR & Community, with one conversation open and the keyboard in its reply."""
    prepare("light")
    with one_question(tmp_path, clock) as desk, on_screen(desk, qtbot) as made:
        show(made, qtbot, desk.only_case())
        yield made


def ask_marketing(console: Console, qtbot: QtBot) -> CaseId:
    """Ask for help by the keys; the case it was asked on."""
    case = console.desk.only_case()
    press(Qt.Key.Key_H, BOTH)
    sheet = child(console.window, AskSheet)
    sheet.which.setCurrentIndex(sheet.which.findData(MARKETING))
    assert sheet.footer.main.text() == "Ask Marketing"
    write(sheet.field, QUESTION)
    press(Qt.Key.Key_Return, CONTROL, sheet.field)
    told = "Marketing is asked. What they draft appears here."
    qtbot.waitUntil(lambda: said(console.window.desk.composer, told))
    return case


def test_what_is_asked_drafted_and_taken_over_leaves_as_a_reply(
    console: Console, qtbot: QtBot
) -> None:
    case = ask_marketing(console, qtbot)
    request = asked(console, case)
    assert (request.text, request.department, request.origin) == (QUESTION, MARKETING, PR)

    sit_down(console, "Theo Brandt", MARKETING)
    show(console, qtbot, request.opened)
    composer = console.window.desk.composer
    tab = "Draft for PR & Community"
    qtbot.waitUntil(lambda: field(console).accessibleName() == tab)
    assert f"Ines Duarte asks: “{QUESTION}”" in strips(console)
    assert button(composer, "Hand in draft").property("kind") == "main"
    write(field(console), DRAFT)
    hand_over(console, qtbot, "Hand in draft")
    qtbot.waitUntil(lambda: bool(asked(console, case).drafts))

    sit_down(console, "Ines Duarte", PR)
    show(console, qtbot, case)
    card = child(composer, CoDraftCard)
    qtbot.waitUntil(card.isVisible)
    assert said(card, "Marketing drafted this")
    press(Qt.Key.Key_U, BOTH)
    assert field(console).text == DRAFT
    assert not card.isVisible()
    hand_over(console, qtbot, "Send")
    qtbot.waitUntil(lambda: asked(console, case).drafts[0].outbox is not None)


def test_a_comment_stands_under_the_draft(console: Console, qtbot: QtBot) -> None:
    case = ask_marketing(console, qtbot)
    sit_down(console, "Theo Brandt", MARKETING)
    requests = Requests(console.desk.workspace, console.desk.directory, console.desk.replies)
    requests.write_draft(asked(console, case).event, DRAFT).result()
    sit_down(console, "Ines Duarte", PR)
    card = child(console.window.desk.composer, CoDraftCard)
    qtbot.waitUntil(card.isVisible)
    press(Qt.Key.Key_K, BOTH)
    sheet = child(console.window, WordsSheet)
    write(sheet.field, "Say which day.")
    press(Qt.Key.Key_Return, CONTROL, sheet.field)
    qtbot.waitUntil(lambda: said(card, "Ines Duarte: Say which day."))
    assert asked(console, case).drafts[0].comments[0].text == "Say which day."


def test_asking_is_taken_back_by_the_key_of_undo(console: Console, qtbot: QtBot) -> None:
    case = ask_marketing(console, qtbot)
    console.window.named_actions["undo"].trigger()
    requests = Requests(console.desk.workspace, console.desk.directory, console.desk.replies)
    qtbot.waitUntil(lambda: requests.of_case(case).result() == ())


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (Qt.Key.Key_U, "No draft of another department waits here."),
        (Qt.Key.Key_K, "No draft of another department waits here."),
        (Qt.Key.Key_T, "Nobody waits here for content."),
        (Qt.Key.Key_D, "Nothing waits here that can be declined."),
    ],
)
def test_a_key_that_has_nothing_to_do_says_so(
    console: Console, qtbot: QtBot, key: Qt.Key, words: str
) -> None:
    qtbot.waitUntil(main_button(console.window.desk.composer).isVisible)
    press(key, BOTH)
    assert strips(console) == [words]
    write(field(console), "A")
    assert strips(console) == []


def test_a_note_is_not_kept_for_later(console: Console) -> None:
    console.window.desk.composer.focus_note()
    press(Qt.Key.Key_Return, CONTROL | Qt.KeyboardModifier.AltModifier)
    assert strips(console) == ["A note is kept at once. Only a reply can wait."]


def test_the_long_name_of_a_department_is_shortened_on_the_button(
    console: Console, qtbot: QtBot
) -> None:
    long = "Complaints, Compliments and Customer Contentment"
    one = replace(console.desk.directory.department(MARKETING), name=long, short=long)
    window = console.window
    sheet = AskSheet(console.bridge, window, HELP, lambda _one, _said: Future(), departments=(one,))
    sheet.open()
    main = sheet.footer.main
    qtbot.waitUntil(main.isVisible)
    QApplication.processEvents()
    assert main.accessibleName() == f"Ask {long}"
    assert main.text().startswith("Ask Complaints")
    assert main.fontMetrics().horizontalAdvance(main.text()) < main.width()
    sheet.close()


WISH = "A picture of where the seal sits"


def ask_for_content(console: Console, qtbot: QtBot) -> CaseId:
    """The same, for content; Theo of Marketing has the case that it opened before him."""
    case = console.desk.only_case()
    press(Qt.Key.Key_C, BOTH)
    sheet = child(console.window, AskSheet)
    assert sheet.department().id == MARKETING
    write(sheet.field, WISH)
    press(Qt.Key.Key_Return, CONTROL, sheet.field)
    told = "Marketing is asked. Their answer appears in the timeline."
    qtbot.waitUntil(lambda: said(console.window.desk.composer, told))
    sit_down(console, "Theo Brandt", MARKETING)
    show(console, qtbot, asked(console, case).opened)
    qtbot.waitUntil(lambda: f"Ines Duarte asks: “{WISH}”" in strips(console))
    return case


def answered(console: Console, case: CaseId) -> Answer:
    answer = asked(console, case).answer
    assert answer is not None
    return answer


def test_a_wish_for_content_is_answered_by_a_link(console: Console, qtbot: QtBot) -> None:
    case = ask_for_content(console, qtbot)
    send = button(console.window.desk.composer, "Answer with link")
    press(Qt.Key.Key_H, BOTH)
    assert "This case asks something itself. Ask on the customer’s case." in strips(console)
    write(field(console), "the seal")
    assert not send.isEnabled()
    field(console).clear()
    write(field(console), "https://films.example/seal")
    hand_over(console, qtbot, "Answer with link")
    qtbot.waitUntil(lambda: not asked(console, case).is_open)
    assert answered(console, case).link == "https://films.example/seal"
    qtbot.waitUntil(lambda: "This has been answered." in strips(console))
    qtbot.waitUntil(lambda: field(console).text == "")


def test_a_wish_for_content_is_filed_as_a_template(console: Console, qtbot: QtBot) -> None:
    case = ask_for_content(console, qtbot)
    write(field(console), DRAFT)
    press(Qt.Key.Key_T, BOTH)
    sheet = child(console.window, FilingSheet)
    assert (sheet.name.text(), sheet.field.text) == (WISH, DRAFT)
    press(Qt.Key.Key_Return, CONTROL, sheet.field)
    qtbot.waitUntil(lambda: not asked(console, case).is_open)
    used = answered(console, case).template
    templates = Templates(console.desk.workspace, console.desk.directory)
    (filed,) = (one.now for one in templates.all().result() if one.now.use == used)
    assert (filed.name, filed.text) == (WISH, DRAFT)


def ask_for_a_tool(console: Console, qtbot: QtBot) -> CaseId:
    """The same, for a tool; Jonas of IT has the case that it opened before him."""
    case = console.desk.only_case()
    press(Qt.Key.Key_R, BOTH)
    sheet = child(console.window, AccessSheet)
    assert sheet.department().id == IT
    sheet.what.setFocus()
    press(Qt.Key.Key_Down, at=sheet.what)
    assert sheet.is_tool
    write(sheet.field, "A label printer")
    press(Qt.Key.Key_Return, CONTROL, sheet.field)
    told = "IT is asked. Their answer appears in the timeline."
    qtbot.waitUntil(lambda: said(console.window.desk.composer, told))
    sit_down(console, "Jonas Weber", IT)
    show(console, qtbot, asked(console, case).opened)
    qtbot.waitUntil(lambda: "Ines Duarte asks for a tool: “A label printer”" in strips(console))
    return case


def test_a_tool_is_given_without_a_word(console: Console, qtbot: QtBot) -> None:
    case = ask_for_a_tool(console, qtbot)
    hand_over(console, qtbot, "Done")
    qtbot.waitUntil(lambda: not asked(console, case).is_open)
    assert (answered(console, case).granted, answered(console, case).text) == (True, "")


def test_a_tool_is_declined_with_a_reason(console: Console, qtbot: QtBot) -> None:
    case = ask_for_a_tool(console, qtbot)
    press(Qt.Key.Key_D, BOTH)
    sheet = child(console.window, WordsSheet, "Decline what is asked")
    write(sheet.field, "None is left.")
    press(Qt.Key.Key_Return, CONTROL, sheet.field)
    qtbot.waitUntil(lambda: not asked(console, case).is_open)
    assert (answered(console, case).granted, answered(console, case).text) == (
        False,
        "None is left.",
    )
    qtbot.waitUntil(lambda: "This has been answered." in strips(console))


def test_a_reply_leaves_as_it_was_approved(console: Console, qtbot: QtBot) -> None:
    case = ask_leadership(console, qtbot)
    press(Qt.Key.Key_End, CONTROL, field(console))
    write(field(console), " All of it.")
    hand_over(console, qtbot, "Approve as changed")
    qtbot.waitUntil(lambda: not asked(console, case).is_open)
    assert answered(console, case).granted
    assert answered(console, case).text == f"{PAYS} All of it."
    qtbot.waitUntil(lambda: "This has been answered." in strips(console))
    qtbot.waitUntil(lambda: field(console).text == "")


def test_a_declined_reply_is_a_draft_again(console: Console, qtbot: QtBot) -> None:
    case = ask_leadership(console, qtbot)
    press(Qt.Key.Key_D, BOTH)
    sheet = child(console.window, WordsSheet)
    write(sheet.field, "Ask for the bill first.")
    press(Qt.Key.Key_Return, CONTROL, sheet.field)
    qtbot.waitUntil(lambda: not asked(console, case).is_open)
    assert not answered(console, case).granted
    qtbot.waitUntil(lambda: "This has been answered." in strips(console))
    qtbot.waitUntil(lambda: field(console).text == "")
    sit_down(console, "Ines Duarte", PR)
    show(console, qtbot, case)
    qtbot.waitUntil(lambda: field(console).text == PAYS)
    qtbot.waitUntil(lambda: "Lea Ko declined this: “Ask for the bill first.”" in strips(console))


def test_a_promotion_that_waits_is_asked_about(qtbot: QtBot) -> None:
    services = FakeServices()
    hold = Hold(Standing.WELCOME, "", CASE)
    services.guiding.answers["beside"] = lambda case: guidance(case, hold=hold)
    page = Page(qtbot, services).open()
    page.type("Take 15 % off with HUILA15.")
    strip = child(page.composer, GuardStrip)
    qtbot.waitUntil(strip.isVisible)
    asks = next(b for b in strip.findChildren(QPushButton) if b.isVisible())
    assert asks.text() == "Ask Marketing to co-draft"
    asks.click()
    sheet = child(page.window, AskSheet)
    assert sheet.department().id == MARKETING
    assert "HUILA15 has to wait" in sheet.field.text
    assert "“Take 15 % off with HUILA15.”" in sheet.field.text


def test_a_long_draft_is_shown_from_its_beginning() -> None:
    assert shortened("It leaks.") == "It leaks."
    assert shortened("word " * 100).endswith("word …")
    assert len(shortened("word " * 100)) < 270
