"""The paths of a customer, read from a workspace."""

from __future__ import annotations

from datetime import timedelta

from app.domain.departments import MARKETING
from app.domain.ids import CustomerId
from app.domain.interactions import Kind
from app.domain.journeys import Journeys, Stop
from app.services.journeys import Paths
from app.services.requests import Requests
from tests.services.desk import Desk
from tests.store.building import answered, identity, said

ADA = CustomerId(identity("ada"))


def told(desk: Desk) -> Journeys:
    return Paths(desk.workspace).of(ADA, None).result()


def test_a_case_and_a_sale_in_the_same_timeline(desk: Desk) -> None:
    desk.take(
        said("1", "ada", "", kind=Kind.LIKE),
        said("2", "ada", "It leaks. Can you help?", at=60, language="en"),
        answered("3", "2", "Gladly.", at=120),
        said("4", "ada", "Perfect, thanks!", at=180, in_reply_to="2", language="en"),
    )
    case = desk.only_case()
    assert [one.stop for one in told(desk).issue] == [Stop.OPENED, Stop.SEEN, Stop.REPLIED]
    desk.cases.close(case).result()
    assert [one.stop for one in told(desk).issue] == [
        Stop.OPENED, Stop.SEEN, Stop.REPLIED, Stop.SOLVED, Stop.CONFIRMED,
    ]  # fmt: skip
    assert [one.stop for one in told(desk).sale] == [Stop.LIKED, Stop.ASKED]
    assert Paths(desk.workspace).of(ADA, case).result() == told(desk)


def test_nobody_has_gone_anywhere(desk: Desk) -> None:
    assert told(desk) == Journeys()


def test_what_departments_ask_of_each_other_is_no_path_of_the_customer(desk: Desk) -> None:
    desk.take(said("1", "ada", "It leaks."), answered("2", "1", "We look.", at=60))
    before = told(desk).issue
    desk.clock.set(desk.clock.now() + timedelta(hours=1))
    requests = Requests(desk.workspace, desk.directory, desk.replies)
    request = requests.ask_content(desk.only_case(), MARKETING, "A film").result()
    after = told(desk).issue
    assert [one.stop for one in after] == [Stop.OPENED, Stop.SEEN, Stop.REPLIED]
    assert after[0] == before[0]
    assert request.opened
