"""Goals in the settings: how much accounts promote, and how sure matching must be to join."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.errors import WorkspaceError
from app.domain.ids import AccountId, founding_customer
from app.domain.interactions import Channel, IdentityFact
from app.domain.setup import Goals
from app.domain.views import IdentityView
from app.services.match_preview import SurePairs, sure_pairs
from app.store.promotions import Share
from app.ui.dialogs.settings import SECTIONS, SettingsSheet
from app.ui.dialogs.settings_goals import GoalsSection, share_told, with_share
from app.ui.dialogs.settings_pairs import PairsSheet
from tests.services.desk import Desk
from tests.store.building import ACCOUNT, person, said
from tests.ui.consoles import Console, account_view, on_screen, one_question
from tests.ui.dialog_services import failed
from tests.ui.driving import CONTROL, child, focused, press


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock) -> Iterator[Desk]:
    """Kwame says which mail address is his, and somebody wrote from it."""
    with one_question(tmp_path, clock) as desk:
        kwame = replace(person("kwame"), mails=("mira@post.example",))
        mira = IdentityFact(Channel.EMAIL, "mira@post.example", "mira@post.example")
        desk.take(*(said(f"x{n}", "x", "Hello", author=one) for n, one in enumerate((kwame, mira))))
        yield desk


@pytest.fixture
def section(desk: Desk, qtbot: QtBot) -> Iterator[GoalsSection]:
    with on_screen(desk, qtbot) as console:
        console.accounts.views = (account_view(account=ACCOUNT),)
        yield _opened(console, qtbot)


def _opened(console: Console, qtbot: QtBot) -> GoalsSection:
    console.window.sheets.settings()
    sheet = child(console.window, SettingsSheet)
    sheet.tabs.button(SECTIONS.index(GoalsSection)).click()
    section = child(sheet, GoalsSection)
    qtbot.waitUntil(lambda: section.account.count() == 2)
    qtbot.waitUntil(lambda: section.pairs.text().startswith("Nothing is joined"))
    return section


def test_how_many_pairs_are_as_sure_is_told_and_kept(
    section: GoalsSection, desk: Desk, qtbot: QtBot
) -> None:
    section.match.group.button(2).click()
    qtbot.waitUntil(lambda: section.pairs.text() == "1 pair of customers is as sure today.")
    qtbot.waitUntil(lambda: desk.directory.setup().goals.match == 0.95)
    section.match.group.button(1).click()
    assert section.pairs.text() == "0 pairs of customers are as sure today."
    qtbot.waitUntil(lambda: desk.directory.setup().goals.match == 0.99)


def test_what_cannot_be_counted_is_not_counted_for_ever(
    section: GoalsSection, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    error = WorkspaceError("The disk is full.")
    monkeypatch.setattr(section.services.insights, "sure_pairs", lambda: failed(error))
    section._goals = replace(section._goals, match=0.95)  # what is saved would clear the error
    section._count()
    assert section.pairs.text() == "Counting…"
    qtbot.waitUntil(lambda: section.wrong.text() == "The disk is full.")
    assert section.pairs.text() == ""


def test_the_pairs_are_looked_at_joined_by_keys_and_separated_again(
    section: GoalsSection, desk: Desk, qtbot: QtBot
) -> None:
    assert not section.join.isVisible()
    section.match.group.button(2).click()
    qtbot.waitUntil(section.join.isVisible)
    assert section.join.text() == "Look at this pair…"
    press(Qt.Key.Key_Space, at=section.join)
    sheet = child(section.window(), PairsSheet)
    (check,) = sheet.checks
    assert focused() is check
    assert check.text() == "@kwame (Mastodon) and mira@post.example (E-mail)"
    assert "The same mail address" in check.accessibleDescription()
    press(Qt.Key.Key_Space)
    assert not sheet.footer.main.isEnabled()
    press(Qt.Key.Key_Space)
    assert sheet.footer.main.text() == "Join 1 pair"
    press(Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: section.pairs.text() == "0 pairs of customers are as sure today.")
    assert not section.join.isVisible()
    one, other = _identities(desk)
    assert one.customer == other.customer
    later = max(one, other, key=lambda view: founding_customer(view.identity))
    desk.customers.unlink(later.identity).result()
    one, other = _identities(desk)
    assert one.customer != other.customer
    again = sure_pairs(desk.workspace)
    assert again.pairs == ()  # what a person separated is not offered again


def _identities(desk: Desk) -> list[IdentityView]:
    customers = [desk.customers.resolve(who).result() for who in ("@kwame", "mira@post.example")]
    cards = [desk.customers.card(one).result() for one in customers]
    return [
        next(view for view in card.identities if view.handle == who)
        for card, who in zip(cards, ("@kwame", "mira@post.example"), strict=True)
    ]


def test_an_account_has_a_goal_of_its_own(section: GoalsSection, desk: Desk, qtbot: QtBot) -> None:
    section.account.take(ACCOUNT)
    section.account.activated.emit(1)
    assert section.promotions.value() == 20
    qtbot.waitUntil(lambda: "nothing was posted" in section.now.text())
    section.promotions.setValue(35)
    section.settle()
    qtbot.waitUntil(lambda: desk.directory.setup().goals.of_accounts == {ACCOUNT: 0.35})
    assert desk.directory.setup().goals.promotions == 0.2


def test_an_account_given_what_holds_for_all_follows_it_again() -> None:
    goals = with_share(Goals(), AccountId(7), 0.35)
    assert goals.of_accounts == {7: 0.35}
    assert with_share(goals, AccountId(7), 0.2) == Goals()
    assert with_share(goals, None, 0.1).of_accounts == {7: 0.35}


def test_figures_are_told_in_words() -> None:
    assert share_told(Share(41, 12)) == "In the last 30 days 12 of 41 posts promoted: 71/29."
    pairs = [SimpleNamespace(suggestion=SimpleNamespace(score=s)) for s in (0.97, 0.95, 0.91)]
    part = SurePairs(cast("Any", tuple(pairs)), 5_000, whole=False)
    assert part.told(0.95) == (
        "2 pairs of customers are as sure today among the first 5,000 looked at."
    )
