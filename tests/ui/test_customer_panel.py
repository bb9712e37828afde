"""The customer panel: who it is, how the case stands, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QListWidgetItem, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.domain.cases import Status, Step, Urgency
from app.domain.changes import ChangeSet
from app.domain.clocks import CaseClock, ClockKind, Deadline
from app.domain.departments import IT, MARKETING, PR
from app.domain.ids import CaseId, CustomerId, IdentityId
from app.domain.interactions import Channel, Direction, Kind, Side
from app.domain.matching import Evidence, Reason, Suggestion
from app.domain.views import CampaignView, CaseView, CustomerCard, CustomerHit, Pip
from app.services.matching import Match
from app.ui.bridge import UiBridge
from app.ui.dialogs.by_hand import ByHandSheet
from app.ui.dialogs.campaign import CampaignSheet, campaign_lines
from app.ui.theme.fonts import load_bundled
from app.ui.views.customer_clocks import clock_faces
from app.ui.views.customer_join import JoinSheet
from app.ui.views.customer_matches import MatchesPart
from app.ui.views.customer_panel import CustomerPanel
from app.ui.views.customer_parts import Chip, Line, PressLine, StepsBar
from tests.ui.driving import lines
from tests.ui.timeline_pages import CASE, MARTA, MINUTE, NOW_MS, at, design_page
from tests.ui.timeline_services import FakeServices, done, identity, marta_card, open_case

OTHER = CustomerId(77)


class Desk:
    """The panel in a window of its own, on services that answer from memory."""

    def __init__(self, qtbot: QtBot, card: CustomerCard | None) -> None:
        self.qtbot = qtbot
        self.fake = FakeServices(design_page(), card)
        self.bridge = UiBridge()
        self.window = QWidget()
        self.panel = CustomerPanel(self.fake.services, self.bridge, self.window)
        qtbot.addWidget(self.window)
        self.window.resize(700, 700)
        self.panel.resize(300, 700)
        self.window.show()

    def show(self) -> Desk:
        self.panel.show_customer(MARTA, CASE)
        self.wait(lambda: self.panel.card is not None)
        return self

    def wait(self, until: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(until)

    def words(self) -> str:
        """Everything a screen reader finds in the panel."""
        shown = [w for w in self.panel.findChildren(QWidget) if w.isVisible()]
        return " | ".join(w.accessibleName() for w in shown if w.accessibleName())


@pytest.fixture(autouse=True)
def bundled_type(qapp: object) -> None:
    load_bundled()


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot, marta_card()).show()


def test_it_says_who_the_customer_is(desk: Desk) -> None:
    words = desk.words()
    assert "Marta Lindqvist" in words
    assert "reach 48.2k, boosts 41, customer since 2021" in words
    assert "One person, four identities" in words
    assert "@marta@mastodon.social, Mastodon, reach 46.1k" in words
    assert "marta@lindqvist.se, E-mail" in words


def test_it_says_how_the_case_stands(desk: Desk) -> None:
    words = desk.words()
    assert f"Case #{open_case().ref}, High" in words
    assert "First reply, 22 min of 30 min" in words
    assert "Next reply, 18 min left" in words
    assert "3 steps so far, 2 h 53 in total" in words
    assert "PR & Community, 4 min, now" in words
    assert f"Promotions: on hold | while case #{open_case().ref} is open" in words


def test_without_an_open_case_promotions_are_welcome(qtbot: QtBot) -> None:
    case = open_case()
    state = replace(case.state, status=Status.CLOSED, closed_ms=at(9, 0, days=2),
                    steps=(Step(PR, at(8, 0, days=2), at(9, 0, days=2)),))  # fmt: skip
    closed = replace(case, case=CaseId(CASE + 1), state=state)
    card = replace(marta_card(), cases=(closed,), hold=None)
    words = Desk(qtbot, card).show().words()
    assert "Nothing open" in words
    assert "Last one solved in 1 step, 17 Nov" in words
    assert "Promotions: welcome | No case is open." in words


def test_a_customer_with_one_quiet_identity_leaves_no_holes(qtbot: QtBot) -> None:
    card = CustomerCard(MARTA, "ana", (identity(1, Channel.BLUESKY, "@ana.bsky.social"),),
                        0, None, 0, 0, 0, (), (), ())  # fmt: skip
    words = Desk(qtbot, card).show().words()
    assert "One person, one identity" in words
    assert "reach unknown" in words
    assert "No tags yet." in words
    assert "Notes" not in words


def test_long_names_are_cut_and_told_whole(desk: Desk) -> None:
    long = next(
        line for line in desk.panel.findChildren(Line) if "goes.on" in line.accessibleName()
    )
    long.grab()
    assert long.toolTip() == "marta.brygger.with.a.name.that.goes.on.and.on"


def test_forty_tags_stay_inside_the_panel(qtbot: QtBot) -> None:
    tags = tuple(f"a-rather-long-tag-of-number-{number}" for number in range(40))
    desk = Desk(qtbot, replace(marta_card(), tags=tags)).show()
    chips = desk.panel.findChildren(Chip)
    desk.wait(lambda: all(chip.width() > 20 for chip in chips))
    assert len(chips) == 40
    for chip in chips:
        right = chip.mapTo(desk.panel, chip.rect().topRight()).x()
        assert right <= desk.panel.width() - 14


def test_a_commit_that_names_the_customer_is_shown(desk: Desk) -> None:
    desk.fake.customers.shown = replace(marta_card(), name="Marta L.")
    desk.bridge.announce_commit(ChangeSet(identities={IdentityId(2)}))
    desk.wait(lambda: "Marta L." in desk.words())


def test_a_commit_about_another_is_not_read(desk: Desk) -> None:
    desk.fake.customers.shown = replace(marta_card(), name="Marta L.")
    with desk.qtbot.waitSignal(desk.bridge.committed):
        desk.bridge.announce_commit(ChangeSet(customers={OTHER}))
    assert "Marta L." not in desk.words()


def test_a_customer_who_is_gone_leaves_an_empty_panel(qtbot: QtBot) -> None:
    desk = Desk(qtbot, None)
    with qtbot.waitSignal(desk.bridge.failed):
        desk.panel.show_customer(MARTA, None)
    assert desk.panel.card is None
    assert "Marta" not in desk.words()


def test_a_customer_joined_to_another_leaves_without_a_word(desk: Desk) -> None:
    failures: list[object] = []
    desk.bridge.failed.connect(failures.append)
    desk.fake.customers.shown = None
    desk.bridge.announce_commit(ChangeSet(customers={MARTA}))
    desk.wait(lambda: desk.panel.card is None)
    assert failures == []


# Menus


def deeds(menu: QMenu) -> dict[str, Callable[[], None]]:
    return {action.text(): action.trigger for action in menu.actions() if action.text()}


def test_an_identity_can_be_separated_but_the_founding_one(desk: Desk) -> None:
    card = desk.panel.card
    assert card is not None
    first = desk.panel.identity_menu(card.identities[0])
    assert "Separate from this customer" not in deeds(first)
    second = deeds(desk.panel.identity_menu(card.identities[1]))
    second["Copy handle"]()
    assert QGuiApplication.clipboard().text() == "Marta Lindqvist"
    second["Separate from this customer"]()
    assert desk.fake.did == [("unlink", 2)]


def test_identities_are_reached_by_key(desk: Desk) -> None:
    rows = desk.panel.findChildren(PressLine)
    rows[1].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(rows[1], Qt.Key.Key_Space)
    menu = desk.panel.findChildren(QMenu)[-1]
    assert "Copy handle" in deeds(menu)
    menu.close()


def test_a_refresh_leaves_the_keyboard_where_it_was(desk: Desk) -> None:
    rows = desk.panel.findChildren(PressLine)
    rows[1].setFocus(Qt.FocusReason.TabFocusReason)
    desk.fake.customers.shown = replace(marta_card(), name="Marta L.")
    desk.bridge.announce_commit(ChangeSet(customers={MARTA}))
    desk.wait(lambda: "Marta L." in desk.words())
    focus = QApplication.focusWidget()
    assert isinstance(focus, PressLine)
    assert focus.accessibleName() == "Marta Lindqvist, Facebook, reach 1.2k"


def test_the_plus_asks_for_a_tag(desk: Desk) -> None:
    buttons = desk.panel.findChildren(QAbstractButton)
    plus = next(button for button in buttons if button.accessibleName() == "Add a tag")
    with desk.qtbot.waitSignal(desk.panel.tag_requested):
        QTest.mouseClick(plus, Qt.MouseButton.LeftButton)


def test_another_customer_is_found_and_joined(desk: Desk) -> None:
    hit = CustomerHit(OTHER, "M. Lindqvist", "@ml@example.org", Channel.MASTODON, 2, 10, None, 1)
    card = replace(marta_card(), customer=OTHER, identities=(
        identity(8, Channel.MASTODON, "@ml@example.org"), identity(9, Channel.X, "@ml"),
    ))  # fmt: skip
    desk.fake.customers.list = lambda query="", **_more: done((hit,))  # type: ignore[method-assign]  # one answer
    desk.panel.open_join()
    sheet = desk.window.findChild(JoinSheet)
    assert isinstance(sheet, JoinSheet)
    assert not sheet.footer.main.isEnabled()
    desk.wait(lambda: sheet.found.count() == 1)
    row = sheet.found.item(0)
    assert isinstance(row, QListWidgetItem)
    row.setSelected(True)
    desk.fake.customers.shown = card
    with desk.qtbot.waitSignal(sheet.closed):
        sheet.submit()
    assert desk.fake.did == [("link", 8, MARTA), ("link", 9, MARTA)]


def test_finding_nobody_is_said(desk: Desk) -> None:
    desk.panel.open_join()
    sheet = desk.window.findChild(JoinSheet)
    assert isinstance(sheet, JoinSheet)
    desk.wait(lambda: sheet.found.count() == 1)
    assert lines(sheet.found)[0] == "Nobody else by that name or handle."
    assert not sheet.found.grab().isNull()
    sheet.submit()
    assert desk.fake.did == []


# The pieces


MET = CaseClock(ClockKind.FIRST_REPLY, 30 * MINUTE, 22 * MINUTE, met=True)


def _reply(kind: ClockKind, due_ms: int) -> CaseClock:
    return CaseClock(kind, 80 * MINUTE, 0, Deadline(NOW_MS - 62 * MINUTE, due_ms, kind=kind))


@pytest.mark.parametrize(
    ("clocks", "said"),
    [
        ((MET, _reply(ClockKind.NEXT_REPLY, NOW_MS + 18 * MINUTE)),
         [("First reply", "22 min of 30 min"), ("Next reply", "18 min left")]),
        ((_reply(ClockKind.NEXT_REPLY, NOW_MS - 12 * MINUTE), MET),
         [("First reply", "22 min of 30 min"), ("Next reply", "12 min late")]),
        ((_reply(ClockKind.FIRST_REPLY, NOW_MS + 18 * MINUTE),), [("First reply", "18 min left")]),
        ((MET,), [("First reply", "22 min of 30 min")]),
        ((_reply(ClockKind.PROMISE, NOW_MS + 5 * MINUTE),), [("Promised", "5 min left")]),
        ((), []),
    ],
)  # fmt: skip
def test_clocks_say_what_runs_and_what_was_met(
    clocks: tuple[CaseClock, ...], said: list[tuple[str, str]]
) -> None:
    case = replace(open_case(), clocks=clocks)
    assert [(face.name, face.words) for face in clock_faces(case, NOW_MS)] == said


def _with_status(status: Status) -> CaseView:
    state = replace(open_case().state, status=status, urgency=Urgency.NORMAL,
                    closed_ms=at(10, 52) if status is Status.CLOSED else None)  # fmt: skip
    return replace(open_case(), state=state)


def test_clocks_of_a_sleeping_case_are_paused_and_a_closed_one_is_solved() -> None:
    clocks = tuple(replace(one, deadline=None) for one in open_case().clocks)
    asleep = clock_faces(replace(_with_status(Status.SNOOZED), clocks=clocks), NOW_MS)
    assert [face.words for face in asleep[1:]] == ["paused", "paused"]
    closed = clock_faces(replace(_with_status(Status.CLOSED), clocks=()), NOW_MS)
    assert (closed[-1].name, closed[-1].words) == ("Solved", "in 3 h")


def test_each_step_has_its_share_of_the_bar_and_none_disappears(qtbot: QtBot) -> None:
    steps = (Step(PR, 0, 1), Step(IT, 1, 90 * MINUTE), Step(PR, 90 * MINUTE))
    parent = QWidget()
    qtbot.addWidget(parent)
    bar = StepsBar(steps, 91 * MINUTE, parent)
    bar.resize(268, 8)
    widths = bar.widths()
    assert sum(widths) + 2 * 3 == pytest.approx(268)
    assert min(widths) >= 14
    assert widths[1] == max(widths)


def _suggest(desk: Desk) -> Match:
    """Anna may be Marta, for two reasons."""
    other = replace(identity(77, Channel.BLUESKY, "@marta.example"), customer=OTHER)
    reasons = (
        Reason(Evidence.SAME_MAIL, "marta@lindqvist.se", 0.95),
        Reason(Evidence.RARE_NAME, "Marta Lindqvist", 0.5),
    )
    suggestion = Suggestion(IdentityId(1), IdentityId(77), 0.975, reasons)
    match = Match(identity(1, Channel.MASTODON, "@marta@mastodon.social"), other, suggestion)
    desk.fake.matching.found = (match,)
    return match


def _matches(desk: Desk) -> MatchesPart:
    (part,) = desk.panel.findChildren(MatchesPart)
    return part


def test_nobody_is_suggested_where_there_is_nobody(desk: Desk) -> None:
    assert not _matches(desk).isVisible()


def test_who_may_be_the_same_person_is_told_with_the_reasons(qtbot: QtBot) -> None:
    desk = Desk(qtbot, marta_card())
    match = _suggest(desk)
    desk.show()
    desk.wait(lambda: _matches(desk).isVisible())
    words = desk.words()
    assert "May be the same person: @marta.example, Bluesky, 98 %" in words
    assert "The same mail address, marta@lindqvist.se. The same name, Marta Lindqvist." in words
    menu = _matches(desk).menu(match)
    join, apart = menu.actions()[:2]
    join.trigger()
    apart.trigger()
    assert desk.fake.did[-2:] == [("join", match), ("decline", IdentityId(1), IdentityId(77))]


def test_a_suggestion_goes_with_the_customer_it_was_for(qtbot: QtBot) -> None:
    desk = Desk(qtbot, marta_card())
    _suggest(desk)
    desk.show()
    desk.wait(lambda: _matches(desk).isVisible())
    desk.panel.show_customer(None, None)
    assert not _matches(desk).isVisible()


def test_a_call_can_be_written_down(desk: Desk) -> None:
    entries = [action.text() for action in desk.panel.customer_menu().actions()]
    assert "Log a call, a meeting, a letter or a visit…" in entries
    desk.panel.open_by_hand()
    (sheet,) = desk.window.findChildren(ByHandSheet)
    assert not sheet.main.isEnabled()
    sheet.kind.choose(1)
    sheet.way.choose(1)
    sheet.department.setCurrentIndex(sheet.department.findData(MARKETING))
    assert sheet.side.chosen() == 1
    sheet.department.setCurrentIndex(sheet.department.findData(IT))
    assert sheet.side.chosen() == 0
    sheet.side.choose(1)
    sheet.about.setPlainText("Looked at the machine")
    sheet.submit()
    did = desk.fake.did[-1]
    assert did[:4] == ("log", MARTA, Kind.MEETING, "Looked at the machine")
    assert did[5:] == (Direction.OUTBOUND, Side.MARKETING, IT)
    assert abs(did[4].timestamp() * 1000 - NOW_MS) < MINUTE
    desk.wait(lambda: not desk.window.findChildren(ByHandSheet))


def test_campaigns_stand_with_how_far_they_came_and_open_their_brief(qtbot: QtBot) -> None:
    sent, clicked = Pip("Sent", at(9, 0, days=4)), Pip("Clicked", at(9, 30, days=2))
    spring = CampaignView("Spring", (sent, clicked), "Ends Friday", ("HUILA15",))
    bare = CampaignView("Winter", (sent,))
    desk = Desk(qtbot, replace(marta_card(), campaigns=(spring, bare))).show()
    assert "Campaigns | Campaign Spring, Clicked 17 Nov" in desk.words()
    rows = desk.panel.findChildren(PressLine)
    row = next(row for row in rows if row.accessibleName().startswith("Campaign Spring"))
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_Return)
    (sheet,) = desk.window.findChildren(CampaignSheet)
    assert sheet.lines == [
        ("Brief", "Ends Friday"),
        ("Coupons", "HUILA15"),
        ("With this customer", "Sent 15 Nov, clicked 17 Nov"),
    ]
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    desk.wait(lambda: not desk.window.findChildren(CampaignSheet))
    assert "no brief" in campaign_lines(bare, NOW_MS)[0][1]


def test_without_campaigns_nothing_is_said_of_them(desk: Desk) -> None:
    assert "Campaign" not in desk.words()
