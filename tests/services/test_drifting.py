"""The hint that an account belongs to another department than it is given to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.clock import FakeClock
from app.domain.departments import CARE, PR
from app.domain.routing import Actions, Conditions, RoutingRule
from app.services.drifting import Drift, Drifting
from app.store import accounts
from tests.services.desk import Desk
from tests.store.building import ACCOUNT, said


@pytest.fixture
def drifting(desk: Desk) -> Drifting:
    return Drifting(desk.workspace, desk.directory, desk.clock)


def bring(desk: Desk, *, pr: int, care: int) -> None:
    """Cases of the account, which Care owns: so many handed to PR and so many kept."""
    rule = RoutingRule("a", "A", Conditions(phrases=("refund",)), Actions(department=PR))
    desk.directory.settle(routing=(rule,)).result()
    texts = ["refund"] * pr + ["hello"] * care
    desk.take(*(said(str(n), f"p{n}", text, at=n) for n, text in enumerate(texts)))


def test_most_work_elsewhere_is_told(desk: Desk, drifting: Drifting) -> None:
    bring(desk, pr=16, care=9)
    assert drifting.found().result() == {ACCOUNT: Drift(ACCOUNT, CARE, PR, 0.64, 25)}


@pytest.mark.parametrize(("pr", "care"), [(19, 0), (59, 41), (2, 30)])
def test_too_little_or_too_mixed_is_not(desk: Desk, drifting: Drifting, pr: int, care: int) -> None:
    bring(desk, pr=pr, care=care)
    assert drifting.found().result() == {}


def test_it_is_over_once_the_account_is_given(desk: Desk, drifting: Drifting) -> None:
    bring(desk, pr=20, care=0)
    assert ACCOUNT in drifting.found().result()
    desk.workspace.write(lambda tx: accounts.update_account(tx, ACCOUNT, owner=PR)).result()
    assert drifting.found().result() == {}


def test_it_can_rest_for_a_month(desk: Desk, drifting: Drifting, clock: FakeClock) -> None:
    bring(desk, pr=20, care=0)
    drifting.let_rest(ACCOUNT).result()
    assert drifting.found().result() == {}
    clock.set(clock.now() + timedelta(days=29))
    assert drifting.found().result() == {}
    clock.set(clock.now() + timedelta(days=2))
    desk.take(*(said(f"n{n}", f"q{n}", "refund", at=31 * 86_400 + n) for n in range(20)))
    assert ACCOUNT in drifting.found().result()
