"""What was written down by hand stands in the timeline and is no work by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.departments import MARKETING
from app.domain.errors import BadInput, NotFound
from app.domain.ids import CustomerId, DepartmentId
from app.domain.interactions import Direction, Kind, Side
from app.domain.views import InteractionItem
from app.services.by_hand import ByHand
from tests.services.desk import Desk
from tests.store.building import identity, rows, said

_KWAME = CustomerId(identity("kwame"))


def _log(desk: Desk) -> ByHand:
    desk.take(said("1", "kwame", "", kind=Kind.LIKE))
    return ByHand(desk.workspace, desk.directory, desk.clock)


def _items(desk: Desk) -> list[InteractionItem]:
    page = desk.timelines.page(_KWAME).result()
    return [i for i in page.items if isinstance(i, InteractionItem) and i.kind.by_hand]


def test_a_call_stands_in_the_timeline_at_its_time_and_opens_no_case(desk: Desk) -> None:
    log = _log(desk)
    at = desk.clock.now() - timedelta(days=2)
    log.log(_KWAME, Kind.CALL, " Wants a refund ", at=at).result()
    (item,) = _items(desk)
    assert (item.kind, item.side, item.text) == (Kind.CALL, Side.SERVICE, "Wants a refund")
    assert (item.at_ms, item.party) == (round(at.timestamp() * 1000), identity("kwame"))
    assert item.subject.startswith("Logged by Ines Duarte, ")
    assert rows(desk.workspace, "SELECT id FROM case_state") == []


def test_what_went_out_is_ours(desk: Desk) -> None:
    log = _log(desk)
    log.log(_KWAME, Kind.LETTER, "Sent the form", direction=Direction.OUTBOUND).result()
    (item,) = _items(desk)
    assert item.ours
    assert item.side is Side.SERVICE


def test_the_side_is_that_of_the_department_unless_it_is_said(desk: Desk) -> None:
    log = _log(desk)
    log.log(_KWAME, Kind.CALL, "About the fair", department=MARKETING).result()
    (item,) = _items(desk)
    assert item.side is Side.MARKETING
    assert item.subject.endswith(", Marketing")
    log.log(_KWAME, Kind.VISIT, "Came by", department=MARKETING, side=Side.SERVICE).result()
    log.log(_KWAME, Kind.LETTER, "An offer", side=Side.MARKETING).result()
    assert {item.kind: item.side for item in _items(desk)} == {
        Kind.CALL: Side.MARKETING,
        Kind.VISIT: Side.SERVICE,
        Kind.LETTER: Side.MARKETING,
    }
    assert rows(desk.workspace, "SELECT id FROM case_state") == []
    with pytest.raises(NotFound, match="no department"):
        log.log(_KWAME, Kind.CALL, "x", department=DepartmentId("nobody"))


def test_what_makes_no_sense_is_refused(desk: Desk) -> None:
    log = _log(desk)
    with pytest.raises(BadInput, match="Nothing is written down"):
        log.log(_KWAME, Kind.CALL, "  ")
    with pytest.raises(BadInput, match="still to come"):
        log.log(_KWAME, Kind.CALL, "x", at=desk.clock.now() + timedelta(hours=1))
    with pytest.raises(BadInput, match="by hand"):
        log.log(_KWAME, Kind.LIKE, "x")
    with pytest.raises(NotFound):
        log.log(CustomerId(1), Kind.VISIT, "x").result()
    assert _items(desk) == []
