"""Who looks at a case or writes in it besides, as far as that is known; kept in memory alone."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.domain.clock import Clock, to_ms
from app.domain.ids import AgentId, CaseId, OutboxId
from app.domain.records import dataclass

SILENT_AFTER_MS = 60_000
"""Whoever has not been heard of for so long is taken to have left."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One window of one agent, and what is done in it. ``window`` is an id of its own, whatever
    machine it is on."""

    window: str
    agent: AgentId
    case: CaseId
    writes: bool = False


class Presence:
    """Every window tells what it shows, again and again; what other machines report is told in the
    same way. Callable from any thread, and nothing blocks.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._seats: dict[str, tuple[Seat, int]] = {}
        self._replies: dict[OutboxId, tuple[CaseId, str]] = {}
        self._listeners: list[Callable[[], None]] = []

    def tell(self, seat: Seat) -> None:
        """This is what a window shows now; it replaces what was told of that window before."""
        now_ms = to_ms(self._clock.now())
        with self._lock:
            before, heard_ms = self._seats.get(seat.window, (None, 0))
            self._seats[seat.window] = (seat, now_ms)
        if before != seat or now_ms - heard_ms >= SILENT_AFTER_MS:
            self._announce()

    def leave(self, window: str) -> None:
        """A window shows no case any more."""
        with self._lock:
            known = self._seats.pop(window, None)
        if known is not None:
            self._announce()

    def others(self, case: CaseId, window: str) -> tuple[Seat, ...]:
        """Who is at a case besides ``window``; who writes comes first."""
        heard_since = to_ms(self._clock.now()) - SILENT_AFTER_MS
        with self._lock:
            self._seats = {
                name: (seat, heard_ms)
                for name, (seat, heard_ms) in self._seats.items()
                if heard_ms > heard_since
            }
            seats = [seat for seat, _heard in self._seats.values()]
        there = (seat for seat in seats if seat.case == case and seat.window != window)
        return tuple(sorted(there, key=lambda seat: not seat.writes))

    def replied(self, case: CaseId, window: str, item: OutboxId) -> None:
        """A reply to a case was sent from a window."""
        with self._lock:
            self._replies[item] = (case, window)

    def took_back(self, item: OutboxId) -> None:
        """A reply did not leave after all."""
        with self._lock:
            self._replies.pop(item, None)

    def replies(self, case: CaseId, window: str) -> frozenset[OutboxId]:
        """What was sent to a case since this program began, but from ``window``."""
        with self._lock:
            return frozenset(
                item
                for item, (replied, sender) in self._replies.items()
                if replied == case and sender != window
            )

    def on_change(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call this whenever somebody comes, goes, or begins or stops to write, on the thread that
        told it; returns the way to stop it. Falling silent is not announced: ask again."""
        with self._lock:
            self._listeners.append(listener)

        def stop() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return stop

    def _announce(self) -> None:
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener()
