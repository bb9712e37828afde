"""What needs no answer: set aside by hand or by a classifier that is sure, and restorable."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.cases import Status
from app.domain.departments import PR
from app.domain.errors import BadInput
from app.domain.ids import CaseId
from app.domain.replies import Escalation
from app.domain.views import QueueName, QueueRef
from app.services.many import ManyCases
from app.services.noise import Noise
from app.services.promises import Promises
from tests.conftest import NOW
from tests.services.desk import Desk
from tests.store.building import identity, rows, said

NOISE, ALL = QueueRef(QueueName.NOISE), QueueRef(QueueName.ALL)
GIVEAWAY = "@halden #giveaway #win number {} please pick me giveaway entry"
WORK = "My machine number {} shows an error and I need help with a refund"


@pytest.fixture
def noise(desk: Desk) -> Noise:
    return Noise(desk.workspace, desk.directory)


def listed(desk: Desk, queue: QueueRef) -> list[CaseId]:
    return [row.case for row in desk.queues.page(queue).result().rows]


def case_of(desk: Desk, who: str) -> CaseId:
    wanted = "SELECT id FROM case_state WHERE identity = :who"
    return CaseId(rows(desk.workspace, wanted, who=identity(who))[0][0])


def teach(desk: Desk, noise: Noise, *, of_each: int) -> None:
    """So many marks of each kind, half a minute apart."""
    desk.take(
        *(said(f"g{n}", f"g{n}", GIVEAWAY.format(n), at=2 * n) for n in range(of_each)),
        *(said(f"w{n}", f"w{n}", WORK.format(n), at=2 * n + 1) for n in range(of_each)),
    )
    for n in range(of_each):
        noise.mark(case_of(desk, f"g{n}")).result()
        noise.mark(case_of(desk, f"w{n}")).result()
        noise.clear(case_of(desk, f"w{n}")).result()


def test_what_is_set_aside_leaves_the_queues_and_comes_back(desk: Desk, noise: Noise) -> None:
    desk.take(said("m1", "marta", "giveaway"), said("m2", "otto", "Help?", at=1))
    marta = case_of(desk, "marta")
    noise.mark(marta, "a giveaway").result()
    assert listed(desk, NOISE) == [marta]
    assert listed(desk, ALL) == [case_of(desk, "otto")]
    with pytest.raises(BadInput, match="noise already"):
        noise.mark(marta).result()
    noise.clear(marta).result()
    assert listed(desk, NOISE) == []
    view = desk.cases.view(marta).result()
    assert view.state.status is Status.OPEN
    assert view.deadline is not None
    desk.cases.undo(marta).result()
    assert listed(desk, NOISE) == [marta]
    desk.cases.undo(marta).result()
    assert listed(desk, NOISE) == []


def test_a_result_is_set_aside_and_taken_back_as_one(desk: Desk) -> None:
    many = ManyCases(desk.workspace, desk.directory, desk.clock)
    desk.take(*(said(f"m{n}", f"c{n}", "win win", at=n) for n in range(5)))
    cases = listed(desk, ALL)
    done = many.set_aside(cases).result()
    assert (done.cases, sorted(listed(desk, NOISE))) == (5, sorted(cases))
    assert many.set_aside(cases).result().left_alone == 5
    many.undo(done).result()
    assert (listed(desk, NOISE), sorted(listed(desk, ALL))) == ([], sorted(cases))
    many.set_aside(cases).result()
    assert many.take_back(cases).result().cases == 5
    assert sorted(listed(desk, ALL)) == sorted(cases)


def test_it_suggests_from_few_marks_and_says_why(desk: Desk, noise: Noise) -> None:
    desk.take(said("n1", "nora", GIVEAWAY.format(99), at=600))
    assert noise.suggestion(case_of(desk, "nora")).result() is None
    teach(desk, noise, of_each=6)
    found = noise.suggestion(case_of(desk, "nora")).result()
    assert found is not None
    assert "giveaway" in found.reasons
    assert noise.suggestion(case_of(desk, "w0")).result() is None
    assert noise.sweep().result() == 0
    assert noise.measured().result().threshold is None


def test_it_decides_only_as_sure_as_the_workspace_asks(desk: Desk, noise: Noise) -> None:
    teach(desk, noise, of_each=40)
    desk.take(said("n1", "nora", GIVEAWAY.format(99), at=600))
    desk.take(said("n2", "otto", WORK.format(99), at=601))
    nora = case_of(desk, "nora")
    goals = desk.directory.setup().goals
    desk.directory.settle(goals=replace(goals, noise=0.999)).result()
    assert noise.sweep().result() == 0
    desk.directory.settle(goals=replace(goals, noise=0.9)).result()
    quality = noise.measured().result()
    assert (quality.precision, quality.marks) == (1.0, 80)
    assert noise.sweep().result() == 1
    assert nora in listed(desk, NOISE)
    assert case_of(desk, "otto") in listed(desk, ALL)
    told = "SELECT agent, data ->> 'reason' FROM event WHERE type = 'noise_marked' AND agent = ''"
    assert "giveaway" in rows(desk.workspace, told)[0][1]


def test_what_a_person_took_back_it_never_touches_again(desk: Desk, noise: Noise) -> None:
    teach(desk, noise, of_each=40)
    desk.directory.settle(goals=replace(desk.directory.setup().goals, noise=0.9)).result()
    desk.take(said("n1", "nora", GIVEAWAY.format(99), at=600))
    nora = case_of(desk, "nora")
    assert noise.sweep().result() == 1
    noise.clear(nora).result()
    more = said("n2", "nora", GIVEAWAY.format(98), at=700, in_reply_to="n1")
    desk.take(more)
    assert Noise(desk.workspace, desk.directory).sweep().result() == 0
    assert nora in listed(desk, ALL)


def test_what_is_noise_is_taken_back_and_not_opened_anew(desk: Desk, noise: Noise) -> None:
    """Else it would stay an example of noise, and its clocks would forget how long it waits."""
    desk.take(said("m1", "marta", "Help?"))
    marta = case_of(desk, "marta")
    noise.mark(marta).result()
    with pytest.raises(BadInput, match="among the noise"):
        desk.cases.reopen(marta).result()
    with pytest.raises(BadInput, match="among the noise"):
        desk.cases.escalate(marta, Escalation(PR)).result()
    assert listed(desk, NOISE) == [marta]


def test_what_was_promised_is_promised_still_when_it_comes_back(desk: Desk, noise: Noise) -> None:
    desk.take(said("m1", "marta", "Help?"))
    marta = case_of(desk, "marta")
    promises = Promises(desk.workspace, desk.directory, desk.clock)
    promises.make(marta, NOW + timedelta(minutes=30), "a new tray").result()
    before = desk.cases.view(marta).result().clocks
    noise.mark(marta).result()
    assert desk.cases.view(marta).result().clocks == ()
    noise.clear(marta).result()
    assert desk.cases.view(marta).result().clocks == before
