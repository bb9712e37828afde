"""Routing rules in the settings: written, tried, moved and taken out by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.cases import Urgency
from app.domain.clock import FakeClock
from app.domain.departments import CARE, PR
from app.domain.errors import BadInput, WorkspaceError
from app.domain.hours import BusinessHours, Span
from app.domain.interactions import Channel, Kind
from app.domain.routing import Actions, Conditions, RoutingRule, Turn
from app.services.routing_rules import RoutingRules
from app.ui.dialogs.choosing import ManyBox, OneBox
from app.ui.dialogs.controls import Check
from app.ui.dialogs.settings import SECTIONS, SettingsSheet
from app.ui.dialogs.settings_rules import RulesSection
from app.ui.dialogs.settings_rules_editor import RuleSheet
from app.ui.dialogs.settings_rules_form import RuleForm
from app.ui.dialogs.settings_rules_words import listed, rule_line
from app.ui.runtime import prepare
from tests.services.desk import Desk
from tests.store.building import ACCOUNT, said
from tests.ui.consoles import Console, one_question
from tests.ui.driving import CONTROL, button, child, focused, lines, press

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock) -> Iterator[Desk]:
    prepare("light")
    with one_question(tmp_path, clock, mine=False) as made:
        made.take(said("2", "kwame", "Where is my refund?", at=9))
        yield made


def kept(desk: Desk, *names: str) -> None:
    rules = [
        RoutingRule(name, name.title(), Conditions(phrases=(name,)), Actions(department=PR))
        for name in names
    ]
    desk.directory.settle(routing=tuple(rules)).result()


def section(console: Console) -> RulesSection:
    press(Qt.Key.Key_Comma, CONTROL, console.window)
    sheet = child(console.window, SettingsSheet)
    sheet.tabs.button(SECTIONS.index(RulesSection)).click()
    return child(sheet, RulesSection)


def names(desk: Desk) -> list[str]:
    return [rule.name for rule in desk.directory.setup().routing]


def test_without_rules_it_says_what_they_are_for(console: Console) -> None:
    shown = section(console)
    assert "No rules yet" in shown.about.text()
    assert not shown.list.isVisible()
    assert not shown.edit.isEnabled()


def test_a_rule_is_written_with_the_keyboard_and_told_what_it_would_do(
    console: Console, desk: Desk, qtbot: QtBot
) -> None:
    shown = section(console)
    shown.add.setFocus()
    press(Qt.Key.Key_Space)
    sheet = child(console.window, RuleSheet)
    assert focused() is sheet.form.name
    QTest.keyClicks(focused(), "Money")
    press(Qt.Key.Key_Tab)
    QTest.keyClicks(focused(), "refund, money back")
    qtbot.waitUntil(lambda: "Choose what happens then" in sheet.preview.sentence.text())
    box = sheet.form.department
    box.setFocus()
    press(Qt.Key.Key_P)  # PR & Community
    qtbot.waitUntil(lambda: "would have caught 1 of 2" in sheet.preview.sentence.text())
    assert len(sheet.preview.examples) == 1
    press(Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: names(desk) == ["Money"])
    rule = desk.directory.setup().routing[0]
    assert rule.when.phrases == ("refund", "money back")
    assert rule.then == Actions(department=PR)
    qtbot.waitUntil(lambda: "Money · 1 in 30 days" in lines(shown.list)[0])
    qtbot.waitUntil(lambda: "would have moved 1 of 2" in shown.counted.text())


def test_rules_are_moved_doubled_and_taken_out_by_keys(
    console: Console, desk: Desk, qtbot: QtBot
) -> None:
    kept(desk, "one", "two", "three")
    shown = section(console)
    shown.list.setFocus()
    press(Qt.Key.Key_Down, ALT)
    qtbot.waitUntil(lambda: names(desk) == ["Two", "One", "Three"])
    qtbot.waitUntil(lambda: shown.list.currentRow() == 1)
    press(Qt.Key.Key_Up, ALT)
    qtbot.waitUntil(lambda: names(desk) == ["One", "Two", "Three"])
    qtbot.waitUntil(lambda: shown.list.currentRow() == 0)
    press(Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: names(desk) == ["Two", "Three"])
    qtbot.waitUntil(lambda: shown.list.count() == 2)
    press(Qt.Key.Key_D, CONTROL)
    assert child(console.window, RuleSheet).form.name.text() == "Two (copy)"
    press(Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: names(desk) == ["Two", "Two (copy)", "Three"])


def test_esc_leaves_a_rule_as_it_was(console: Console, desk: Desk, qtbot: QtBot) -> None:
    kept(desk, "one")
    shown = section(console)
    shown.list.setFocus()
    press(Qt.Key.Key_Return)
    sheet = child(console.window, RuleSheet)
    QTest.keyClicks(sheet.form.name, " more")
    with qtbot.waitSignal(sheet.closed):
        press(Qt.Key.Key_Escape)
    assert names(desk) == ["One"]


def test_what_a_rule_lacks_is_said(console: Console, desk: Desk) -> None:
    button(section(console), "Add a rule…").click()
    sheet = child(console.window, RuleSheet)
    sheet.submit()
    assert sheet.footer.hint.text().startswith("The rule has no name.")
    sheet.form.name.setText("A")
    sheet.submit()
    assert sheet.footer.hint.text().startswith("The rule decides nothing.")
    assert names(desk) == []


def test_what_cannot_be_saved_is_said_and_stays_open(
    console: Console, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(desk, "one")
    shown = section(console)

    def full(_self: RoutingRules, _rules: object) -> None:
        raise WorkspaceError("The disk is full.", hint="Make room.")

    monkeypatch.setattr(RoutingRules, "save", full)
    shown.list.setFocus()
    press(Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: shown.wrong.text() == "The disk is full. Make room.")
    press(Qt.Key.Key_Return)
    sheet = child(console.window, RuleSheet)
    sheet.submit()
    qtbot.waitUntil(lambda: sheet.footer.hint.text() == "The disk is full. Make room.")


HOURS = BusinessHours("Europe/Stockholm", ((Span(540, 1020),),) * 4 + ((Span(540, 900),), (), ()))
FULL = RoutingRule(
    "full",
    "Full",
    Conditions(
        phrases=("refund", "still waiting"),
        without=("thanks",),
        channels=(Channel.MASTODON, Channel.X),
        accounts=(ACCOUNT,),
        kinds=(Kind.DIRECT, Kind.TICKET_COMMENT),
        languages=("de", "en"),
        reach=10_000,
        tags=("vip",),
        campaigns=("*",),
        open_case=False,
        outside=HOURS,
    ),
    Actions(department=PR, turn=Turn.USUAL, urgency=Urgency.HIGH, tags=("loud",), noise=True),
    goes_on=True,
)


def form(desk: Desk, qtbot: QtBot, rule: RoutingRule) -> RuleForm:
    made = RuleForm(
        rule,
        departments=desk.directory.departments(),
        agents=desk.directory.agents(),
        accounts={ACCOUNT: "@halden (Mastodon)"},
        parent=None,
    )
    qtbot.addWidget(made)
    return made


def test_the_fields_say_the_rule_they_were_given(desk: Desk, qtbot: QtBot) -> None:
    assert form(desk, qtbot, FULL).rule() == FULL
    me = RoutingRule("me", "Me", Conditions(), Actions(assignee=desk.directory.me().id))
    assert form(desk, qtbot, me).rule() == me


def test_hours_are_written_as_one_says_them(desk: Desk, qtbot: QtBot) -> None:
    made = form(desk, qtbot, RoutingRule("a", "A", Conditions(), Actions(noise=True)))
    made.time.take(1)
    with pytest.raises(BadInput, match="names none"):
        made.rule()
    for name, text in (
        ("Zone", "Europe/Paris"),
        ("Hours", "Mon-Fri 9:00-12:00, 13:00-17:00"),
    ):
        QTest.keyClicks(child(made, QLineEdit, name), text)
    during = made.rule().when.during
    assert during is not None
    assert during.zone == "Europe/Paris"
    assert during.week[4] == (Span(540, 720), Span(780, 1020))
    assert during.week[5:] == ((), ())


def test_every_field_has_a_name(desk: Desk, qtbot: QtBot) -> None:
    made = form(desk, qtbot, FULL)
    for kind in (QLineEdit, ManyBox, OneBox):
        for widget in made.findChildren(kind):
            assert widget.accessibleName(), widget
    assert all(box.text() for box in made.findChildren(Check))


def test_a_rule_is_told_in_a_line(desk: Desk) -> None:
    line = rule_line(FULL, desk.directory.departments(), {ACCOUNT: "@halden"}, str)
    assert line == (
        "“refund” or “still waiting”, without “thanks”, Direct message or Ticket comment, "
        "on Mastodon or X, to @halden, in de or en, out of hours, 10,000 followers or more, "
        "tagged vip, mailed anything, no open case "
        "→ noise, PR, who knows the customer, high, tag loud; then the next rule"
    )
    plain = RoutingRule("a", "A", Conditions(), Actions(department=CARE))
    assert rule_line(plain, desk.directory.departments(), {}, str) == "everything → Care"


def test_words_with_commas_are_several() -> None:
    assert listed(" refund,still  waiting, ,refund") == ("refund", "still waiting")
