"""Who is away: their cases go, and come back as far as nobody decided otherwise."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.departments import CARE, Agent
from app.domain.errors import BadInput
from app.domain.ids import AgentId, CaseId
from app.services.absences import Absences
from app.store.projections import rebuild
from tests.conftest import NOW
from tests.services.desk import Desk
from tests.store.building import identity, rows, said

MONDAY = NOW + timedelta(days=4)


@pytest.fixture
def absences(desk: Desk) -> Absences:
    return Absences(desk.workspace, desk.directory, desk.clock)


@pytest.fixture
def nadia(desk: Desk) -> Agent:
    return desk.directory.add_agent("Nadia Klein", CARE).result()


@pytest.fixture
def mine(desk: Desk) -> list[CaseId]:
    """Three cases of mine, one of them asleep."""
    desk.take(*(said(f"m{n}", f"c{n}", "Help?", at=n) for n in range(3)))
    wanted = "SELECT id FROM case_state WHERE identity = :who"
    cases = [CaseId(rows(desk.workspace, wanted, who=identity(f"c{n}"))[0][0]) for n in range(3)]
    for case in cases:
        desk.cases.assign(case, desk.directory.me().id).result()
    desk.cases.snooze(cases[2], NOW + timedelta(hours=3)).result()
    return cases


def holder(desk: Desk, case: CaseId) -> AgentId | None:
    return desk.cases.view(case).result().state.assignee


def test_cases_go_to_the_deputy_and_come_back(
    desk: Desk, absences: Absences, nadia: Agent, mine: list[CaseId]
) -> None:
    me = desk.directory.me().id
    assert absences.loads().result() == {me: 2}
    assert absences.leave(me, MONDAY, nadia.id).result() == 3
    assert [holder(desk, case) for case in mine] == [nadia.id] * 3
    assert desk.directory.me().absence is not None
    assert absences.return_due().result() == 0
    # One is solved meanwhile, one is given to nobody by a person.
    desk.cases.close(mine[0]).result()
    desk.cases.assign(mine[1], None).result()
    desk.clock.set(MONDAY + timedelta(minutes=1))
    assert absences.return_due().result() == 1
    assert [holder(desk, case) for case in mine] == [nadia.id, None, me]
    assert desk.directory.me().absence is None
    assert absences.return_due().result() == 0
    before = rows(desk.workspace, "SELECT * FROM case_state ORDER BY id")
    agents = rows(desk.workspace, "SELECT * FROM agent ORDER BY id")
    desk.workspace.write(rebuild).result()
    assert rows(desk.workspace, "SELECT * FROM case_state ORDER BY id") == before
    assert rows(desk.workspace, "SELECT * FROM agent ORDER BY id") == agents


def test_without_a_deputy_they_wait_in_the_department(
    desk: Desk, absences: Absences, mine: list[CaseId]
) -> None:
    me = desk.directory.me().id
    absences.leave(me).result()
    assert [holder(desk, case) for case in mine] == [None] * 3
    # Said anew, it is the same absence: all come back.
    absences.leave(me, MONDAY).result()
    assert absences.come_back(me).result() == 3
    assert [holder(desk, case) for case in mine] == [me] * 3


def test_a_deputy_who_is_away_takes_nothing(
    desk: Desk, absences: Absences, nadia: Agent, mine: list[CaseId]
) -> None:
    absences.leave(nadia.id).result()
    absences.leave(desk.directory.me().id, None, nadia.id).result()
    assert {holder(desk, case) for case in mine} == {None}


def test_what_makes_no_sense_is_refused(desk: Desk, absences: Absences) -> None:
    me = desk.directory.me().id
    with pytest.raises(BadInput, match="already past"):
        absences.leave(me, NOW)
    with pytest.raises(BadInput, match="no deputy"):
        absences.leave(me, None, me)
    with pytest.raises(BadInput, match="not away"):
        absences.come_back(me)
