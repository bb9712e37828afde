"""The composer: what an agent writes is counted, kept, sent as wide as asked, and never lost."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.connectors.base import Capabilities, Limits
from app.domain.changes import ChangeSet
from app.domain.errors import BadInput, Unreachable
from app.domain.interactions import Channel, Visibility
from app.domain.names import first_name
from app.domain.outbox import Attachment, OutboxItem
from app.domain.replies import Draft, Written
from app.services.replies import Replies
from app.ui.views.composer_overrun import fitting
from app.ui.views.composer_parts import Strip
from app.ui.views.composer_unsent import as_wide_as
from app.ui.views.composer_visibility import wider_warning
from tests.ui.composer_page import Page
from tests.ui.dialog_services import CASE, OTHER_CASE, FakeServices, case_view, outbox_item, setup
from tests.ui.driving import button, click, press, write


@pytest.fixture
def services() -> FakeServices:
    return FakeServices()


@pytest.fixture
def page(qtbot: QtBot, services: FakeServices) -> Page:
    return Page(qtbot, services)


def test_sends_with_control_enter_and_clears(page: Page, qtbot: QtBot) -> None:
    page.open()
    page.type("It is on its way")
    with qtbot.waitSignal(page.composer.sent) as sent:
        page.press_send()
    item = sent.args[0]
    assert isinstance(item, OutboxItem)
    assert item.text == "It is on its way"
    assert page.sent_draft().visibility is Visibility.DIRECT, "as wide as what is answered"
    assert page.sent_draft().answer_to == "n3"
    assert page.edit.text == ""


def test_a_reply_taken_back_elsewhere_is_found_as_a_draft(page: Page, qtbot: QtBot) -> None:
    page.open()
    page.type("Too early")
    with qtbot.waitSignal(page.composer.sent):
        page.press_send()
    page.composer.show_case(OTHER_CASE)
    page.services.replies.answers["draft"] = Written(text="Too early")
    page.composer.show_case(CASE)
    qtbot.waitUntil(lambda: page.edit.text == "Too early")


def test_nothing_is_sent_before_something_is_written(page: Page) -> None:
    page.open()
    page.press_send()
    assert page.services.replies.asked("reply") == []
    assert not page.send.isEnabled()
    assert page.send.toolTip() == "Write something first."


def test_counts_as_the_channel_counts_and_says_why_too_long_cannot_go(page: Page) -> None:
    page.services.replies.answers["composer"] = setup(limits=Limits(10))
    page.open()
    page.type("12345678")
    assert page.counter == "2 left"
    page.type("90abc")
    assert page.counter == "3 over"
    assert not page.send.isEnabled()
    assert page.send.toolTip() == "Too long by 3. Shorten it to send it."
    page.press_send()
    assert page.services.replies.asked("reply") == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("abcdefghij", "abcdefgh"),
        ("fits", "fits"),
        ("ab👩‍👩‍👧‍👦cdefgh", "ab"),
        ("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"),
        ("", ""),
    ],
)
def test_what_fits_ends_with_a_whole_letter(text: str, kept: str) -> None:
    assert text[: fitting(text, lambda beginning: len(beginning) <= 8)] == kept


def test_what_does_not_fit_is_marked_in_the_text_and_the_key_says_why(page: Page) -> None:
    page.services.replies.answers["composer"] = setup(limits=Limits(10))
    page.open()
    page.edit.insertPlainText("😀 is on it")
    assert page.edit.marked("too long") == ()
    page.edit.insertPlainText("s way")
    page.qtbot.waitUntil(lambda: page.edit.marked("too long") == ("s way",))
    page.press_send()
    assert page.strips == ["Too long by 5. Shorten it to send it."]
    assert page.services.replies.asked("reply") == []
    for _ in range(5):
        press(Qt.Key.Key_Backspace, at=page.edit)
    assert page.edit.marked("too long") == ()
    assert page.strips == [], "what was objected to is mended"


def test_links_and_names_are_marked_as_their_channel_counts_them(page: Page) -> None:
    services = page.services.replies
    link = "https://halden.example/" + "a" * 60
    real = partial(Replies.measure, cast("Replies", None))
    services.measure = real  # Mastodon’s own rule
    services.answers["composer"] = setup(limits=Limits(55))
    page.open()
    page.edit.set_text(f"@marta@mastodon.social see {link} for more of it")
    assert page.edit.marked("too long") == (), "a link counts 23, a name without its server"
    page.edit.insertPlainText(" tomorrow")
    page.qtbot.waitUntil(lambda: page.edit.marked("too long") == ("row",))


def test_offline_the_button_queues_and_the_hint_says_when_it_leaves(page: Page) -> None:
    page.services.syncing.online = False
    page.open()
    assert page.send.text() == "Queue"
    assert page.edit.placeholderText() == "Reply to Marta. It leaves when you’re back online."


def test_the_sample_workspace_sends_nothing_and_says_so(page: Page) -> None:
    page.services.directory.sample = True
    page.open()
    page.type("Hello")
    page.press_send()
    assert page.services.replies.asked("reply") == []
    assert page.strips == [
        "The sample workspace sends nothing. Connect an account to reply for real."
    ]
    assert page.edit.text == "Hello"


def test_a_wider_reply_is_chosen_knowingly(page: Page, qtbot: QtBot) -> None:
    page.open()
    menu = QMenu(page.window)
    actions = page.picker.menu_actions(menu)
    assert actions[0].text() == "Public reply, wider than the message"
    actions[0].trigger()
    assert page.strips == ["The message you answer is direct. With this, everyone can read it."]
    page.type("For all to see")
    with qtbot.waitSignal(page.composer.sent):
        page.press_send()
    assert page.sent_draft().visibility is Visibility.PUBLIC
    assert page.strips == [], "the next reply is narrow again"
    assert page.picker.chosen() is Visibility.DIRECT


def test_the_warning_takes_the_wider_choice_back(page: Page, qtbot: QtBot) -> None:
    page.open()
    page.picker.menu_actions(QMenu(page.window))[0].trigger()
    strip = next(s for s in page.composer.findChildren(Strip) if s.isVisible())
    click(strip.action)
    assert page.strips == []
    assert page.picker.chosen() is Visibility.DIRECT


@pytest.mark.parametrize("answered", list(Visibility))
@pytest.mark.parametrize("chosen", list(Visibility))
def test_only_wider_replies_warn(chosen: Visibility, answered: Visibility) -> None:
    assert bool(wider_warning(chosen, answered)) is (chosen < answered)


def test_a_draft_is_kept_at_a_pause_and_put_back(page: Page, qtbot: QtBot) -> None:
    page.open()
    page.type("Half a thought")
    kept = Written(text="Half a thought", answer_to="n3", answer_visibility=Visibility.DIRECT)
    qtbot.waitUntil(lambda: page.services.replies.asked("save_draft") == [(CASE, kept)])
    page.composer.show_case(OTHER_CASE)
    assert page.edit.text == ""
    page.composer.show_case(CASE)
    assert page.edit.text == "Half a thought"


def test_a_draft_is_kept_on_leaving_before_the_pause(page: Page) -> None:
    page.open()
    page.type("Quick")
    page.composer.show_case(None)
    ((_case, kept),) = page.services.replies.asked("save_draft")
    assert kept.text == "Quick"


def test_a_kept_draft_comes_back_and_stands_before_what_is_typed_meanwhile(
    page: Page, qtbot: QtBot
) -> None:
    page.services.replies.answers["draft"] = Written(text="From yesterday")
    page.open()
    assert page.edit.text == "From yesterday"
    late: Future[Written] = Future()
    page.services.replies.answers["draft"] = late
    page.composer.show_case(OTHER_CASE)
    page.type("Today")
    late.set_result(Written(text="An older one"))
    qtbot.waitUntil(lambda: page.edit.text == "An older one\n\nToday")


def test_a_failed_send_keeps_the_text_and_says_what_to_do(page: Page, qtbot: QtBot) -> None:
    page.services.replies.answers["reply"] = BadInput("The outbox is full.", hint="Empty it.")
    page.open()
    page.type("Do not lose me")
    page.press_send()
    qtbot.waitUntil(lambda: page.strips == ["The outbox is full. Empty it."])
    assert page.edit.text == "Do not lose me"
    assert page.send.isEnabled()


def test_a_failure_beside_a_message_on_its_way_lets_nobody_send_it_again(
    page: Page, qtbot: QtBot
) -> None:
    page.services.replies.answers["save_draft"] = BadInput("The disk is busy.", hint="Wait.")
    late: Future[OutboxItem] = Future()
    page.services.replies.answers["reply"] = late
    page.open()
    page.type("Only once")
    page.press_send()
    qtbot.waitUntil(lambda: page.strips == ["The disk is busy. Wait."])
    page.press_send()
    assert len(page.services.replies.asked("reply")) == 1
    with qtbot.waitSignal(page.composer.sent):
        late.set_result(outbox_item(CASE, page.sent_draft()))


def test_a_note_goes_to_the_case_and_the_reply_stays(page: Page, qtbot: QtBot) -> None:
    page.open()
    page.type("A reply in the making")
    page.composer.focus_note()
    assert page.edit.accessibleName() == "Internal note"
    assert page.edit.text == ""
    page.type("She called twice")
    with qtbot.waitSignal(page.composer.noted):
        page.press_send()
    assert page.services.cases.asked("note") == [(CASE, "She called twice")]
    assert page.services.replies.asked("reply") == []
    page.composer.focus_reply()
    assert page.edit.text == "A reply in the making"


def test_a_reply_taken_back_goes_before_what_was_written_since(page: Page) -> None:
    page.open()
    page.type("P.S.")
    page.composer.restore(outbox_item(CASE, Draft("It is on its way")))
    assert page.edit.text == "It is on its way\n\nP.S."
    assert page.strips == ["Your message is back, above what you wrote since."]
    kept = page.services.replies.asked("save_draft")[-1][1]
    assert kept.text == "It is on its way\n\nP.S."


def test_a_reply_taken_back_is_restored_whole(page: Page, qtbot: QtBot, tmp_path: Path) -> None:
    page.open()
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    file = tmp_path / "tray.png"
    assert image.save(str(file))
    picture = Attachment("tray.png", "image/png", file.read_bytes(), "A tray")
    draft = Draft("Again", visibility=Visibility.UNLISTED, warning="Coffee", attachments=(picture,))
    page.composer.restore(outbox_item(CASE, draft))
    assert page.edit.text == "Again"
    assert page.field("Content warning").text() == "Coffee"
    assert page.picker.chosen() is Visibility.UNLISTED
    qtbot.waitUntil(page.send.isEnabled)
    with qtbot.waitSignal(page.composer.sent):
        page.press_send()
    assert page.sent_draft() == replace(draft, answer_to="n3")


def test_what_was_meant_for_few_does_not_get_wider_beside_what_comes_back(page: Page) -> None:
    page.open()
    page.type("Your serial number is")  # begun as an answer to a direct message
    page.composer.restore(outbox_item(CASE, Draft("Hello all", visibility=Visibility.PUBLIC)))
    assert page.picker.chosen() is Visibility.DIRECT


def test_a_reply_taken_back_for_another_case_is_there_when_it_is_shown(
    page: Page, qtbot: QtBot
) -> None:
    page.open()
    page.type("Since then")
    page.composer.show_case(OTHER_CASE)
    page.type("Elsewhere")
    page.composer.restore(outbox_item(CASE, Draft("First")))
    assert page.edit.text == "Elsewhere"
    page.services.replies.answers["draft"] = Written(text="First\n\nSince then")
    page.composer.show_case(CASE)
    qtbot.waitUntil(lambda: page.edit.text == "First\n\nSince then")


def test_an_earlier_message_is_answered_as_wide_as_it_was(page: Page, qtbot: QtBot) -> None:
    page.open()
    page.composer.answer_to("n1")
    page.type("About that")
    qtbot.waitUntil(lambda: page.strips == ["Answers an earlier message."])
    assert page.picker.chosen() is Visibility.PUBLIC
    with qtbot.waitSignal(page.composer.sent):
        page.press_send()
    assert page.sent_draft().answer_to == "n1"


def test_nothing_leaves_before_it_is_known_how_wide_the_earlier_message_was(page: Page) -> None:
    page.open()
    page.services.timelines.answers["conversation"] = Future()
    page.composer.answer_to("n1")
    page.type("About that")
    page.press_send()
    assert page.services.replies.asked("reply") == []


def test_a_private_answer_stays_private_when_the_customer_goes_public_meanwhile(
    page: Page, qtbot: QtBot
) -> None:
    page.open()
    page.type("Your serial number is")
    page.services.cases.answers["view"] = replace(
        case_view(), answer_to="n9", answer_visibility=Visibility.PUBLIC
    )
    page.bridge.committed.emit(ChangeSet(cases={CASE}))
    qtbot.waitUntil(lambda: page.strips == ["Marta has written again since you began."])
    assert page.picker.chosen() is Visibility.DIRECT
    with qtbot.waitSignal(page.composer.sent):
        page.press_send()
    assert page.sent_draft().answer_to == "n3"
    assert page.sent_draft().visibility is Visibility.DIRECT
    assert page.picker.chosen() is Visibility.PUBLIC, "the next reply answers the latest"


def test_an_unbegun_reply_follows_the_latest_message(page: Page, qtbot: QtBot) -> None:
    page.open()
    page.services.cases.answers["view"] = replace(
        case_view(), answer_to="n9", answer_visibility=Visibility.PUBLIC
    )
    page.bridge.committed.emit(ChangeSet(cases={CASE}))
    qtbot.waitUntil(lambda: page.picker.chosen() is Visibility.PUBLIC)
    assert page.strips == []


def test_the_latest_is_answered_after_all_when_asked(page: Page, qtbot: QtBot) -> None:
    page.open()
    page.composer.answer_to("n1")
    qtbot.waitUntil(lambda: page.strips == ["Answers an earlier message."])
    click(button(page.composer, "Answer the latest"))
    assert page.strips == []
    assert page.picker.chosen() is Visibility.DIRECT


@pytest.mark.parametrize(
    ("answered", "offered", "begins"),
    [
        (Visibility.FOLLOWERS, tuple(Visibility), Visibility.FOLLOWERS),
        (Visibility.FOLLOWERS, (Visibility.PUBLIC, Visibility.DIRECT), Visibility.DIRECT),
        (Visibility.DIRECT, (Visibility.PUBLIC,), Visibility.PUBLIC),
    ],
)
def test_a_reply_begins_no_wider_than_the_channel_makes_it(
    answered: Visibility, offered: tuple[Visibility, ...], begins: Visibility
) -> None:
    assert as_wide_as(answered, offered) is begins


def test_the_voice_of_the_holding_department_is_shown(page: Page) -> None:
    page.open()
    voices = [w.accessibleName() for w in page.composer.findChildren(QWidget)]
    assert "PR & Community voice: first names, no jargon, one clear next step." in voices


def test_the_content_warning_is_sent_and_counted(page: Page, qtbot: QtBot) -> None:
    page.open()
    click(page.tool("Content warning"))
    write(page.field("Content warning"), "Coffee")
    page.type("Steam")
    assert page.counter == "489 left"
    with qtbot.waitSignal(page.composer.sent):
        page.press_send()
    assert page.sent_draft().warning == "Coffee"


def test_a_channel_without_warnings_or_pictures_shows_neither(page: Page) -> None:
    page.services.replies.answers["composer"] = setup(
        channel=Channel.EMAIL, capabilities=Capabilities((Visibility.DIRECT,), max_attachments=0)
    )
    page.open()
    assert not page.tool("Content warning").isVisible()
    assert not page.tool("Attach pictures").isVisible()


def test_the_editor_grows_with_its_text_and_stops(page: Page) -> None:
    page.open()
    low = page.edit.height()
    page.edit.set_text("\n".join("line" for _ in range(5)))
    middle = page.edit.height()
    page.edit.set_text("\n".join("line" for _ in range(60)))
    assert low < middle < page.edit.height() == 208


def test_without_a_case_nothing_can_be_written(page: Page) -> None:
    page.composer.show_case(None)
    assert not page.edit.isEnabled()
    assert page.send.toolTip() == "Choose a conversation first."


def test_a_case_that_cannot_be_read_is_said_in_the_composer(page: Page, qtbot: QtBot) -> None:
    page.services.cases.answers["view"] = Unreachable("The workspace is closed.")
    page.composer.show_case(CASE)
    qtbot.waitUntil(lambda: page.strips == ["The workspace is closed."])


def test_an_answer_for_a_case_left_behind_is_dropped(page: Page, qtbot: QtBot) -> None:
    late: Future[object] = Future()
    page.services.cases.answers["view"] = late
    page.composer.show_case(CASE)
    page.services.cases.answers["view"] = case_view
    page.composer.show_case(OTHER_CASE)
    qtbot.waitUntil(page.hint_names_customer)
    late.set_result(case_view(CASE))
    page.type("Hi")
    with qtbot.waitSignal(page.composer.sent) as sent:
        page.press_send()
    assert sent.args[0].case == OTHER_CASE


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Marta Lindqvist", "Marta"),
        ("Kwame", "Kwame"),
        ("林 美咲", "林 美咲"),
        ("@dan_okafor", "@dan_okafor"),
        ("Dr. Priya Raman", "Dr. Priya Raman"),
        ("underground coffee", "underground coffee"),
        ("", "the customer"),
    ],
)
def test_people_are_called_by_their_first_name(name: str, called: str) -> None:
    assert first_name(name) == called
