"""``journey``: how far a customer has come through a case, and through a sale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.cli import shapes
from app.cli.commands.adding import Add
from app.cli.names import find_case, find_customer
from app.cli.session import Session, wait
from app.cli.text import duration, moment
from app.domain.journeys import Journeys, Station, Stop

_NAMES = {
    Stop.HANDED_OFF: "handed off",
    Stop.CONFIRMED: "thanked",
}


def add_to(add: Add) -> None:
    journey = add("journey", run_journey, "a customer’s path through a case and through a sale")
    journey.add_argument("customer", metavar="CUSTOMER", help="a handle, a name or an id")
    journey.add_argument("--case", metavar="CASE", help="this case, and not the latest")


def run_journey(session: Session) -> None:
    customer = find_customer(session, session.args.customer)
    case = find_case(session) if session.args.case else None
    told = wait(session.services.journeys.of(customer, case))
    session.give(_shape(told))
    rows = [*_lane(session, "Case", "●", told.issue), *_recovery(session, told)]
    rows += _lane(session, "Sale", "◆", told.sale)
    session.say(*rows or ["Neither a case nor a sale has begun."])


def _lane(session: Session, name: str, mark: str, stations: Sequence[Station]) -> list[str]:
    if not stations:
        return []
    lines = [name]
    for station in stations:
        often = f", {station.times} times" if station.times > 1 else ""
        stop = _NAMES.get(station.stop, station.stop.value)
        lines.append(f"  {mark} {stop:<11}{moment(station.at_ms, session.now_ms)}{often}")
    return lines


def _recovery(session: Session, told: Journeys) -> list[str]:
    found = told.recovery
    if found is None:
        return []
    when = moment(found.at_ms, session.now_ms)
    return [f"  Anger turned to thanks after {duration(found.lasted_ms)}, {when}"]


def _shape(told: Journeys) -> dict[str, Any]:
    found = told.recovery
    return {
        "case": [_station(station) for station in told.issue],
        "sale": [_station(station) for station in told.sale],
        "recovery": None
        if found is None
        else {
            "at": shapes.at(found.at_ms),
            "record": str(found.record),
            "anger_lasted_ms": found.lasted_ms,
        },
    }


def _station(station: Station) -> dict[str, Any]:
    return {
        "stop": station.stop.value,
        "at": shapes.at(station.at_ms),
        "record": str(station.record),
        "times": station.times,
    }
