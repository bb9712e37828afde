"""Public holidays of a region, as days on which business hours are closed.

The dates come from the ``holidays`` package and are never written into the settings: a newer
version of it may know better. It is imported when a region is first named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final

from app.domain.errors import BadInput
from app.domain.hours import BusinessHours
from app.domain.routing import RoutingRule
from app.domain.sla import SlaPolicy

_YEARS_BACK: Final = 5
_YEARS_AHEAD: Final = 11


def with_holidays(part: Any) -> Any:
    """A part of the setup whose business hours are closed on the holidays of their region, a few
    years back and ten ahead. Raises BadInput for a region nobody knows."""
    return _over(part, closing)


def without_holidays(part: Any) -> Any:
    """The way back: of the days, only those stay that the region does not close."""
    return _over(part, bare)


def closing(hours: BusinessHours) -> BusinessHours:
    """The hours, closed on the holidays of their region too; see ``with_holidays``."""
    return replace(hours, closed=hours.closed | _days(hours.holidays)) if hours.holidays else hours


def bare(hours: BusinessHours) -> BusinessHours:
    """The hours without the holidays of their region; ``closing`` adds them again."""
    return replace(hours, closed=hours.closed - _days(hours.holidays)) if hours.holidays else hours


def _over(part: Any, change: Callable[[BusinessHours], BusinessHours]) -> Any:
    if not isinstance(part, tuple):
        return part
    return tuple(_changed(one, change) for one in part)


def _changed(one: Any, change: Callable[[BusinessHours], BusinessHours]) -> Any:
    match one:
        case SlaPolicy():
            return replace(one, hours=change(one.hours))
        case RoutingRule(when=when):
            during, outside = (hours and change(hours) for hours in (when.during, when.outside))
            return replace(one, when=replace(when, during=during, outside=outside))
        case _:
            return one


@lru_cache(maxsize=32)
def _days(region: str) -> frozenset[date]:
    """“SE”, or “DE-BY” for a part of a country."""
    from holidays import country_holidays

    year = datetime.now(UTC).year
    country, _, part = region.upper().partition("-")
    try:
        days = country_holidays(
            country, subdiv=part or None, years=range(year - _YEARS_BACK, year + _YEARS_AHEAD)
        )
    except NotImplementedError:
        raise BadInput(
            f"Nobody knows the holidays of “{region}”.",
            hint="Name a country like SE, or a part of one like DE-BY.",
        ) from None
    return frozenset(days)
