"""Templates, the promotion guard and the guidelines where one writes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.domain.checks import Check, Guidelines
from app.domain.guard import Hold, Standing
from app.domain.replies import Draft
from app.domain.templates import TemplateVersion
from app.store.promotions import Share
from app.ui.dialogs.promotion import PromotionSheet
from app.ui.views.composer_guard import CONCERN, PLACE, PROMOTION
from app.ui.views.composer_parts import Mode, Strip, Tabs
from app.ui.views.composer_remarks import GuardStrip, Remarks, ShareLabel
from app.ui.views.composer_words import WENT_ON
from tests.ui.composer_page import Page
from tests.ui.dialog_services import CASE, OTHER_CASE, FakeServices, guidance
from tests.ui.driving import child, press, write

HOLD = Hold(Standing.WELCOME, "", CASE)
OFFER = "It restarts twice. Take 15 % off with HUILA15."
LEAKS = TemplateVersion(9, 2, "Leaks", "Hello {customer}, how is your {product} now?")
ROASTS = TemplateVersion(8, 1, "Winter roasts", "Our roasts are here.", promotional=True)

Opened = Callable[..., Page]


@pytest.fixture
def opened(qtbot: QtBot) -> Opened:
    def make(**beside: object) -> Page:
        services = FakeServices()
        services.guiding.answers["beside"] = lambda case: guidance(case, **beside)
        page = Page(qtbot, services).open()
        qtbot.waitUntil(lambda: bool(services.guiding.asked("beside")))
        return page

    return make


def held_strip(page: Page) -> str:
    return next((said for said in page.strips if "has to wait" in said), "")


def sheet(page: Page) -> PromotionSheet:
    page.qtbot.waitUntil(lambda: page.window.findChild(PromotionSheet) is not None)
    return child(page.window, PromotionSheet)


def button_called(page: Page, text: str) -> QPushButton:
    return next(b for b in page.window.findChildren(QPushButton) if b.text() == text)


def test_a_promotion_that_waits_is_marked_and_says_why(opened: Opened) -> None:
    page = opened(hold=HOLD)
    page.type(OFFER)
    page.qtbot.waitUntil(lambda: bool(held_strip(page)))
    assert held_strip(page).startswith("HUILA15 has to wait: case #")
    assert "HUILA15" in page.edit.marked(PROMOTION)
    page.edit.set_text("It restarts twice.")
    page.qtbot.waitUntil(lambda: not held_strip(page))
    assert page.edit.marked(PROMOTION) == ()


def test_nothing_waits_for_who_may_be_promoted_to(opened: Opened) -> None:
    page = opened()
    page.type(OFFER)
    page.press_send()
    assert page.sent_draft() == Draft(OFFER, page.sent_draft().visibility, answer_to="n3")
    assert held_strip(page) == ""


def test_send_asks_and_sends_what_is_left(opened: Opened) -> None:
    page = opened(hold=HOLD)
    page.type(OFFER)
    page.press_send()
    asked = sheet(page)
    assert page.services.replies.asked("reply") == []
    assert asked.main.text() == "Send without HUILA15"
    asked.submit()
    assert page.sent_draft().text == "It restarts twice."
    assert page.sent_draft().promotion_reason == ""


def test_the_strip_sends_what_is_left_too(opened: Opened) -> None:
    page = opened(hold=HOLD)
    page.type(OFFER)
    page.qtbot.waitUntil(lambda: bool(held_strip(page)))
    ways = child(page.composer, GuardStrip).menu().actions()
    assert [way.text() for way in ways] == [
        "Send without HUILA15",
        "Send when the case is closed",
        "Send anyway…",
    ]
    ways[0].trigger()
    assert page.sent_draft().text == "It restarts twice."


def test_anyway_needs_a_reason(opened: Opened) -> None:
    page = opened(hold=HOLD)
    page.type(OFFER)
    page.press_send()
    asked = sheet(page)
    assert not asked.send_anyway.isEnabled()
    write(asked.reason, "Agreed with Theo")
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, asked.reason)
    assert page.sent_draft().text == OFFER
    assert page.sent_draft().promotion_reason == "Agreed with Theo"


def test_what_a_sheet_is_told_is_never_sent_to_another_case(opened: Opened) -> None:
    page = opened(hold=HOLD)
    page.type(OFFER)
    page.press_send()
    asked = sheet(page)
    page.open(OTHER_CASE)  # as when the list goes on, because the case was closed elsewhere
    asked.submit()
    assert page.services.replies.asked("reply") == []
    assert page.edit.text == ""
    assert WENT_ON in page.strips


def test_slash_fills_a_template_and_chooses_what_is_missing(opened: Opened) -> None:
    page = opened(templates=(LEAKS, ROASTS), values={"customer": "Marta"})
    page.type("/lea")
    listed = page.composer._completing.list
    assert listed is not None
    assert listed.isVisible()
    assert listed.offers is not None
    assert [row.label for row in listed.offers.rows] == ["Leaks"]
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, page.edit)
    assert page.edit.text == "Hello Marta, how is your {product} now?"
    assert page.edit.textCursor().selectedText() == "{product}"
    assert page.edit.marked(PLACE) == ("{product}",)
    page.press_send()
    assert page.services.replies.asked("reply") == []
    assert any("{product}" in said for said in page.strips)
    page.type("Duo")
    page.press_send()
    assert page.sent_draft().text == "Hello Marta, how is your Duo now?"
    assert page.sent_draft().template == LEAKS.use


def test_a_promotional_template_waits_whole(opened: Opened) -> None:
    page = opened(templates=(ROASTS,), hold=HOLD)
    page.type("/")
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, page.edit)
    page.press_send()
    asked = sheet(page)
    assert not asked.main.isEnabled()
    assert page.services.replies.asked("reply") == []


def test_what_the_guidelines_mention_is_said_and_marked(opened: Opened) -> None:
    page = opened(guidelines=Guidelines(forbidden=("cheap",)))
    page.type("It is cheap.")
    remarks = child(page.composer, Remarks)
    page.qtbot.waitUntil(remarks.isVisible)
    assert remarks.text() == "“cheap” is not how this department speaks."
    assert page.edit.marked(CONCERN) == ("cheap",)
    page.press_send()
    assert page.sent_draft().text == "It is cheap."


def test_a_blocking_guideline_refuses_with_its_sentence(opened: Opened) -> None:
    strict = Guidelines(forbidden=("cheap",), blocking=frozenset({Check.FORBIDDEN}))
    page = opened(guidelines=strict)
    page.type("It is cheap.")
    page.press_send()
    assert page.services.replies.asked("reply") == []
    assert "“cheap” is not how this department speaks." in page.strips


def test_a_note_is_judged_by_nothing(opened: Opened) -> None:
    page = opened(hold=HOLD, guidelines=Guidelines(forbidden=("cheap",)))
    child(page.composer, Tabs).choose(Mode.NOTE)
    page.type("HUILA15 is cheap.")
    page.press_send()
    assert page.services.cases.asked("note")
    assert not child(page.composer, Remarks).isVisible()
    assert all("wait" not in strip.label.text() for strip in page.composer.findChildren(Strip))


@pytest.mark.parametrize(("share", "shown"), [(Share(0, 0), ""), (Share(50, 4), "8 % promotion")])
def test_how_much_the_account_promotes_stands_in_the_footer(
    opened: Opened, share: Share, shown: str
) -> None:
    page = opened(share=share)
    label = child(page.composer, ShareLabel)
    page.qtbot.waitUntil(lambda: label.isVisible() == bool(shown))
    if shown:
        assert label.whole_text() == shown
        assert "92/8" in label.accessibleName()
        assert "80/20" in label.accessibleName()
