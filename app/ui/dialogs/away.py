"""Being away: until when, and who takes over; or being back."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.domain.clock import to_ms
from app.domain.departments import Agent
from app.domain.ids import AgentId
from app.domain.moments import moment_in
from app.domain.records import dataclass
from app.ui.dialogs.attempt import attempt
from app.ui.dialogs.pick import PickSheet
from app.ui.dialogs.pick_model import PickRow, fits, typed_marks
from app.ui.theme import formats

if TYPE_CHECKING:
    from app.services.services import Services
    from app.ui.bridge import UiBridge

_MORNING: Final = time(9)
_MONDAY: Final = 0
_BACK: Final = "back"


@dataclass(frozen=True, slots=True)
class _Until:
    """A moment, or None until called back."""

    at: datetime | None


class AwaySheet(PickSheet):
    """Asks for the moment, then for the deputy. ``said`` carries what was done, in a sentence."""

    said = Signal(str)

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget) -> None:
        super().__init__(parent, title="Away until", hint="Monday 9:00, or a choice below")
        self._services = services
        self._bridge = bridge
        self._until: _Until | None = None
        self._loads: dict[AgentId, int] = {}
        self.refresh()
        bridge.ask("away-loads", services.absences.loads(), self._on_loads, self.refused)
        self.say("Your open cases go to a deputy or your department, and come back with you.")

    def rows(self, typed: str) -> list[PickRow]:
        return self._moments(typed) if self._until is None else self._deputies(typed)

    def pick(self, row: PickRow) -> None:
        absences, me = self._services.absences, self._services.directory.me().id
        if row.value == _BACK:
            self._bridge.ask("", attempt(lambda: absences.come_back(me)), self._back, self.refused)
        elif isinstance(row.value, _Until):
            self._until = row.value
            self.heading.setText("Who takes over")
            self.field.clear()
            self.field.setPlaceholderText("Name of a colleague")
            self.refresh()
        elif self._until is not None:
            until, deputy = self._until.at, AgentId(str(row.value)) if row.value else None
            left = attempt(lambda: absences.leave(me, until, deputy))
            self._bridge.ask("", left, self._left, self.refused)

    def _moments(self, typed: str) -> list[PickRow]:
        now = self._services.clock.now()
        rows = []
        if self._services.directory.me().absence is not None and fits("I am back", typed):
            rows.append(PickRow(_BACK, "I am back", "cases come back too", icon="log-in"))
        found = moment_in(typed, now) if typed else None
        wished = [("Until then", found)] if found else _usual(now)
        for name, at in wished:
            if found or fits(name, typed):
                rows.append(PickRow(_Until(at), name, day_and_time(at, now), icon="plane"))
        if fits("Until I am back", typed):
            rows.append(PickRow(_Until(None), "Until I am back", icon="plane"))
        return rows

    def _deputies(self, typed: str) -> list[PickRow]:
        directory = self._services.directory
        me, now_ms = directory.me(), to_ms(self._services.clock.now())
        department = directory.department(me.department).name
        rows = [PickRow("", f"Nobody: back to {department}", icon="inbox")]
        rows += [
            PickRow(
                agent.id,
                agent.name,
                with_load(self._services, agent, self._loads),
                person=agent.name,
                department=agent.department,
                marks=typed_marks(typed, agent.name),
            )
            for agent in sorted(
                directory.agents(), key=lambda one: (one.department != me.department, one.name)
            )
            if agent.id != me.id and (agent.absence is None or not agent.absence.lasts(now_ms))
        ]
        return [row for row in rows if fits(row.text, typed)]

    @Slot(object)
    def _on_loads(self, loads: dict[AgentId, int]) -> None:
        self._loads = loads
        self.refresh()

    @Slot(int)
    def _left(self, cases: int) -> None:
        self._end(f"You are away. {_counted(cases)} handed over.")

    @Slot(int)
    def _back(self, cases: int) -> None:
        self._end(f"You are back. {_counted(cases)} given back.")

    def _end(self, sentence: str) -> None:
        self.said.emit(sentence)
        self.close()


def away_words(until_ms: int | None, now_ms: int) -> str:
    """ "away until 23 Nov, 09:00", or "away"."""
    if until_ms is None:
        return "away"
    day, clock = formats.short_date(until_ms, now_ms), formats.clock_time(until_ms)
    return f"away until {clock if day == formats.short_date(now_ms, now_ms) else f'{day}, {clock}'}"


def with_load(services: Services, agent: Agent, loads: dict[AgentId, int]) -> str:
    """ "Care, 12 open": where somebody works, and how many open cases they hold."""
    short = services.directory.department(agent.department).short
    held = loads.get(agent.id, 0)
    return f"{short}, {held} open" if held else short


def day_and_time(at: datetime, now: datetime) -> str:
    at_ms, now_ms = to_ms(at), to_ms(now)
    return f"{formats.short_date(at_ms, now_ms)}, {formats.clock_time(at_ms)}"


def _usual(now: datetime) -> list[tuple[str, datetime]]:
    here = now.astimezone().date()
    monday = (_MONDAY - here.weekday() - 1) % 7 + 1
    # A wall time without a zone is taken as this computer’s, summer time included.
    return [
        (name, datetime.combine(here + timedelta(days=days), _MORNING).astimezone(UTC))
        for name, days in (
            ("Tomorrow morning", 1), ("Monday morning", monday), ("Monday after", monday + 7),
        )
    ]  # fmt: skip


def _counted(cases: int) -> str:
    return "1 case was" if cases == 1 else f"{formats.grouped(cases)} cases were"
