"""Promising a customer to be back: usual moments, or one’s own words with a moment in them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.domain.cases import Promise
from app.domain.clock import from_ms, to_ms
from app.domain.events import Event
from app.domain.ids import CaseId
from app.domain.moments import moment_in, sentence_with_moment
from app.domain.records import dataclass
from app.domain.views import CaseView
from app.ui.dialogs.attempt import attempt
from app.ui.dialogs.pick import PickSheet
from app.ui.dialogs.pick_model import PickRow, fits
from app.ui.theme import formats

if TYPE_CHECKING:
    from app.services.services import Services
    from app.ui.bridge import UiBridge

_HALF_HOUR = timedelta(minutes=30)
_MORNING = time(9)


@dataclass(frozen=True, slots=True)
class _Make:
    at: datetime
    text: str = ""


@dataclass(frozen=True, slots=True)
class _End:
    """A promise is kept, or dropped for the reason that is typed."""

    promise: Promise
    kept: bool


class PromiseSheet(PickSheet):
    """``decided`` carries the event. What is ``written`` in the composer is offered where it
    names a moment; promises that are open can be kept or dropped here."""

    decided = Signal(object)

    def __init__(
        self,
        services: Services,
        bridge: UiBridge,
        parent: QWidget,
        case: CaseId,
        written: str = "",
    ) -> None:
        super().__init__(parent, title="Promise to be back", hint="I’ll check back at 12:30")
        self._services = services
        self._bridge = bridge
        self._case = case
        self._open: tuple[Promise, ...] = ()
        self.field.setText(sentence_with_moment(written, services.clock.now()))
        self.field.selectAll()
        self.refresh()
        self.say("A reply that you write later keeps it.")
        bridge.ask("promise-case", services.cases.view(case), self._on_view, self.refused)

    @Slot(object)
    def _on_view(self, view: CaseView) -> None:
        self.heading.setText(f"Promise on case #{view.ref} to be back")
        self._open = view.state.promises
        self.refresh()

    def rows(self, typed: str) -> list[PickRow]:
        now = self._services.clock.now()
        found = moment_in(typed, now)
        rows = [] if found is None else [_row(_Make(found, typed), "Promise this", now)]
        if found is None:
            rows += [_row(_Make(at), name, now) for name, at in usual(now) if fits(name, typed)]
        for promise in self._open:
            by = _when(from_ms(promise.until_ms), now)
            about = f"{by} “{promise.text}”" if promise.text else by
            rows.append(PickRow(_End(promise, kept=True), "It is kept", about, icon="check"))
            rows.append(PickRow(_End(promise, kept=False), "Drop it", about, icon="x"))
        return rows

    def pick(self, row: PickRow) -> None:
        promises, choice = self._services.promises, row.value
        typed = self.field.text().strip()
        if isinstance(choice, _Make):
            self._ask(lambda: promises.make(self._case, choice.at, choice.text))
        elif isinstance(choice, _End) and choice.kept:
            self._ask(lambda: promises.keep(self._case, choice.promise.id))
        elif isinstance(choice, _End) and typed:
            self._ask(lambda: promises.drop(self._case, typed, choice.promise.id))
        else:
            self.say("Write above why it no longer holds, then choose it again.", wrong=True)

    def _ask(self, decide: Callable[[], Future[Event]]) -> None:
        self._bridge.ask("", attempt(decide), self._on_decided, self.refused)

    @Slot(object)
    def _on_decided(self, event: Event) -> None:
        self.decided.emit(event)
        self.close()


def usual(now: datetime) -> list[tuple[str, datetime]]:
    """In half an hour, the next full or half hours after that, tomorrow at nine."""
    here = now.astimezone().replace(tzinfo=None, second=0, microsecond=0)
    first = (here + _HALF_HOUR).replace(minute=0)
    while first < here + _HALF_HOUR:
        first += _HALF_HOUR
    tomorrow = datetime.combine(here.date() + timedelta(days=1), _MORNING)
    walls = [("In 30 minutes", here + _HALF_HOUR)]
    walls += [("At the half hour" if at.minute else "On the hour", at)
              for at in (first + _HALF_HOUR, first + 2 * _HALF_HOUR)]  # fmt: skip
    walls += [("In 2 hours", here + timedelta(hours=2)), ("Tomorrow morning", tomorrow)]
    # A wall time without a zone is taken as this computer’s, summer time included.
    return [(name, wall.astimezone(UTC)) for name, wall in sorted(walls, key=lambda one: one[1])]


def _row(choice: _Make, name: str, now: datetime) -> PickRow:
    return PickRow(choice, name, _when(choice.at, now), icon="alarm-clock")


def _when(at: datetime, now: datetime) -> str:
    """ "12:30" today, "20 Nov, 09:00" on another day."""
    at_ms, now_ms = to_ms(at), to_ms(now)
    day, clock = formats.short_date(at_ms, now_ms), formats.clock_time(at_ms)
    return clock if day == formats.short_date(now_ms, now_ms) else f"{day}, {clock}"
