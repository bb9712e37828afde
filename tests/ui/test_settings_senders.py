"""Senders in the settings: tried on what was sent, and in force once they are saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.departments import CARE, LEADERSHIP, PR
from app.domain.ids import AgentId
from app.domain.replies import Draft
from app.domain.setup import Sender, Setup
from app.services.sender_preview import Sent, tried
from app.ui.dialogs.settings import SECTIONS, SettingsSheet
from app.ui.dialogs.settings_senders import SendersSection
from tests.services.desk import Desk
from tests.store.building import ACCOUNT
from tests.ui.consoles import Console, account_view, on_screen, one_question
from tests.ui.driving import child


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock) -> Iterator[Desk]:
    """Ines of PR & Community has replied once."""
    with one_question(tmp_path, clock) as desk:
        desk.replies.reply(desk.only_case(), Draft("We will look.")).result()
        yield desk


@pytest.fixture
def console(desk: Desk, qtbot: QtBot) -> Iterator[Console]:
    with on_screen(desk, qtbot) as console:
        console.accounts.views = (account_view(account=ACCOUNT),)
        yield console


def opened(console: Console, qtbot: QtBot) -> SendersSection:
    console.window.sheets.settings()
    sheet = child(console.window, SettingsSheet)
    sheet.tabs.button(SECTIONS.index(SendersSection)).click()
    section = child(sheet, SendersSection)
    qtbot.waitUntil(lambda: section.account.isEnabled() and "of 1 reply" in section.told.text())
    return section


def test_what_is_chosen_is_tried_before_it_holds(
    console: Console, desk: Desk, qtbot: QtBot
) -> None:
    section = opened(console, qtbot)
    assert section.told.text().startswith("In the last 30 days 0 of 1 reply")
    section.approval.take(LEADERSHIP)
    section.approval.activated.emit(0)
    assert section.told.text() == "In the last 30 days 1 of 1 reply would have needed approval."
    assert desk.directory.setup().senders == ()
    section.keep.click()
    qtbot.waitUntil(lambda: section.told.text().startswith("Saved"))
    assert desk.directory.setup().senders == (Sender(ACCOUNT, approval=LEADERSHIP),)


def test_a_department_may_need_approval_wherever_it_writes(
    console: Console, desk: Desk, qtbot: QtBot
) -> None:
    desk.directory.settle(senders=(Sender(ACCOUNT, departments=(CARE,)),)).result()
    section = opened(console, qtbot)
    assert section.departments.taken() == (CARE,)
    assert "1 would have been somebody else’s" in section.told.text()
    section.departments.take(())
    section.departments.changed.emit()
    box = section.of_departments[PR]
    box.take(LEADERSHIP)
    box.activated.emit(0)
    assert "1 of 1 reply would have needed approval." in section.told.text()
    section.keep.click()
    qtbot.waitUntil(lambda: section.told.text().startswith("Saved"))
    setup = desk.directory.setup()
    assert (setup.senders, dict(setup.approvals)) == ((), {PR: LEADERSHIP})


def test_a_reply_that_may_not_be_sent_needs_no_approval_too() -> None:
    me = AgentId("0190aaaa-0000-7000-8000-000000000001")
    sent = (Sent(ACCOUNT, me, PR, 40), Sent(ACCOUNT, me, CARE, 2))
    setup = Setup(senders=(Sender(ACCOUNT, (CARE,), approval=LEADERSHIP),))
    assert tried(sent, setup).sentence == (
        "In the last 30 days 2 of 42 replies would have needed approval, and 40 would have been "
        "somebody else’s to send."
    )
    assert "nobody replied" in tried((), setup).sentence
