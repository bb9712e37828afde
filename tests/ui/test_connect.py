"""Connecting an account: signing in, what goes wrong, and how far back to read."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.departments import CARE, IT, PR
from app.domain.errors import BadInput, SeamlineError, Unreachable
from app.domain.interactions import Channel
from app.domain.views import AccountState, AccountView
from app.services.drifting import Drift
from app.ui.bridge import UiBridge
from app.ui.dialogs.accounts import AccountsSheet
from app.ui.dialogs.connect import ConnectSheet
from app.ui.dialogs.connect_history import HistoryPanel, HistorySheet
from app.ui.dialogs.controls import Segmented
from tests.ui.dialog_services import ACCOUNT, NOW, FakeServices, account
from tests.ui.driving import button, child, click, focused, press, said, shown_window, write


class Page:
    def __init__(self, qtbot: QtBot, services: FakeServices, channel: Channel | None) -> None:
        self.qtbot = qtbot
        self.services = services
        self.window = QWidget()
        qtbot.addWidget(self.window)
        shown_window(self.window)
        self.bridge = UiBridge(self.window)
        self.sheet = ConnectSheet(services.real(), self.bridge, self.window, channel)
        self.sheet.open()

    def field(self, name: str) -> QLineEdit:
        return next(
            f
            for f in self.sheet.findChildren(QLineEdit)
            if f.accessibleName() == name and f.isVisible()
        )

    def says(self, sentence: str) -> None:
        self.qtbot.waitUntil(lambda: said(self.sheet, sentence))

    def signed_in(self) -> HistoryPanel:
        panel = child(self.sheet, HistoryPanel)
        self.qtbot.waitUntil(panel.isVisible)
        return panel


@pytest.fixture
def services() -> FakeServices:
    return FakeServices()


@pytest.fixture
def mastodon(qtbot: QtBot, services: FakeServices) -> Page:
    return Page(qtbot, services, Channel.MASTODON)


@pytest.fixture
def bluesky(qtbot: QtBot, services: FakeServices) -> Page:
    return Page(qtbot, services, Channel.BLUESKY)


def test_mastodon_signs_in_through_the_browser(
    mastodon: Page, qtbot: QtBot, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    visited: list[str] = []

    def visit(url: QUrl) -> bool:
        visited.append(url.toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", visit)
    agreed: Future[AccountView] = Future()

    def begin(server: str, open_browser: Callable[[str], None]) -> Future[AccountView]:
        assert server == "social.example"
        open_browser("https://social.example/oauth/authorize?x=1")
        return agreed

    services.accounts.answers["connect_mastodon_oauth"] = begin
    write(focused(), "social.example")
    click(button(mastodon.sheet, "Sign in with your browser"))
    mastodon.says("Agree in your browser, then come back here.")
    assert visited == ["https://social.example/oauth/authorize?x=1"]
    click(button(mastodon.sheet, "Copy the address"))
    assert QGuiApplication.clipboard().text() == visited[0]
    with qtbot.waitSignal(mastodon.sheet.connected) as connected:
        agreed.set_result(account())
    assert connected.args == [ACCOUNT]
    mastodon.says("@halden@mastodon.example on Mastodon")


def test_mastodon_takes_a_token(mastodon: Page, services: FakeServices) -> None:
    click(button(mastodon.sheet, "Use an access token instead"))
    write(mastodon.field("Server"), "social.example")
    assert not button(mastodon.sheet, "Connect").isEnabled()
    assert button(mastodon.sheet, "Connect").toolTip() == "Enter the access token."
    write(mastodon.field("Access token"), "s3cret")
    assert mastodon.field("Access token").echoMode() is QLineEdit.EchoMode.Password
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    mastodon.signed_in()
    assert services.accounts.asked("connect_mastodon_token") == [("social.example", "s3cret")]


def test_bluesky_takes_handle_password_and_server(bluesky: Page, services: FakeServices) -> None:
    write(bluesky.field("Handle"), "halden.example")
    write(bluesky.field("App password"), "abcd-efgh")
    write(bluesky.field("Server"), "https://pds.example")
    click(button(bluesky.sheet, "Connect"))
    bluesky.signed_in()
    assert services.accounts.asked("connect_bluesky") == [
        ("https://pds.example", "halden.example", "abcd-efgh")
    ]


def test_what_went_wrong_stands_under_the_fields(mastodon: Page, services: FakeServices) -> None:
    error = BadInput("social.example is no Mastodon server.", hint="Check the address.")
    services.accounts.answers["connect_mastodon_oauth"] = error
    write(focused(), "social.example")
    click(button(mastodon.sheet, "Sign in with your browser"))
    mastodon.says(str(error))
    assert mastodon.field("Server").property("invalid")
    assert mastodon.field("Server").text() == "social.example"
    write(mastodon.field("Server"), "x")
    assert not said(mastodon.sheet, str(error)), "typing clears it"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            Unreachable("It cannot be reached.", hint="It is tried again by itself."),
            "It cannot be reached. Check the network, then try again: what you typed is kept.",
        ),
        (
            Unreachable("There is no safe connection.", hint="Sign in first.", in_between=True),
            "There is no safe connection. Sign in first.",
        ),
    ],
)
def test_without_a_network_what_was_typed_is_kept_and_tried_again_by_a_button(
    bluesky: Page, services: FakeServices, error: SeamlineError, sentence: str
) -> None:
    services.accounts.answers["connect_bluesky"] = error
    write(bluesky.field("Handle"), "halden.example")
    write(bluesky.field("App password"), "abcd-efgh")
    click(button(bluesky.sheet, "Connect"))
    bluesky.says(sentence)
    again = button(bluesky.sheet, "Try again")
    assert focused() is again
    assert bluesky.field("App password").text() == "abcd-efgh"
    services.accounts.answers["connect_bluesky"] = lambda *_: account()
    press(Qt.Key.Key_Space)
    bluesky.signed_in()
    asked = services.accounts.asked("connect_bluesky")
    assert asked == [("", "halden.example", "abcd-efgh")] * 2


def test_typing_after_no_network_is_a_new_attempt(mastodon: Page, services: FakeServices) -> None:
    services.accounts.answers["connect_mastodon_oauth"] = Unreachable("Gone.")
    write(focused(), "social.example")
    click(button(mastodon.sheet, "Sign in with your browser"))
    mastodon.says("Gone. Check the network, then try again: what you typed is kept.")
    write(mastodon.field("Server"), "x")
    assert button(mastodon.sheet, "Sign in with your browser").isEnabled()


def test_a_refusal_on_the_spot_is_said_too(mastodon: Page, services: FakeServices) -> None:
    def refuse(*_: object) -> object:
        raise BadInput("The sample workspace connects to nothing.", hint="Make your own first.")

    services.accounts.answers["connect_mastodon_oauth"] = refuse
    write(focused(), "social.example")
    click(button(mastodon.sheet, "Sign in with your browser"))
    mastodon.says("The sample workspace connects to nothing. Make your own first.")


def test_cancel_gives_the_sign_in_up_and_keeps_the_fields(
    mastodon: Page, services: FakeServices
) -> None:
    waiting: Future[AccountView] = Future()
    services.accounts.answers["connect_mastodon_oauth"] = lambda *_: waiting
    write(focused(), "social.example")
    click(button(mastodon.sheet, "Sign in with your browser"))
    click(button(mastodon.sheet, "Cancel"))
    assert waiting.cancelled()
    assert mastodon.sheet.isVisible()
    assert mastodon.field("Server").text() == "social.example"


def test_escape_gives_the_sign_in_up_and_closes(
    mastodon: Page, qtbot: QtBot, services: FakeServices
) -> None:
    waiting: Future[AccountView] = Future()
    services.accounts.answers["connect_mastodon_oauth"] = lambda *_: waiting
    write(focused(), "social.example")
    click(button(mastodon.sheet, "Sign in with your browser"))
    with qtbot.waitSignal(mastodon.sheet.closed):
        press(Qt.Key.Key_Escape, at=mastodon.sheet)
    assert waiting.cancelled()


def test_without_a_channel_one_is_chosen_first(qtbot: QtBot, services: FakeServices) -> None:
    page = Page(qtbot, services, None)
    choice = child(page.sheet, Segmented, "Channel")
    choice.choose(1)
    assert page.field("Handle").isVisible()
    choice.choose(0)
    assert page.field("Server").placeholderText() == "mastodon.social"


def _connected(page: Page) -> HistoryPanel:
    write(page.field("Server"), "social.example")
    click(button(page.sheet, "Sign in with your browser"))
    return page.signed_in()


def test_history_is_read_as_far_back_as_asked_stopped_and_continued(
    mastodon: Page, qtbot: QtBot, services: FakeServices
) -> None:
    reading: Future[None] = Future()
    services.syncing.answers["fetch_history"] = lambda *_: reading
    panel = _connected(mastodon)
    child(panel, Segmented).choose(2)
    owner = child(panel, QComboBox)
    owner.setCurrentIndex(owner.findData(str(IT)))
    click(button(mastodon.sheet, "Read"))
    assert services.syncing.asked("fetch_history") == [(ACCOUNT, NOW - timedelta(days=365))]
    assert services.accounts.asked("set_owner") == [(ACCOUNT, IT)]
    services.accounts.answers["list"] = (
        replace(
            account(), state=AccountState.SYNCING, fetched=1240, message="Fetched back to 3 May."
        ),
    )
    mastodon.says("1,240 interactions so far. Fetched back to 3 May.")
    click(button(mastodon.sheet, "Stop"))
    assert services.syncing.stopped == [ACCOUNT]
    reading.set_result(None)
    mastodon.says("Stopped. What was read stays, the rest can be read any time.")
    services.syncing.answers["fetch_history"] = None
    click(button(mastodon.sheet, "Continue"))
    mastodon.says("Everything is here.")
    assert len(services.accounts.asked("set_owner")) == 1
    with qtbot.waitSignal(mastodon.sheet.closed):
        click(button(mastodon.sheet, "Done"))


def test_reading_that_fails_says_so_and_can_be_continued(
    mastodon: Page, services: FakeServices
) -> None:
    services.syncing.answers["fetch_history"] = Unreachable("No network.", hint="Try later.")
    _connected(mastodon)
    click(button(mastodon.sheet, "Read"))
    mastodon.says("No network. Try later.")
    assert button(mastodon.sheet, "Continue").isEnabled()


@pytest.mark.parametrize(
    ("state", "message", "told"),
    [
        (
            AccountState.OFFLINE,
            "social.example cannot be reached.",
            "social.example cannot be reached. Reading goes on by itself once it is reached.",
        ),
        (
            AccountState.RESTING,
            "social.example asks for a rest until 12:10.",
            "social.example asks for a rest until 12:10. Then reading goes on by itself.",
        ),
    ],
)
def test_reading_that_has_to_wait_says_what_for(
    mastodon: Page, services: FakeServices, state: AccountState, message: str, told: str
) -> None:
    reading: Future[None] = Future()
    services.syncing.answers["fetch_history"] = lambda *_: reading
    panel = _connected(mastodon)
    click(button(mastodon.sheet, "Read"))
    services.accounts.answers["list"] = (replace(account(), state=state, message=message),)
    mastodon.says(told)
    hurry = button(panel, "Try now")
    assert hurry.isVisible() is (state is AccountState.OFFLINE)
    if state is AccountState.OFFLINE:
        click(hurry)
        assert services.syncing.tries == 1
    reading.set_result(None)
    mastodon.says("Everything is here.")
    assert not hurry.isVisible()


def test_nothing_of_the_past_is_read_when_not_wanted(
    mastodon: Page, qtbot: QtBot, services: FakeServices
) -> None:
    _connected(mastodon)
    with qtbot.waitSignal(mastodon.sheet.closed):
        click(button(mastodon.sheet, "Only from now on"))
    assert services.syncing.asked("fetch_history") == [(ACCOUNT, NOW)]


@pytest.fixture
def accounts(qtbot: QtBot, services: FakeServices) -> Page:
    page = Page(qtbot, services, Channel.MASTODON)
    page.sheet.close()
    page.sheet = AccountsSheet(services.real(), page.bridge, page.window)  # type: ignore[assignment]  # another sheet, driven alike
    page.sheet.open()
    qtbot.waitUntil(lambda: said(page.sheet, "@halden@mastodon.example"))
    return page


def test_accounts_are_listed_with_their_state(accounts: Page) -> None:
    assert said(accounts.sheet, "Mastodon · up to date")


def test_the_owner_of_an_account_is_changed(accounts: Page, services: FakeServices) -> None:
    owner = child(accounts.sheet, QComboBox, "Who answers @halden@mastodon.example")
    owner.setCurrentIndex(owner.findData(str(IT)))
    owner.activated.emit(owner.currentIndex())
    assert services.accounts.asked("set_owner") == [(ACCOUNT, IT)]


def test_an_account_that_another_department_answers_is_given_to_it(
    accounts: Page, qtbot: QtBot, services: FakeServices
) -> None:
    drift = Drift(ACCOUNT, CARE, PR, 0.64, 25)
    services.drifting.answers["found"] = {ACCOUNT: drift}
    accounts.bridge.connection_changed.emit()
    sentence = "64 % of what came in here this month was work for PR & Community."
    qtbot.waitUntil(lambda: said(accounts.sheet, sentence))
    click(button(accounts.sheet, "Give it to PR"))
    assert services.accounts.asked("set_owner") == [(ACCOUNT, PR)]
    click(button(accounts.sheet, "Not now"))
    assert services.drifting.asked("let_rest") == [(ACCOUNT,)]
    services.drifting.answers["found"] = {}
    accounts.bridge.connection_changed.emit()
    qtbot.waitUntil(lambda: not said(accounts.sheet, sentence))


def test_an_account_reads_further_back(accounts: Page, services: FakeServices) -> None:
    click(button(accounts.sheet, "Read further back on @halden@mastodon.example"))
    sheet = child(accounts.window, HistorySheet)
    click(button(sheet, "Read"))
    assert services.syncing.asked("fetch_history") == [(ACCOUNT, NOW - timedelta(days=30))]
    accounts.qtbot.waitUntil(lambda: said(sheet, "Everything is here."))


def test_an_account_that_was_signed_out_signs_in_again(
    accounts: Page, qtbot: QtBot, services: FakeServices
) -> None:
    assert not button(accounts.sheet, "Sign in again").isVisible()
    services.accounts.answers["list"] = (
        replace(account(), state=AccountState.SIGN_IN, message="Mastodon signed us out."),
    )
    accounts.bridge.connection_changed.emit()
    qtbot.waitUntil(lambda: said(accounts.sheet, "Mastodon · Mastodon signed us out."))
    click(button(accounts.sheet, "Sign in again"))
    sheet = child(accounts.window, ConnectSheet)
    services.accounts.answers["connect_mastodon_oauth"] = replace(account(), history_since_ms=1)
    write(child(sheet, QLineEdit, "Server"), "social.example")
    click(button(sheet, "Sign in with your browser"))
    qtbot.waitUntil(lambda: child(sheet, HistoryPanel).isVisible())
    with qtbot.waitSignal(sheet.closed):
        click(button(sheet, "Close"))
    assert services.syncing.asked("fetch_history") == [], "its history is there already"


def test_removing_an_account_asks_once_more(
    accounts: Page, qtbot: QtBot, services: FakeServices
) -> None:
    click(button(accounts.sheet, "Remove @halden@mastodon.example"))
    assert services.accounts.asked("remove") == []
    assert said(accounts.sheet, "What was said stays in the timelines. The sign-in is forgotten.")
    services.accounts.answers["list"] = ()
    click(button(accounts.sheet, "Remove now"))
    assert services.accounts.asked("remove") == [(ACCOUNT,)]
    qtbot.waitUntil(lambda: said(accounts.sheet, "No account is connected yet."))


def test_saved_searches_are_added_and_removed(
    accounts: Page, qtbot: QtBot, services: FakeServices
) -> None:
    qtbot.waitUntil(lambda: said(accounts.sheet, "halden coffee"))
    write(accounts.field("Words or a hashtag"), "#haldencoffee")
    owner = child(accounts.sheet, QComboBox, "Who reaches out")
    owner.setCurrentIndex(owner.findData(str(IT)))
    press(Qt.Key.Key_Return, at=accounts.field("Words or a hashtag"))
    assert services.accounts.asked("add_search") == [(ACCOUNT, "#haldencoffee", IT)]
    click(button(accounts.sheet, "Stop listening for halden coffee"))
    assert services.accounts.asked("remove_search") == [(1,)]


def test_a_refused_search_is_explained(accounts: Page, services: FakeServices) -> None:
    services.accounts.answers["add_search"] = BadInput("“x” is listened for already.")
    write(accounts.field("Words or a hashtag"), "x")
    press(Qt.Key.Key_Return, at=accounts.field("Words or a hashtag"))
    accounts.says("“x” is listened for already.")
    assert accounts.field("Words or a hashtag").text() == "x"
