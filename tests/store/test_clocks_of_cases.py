"""Clocks of cases that are easily told wrong: what came in late, was closed unanswered, slept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from app.domain.clock import FakeClock, to_ms
from app.domain.clocks import CaseClock
from app.domain.departments import PR
from app.domain.events import EventType, in_force
from app.domain.ids import AgentId, CaseId, rules_subject
from app.domain.sla import SlaPolicy
from app.store import ledger
from app.store.breaches import record_breaches
from app.store.database import Workspace
from app.store.events import events_of
from app.store.projections import rebuild
from app.store.setup import document_of
from tests.conftest import NOW
from tests.store.building import answered, person, rows, said, take
from tests.sync.workspaces import make_workspace

MINUTE = 60_000
WROTE_MS = to_ms(NOW) - 60 * MINUTE
"""When customers write first in these tests, see ``said``."""


@pytest.fixture
def workspace(tmp_path: Path, clock: FakeClock) -> Iterator[Workspace]:
    made = make_workspace(tmp_path, clock)
    yield made
    made.close()


def decide(workspace: Workspace, kind: EventType, **data: object) -> None:
    case = CaseId(rows(workspace, "SELECT id FROM case_state")[0][0])
    agent = AgentId("ines")
    workspace.write(lambda tx: ledger.decide(tx, agent, kind, case, data)).result()


def test_a_message_from_before_the_opening_one_has_opened_the_case(workspace: Workspace) -> None:
    """Services tell their history newest first."""
    take(workspace, said("2", "ada", "Still leaking?", at=1_800, root="1", in_reply_to="1"))
    take(workspace, said("1", "ada", "My Duo leaks?"))
    opened = rows(workspace, "SELECT opened_ms, title, due_ms, passes_ms FROM case_state")
    due = WROTE_MS + 60 * MINUTE
    assert opened == [(WROTE_MS, "My Duo leaks?", due, due)]


def test_what_was_closed_without_an_answer_needed_none(
    workspace: Workspace, clock: FakeClock
) -> None:
    """A customer’s thanks are closed; the clock of what they ask a week later begins then."""
    take(workspace, said("1", "ada", "Thank you."))
    decide(workspace, EventType.CASE_CLOSED)
    week = 7 * 24 * 3600
    clock.set(NOW + timedelta(seconds=week))
    take(workspace, said("2", "ada", "It leaks again?", at=week, in_reply_to="1"))
    asked = WROTE_MS + week * 1000
    assert rows(workspace, "SELECT due_ms FROM case_state") == [(asked + 60 * MINUTE,)]


def test_each_promise_that_passes_is_written_down_whatever_is_due_first(
    workspace: Workspace, clock: FakeClock
) -> None:
    take(workspace, said("1", "ada", "My Duo leaks?"))
    decide(workspace, EventType.PROMISE_MADE, until=to_ms(NOW) + 30 * MINUTE, text="Soon")
    # Promised is promised, though the case sleeps.
    decide(workspace, EventType.CASE_SNOOZED, until=to_ms(NOW) + 90 * MINUTE)
    clock.set(NOW + timedelta(minutes=40))
    assert workspace.write(record_breaches).result() == 1
    assert workspace.write(record_breaches).result() == 0
    decide(workspace, EventType.CASE_REOPENED)
    clock.set(NOW + timedelta(days=2))
    assert workspace.write(record_breaches).result() == 1
    assert workspace.write(record_breaches).result() == 0
    passed = "SELECT data ->> 'clock' FROM event WHERE type = 'clock_breached' ORDER BY stamp"
    assert rows(workspace, passed) == [("promise",), ("first_reply",), ("resolution",)]


def written_down(workspace: Workspace) -> list[tuple[str, int]]:
    """What the ledger says was late and still counts: the clock, and minutes after the first
    message; in the order it is dated."""
    case = rows(workspace, "SELECT id FROM case_state")[0][0]
    events = workspace.read(lambda conn: events_of(conn, [case])).result()[case]
    return [
        (event.data["clock"], (event.at_ms - WROTE_MS) // MINUTE)
        for event in in_force(events)
        if event.type is EventType.CLOCK_BREACHED
    ]


@pytest.mark.parametrize("at_once", [False, True], ids=["one by one", "at once"])
def test_what_passed_while_the_console_was_closed_is_known_with_the_answer(
    workspace: Workspace, clock: FakeClock, at_once: bool
) -> None:
    """Somebody answered elsewhere, too late; nobody here has looked since it was due."""
    asked = said("1", "ada", "My Duo leaks?")
    late = answered("2", "1", "On it.", at=90 * 60, party=person("ada"))
    if not at_once:
        take(workspace, asked)
    clock.set(NOW + timedelta(hours=3))
    if at_once:
        take(workspace, late, asked)
    else:
        take(workspace, late)
    assert written_down(workspace) == [("first_reply", 60)]
    assert workspace.write(record_breaches).result() == 0
    before = rows(workspace, "SELECT * FROM case_state")
    workspace.write(rebuild).result()
    assert rows(workspace, "SELECT * FROM case_state") == before


def test_an_answer_in_time_is_no_breach_whenever_it_is_known(
    workspace: Workspace, clock: FakeClock
) -> None:
    """The sweep came first and took it for late; the answer comes in from another laptop."""
    take(workspace, said("1", "ada", "My Duo leaks?"))
    clock.set(NOW + timedelta(hours=3))
    assert workspace.write(record_breaches).result() == 1
    assert written_down(workspace) == [("first_reply", 60)]
    take(workspace, answered("2", "1", "On it.", at=45 * 60, party=person("ada")))
    assert written_down(workspace) == []
    assert workspace.write(record_breaches).result() == 0
    take(workspace, said("3", "ada", "And now?", at=50 * 60, root="1", in_reply_to="1"))
    assert workspace.write(record_breaches).result() == 1
    assert written_down(workspace) == [("next_reply", 170)]


def test_a_solution_is_not_late_while_the_customer_has_their_answer(
    workspace: Workspace, clock: FakeClock
) -> None:
    """The console was closed for two days, and sweeps before the answer comes in."""
    take(workspace, said("1", "ada", "My Duo leaks?"))
    clock.set(NOW + timedelta(days=2))
    assert workspace.write(record_breaches).result() == 1
    assert written_down(workspace) == [("first_reply", 60), ("resolution", 1_440)]
    take(workspace, answered("2", "1", "On it.", at=45 * 60, party=person("ada")))
    assert written_down(workspace) == []
    take(workspace, said("3", "ada", "And now?", at=36 * 3600, root="1", in_reply_to="1"))
    clock.set(NOW + timedelta(days=4))
    assert workspace.write(record_breaches).result() == 1
    began = 36 * 60
    assert written_down(workspace) == [
        ("next_reply", began + 120), ("resolution", began + 1_440 - 45),
    ]  # fmt: skip


def test_what_passed_before_a_decision_is_written_before_it(
    workspace: Workspace, clock: FakeClock
) -> None:
    """Closed in the moment the console opens, or from the command line, which sweeps nothing."""
    take(workspace, said("1", "ada", "My Duo leaks?"))
    clock.set(NOW + timedelta(hours=3))
    decide(workspace, EventType.CASE_CLOSED)
    assert written_down(workspace) == [("first_reply", 60)]
    decide(workspace, EventType.CASE_REOPENED)
    decide(workspace, EventType.PROMISE_MADE, until=to_ms(clock.now()) + MINUTE, text="Soon")
    clock.set(NOW + timedelta(hours=4))
    decide(workspace, EventType.PROMISE_DROPPED, promise="another")
    assert written_down(workspace) == [("first_reply", 60), ("promise", 241)]


def put_promises(workspace: Workspace) -> None:
    """Care answers within an hour and solves within a day, PR within 90 minutes and 30 hours."""
    promises = (
        SlaPolicy("pr", "PR", 90 * MINUTE, 180 * MINUTE, 1_800 * MINUTE, (PR,)),
        SlaPolicy("all", "Usual", 60 * MINUTE, 120 * MINUTE, 1_440 * MINUTE),
    )
    data = {"name": "promises", "document": document_of(promises)}
    subject, agent = rules_subject("promises"), AgentId("ines")
    kind = EventType.RULES_SET
    workspace.write(lambda tx: ledger.decide(tx, agent, kind, subject, data)).result()


@pytest.mark.parametrize("swept", [True, False], ids=["swept", "told by the answer"])
def test_a_wait_is_late_once_whatever_promise_holds_for_it_later(
    workspace: Workspace, clock: FakeClock, swept: bool
) -> None:
    """Late by the promise of Care, it is handed to PR, whose promise passes before the answer; what
    is asked after that is another wait."""
    put_promises(workspace)
    take(workspace, said("1", "ada", "My Duo leaks?"))
    clock.set(NOW + timedelta(minutes=5))
    assert workspace.write(record_breaches).result() == 1
    decide(workspace, EventType.CASE_HANDED_OFF, to=PR)
    clock.set(NOW + timedelta(minutes=65))
    if swept:
        assert workspace.write(record_breaches).result() == 0
    take(workspace, answered("2", "1", "On it.", at=120 * 60, party=person("ada")))
    assert written_down(workspace) == [("first_reply", 60)]
    take(workspace, said("3", "ada", "And now?", at=125 * 60, root="1", in_reply_to="1"))
    clock.set(NOW + timedelta(minutes=300))
    assert workspace.write(record_breaches).result() == 1
    assert written_down(workspace) == [("first_reply", 60), ("next_reply", 305)]
    before = rows(workspace, "SELECT * FROM case_state")
    workspace.write(rebuild).result()
    assert rows(workspace, "SELECT * FROM case_state") == before


def test_a_solution_is_late_once_until_the_case_is_opened_again(
    workspace: Workspace, clock: FakeClock
) -> None:
    put_promises(workspace)
    take(workspace, said("1", "ada", "My Duo leaks?"))
    clock.set(NOW + timedelta(hours=24))
    assert workspace.write(record_breaches).result() == 1
    decide(workspace, EventType.CASE_HANDED_OFF, to=PR)
    clock.set(NOW + timedelta(hours=48))
    assert workspace.write(record_breaches).result() == 0
    late = [("first_reply", 60), ("resolution", 1_440)]
    assert written_down(workspace) == late
    decide(workspace, EventType.CASE_CLOSED)
    decide(workspace, EventType.CASE_REOPENED)
    clock.set(NOW + timedelta(hours=96))
    assert workspace.write(record_breaches).result() == 1
    again = 49 * 60
    assert written_down(workspace) == [
        *late, ("first_reply", again + 90), ("resolution", again + 1_800),
    ]  # fmt: skip


def test_a_first_reply_took_what_its_clock_ran_and_is_forgotten_with_the_close(
    workspace: Workspace, clock: FakeClock
) -> None:
    """It slept for half an hour of the 80 minutes; what is asked after the close has its own."""
    take(workspace, said("1", "ada", "My Duo leaks?"))
    clock.set(NOW - timedelta(minutes=50))
    decide(workspace, EventType.CASE_SNOOZED, until=to_ms(NOW) - 20 * MINUTE)
    clock.set(NOW - timedelta(minutes=20))
    decide(workspace, EventType.CASE_REOPENED)
    clock.set(NOW + timedelta(minutes=20))
    take(workspace, answered("2", "1", "On it.", at=80 * 60, party=person("ada")))
    assert met_after(workspace) == [50]
    decide(workspace, EventType.CASE_CLOSED)
    take(workspace, said("3", "ada", "Again?", at=100 * 60, root="1", in_reply_to="1"))
    assert met_after(workspace) == []


def met_after(workspace: Workspace) -> list[int]:
    """The minutes that promises took which were met."""
    kept = rows(workspace, "SELECT clocks FROM case_state")[0][0]
    clocks = msgspec.json.decode(kept, type=tuple[CaseClock, ...])
    return [clock.spent_ms // MINUTE for clock in clocks if clock.met]
