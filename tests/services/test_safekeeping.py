"""The daily backups, by a clock that the test turns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.services.safekeeping import Safekeeping
from app.store import backup
from tests.conftest import NOW
from tests.sync.workspaces import make_workspace


def test_one_at_the_first_start_of_a_day_and_one_past_the_next_midnight(
    tmp_path: Path, clock: FakeClock, qtbot: QtBot
) -> None:
    workspace = make_workspace(tmp_path, clock)
    keeping = Safekeeping(workspace, clock, look_s=0.01)

    def made(count: int) -> Callable[[], bool]:
        return lambda: len(backup.backups(tmp_path)) == count

    keeping.start()
    qtbot.waitUntil(made(1))
    clock.set(NOW + timedelta(hours=23, minutes=59))  # past midnight, and not yet a day old
    assert not backup.is_due(tmp_path, clock.now())
    clock.set(NOW + timedelta(days=1))
    qtbot.waitUntil(made(2))
    keeping.stop()
    again = Safekeeping(workspace, clock, look_s=0.01)  # a second start of the same day
    again.start()
    again.stop()
    assert [each.at for each in backup.backups(tmp_path)] == [NOW + timedelta(days=1), NOW]
    workspace.close()


@given(st.sets(st.integers(0, 24 * 90), max_size=120))
def test_the_newest_of_seven_days_and_of_four_weeks_are_kept_and_no_other(hours: set[int]) -> None:
    moments = sorted((NOW - timedelta(hours=back) for back in hours), reverse=True)
    newest_of_day: dict[object, datetime] = {}
    newest_of_week: dict[object, datetime] = {}
    for at in moments:
        newest_of_day.setdefault(at.date(), at)
        newest_of_week.setdefault(at.strftime("%G-%V"), at)
    wanted = {*list(newest_of_day.values())[:7], *list(newest_of_week.values())[:4]}
    assert {at for at in moments if at in backup.kept_of(moments)} == wanted
