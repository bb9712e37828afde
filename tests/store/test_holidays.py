"""Holidays of a region close business hours, and never get into what is settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.domain.clock import FakeClock, to_ms
from app.domain.errors import BadInput
from app.domain.hours import BusinessHours, Span
from app.domain.routing import Actions, Conditions, RoutingRule
from app.domain.sla import SlaPolicy
from app.services.directory import Directory
from app.services.settings_file import SettingsFile
from app.store.database import Workspace
from app.store.holidays import with_holidays, without_holidays
from app.store.setup import document_of, part_of
from tests.sync.workspaces import make_workspace

DAYS = ((Span(9 * 60, 17 * 60),),) * 5 + ((),) * 2
HOUR = 3_600_000


def office(region: str) -> BusinessHours:
    return BusinessHours("Europe/Berlin", DAYS, frozenset({date(2026, 12, 24)}), region)


def policy(region: str) -> SlaPolicy:
    return SlaPolicy("p", "Usual", HOUR, HOUR, None, hours=office(region))


@pytest.fixture
def workspace(tmp_path: Path, clock: FakeClock) -> Iterator[Workspace]:
    made = make_workspace(tmp_path, clock)
    yield made
    made.close()


def test_a_clock_stands_still_on_the_holidays_of_a_part_of_a_country() -> None:
    # The day of Epiphany, a Wednesday in 2027, is one in Bavaria and none in Berlin.
    before = to_ms(datetime(2027, 1, 5, 15, 30, tzinfo=UTC))
    (bavaria,) = with_holidays((policy("DE-BY"),))
    (berlin,) = with_holidays((policy("DE-BE"),))
    assert bavaria.hours.after(before, HOUR) == to_ms(datetime(2027, 1, 7, 8, 30, tzinfo=UTC))
    assert berlin.hours.after(before, HOUR) == to_ms(datetime(2027, 1, 6, 8, 30, tzinfo=UTC))


def test_days_named_one_by_one_stay() -> None:
    rule = RoutingRule("r", "Night", Conditions(outside=office("DE-BY")), Actions())
    for part in ((policy("DE-BY"),), (rule,)):
        assert without_holidays(with_holidays(part)) == part


def test_the_settings_hold_the_region_and_not_its_days(workspace: Workspace) -> None:
    directory = Directory(workspace)
    directory.settle(promises=(policy("SE"),)).result()
    (held,) = directory.setup().promises
    assert date(2027, 6, 6) in held.hours.closed  # the national day of Sweden
    assert "2027" not in str(document_of(directory.setup().promises))
    renamed = replace(held, name="Swedish")
    directory.settle(promises=(renamed,)).result()
    assert directory.setup().promises == (renamed,)


def test_a_region_nobody_knows_is_refused(workspace: Workspace) -> None:
    with pytest.raises(BadInput, match="Atlantis"):
        part_of("promises", document_of((policy("Atlantis"),)))
    with pytest.raises(BadInput, match="DE-XX"):
        Directory(workspace).settle(promises=(policy("DE-XX"),))


def test_the_readable_file_names_the_region_alone(workspace: Workspace) -> None:
    directory = Directory(workspace)
    directory.settle(promises=(policy("DE-BY"),)).result()
    settings = SettingsFile(workspace, directory)
    text = settings.export().result()
    assert 'holidays = "DE-BY"' in text
    assert "2027" not in text
