"""What a workspace settles for itself, and what its rules and promises do to cases."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.domain.cases import Status, Urgency
from app.domain.clock import FakeClock, to_ms
from app.domain.departments import CARE, MARKETING, PR, Agent
from app.domain.errors import BadInput
from app.domain.events import EventType
from app.domain.ids import AgentId, CaseId, EventId, IdentityId, agent_subject, rules_subject
from app.domain.routing import Actions, Conditions, RoutingRule, Turn
from app.domain.setup import Setup
from app.domain.sla import SlaPolicy
from app.store import ledger, settings, tables
from app.store.breaches import record_breaches
from app.store.database import Tx, Workspace
from app.store.projections import rebuild, refresh_clocks
from app.store.setup import document_of, part_of, setup_of
from tests.conftest import NOW
from tests.store.building import answered, identity, rows, said, take
from tests.sync.workspaces import make_workspace

INES, OTTO = AgentId("ines"), AgentId("otto")
MINUTE = 60_000
WROTE_MS = to_ms(NOW) - 60 * MINUTE
"""When customers write in these tests, see ``said``."""


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def workspace(tmp_path: Path, clock: FakeClock) -> Any:
    made = make_workspace(tmp_path, clock)
    yield made
    made.close()


def settle(workspace: Workspace, **parts: object) -> None:
    def op(tx: Tx) -> None:
        for name, part in parts.items():
            data = {"name": name, "document": document_of(part)}
            ledger.decide(tx, INES, EventType.RULES_SET, rules_subject(name), data)

    workspace.write(op).result()


def put_agent(workspace: Workspace, agent: Agent) -> None:
    workspace.write(lambda tx: settings.put_agent(tx, agent)).result()


def decide(
    workspace: Workspace, kind: EventType, subject: int, data: dict[str, Any] | None = None
) -> EventId:
    return workspace.write(lambda tx: ledger.decide(tx, INES, kind, subject, data).id).result()


def row(workspace: Workspace, case: CaseId) -> Any:
    table = tables.case_state
    return workspace.read(
        lambda conn: conn.execute(sa.select(table).where(table.c.id == case)).one()
    ).result()


def case_of(workspace: Workspace, who: str) -> CaseId:
    wanted = "SELECT id FROM case_state WHERE identity = :who"
    return CaseId(rows(workspace, wanted, who=identity(who))[0][0])


def everything(workspace: Workspace) -> dict[str, list[Any]]:
    kept = (
        tables.case_state, tables.identity, tables.agent, tables.template_version,
        tables.mood_set, tables.noise_mark, tables.match_declined, tables.department,
    )  # fmt: skip
    return workspace.read(
        lambda conn: {t.name: list(conn.execute(sa.select(t)).all()) for t in kept}
    ).result()


def test_what_was_settled_holds_until_something_else_is(workspace: Workspace) -> None:
    assert workspace.read(setup_of).result() == Setup()
    rule = RoutingRule("r1", "Influencers", Conditions(reach=10_000), Actions(department=PR))
    settle(workspace, routing=(rule,))
    settle(workspace, promises=())
    assert workspace.read(setup_of).result() == Setup(routing=(rule,), promises=())
    settle(workspace, routing=())
    assert workspace.read(setup_of).result() == Setup(promises=())


def test_every_part_survives_as_plain_data() -> None:
    setup = Setup()
    for name in ("departments", "promises", "routing", "guidelines", "senders", "goals"):
        part = getattr(setup, name)
        assert part_of(name, document_of(part)) == part


def test_a_part_that_is_wrong_says_where() -> None:
    with pytest.raises(BadInput, match=r"promises: \[0\]\.first_reply_ms"):
        part_of("promises", [document_of(Setup().promises[0]) | {"first_reply_ms": "soon"}])
    with pytest.raises(BadInput, match="no part “colours”"):
        part_of("colours", [])


def test_rules_decide_who_takes_what_comes_in(workspace: Workspace) -> None:
    for agent in (INES, OTTO):
        put_agent(workspace, Agent(agent, agent.title(), MARKETING))
    wants = RoutingRule(
        "wants",
        "Content",
        Conditions(phrases=("how-to",)),
        Actions(MARKETING, turn=Turn.ROUND_ROBIN, urgency=Urgency.HIGH, tags=("content",)),
    )
    settle(workspace, routing=(wants,))
    take(
        workspace,
        said("1", "ada", "A how-to for the Duo?"),
        said("2", "ben", "Is there a how-to video?"),
        said("3", "cyd", "My Duo leaks?"),
    )
    routed = [row(workspace, case_of(workspace, who)) for who in ("ada", "ben")]
    assert {one.department for one in routed} == {MARKETING}
    assert {one.assignee for one in routed} == {INES, OTTO}
    assert {one.urgency for one in routed} == {Urgency.HIGH}
    left = row(workspace, case_of(workspace, "cyd"))
    assert (left.department, left.assignee, left.tags) == (CARE, None, "[]")


def test_noise_opens_a_case_that_is_in_no_queue_and_comes_back(workspace: Workspace) -> None:
    spam = RoutingRule("spam", "Spam", Conditions(phrases=("crypto",)), Actions(noise=True))
    settle(workspace, routing=(spam,))
    take(workspace, said("1", "bot", "Free crypto, click here?"))
    case = case_of(workspace, "bot")
    assert row(workspace, case).status == Status.NOISE
    take(workspace, said("2", "bot", "And more crypto?", in_reply_to="1"))
    assert row(workspace, case).status == Status.NOISE
    decide(workspace, EventType.NOISE_CLEARED, case)
    kept = row(workspace, case)
    assert (kept.status, kept.due_ms) == (Status.OPEN, WROTE_MS + 60 * MINUTE)


def test_a_promise_that_changes_counts_for_the_cases_that_are_open(workspace: Workspace) -> None:
    take(workspace, said("1", "ada", "My Duo leaks?"))
    case = case_of(workspace, "ada")
    before = row(workspace, case)
    assert before.due_ms == WROTE_MS + 60 * MINUTE
    settle(workspace, promises=(SlaPolicy("p", "Quick", 15 * MINUTE, None, None),))
    while workspace.write(refresh_clocks).result():
        pass
    after = row(workspace, case)
    assert (after.due_ms, after.soon_ms) == (WROTE_MS + 15 * MINUTE, WROTE_MS + 10 * MINUTE)
    settle(workspace, promises=())
    while workspace.write(refresh_clocks).result():
        pass
    assert row(workspace, case).due_kind == ""


def test_a_promise_that_passes_unmet_is_written_down_once(
    workspace: Workspace, clock: FakeClock
) -> None:
    take(workspace, said("1", "ada", "My Duo leaks?"))
    case = case_of(workspace, "ada")
    clock.set(NOW - timedelta(minutes=1))
    assert workspace.write(record_breaches).result() == 0
    clock.set(NOW + timedelta(minutes=1))
    assert workspace.write(record_breaches).result() == 1
    assert workspace.write(record_breaches).result() == 0
    assert row(workspace, case).passes_ms == WROTE_MS + 24 * 60 * MINUTE, "of the solution"
    take(workspace, answered("us", "1", "On it.", at=3_700))
    take(workspace, said("2", "ada", "Still leaking?", in_reply_to="us", at=3_800))
    assert row(workspace, case).passes_ms == WROTE_MS + 3_800_000 + 120 * MINUTE


def test_what_is_kept_is_what_the_ledger_says(workspace: Workspace) -> None:
    take(workspace, said("1", "ada", "My Duo leaks?"), said("2", "ben", "Mine too?"))
    take(workspace, answered("us", "1", "On it.", at=100))
    case, ada, ben = case_of(workspace, "ada"), identity("ada"), identity("ben")
    put_agent(workspace, Agent(INES, "Ines", PR))
    decisions: tuple[tuple[EventType, int, dict[str, Any]], ...] = (
        (EventType.PROMISE_MADE, case, {"until": to_ms(NOW) + 5 * MINUTE, "text": "Back soon"}),
        (EventType.NOISE_MARKED, case_of(workspace, "ben"), {"reason": "spam"}),
        (EventType.CUSTOMER_OWNED, ada, {"agent": INES}),
        (EventType.STANDING_SET, ada, {"standing": "opted_out", "reason": "asked"}),
        (EventType.MATCH_DECLINED, ada, {"other": ben}),
        (EventType.MOOD_SET, ada, {"interaction": 7, "mood": -1}),
        (EventType.AGENT_AWAY, agent_subject(INES), {"agent": INES, "until": None}),
        (EventType.TEMPLATE_SAVED, 9, {"number": 1, "name": "Hello", "text": "Hi {customer}"}),
        (EventType.TEMPLATE_SAVED, 9, {"number": 2, "name": "Hello", "text": "Hi", "corrects": 1}),
        (EventType.RULES_SET, rules_subject("promises"), {"name": "promises", "document": []}),
    )
    for kind, subject, data in decisions:
        decide(workspace, kind, subject, data)
    while workspace.write(refresh_clocks).result():
        pass
    kept = everything(workspace)
    assert [(v.number, v.wrong) for v in kept["template_version"]] == [(1, True), (2, False)]
    assert [agent.away for agent in kept["agent"] if agent.id == INES] == [True]
    assert {(one.owner, one.standing) for one in kept["identity"] if one.id == ada} == {
        (INES, "opted_out")
    }
    assert row(workspace, case).due_kind == "promise"
    workspace.write(rebuild).result()
    assert everything(workspace) == kept


def test_each_of_them_can_be_taken_back(workspace: Workspace) -> None:
    take(workspace, said("1", "ada", "My Duo leaks?"))
    ada = identity("ada")
    before = everything(workspace)
    kinds: tuple[tuple[EventType, int, dict[str, Any]], ...] = (
        (EventType.CUSTOMER_OWNED, ada, {"agent": INES}),
        (EventType.MATCH_DECLINED, ada, {"other": IdentityId(5)}),
        (EventType.MOOD_SET, ada, {"interaction": 7, "mood": 1}),
        (EventType.NOISE_MARKED, case_of(workspace, "ada"), {"reason": "spam"}),
        (EventType.TEMPLATE_SAVED, 9, {"number": 1, "name": "Hello", "text": "Hi"}),
    )
    for kind, subject, data in kinds:
        made = decide(workspace, kind, subject, data)
        assert everything(workspace) != before
        decide(workspace, EventType.UNDONE, subject, {"event": made})
        assert everything(workspace) == before
