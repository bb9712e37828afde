"""Routing rules, tried on what came in lately before they hold.

What is counted is what the rules alone would have decided: where a message would have gone instead
of to the department of its account. Nothing is written.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial

from app.domain.clock import Clock, to_ms
from app.domain.ids import DepartmentId, key_floor
from app.domain.interactions import Channel
from app.domain.right_of_way import give_way
from app.domain.routing import Actions, RoutingRule, route
from app.domain.setup import Setup
from app.services.directory import Directory
from app.services.futures import aside
from app.services.settings_checks import check_part
from app.store.database import Workspace
from app.store.rehearsal import Came, came_since

DAYS = 30
EXAMPLES = 20
CHUNK = 500
_DAY_MS = 86_400_000


@dataclass(slots=True)
class Tally:
    """``caught`` messages; of these: given to another department, to an agent, marked as noise."""

    caught: int = 0
    moved: int = 0
    assigned: int = 0
    noise: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """One message that a rule would have caught. ``before`` is where it would go without rules;
    ``rules`` the names of those that decided ``actions``."""

    name: str
    handle: str
    channel: Channel
    text: str
    at_ms: int
    before: DepartmentId
    actions: Actions
    rules: tuple[str, ...]

    @property
    def after(self) -> DepartmentId:
        return self.actions.department or self.before


@dataclass(frozen=True, slots=True)
class DryRun:
    """What rules would have done in ``days``: to ``looked_at`` messages that open a case,
    altogether and by the id of the rule; ``examples`` latest first; ``whole`` unless it was stopped
    before its end."""

    days: int
    looked_at: int = 0
    total: Tally = field(default_factory=Tally)
    by_rule: dict[str, Tally] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()
    whole: bool = True

    @property
    def sentence(self) -> str:
        """“Would have moved 212 of 1,904 messages of 30 days, and assigned 12”."""
        if not self.looked_at:
            return f"In the last {self.days} days nothing came in that opens a case."
        total = self.total
        also = [
            f"{word} {count:,}"
            for word, count in (("assigned", total.assigned), ("taken out as noise", total.noise))
            if count
        ]
        return (
            f"In the last {self.days} days would have moved {total.moved:,} of {self.looked_at:,}"
            f"{''.join(f', {one}' for one in also)}."
        )


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A dry run under way. ``stop`` ends it soon, with what it has counted by then."""

    future: Future[DryRun]
    _stopped: threading.Event

    def stop(self) -> None:
        self._stopped.set()


class RoutingRules:
    def __init__(self, workspace: Workspace, directory: Directory, clock: Clock) -> None:
        self._workspace = workspace
        self._directory = directory
        self._clock = clock

    def rules(self) -> tuple[RoutingRule, ...]:
        """Those in force, in their order."""
        return self._directory.setup().routing

    def save(self, rules: Iterable[RoutingRule]) -> Future[Setup]:
        """From now on these hold; what came in before stays where it is. Raises BadInput."""
        wanted = tuple(rules)
        check_part("routing", wanted)
        return self._directory.settle(routing=wanted)

    def dry_run(
        self, rules: Iterable[RoutingRule], days: int = DAYS, *, shown: str = ""
    ) -> Rehearsal:
        """What these rules would have decided about what came in during the last ``days``.
        ``shown``: examples of the rule of this id alone."""
        stopped = threading.Event()
        after = int(key_floor(to_ms(self._clock.now()) - days * _DAY_MS))
        run = _Run(self._workspace, tuple(rules), days, after=after, stopped=stopped, shown=shown)
        return Rehearsal(aside(run, "seamline-rehearsal"), stopped)


class _Run:
    """Goes through the chunks on a thread of its own, so that whoever else reads comes between."""

    def __init__(
        self,
        workspace: Workspace,
        rules: tuple[RoutingRule, ...],
        days: int,
        *,
        after: int,
        stopped: threading.Event,
        shown: str,
    ) -> None:
        self._workspace = workspace
        self._rules = rules
        self._days = days
        self._after = after
        self._stopped = stopped
        self._shown = shown
        self._total = Tally()
        self._by_rule = {rule.id: Tally() for rule in rules}
        self._examples: deque[Example] = deque(maxlen=EXAMPLES)

    def __call__(self) -> DryRun:
        asked = [rule.when for rule in self._rules]
        spoken: set[tuple[int, int]] = set()
        looked_at, after = 0, self._after
        while not self._stopped.is_set():
            read = partial(came_since, after=after, asked=asked, spoken=spoken, limit=CHUNK)
            chunk = self._workspace.read(read).result()
            for came in chunk.came:
                give_way()
                self._look(came)
            looked_at += len(chunk.came)
            if chunk.after is None:
                return self._counted(looked_at)
            after = chunk.after
        return replace(self._counted(looked_at), whole=False)

    def _counted(self, looked_at: int) -> DryRun:
        latest = tuple(reversed(self._examples))
        return DryRun(self._days, looked_at, self._total, self._by_rule, latest)

    def _look(self, came: Came) -> None:
        routed = route(came.arriving, self._rules)
        if not routed.rules:
            return
        deciding = [rule for rule in self._rules if rule.id in routed.rules]
        _count(self._total, routed.actions, came.department)
        for rule, share in _shares(deciding):
            _count(self._by_rule[rule.id], share, came.department)
        if self._shown and self._shown not in routed.rules:
            return
        self._examples.append(
            Example(
                came.name,
                came.handle,
                came.arriving.channel,
                came.arriving.text,
                came.arriving.at_ms,
                came.department,
                routed.actions,
                tuple(rule.name for rule in deciding),
            )
        )


def _shares(deciding: Iterable[RoutingRule]) -> Iterator[tuple[RoutingRule, Actions]]:
    """What each of the rules decided itself: what an earlier one decided was not its doing."""
    moved = assigned = False
    for rule in deciding:
        then = rule.then
        yield (
            rule,
            replace(
                then,
                department=None if moved else then.department,
                assignee=None if assigned else then.assignee,
                turn=None if assigned else then.turn,
            ),
        )
        moved = moved or then.department is not None
        assigned = assigned or then.assignee is not None or then.turn is not None


def _count(tally: Tally, actions: Actions, before: DepartmentId) -> None:
    tally.caught += 1
    tally.moved += actions.department not in (None, before)
    tally.assigned += actions.assignee is not None or actions.turn is not None
    tally.noise += actions.noise
