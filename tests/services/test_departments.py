"""Departments: named, added, and not deleted while anything hangs on them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.departments import CARE, IT, MARKETING, PR, Department
from app.domain.errors import BadInput
from app.domain.ids import DepartmentId
from app.domain.routing import Actions, Conditions, RoutingRule
from app.services.departments import Departments
from tests.services.desk import Desk
from tests.store.building import said


@pytest.fixture
def departments(desk: Desk) -> Departments:
    return Departments(desk.workspace, desk.directory)


def without(desk: Desk, gone: DepartmentId) -> list[Department]:
    return [one for one in desk.directory.departments() if one.id != gone]


def test_a_department_is_renamed_for_everybody(desk: Desk, departments: Departments) -> None:
    wanted = [
        replace(one, name="Help", voice="brief.") if one.id == CARE else one
        for one in desk.directory.departments()
    ]
    departments.save(wanted).result(30)
    assert desk.directory.department(CARE).name == "Help"
    assert desk.directory.find_department("help").voice == "brief."


def test_a_department_is_added_under_an_id_of_its_own(desk: Desk, departments: Departments) -> None:
    assert departments.new_id("Customer Care") == "customer-care"
    assert departments.new_id("IT") == "it-2"
    made = Department(DepartmentId("shop"), "Shop", "Shop", "it", "Orders", "")
    departments.save([*desk.directory.departments(), made]).result(30)
    assert desk.directory.departments()[-1] == made


def test_one_that_holds_nothing_goes(desk: Desk, departments: Departments) -> None:
    departments.save(without(desk, IT)).result(30)
    assert IT not in [one.id for one in desk.directory.departments()]


def test_one_that_holds_a_case_an_agent_or_a_rule_stays(
    desk: Desk, departments: Departments
) -> None:
    desk.take(said("1", "marta", "It leaks."))
    with pytest.raises(BadInput, match="it holds 1 case"):
        departments.save(without(desk, CARE)).result(30)
    with pytest.raises(BadInput, match="it holds 1 agent"):
        departments.save(without(desk, PR)).result(30)
    rule = RoutingRule("a", "A", Conditions(), Actions(department=MARKETING))
    desk.directory.settle(routing=(rule,)).result()
    with pytest.raises(BadInput, match="routing still name it"):
        departments.save(without(desk, MARKETING)).result(30)
    assert len(desk.directory.departments()) == 6


def test_a_name_is_needed(desk: Desk, departments: Departments) -> None:
    nameless = Department(DepartmentId("x"), " ", "", "it", "", "")
    with pytest.raises(BadInput, match="empty name"):
        departments.save([*desk.directory.departments(), nameless])
