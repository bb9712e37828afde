"""Somebody else moves the case that one reads: the reader stays, and is told in a quiet word."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.domain.cases import Status
from app.domain.departments import CARE, IT
from app.domain.events import RULE, EventType
from app.domain.ids import AgentId, CaseId
from app.domain.views import QueueName, QueueRef
from app.services.queues import Departure
from app.store import ledger
from app.ui.models.departure_words import departure_words
from app.ui.models.queue_loader import AfterLeaving
from app.ui.views.notice import Notice
from tests.services.desk import Desk
from tests.store.building import said
from tests.ui.consoles import Console
from tests.ui.driving import child

UNASSIGNED = QueueRef(QueueName.UNASSIGNED)
THEO = "Theo Brandt"


def decide(desk: Desk, who: AgentId, kind: EventType, case: CaseId, **data: Any) -> None:
    desk.workspace.write(lambda tx: ledger.decide(tx, who, kind, case, data)).result()


def departure(desk: Desk, case: CaseId) -> Departure:
    found = desk.queues.departure(case).result()
    assert found is not None
    return found


def test_only_ones_own_deed_moves_on(console: Console, desk: Desk, qtbot: QtBot) -> None:
    window = console.window
    desk.take(said("2", "ada", "And mine?", at=60))
    theo = desk.directory.add_agent(THEO, CARE).result().id
    window.go(UNASSIGNED)
    qtbot.waitUntil(lambda: window.case_list.model.rowCount() == 2)
    first, second = (row.case for row in window.case_list.model.rows())
    assert window.case_list.loader.after is AfterLeaving.NEXT
    window.case_list.select_case(first)
    qtbot.waitUntil(lambda: window.desk.view is not None and window.desk.case == first)

    decide(desk, theo, EventType.CASE_CLOSED, first)
    notice = child(window, Notice)
    words = "Theo Brandt closed this case. It stays here while you read."
    qtbot.waitUntil(lambda: notice.isVisible() and notice._text.text() == words)
    qtbot.waitUntil(lambda: window.desk.view is not None
                    and window.desk.view.state.status is Status.CLOSED)  # fmt: skip
    assert window.desk.case == first
    assert [row.case for row in window.case_list.model.rows()] == [first, second]

    window.case_list.select_case(second)
    qtbot.waitUntil(lambda: [row.case for row in window.case_list.model.rows()] == [second])
    desk.take(said("3", "bo", "Hello?", at=120))
    qtbot.waitUntil(lambda: window.case_list.model.rowCount() == 2)
    qtbot.waitUntil(lambda: window.desk.view is not None and window.desk.case == second)
    window.named_actions["close"].trigger()
    qtbot.waitUntil(lambda: window.desk.case not in (first, second))


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        (EventType.CASE_HANDED_OFF, {"to": IT, "reason": "App"},
         "Theo Brandt handed this case to IT."),
        (EventType.CASE_SNOOZED, {"until": 1}, "Theo Brandt snoozed this case."),
        (EventType.CASE_ASSIGNED, {"assignee": "theo"}, "Theo Brandt took this case."),
        (EventType.CASE_ASSIGNED, {"assignee": None}, "Theo Brandt put this case back."),
        (EventType.CASE_ASSIGNED, {"assignee": "ines"},
         "Theo Brandt gave this case to Ines Duarte."),
        (EventType.NOISE_MARKED, {"reason": ""}, "Theo Brandt set this case aside as noise."),
    ],
)  # fmt: skip
def test_it_is_said_what_happened(
    desk: Desk, kind: EventType, data: dict[str, Any], words: str
) -> None:
    case = desk.only_case()
    theo = desk.directory.add_agent(THEO, CARE).result().id
    ines = desk.directory.me().id
    named = {"theo": theo, "ines": ines}
    if "assignee" in data:
        data = {"assignee": named.get(data["assignee"])}
    decide(desk, theo, kind, case, **data)
    found = departure(desk, case)
    assert not found.own
    assert departure_words(found) == f"{words} It stays here while you read."
    decide(desk, ines, EventType.CASE_REOPENED, case)
    assert departure(desk, case).own


def test_what_a_rule_does_is_nobodys_deed(desk: Desk) -> None:
    case = desk.only_case()
    desk.cases.close(case).result()
    assert departure(desk, case).own
    desk.take(said("2", "marta", "Again.", at=1_800, in_reply_to="1"))
    found = departure(desk, case)
    assert (found.own, found.event.agent) == (False, RULE)
    assert departure_words(found).startswith("The customer wrote again, so this case is open.")
