"""The sidebar by pointer and by keys, wide and narrow."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.domain.departments import CARE, IT, PR, SEEDED, Agent
from app.domain.ids import AgentId
from app.domain.interactions import Channel
from app.domain.views import AccountState, QueueCounts, QueueName, QueueRef
from app.ui.delegates.sidebar_delegate import _number_widths
from app.ui.models.sidebar_model import SidebarModel, queue_title
from app.ui.room import SIDEBAR, SIDEBAR_ICONS, SIDEBAR_LEAST
from app.ui.runtime import prepare
from app.ui.views.sidebar import Sidebar
from tests.ui.consoles import account_view
from tests.ui.driving import button
from tests.ui.rows import MINUTE, NOW_MS

ROWS = {"my work": 0, "outbox": 4, "header": 8, "it": 13}


@pytest.fixture
def sidebar(qtbot: QtBot) -> Sidebar:
    prepare("light")
    model = SidebarModel(SEEDED, PR)
    model.show_counts(QueueCounts(12, 27, 3, 5, 2, 1, {PR: (14, 3), CARE: (41, 6), IT: (6, 1)}))
    sidebar = Sidebar(model, lambda: NOW_MS, QMenu())
    qtbot.addWidget(sidebar)
    sidebar.show_workspace("Halden Coffee", sample=True)
    sidebar.show_me(Agent(AgentId("ines"), "Ines Duarte", PR), SEEDED[1])
    sidebar.resize(SIDEBAR, 900)
    sidebar.show()
    return sidebar


def _click(sidebar: Sidebar, row: int, x: int) -> None:
    rows = sidebar.queues
    middle = rows.visualRect(rows.model().index(row, 0)).center().y()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, middle))


def test_a_click_on_a_queue_asks_for_it(sidebar: Sidebar, qtbot: QtBot) -> None:
    with qtbot.waitSignal(sidebar.queue_chosen) as chosen:
        _click(sidebar, ROWS["outbox"], 60)
    assert chosen.args == [QueueRef(QueueName.OUTBOX)]


@pytest.mark.parametrize(
    ("width", "x", "name"),
    [
        (SIDEBAR, 60, QueueName.RESPOND),
        (SIDEBAR, SIDEBAR - 80, QueueName.RESPOND),
        (SIDEBAR, SIDEBAR - 25, QueueName.REACH_OUT),
        (SIDEBAR_LEAST, SIDEBAR_LEAST - 60, QueueName.RESPOND),
        (SIDEBAR_LEAST, SIDEBAR_LEAST - 25, QueueName.REACH_OUT),
    ],
)
def test_both_counts_of_a_department_lead_to_their_queue(
    sidebar: Sidebar, qtbot: QtBot, width: int, x: int, name: QueueName
) -> None:
    sidebar.set_width(width, narrow=False)
    with qtbot.waitSignal(sidebar.queue_chosen) as chosen:
        _click(sidebar, ROWS["it"], x)
    assert chosen.args == [QueueRef(name, IT)]


def test_a_heading_leads_nowhere(sidebar: Sidebar, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(sidebar.queue_chosen):
        _click(sidebar, ROWS["header"], 60)


def test_the_keyboard_reaches_both_sides_of_a_department(sidebar: Sidebar, qtbot: QtBot) -> None:
    rows = sidebar.queues
    rows.setFocus()
    rows.setCurrentIndex(rows.model().index(ROWS["it"], 0))
    for key, name in (
        (Qt.Key.Key_Return, QueueName.RESPOND),
        (Qt.Key.Key_Right, QueueName.REACH_OUT),
    ):
        with qtbot.waitSignal(sidebar.queue_chosen) as chosen:
            QTest.keyClick(rows, key)
        assert chosen.args == [QueueRef(name, IT)]


def test_the_keyboard_passes_over_the_heading(sidebar: Sidebar) -> None:
    rows = sidebar.queues
    rows.setFocus()
    rows.setCurrentIndex(rows.model().index(ROWS["header"] - 1, 0))
    QTest.keyClick(rows, Qt.Key.Key_Down)
    assert rows.currentIndex().row() == ROWS["header"] + 1


def test_search_accounts_and_me_ask_the_window(sidebar: Sidebar, qtbot: QtBot) -> None:
    with qtbot.waitSignal(sidebar.search_requested):
        QTest.mouseClick(button(sidebar, "Search everything"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(sidebar.accounts_requested):
        QTest.keyClick(sidebar.accounts, Qt.Key.Key_Return)
    with qtbot.waitSignal(sidebar.me_requested):
        name = "Ines Duarte, PR & Community. Change name or department"
        QTest.mouseClick(button(sidebar, name), Qt.MouseButton.LeftButton)


def test_narrow_it_keeps_its_icons(sidebar: Sidebar) -> None:
    find = button(sidebar, "Search everything")
    sidebar.set_width(SIDEBAR_ICONS, narrow=True)
    assert sidebar.width() == SIDEBAR_ICONS
    assert find.text() == ""
    sidebar.set_width(SIDEBAR, narrow=False)
    assert sidebar.width() == SIDEBAR
    assert find.text() == "Search everything"


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"state": AccountState.RESTING, "until_ms": NOW_MS}, "Mastodon: resting until"),
        ({"state": AccountState.SYNCING, "fetched": 1214}, "Mastodon: 1,214 fetched"),
        ({"state": AccountState.SYNCING}, "Mastodon: fetching"),
        ({"state": AccountState.OFFLINE}, "Mastodon: offline"),
        ({"state": AccountState.FAILED, "message": "It broke."}, "Mastodon: It broke."),
    ],
)
def test_exceptions_are_told_in_words(
    sidebar: Sidebar, changes: dict[str, object], line: str
) -> None:
    fine = account_view(channel=Channel.BLUESKY)
    sidebar.accounts.show_accounts([account_view(**changes), fine])
    assert sidebar.accounts.accessibleDescription().startswith(line)


def test_offline_everywhere_says_as_of_when(sidebar: Sidebar) -> None:
    sidebar.accounts.show_accounts(
        [account_view(state=AccountState.OFFLINE, synced_ms=NOW_MS - MINUTE)]
    )
    assert sidebar.accounts.accessibleName().startswith("Accounts, as of ")


def test_queues_have_titles() -> None:
    assert queue_title(QueueRef(QueueName.ESCALATED)) == "Escalated to us"
    assert queue_title(QueueRef(QueueName.REACH_OUT, IT), SEEDED[4]) == "Reach out · IT"
    assert queue_title(QueueRef(QueueName.ALL)) == "All open"


def test_headings_stay_words_beside_a_scroll_bar(sidebar: Sidebar) -> None:
    row = QRectF(0, 0, SIDEBAR - 1 - 10 - 16, 38)  # the line, the bar and the margins
    assert _number_widths(row) == _number_widths(row.adjusted(0, 0, 10, 0))
    tight = _number_widths(row.adjusted(0, 0, SIDEBAR_LEAST - SIDEBAR, 0))
    assert sum(tight) < sum(_number_widths(row))
