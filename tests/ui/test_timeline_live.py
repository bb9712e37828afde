"""The timeline and the panel on a real workspace: whatever is decided or arrives shows at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.cases import Urgency
from app.domain.clock import FakeClock
from app.domain.departments import IT
from app.domain.ids import CaseId, founding_customer
from app.domain.interactions import Channel, Side
from app.domain.replies import Draft, Escalation
from app.domain.views import EventItem, InteractionItem
from app.services.matching import Matching
from app.services.pictures import Pictures
from app.ui.bridge import UiBridge
from app.ui.theme.fonts import load_bundled
from app.ui.timeline.canvas import Content
from app.ui.timeline.entries import Entry, Shape
from app.ui.views.customer_panel import CustomerPanel
from app.ui.views.timeline import TimelineView
from tests.conftest import NOW
from tests.services.desk import Desk, make_desk
from tests.store.building import identity, said, take
from tests.ui.consoles import StillSyncing

if TYPE_CHECKING:
    from app.services.services import Services

ADA = founding_customer(identity("ada"))


class Screen:
    """Ada’s timeline and panel beside each other, told of every commit."""

    def __init__(self, desk: Desk, qtbot: QtBot) -> None:
        self.desk = desk
        self._qtbot = qtbot
        self.bridge = UiBridge()
        self.stop = desk.workspace.on_commit(self.bridge.announce_commit)
        services = cast(
            "Services",
            SimpleNamespace(
                timelines=desk.timelines, customers=desk.customers, cases=desk.cases,
                replies=desk.replies, directory=desk.directory, clock=desk.clock,
                accounts=SimpleNamespace(connectable=lambda: (Channel.MASTODON,)),
                pictures=Pictures(desk.workspace, cast("Any", None)), syncing=StillSyncing(),
                matching=Matching(desk.workspace, desk.directory),
            ),
        )  # fmt: skip
        self.timeline = TimelineView(services, self.bridge)
        self.panel = CustomerPanel(services, self.bridge)
        for widget in (self.timeline, self.panel):
            qtbot.addWidget(widget)
            widget.resize(560, 700)
            widget.show()

    def show(self) -> CaseId:
        case = self.desk.only_case()
        self.timeline.show_customer(ADA, case)
        self.panel.show_customer(ADA, case)
        self.wait(lambda: self.timeline.canvas.content is Content.ROWS)
        self.wait(lambda: self.panel.card is not None)
        return case

    def wait(self, until: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(until)

    @property
    def rows(self) -> list[Entry]:
        return list(self.timeline.model.entries)

    def shapes(self) -> list[Shape]:
        return [entry.shape for entry in self.rows]

    def heard(self) -> str:
        """All rows as a screen reader says them."""
        model = self.timeline.model
        role = Qt.ItemDataRole.AccessibleTextRole
        return " | ".join(str(model.index(row).data(role)) for row in range(len(model)))


@pytest.fixture
def screen(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Screen]:
    load_bundled()
    desk = make_desk(tmp_path, clock)
    desk.take(said("1", "ada", "My Duo shows E14. What now?"))
    made = Screen(desk, qtbot)
    yield made
    made.stop()
    desk.workspace.close()


def test_every_decision_shows_with_who_made_it(screen: Screen) -> None:
    case = screen.show()
    cases = screen.desk.cases
    cases.assign(case, screen.desk.directory.me().id).result()
    cases.tag(case, ["firmware"]).result()
    cases.note(case, "She is patient.").result()
    cases.set_urgency(case, Urgency.HIGH).result()
    screen.wait(lambda: "Urgency set to high, by Ines Duarte" in screen.heard())
    heard = screen.heard()
    assert "opened, with Customer Care" in heard
    assert "Taken by Ines Duarte" in heard
    assert "Tagged firmware, by Ines Duarte" in heard
    assert "Internal note, Ines Duarte" in heard
    assert "She is patient." in heard


def test_a_hand_off_is_a_seam_and_undone_it_is_struck(screen: Screen) -> None:
    case = screen.show()
    event = screen.desk.cases.escalate(case, Escalation(IT, reason="Only IT can.")).result()
    screen.wait(lambda: Shape.SEAM in screen.shapes())
    assert "Handed from Care to IT" in screen.heard()
    screen.wait(lambda: screen.panel.case_shown is not None
                and screen.panel.case_shown.state.department == IT)  # fmt: skip
    screen.desk.cases.undo_event(event.id).result()
    screen.wait(lambda: Shape.SEAM not in screen.shapes())
    struck = [e.item for e in screen.rows if isinstance(e.item, EventItem) and e.item.undone]
    assert [item.event.id for item in struck] == [event.id]


def test_a_reply_stands_there_at_once_and_goes_when_it_is_taken_back(screen: Screen) -> None:
    case = screen.show()
    reply = screen.desk.replies.reply(case, Draft("@ada On it.")).result()
    screen.wait(lambda: Shape.WAITING in screen.shapes())
    assert screen.rows[-1].key == f"o{reply.id}"
    assert "Sending in 6 s" in screen.heard()
    screen.desk.replies.undo_send(reply.id).result()
    screen.wait(lambda: Shape.WAITING not in screen.shapes())


def test_what_happens_outside_shows(screen: Screen) -> None:
    screen.show()
    desk = screen.desk
    fact = said("1", "ada", "My Duo shows E14. What now?")
    desk.take(said("2", "ada", "And it smells.", at=60, in_reply_to="1", root="1"))
    screen.wait(lambda: "And it smells." in screen.heard())
    desk.take(replace(fact, text="My Duo shows E15. What now?", edited_at=NOW))
    screen.wait(lambda: "E15" in screen.heard())
    assert "edited" in screen.heard()
    take(desk.workspace, gone=["2"])
    screen.wait(lambda: "deleted by the customer" in screen.heard())
    assert "And it smells." in screen.heard()


def test_a_message_moves_between_service_and_marketing(screen: Screen) -> None:
    screen.show()
    (message,) = [e.item for e in screen.rows if isinstance(e.item, InteractionItem)]
    screen.desk.cases.move_side(message.uid, Side.MARKETING).result()
    screen.wait(lambda: Shape.MARK in screen.shapes() and Shape.INBOUND not in screen.shapes())
    screen.wait(lambda: "Message moved to marketing, by Ines Duarte" in screen.heard())


def test_joined_identities_share_one_timeline_until_they_are_separated(screen: Screen) -> None:
    screen.desk.take(said("9", "ada_l", "Same here, on my other account. Why?", at=120))
    services = screen.desk
    screen.timeline.show_customer(ADA, None)
    screen.panel.show_customer(ADA, None)
    screen.wait(lambda: screen.panel.card is not None and bool(screen.rows))
    services.customers.link(identity("ada_l"), ADA).result()
    screen.wait(lambda: "Same here, on my other account." in screen.heard())
    screen.wait(lambda: screen.panel.card is not None and len(screen.panel.card.identities) == 2)
    services.customers.unlink(identity("ada_l")).result()
    screen.wait(lambda: "Same here, on my other account." not in screen.heard())
    screen.wait(lambda: screen.panel.card is not None and len(screen.panel.card.identities) == 1)


def test_a_long_history_is_read_page_by_page_to_its_beginning(screen: Screen) -> None:
    screen.desk.take(
        *(said(f"h{n}", "ada", f"Message {n}?", at=-n * 600, in_reply_to="1", root="1")
          for n in range(1, 300))
    )  # fmt: skip
    screen.show()
    bar = screen.timeline.canvas.verticalScrollBar()

    def whole() -> bool:
        bar.setValue(0)
        return "Message 299?" in screen.heard()

    screen.wait(whole)
    messages = [e for e in screen.rows if e.shape is Shape.INBOUND]
    assert len({entry.key for entry in messages}) == len(messages) == 300
