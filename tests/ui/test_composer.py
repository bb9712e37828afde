"""The composer: what an agent writes is counted, kept, sent as wide as asked, and never lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.connectors.base import Capabilities, Limits
from app.domain.changes import ChangeSet
from app.domain.errors import BadInput, Unreachable
from app.domain.interactions import Channel, Visibility
from app.domain.outbox import Attachment, OutboxItem
from app.domain.replies import Draft, Written
from app.services.replies import Replies
from app.ui.bridge import UiBridge
from app.ui.views.composer import Composer
from app.ui.views.composer_attachments import AttachmentStrip
from app.ui.views.composer_edit import GrowingEdit
from app.ui.views.composer_overrun import fitting
from app.ui.views.composer_parts import Counter, Strip
from app.ui.views.composer_pictures import read_picture
from app.ui.views.composer_unsent import as_wide_as
from app.ui.views.composer_visibility import VisibilityPicker, wider_warning
from app.ui.views.first_name import first_name
from tests.ui.dialog_services import CASE, OTHER_CASE, FakeServices, case_view, outbox_item, setup
from tests.ui.driving import CONTROL, button, child, click, focused, press, write


class Page:
    """The composer as a person sees it."""

    def __init__(self, qtbot: QtBot, services: FakeServices) -> None:
        self.qtbot = qtbot
        self.services = services
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.resize(620, 420)
        self.bridge = UiBridge(self.window)
        self.composer = Composer(services.real(), self.bridge, self.window)
        self.composer.resize(620, 300)
        self.window.show()

    def open(self, case: object = CASE) -> Page:
        self.composer.show_case(case)  # type: ignore[arg-type]  # a case or None
        self.qtbot.waitUntil(self.hint_names_customer)
        return self

    def hint_names_customer(self) -> bool:
        return "Marta" in self.edit.placeholderText() or "note" in self.edit.placeholderText()

    @property
    def edit(self) -> GrowingEdit:
        return child(self.composer, GrowingEdit)

    @property
    def counter(self) -> str:
        return child(self.composer, Counter).text()

    @property
    def picker(self) -> VisibilityPicker:
        return child(self.composer, VisibilityPicker)

    @property
    def strips(self) -> list[str]:
        """The sentences between the tabs and the text."""
        return [s.label.text() for s in self.composer.findChildren(Strip) if s.isVisible()]

    @property
    def send(self) -> QPushButton:
        return next(
            b for b in self.composer.findChildren(QPushButton) if b.property("kind") == "main"
        )

    def tool(self, name: str) -> QToolButton:
        return next(
            b for b in self.composer.findChildren(QToolButton) if b.accessibleName() == name
        )

    def field(self, name: str) -> QLineEdit:
        return next(f for f in self.composer.findChildren(QLineEdit) if f.accessibleName() == name)

    def type(self, text: str) -> None:
        self.edit.setFocus()
        write(self.edit, text)

    def press_send(self) -> None:
        press(Qt.Key.Key_Return, CONTROL, self.edit)

    def sent_draft(self) -> Draft:
        ((_case, draft),) = self.services.replies.asked("reply")
        assert isinstance(draft, Draft)
        return draft


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


def _paste(page: Page, fill: Callable[[QMimeData], None]) -> None:
    mime = QMimeData()
    fill(mime)
    assert page.edit.canInsertFromMimeData(mime)
    page.edit.insertFromMimeData(mime)


def test_a_pasted_picture_is_described_and_sent(page: Page, qtbot: QtBot) -> None:
    page.open()
    image = QImage(64, 48, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkCyan)
    _paste(page, lambda mime: mime.setImageData(image))
    name = "Description of Pasted picture.jpg"
    qtbot.waitUntil(
        lambda: any(f.accessibleName() == name for f in page.composer.findChildren(QLineEdit))
    )
    write(page.field(name), "A teal rectangle")
    page.type("Look")
    with qtbot.waitSignal(page.composer.sent):
        page.press_send()
    (attachment,) = page.sent_draft().attachments
    assert attachment.description == "A teal rectangle"
    assert attachment.mime == "image/jpeg"
    assert attachment.body.startswith(b"\xff\xd8")


def test_a_dropped_file_that_is_no_picture_is_refused_by_name(
    page: Page, qtbot: QtBot, tmp_path: Path
) -> None:
    page.open()
    file = tmp_path / "invoice.pdf"
    file.write_bytes(b"%PDF-1.7")
    _paste(page, lambda mime: mime.setUrls([QUrl.fromLocalFile(str(file))]))
    refusal = "“invoice.pdf” is not a picture that can be sent. Attach a JPEG, PNG, GIF or WebP."
    qtbot.waitUntil(lambda: page.strips == [refusal])


def test_a_picture_dropped_beside_the_text_is_taken_too(
    page: Page, qtbot: QtBot, tmp_path: Path
) -> None:
    page.open()
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.green)
    file = tmp_path / "leaf.png"
    assert image.save(str(file))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    corner = QPoint(30, page.composer.height() - 30)
    nothing = Qt.KeyboardModifier.NoModifier
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(corner, copy, mime, left, nothing)
    page.composer.dragEnterEvent(enter)
    assert enter.isAccepted()
    page.composer.dropEvent(QDropEvent(corner.toPointF(), copy, mime, left, nothing))
    qtbot.waitUntil(page.send.isEnabled)


def test_a_picture_is_taken_off_again(page: Page, qtbot: QtBot) -> None:
    page.open()
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    _paste(page, lambda mime: mime.setImageData(image))
    remove = "Remove Pasted picture.jpg"
    qtbot.waitUntil(
        lambda: any(b.accessibleName() == remove for b in page.composer.findChildren(QToolButton))
    )
    assert page.send.isEnabled(), "a picture alone can be sent"
    click(page.tool(remove))
    assert not page.send.isEnabled()


def test_pictures_are_described_and_taken_off_by_keys_alone(page: Page, qtbot: QtBot) -> None:
    page.open()
    page.services.replies.answers["composer"] = setup()
    page.edit.setFocus()
    for colour in (Qt.GlobalColor.red, Qt.GlobalColor.blue):
        image = QImage(8, 8, QImage.Format.Format_RGB32)
        image.fill(colour)
        _paste(page, lambda mime, image=image: mime.setImageData(image))  # type: ignore[misc]
    strip = child(page.composer, AttachmentStrip)
    qtbot.waitUntil(lambda: len(strip.pictures()) == 2)
    order = []
    for _ in range(7):
        press(Qt.Key.Key_Tab)
        order.append(focused().accessibleName())
    one = ["Pasted picture.jpg", "Description of Pasted picture.jpg", "Remove Pasted picture.jpg"]
    assert order == [*one, *one, "Attach pictures"]
    for _ in range(5):
        press(Qt.Key.Key_Backtab)
    assert focused().accessibleName() == one[1], "the first picture’s description"
    write(focused(), "Red")
    press(Qt.Key.Key_Backtab)
    press(Qt.Key.Key_Delete)
    assert [p.attachment.description for p in strip.pictures()] == [""]
    assert focused().accessibleName() == one[0], "the other picture"
    press(Qt.Key.Key_Backspace)
    assert strip.pictures() == ()
    assert focused() is page.edit


@pytest.mark.parametrize(
    ("most", "sentence"),
    [
        (0, "Mastodon takes no pictures in a message. Send a link instead."),
        (1, "Mastodon takes one picture in a message. Send the others in another one."),
        (4, "Mastodon takes 4 pictures in a message. Send the others in another one."),
    ],
)
def test_a_channels_own_number_of_pictures_is_said(
    page: Page, tmp_path: Path, most: int, sentence: str
) -> None:
    page.services.replies.answers["composer"] = setup(
        capabilities=Capabilities(tuple(Visibility), max_attachments=most)
    )
    page.open()
    files = [QUrl.fromLocalFile(str(tmp_path / f"{n}.png")) for n in range(most + 1)]
    _paste(page, lambda mime: mime.setUrls(files))
    assert page.strips == [sentence]


def test_a_large_photograph_is_made_to_fit_and_loses_its_place(tmp_path: Path) -> None:
    image = QImage(1600, 1200, QImage.Format.Format_RGB32)
    for row in range(0, 1200, 3):
        for column in range(0, 1600, 5):
            image.setPixel(column, row, (row * 7919 + column * 104729) & 0xFFFFFF)
    path = tmp_path / "holiday.png"
    assert image.save(str(path))
    most = 120_000
    assert path.stat().st_size > most
    picture = read_picture(path, Limits(500, max_attachment_bytes=most)).result(timeout=20)
    assert len(picture.attachment.body) <= most
    assert picture.attachment.name == "holiday.jpg"
    assert picture.preview.width() == picture.preview.height() == 80


def test_a_file_that_went_away_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"“gone\.png” cannot be read"):
        read_picture(tmp_path / "gone.png", Limits(500)).result(timeout=5)


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
