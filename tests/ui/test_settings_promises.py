"""Promises in the settings: edited in words, tried on the open cases, decided when saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.errors import BadInput
from app.domain.hours import ALWAYS, Span
from app.ui.dialogs.settings_promises import PromisesSection
from app.ui.runtime import prepare
from tests.services.desk import make_desk
from tests.store.building import rows, said
from tests.ui.consoles import Console, make_console
from tests.ui.driving import lines

HOUR = 3_600_000


@pytest.fixture
def console(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Console]:
    """Three customers who have waited for an hour."""
    prepare("light")
    desk = make_desk(tmp_path, clock)
    desk.take(*(said(f"m{n}", f"c{n}", f"@halden Question {n}?", at=n + 1) for n in range(3)))
    made = make_console(desk)
    qtbot.addWidget(made.window)
    yield made
    made.window.close()
    desk.workspace.close()


@pytest.fixture
def section(console: Console) -> PromisesSection:
    window = console.window
    made = PromisesSection(window.services, window.bridge, window)
    window.show()
    made.show()
    return made


def test_the_preview_tells_what_a_change_would_do(section: PromisesSection, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "3 cases, 0 late" in lines(section.list)[2])
    section.list.setCurrentRow(2)
    section.form.fields["First reply"].setText("20 min")
    section.form.changed.emit()
    qtbot.waitUntil(lambda: "3 cases, 3 late" in lines(section.list)[2])
    assert "Late now: 0; with these promises: 3." in section.told.text()
    assert section.services.directory.setup().promises[2].first_reply_ms == HOUR


def test_saving_decides_and_the_cases_follow(
    console: Console, section: PromisesSection, qtbot: QtBot
) -> None:
    section.list.setCurrentRow(2)
    fields = section.form.fields
    fields["First reply"].setText("1 h 30 min")
    fields["Hours"].setText("Mon–Fri 9:00–12:00, 13:00–17:00; Sun 10:00–14:00")
    fields["Zone"].setText("Europe/Stockholm")
    fields["Holidays"].setText("se")
    section.save_promises()
    qtbot.waitUntil(lambda: section.told.text().startswith("Saved"))
    usual = section.services.directory.setup().promises[2]
    assert (usual.first_reply_ms, usual.hours.holidays) == (90 * 60_000, "SE")
    assert usual.hours.week[0] == (Span(540, 720), Span(780, 1020))
    assert usual.hours.week[5:] == ((), (Span(600, 840),))
    while console.desk.cases.follow_promises().result():
        pass
    spent = rows(
        console.desk.workspace, "SELECT DISTINCT clocks ->> '$[0].target_ms' FROM case_state"
    )
    assert spent == [(90 * 60_000,)]


def test_what_cannot_be_read_says_why_and_decides_nothing(section: PromisesSection) -> None:
    section.list.setCurrentRow(0)
    before = section.services.directory.setup().promises
    section.form.fields["First reply"].setText("a while")
    section.save_promises()
    assert "a while" in section.wrong.text()
    section.form.fields["First reply"].setText("20 min")
    section.form.fields["Urgency"].setText("Whenever")
    with pytest.raises(BadInput, match="Whenever"):
        section.form.policy()
    assert section.services.directory.setup().promises == before


def test_promises_are_added_moved_and_taken_out(section: PromisesSection) -> None:
    section.list.setCurrentRow(0)
    section.add.click()
    assert lines(section.list)[0].startswith("New promise")
    section._later()
    assert section.list.currentRow() == 1
    assert section.form.policy().hours == ALWAYS
    section._remove()
    assert section.list.count() == 3
    assert [line.split(" · ")[0] for line in lines(section.list)] == [
        "Critical", "High", "Usual",
    ]  # fmt: skip
