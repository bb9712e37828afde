"""Clocks through the whole store: whatever happens, in whatever order it comes in, they tell what a
walk over every minute tells.

Stories of two customers over a change to or from summer time: messages, answers, hand-offs, sleeps,
closing, promises, and promises of the settings that change. They come in by the handful and in any
order, the file is closed and opened, and all projections are made anew, in between.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.cases import Urgency
from app.domain.clock import FakeClock, to_ms
from app.domain.clocks import CaseClock, ClockKind
from app.domain.departments import CARE, IT, PR
from app.domain.events import Event, EventType, in_force
from app.domain.hours import ALWAYS, BusinessHours, Span
from app.domain.ids import AgentId, CaseId, conversation_id, rules_subject
from app.domain.ids import case_id as case_of
from app.domain.interactions import InteractionFact
from app.domain.sla import SlaPolicy
from app.store import ledger
from app.store.breaches import record_breaches
from app.store.case_rules import wake_due
from app.store.database import Workspace
from app.store.events import event_of
from app.store.projections import rebuild, refresh_clocks
from app.store.queue_choice import NO_DEADLINE
from app.store.setup import document_of
from tests.store.building import ACCOUNT, answered, identity, person, rows, said, take
from tests.store.clock_model import MINUTE, Told, book, clocks, minutes_open
from tests.sync.workspaces import make_workspace, reopen

INES = AgentId("ines")
PEOPLE = ("ada", "bo")
CALENDAR = 30 * 24 * 60
"""Minutes that a story and all its deadlines fit into."""
REPLIES = (ClockKind.FIRST_REPLY, ClockKind.NEXT_REPLY)
CHANGES = (
    ("Europe/Stockholm", date(2026, 10, 25)),
    ("Europe/Stockholm", date(2026, 3, 29)),
    ("America/New_York", date(2026, 11, 1)),
    ("America/New_York", date(2026, 3, 8)),
)


@cache
def policies(zone: str) -> tuple[tuple[SlaPolicy, ...], ...]:
    """What one after the other is settled."""
    day = (Span(9 * 60, 12 * 60), Span(13 * 60, 17 * 60))
    office = BusinessHours(zone, (*(day,) * 5, (Span(60, 240),), (Span(60, 240),)))
    night = BusinessHours(zone, ((Span(0, 150), Span(1320, 1440)),) * 7)
    return (
        (
            SlaPolicy("it", "IT", 30 * MINUTE, 90 * MINUTE, 300 * MINUTE, (IT,), hours=night),
            SlaPolicy("vip", "VIP", 15 * MINUTE, 45 * MINUTE, 600 * MINUTE, tags=("vip",)),
            SlaPolicy("all", "Usual", 60 * MINUTE, 120 * MINUTE, 600 * MINUTE, hours=office),
        ),
        (
            SlaPolicy("now", "Now", 3 * MINUTE, 3 * MINUTE, 3 * MINUTE, urgencies=(Urgency.HIGH,)),
            SlaPolicy("all", "Slow", 480 * MINUTE, None, None, hours=office),
        ),
        (SlaPolicy("all", "Solved", None, 240 * MINUTE, 240 * MINUTE, hours=night),),
        (),
    )


@cache
def calendar(hours: BusinessHours, epoch: datetime) -> bytearray:
    return minutes_open(hours, epoch, CALENDAR)


class Story:
    """A workspace, what happened outside of it and has not come in yet, and the time."""

    def __init__(self, folder: Path, zone: str, change: date, chance: random.Random) -> None:
        self.zone, self.chance = zone, chance
        self.epoch = datetime.combine(change - timedelta(days=2), datetime.min.time(), UTC)
        self.minute = 0
        self.clock = FakeClock(self.epoch)
        self.workspace = make_workspace(folder, self.clock)
        self.outside: list[InteractionFact] = []
        self.came_in: list[InteractionFact] = []
        self.passed: set[tuple[int, str, int]] = set()
        self.taken_back: set[tuple[int, str, int]] = set()
        self.policies: tuple[SlaPolicy, ...] = ()
        self.settle(0)

    # What happens ---------------------------------------------------------------------------------

    def go(self, minutes: int) -> None:
        self.minute += minutes
        self.clock.set(self.epoch + timedelta(minutes=self.minute))

    def write(self, who: str, *, ours: bool) -> None:
        """A message of one of them or to one of them; it comes in later."""
        root, number = f"{who}-0", sum(who in fact.native_id for fact in self.all_facts)
        if number == 0 and ours:
            return
        more: dict[str, Any] = {"occurred_at": self.clock.now(), "root": root}
        native = f"{who}-{number}"
        if ours:
            self.outside.append(answered(native, root, "On it.", party=person(who), **more))
        else:
            more |= {"in_reply_to": root} if number else {}
            self.outside.append(said(native, who, "Leaks?", **more))

    def pull(self, most: int) -> None:
        """Some of what happened outside comes in, in any order."""
        self.chance.shuffle(self.outside)
        some, self.outside = self.outside[:most], self.outside[most:]
        if some:
            take(self.workspace, *some)
            self.came_in += some
            for who in PEOPLE:
                self.judge(who, {self.at(to_ms(fact.occurred_at)) for fact in some})

    def judge(self, who: str, news: set[int]) -> None:
        """What was late when an answer came that is known only now, and what was not."""
        case, waits = case_at(who), list(self.waits(who))
        for start, end in waits:
            if end is not None and {start, end} & news:
                self.passed |= {one for one in self.late(who, end - 1, end) if one[1] in REPLIES}
        wrong = {
            (subject, clock, due)
            for subject, clock, due in self.passed
            if subject == case
            and clock != ClockKind.PROMISE
            and not any(start <= due and (end is None or due <= end) for start, end in waits)
        }
        if news & {self.at(to_ms(fact.occurred_at)) for fact in self.facts_of(who)}:
            self.taken_back |= wrong
        self.passed -= self.taken_back

    def decide(self, who: str, kind: EventType, data: dict[str, Any]) -> None:
        """An agent decides, where there is a case in which it makes sense."""
        case = case_at(who)
        status = rows(self.workspace, "SELECT status FROM case_state WHERE id = :id", id=case)
        if status and (status[0][0] <= 2) is (kind is not EventType.CASE_REOPENED):
            self.look(who, self.minute - 1)
            self._decide(case, kind, data)

    def promise(self, who: str, minutes: int) -> None:
        until = to_ms(self.clock.now()) + minutes * MINUTE
        self.decide(who, EventType.PROMISE_MADE, {"until": until, "text": f"In {minutes}"})

    def keep(self, who: str) -> None:
        made = [e for e in self.events(case_at(who)) if e.type is EventType.PROMISE_MADE]
        if made:
            self.decide(who, EventType.PROMISE_KEPT, {"promise": self.chance.choice(made).id})

    def undo(self, who: str) -> None:
        """The last thing an agent decided is taken back."""
        case = case_at(who)
        made = [e for e in in_force(self.events(case)) if e.agent == INES]
        if made:
            self.look(who, self.minute - 1)
            self._decide(case, EventType.UNDONE, {"event": made[-1].id})

    def settle(self, number: int) -> None:
        """Other promises hold from now on; nobody waits for the cases to be counted anew."""
        self.policies = policies(self.zone)[number]
        document = document_of(self.policies)
        data = {"name": "promises", "document": document}
        self._decide(rules_subject("promises"), EventType.RULES_SET, data)
        follow(self.workspace)

    def sweep(self) -> None:
        """What time alone decides; the promises that have passed now, each once, are written."""
        self.workspace.write(wake_due).result()
        for who in PEOPLE:
            self.look(who, self.minute)
        while self.workspace.write(record_breaches).result():
            pass
        assert self.written_down() == sorted(self.passed)

    def look(self, who: str, now: int) -> None:
        """What has passed by a minute is known to have passed."""
        self.passed |= self.late(who, now) - self.taken_back

    def restart(self) -> None:
        self.workspace.close()
        self.workspace = reopen(self.workspace)

    def make_anew(self) -> None:
        before = state(self.workspace)
        self.workspace.write(rebuild).result()
        assert state(self.workspace) == before

    def _decide(self, subject: int, kind: EventType, data: dict[str, Any]) -> None:
        self.workspace.write(lambda tx: ledger.decide(tx, INES, kind, subject, data)).result()

    # What is true ---------------------------------------------------------------------------------

    @property
    def all_facts(self) -> list[InteractionFact]:
        return [*self.outside, *self.came_in]

    def facts_of(self, who: str) -> list[InteractionFact]:
        """What has come in of one of them and to one of them."""
        return [fact for fact in self.came_in if fact.native_id.startswith(who)]

    def touches(self, who: str) -> list[tuple[int, bool]]:
        """The minute of each, and whether the customer wrote."""
        return sorted(
            (self.at(to_ms(fact.occurred_at)), fact.author == person(who))
            for fact in self.facts_of(who)
        )

    def waits(self, who: str) -> Iterator[tuple[int, int | None]]:
        """From when to when the customer waited."""
        since = None
        for at, inbound in self.touches(who):
            if inbound:
                since = at if since is None else since
            elif since is not None:
                yield since, at
                since = None
        if since is not None:
            yield since, None

    def events(self, subject: int | None = None) -> list[Event]:
        return ledger_of(self.workspace, subject)

    def written_down(self) -> list[tuple[int, str, int]]:
        """The promises that the ledger says have passed: case, clock and minute."""
        return sorted(
            (e.subject, e.data["clock"], self.at(e.data["due"]))
            for who in PEOPLE
            for e in in_force(self.events(case_at(who)))
            if e.type is EventType.CLOCK_BREACHED
        )

    def at(self, ms: int) -> int:
        minute, rest = divmod(ms - to_ms(self.epoch), MINUTE)
        assert rest == 0
        return minute

    def expected(self, who: str, before: int = CALENDAR) -> list[Told]:
        """What the clocks of a case should tell, by what happened before a minute."""
        told = self.decided(who, before)
        if not told:
            return []
        first = min(f.occurred_at for f in self.came_in if f.author == person(who))
        assert told[0].at_ms == to_ms(first), "the first message that is known opens a case"
        touches = [touch for touch in self.touches(who) if touch[0] < before]
        hours = {policy.hours for policy in self.policies} | {ALWAYS}
        promised = {
            str(e.id): self.at(e.data["until"]) for e in told if e.type is EventType.PROMISE_MADE
        }
        return clocks(
            book(told, {str(e.id): self.at(e.at_ms) for e in told}),
            touches,
            self.policies,
            {one: calendar(one, self.epoch) for one in hours},
            promised,
        )

    def late(self, who: str, now: int, before: int = CALENDAR) -> set[tuple[int, str, int]]:
        """What has passed by a minute, by what happened before one, of which nothing is known: a
        wait is late once, and so is a solution, by whatever promise."""
        case = case_at(who)
        return {
            (case, told.kind.value, told.due)
            for told in self.expected(who, before)
            if told.due is not None
            and told.due <= now
            and not any(
                subject == case and due < before and self.is_same(who, told, clock, due, before)
                for subject, clock, due in self.passed
            )
        }

    def is_same(self, who: str, told: Told, clock: str, due: int, before: int) -> bool:
        """Whether what was late then is what a clock tells of now."""
        if told.kind is ClockKind.PROMISE:
            return (clock, due) == (told.kind, told.due)
        if (clock in REPLIES) is not (told.kind in REPLIES) or clock == ClockKind.PROMISE:
            return False
        decided = self.decided(who, before)
        since = book(decided, {str(e.id): self.at(e.at_ms) for e in decided}).since
        waits = [start for start, end in self.waits(who) if start < before <= (end or before)]
        return due >= (max([since, *waits]) if told.kind in REPLIES else since)

    def decided(self, who: str, before: int) -> list[Event]:
        """What counts of the decisions before a minute."""
        return [e for e in in_force(self.events(case_at(who))) if self.at(e.at_ms) < before]

    def stored(self, who: str) -> list[Told]:
        """What they do tell."""
        kept = rows(self.workspace, "SELECT clocks FROM case_state WHERE id = :id", id=case_at(who))
        decoded = msgspec.json.decode(kept[0][0], type=tuple[CaseClock, ...]) if kept else ()
        return [self._told(clock) for clock in decoded]

    def _told(self, clock: CaseClock) -> Told:
        deadline = clock.deadline
        if deadline is None:
            spent = clock.spent_ms // MINUTE
            return Told(clock.kind, clock.policy, spent=spent, met=clock.met)
        assert deadline.soon_ms is not None
        soon = (deadline.soon_ms - to_ms(self.epoch)) // MINUTE  # promises end at any third
        return Told(clock.kind, clock.policy, self.at(deadline.due_ms), soon)

    def check(self) -> None:
        """The stored clocks are as they should be, and what queues are sorted by goes with them."""
        for who in PEOPLE:
            expected = self.expected(who)
            assert self.stored(who) == expected
            running = [t for t in expected if t.due is not None]
            next_steps = [t for t in running if t.kind is not ClockKind.RESOLUTION]
            first = min(next_steps, key=lambda t: t.due or 0, default=None)
            kept = rows(
                self.workspace,
                "SELECT due_ms, due_kind FROM case_state WHERE id = :id", id=case_at(who),
            )  # fmt: skip
            if first is not None and first.due is not None:
                assert kept == [(to_ms(self.epoch) + first.due * MINUTE, first.kind.value)]
            elif kept:
                assert kept == [(NO_DEADLINE, "")]


def case_at(who: str) -> CaseId:
    return case_of(conversation_id(ACCOUNT, f"{who}-0"), identity(who))


def _give(workspace: Workspace, events: list[Event]) -> None:
    """Decisions of another laptop come in."""
    workspace.write(lambda tx: ledger.append(tx, events)).result()
    follow(workspace)


def ledger_of(workspace: Workspace, subject: int | None = None) -> list[Event]:
    found = workspace.read(
        lambda conn: conn.exec_driver_sql("SELECT * FROM event ORDER BY stamp").all()
    ).result()
    return [event_of(row) for row in found if subject in (None, row.subject)]


def state(workspace: Workspace) -> list[tuple[Any, ...]]:
    return rows(workspace, "SELECT * FROM case_state ORDER BY id")


def follow(workspace: Workspace) -> None:
    while workspace.write(refresh_clocks).result():
        pass


Step = tuple[int, str, Callable[[Story], None]]

DECISIONS = (
    EventType.CASE_HANDED_OFF,
    EventType.CASE_ACCEPTED,
    EventType.CASE_RETURNED,
    EventType.CASE_ASSIGNED,
    EventType.CASE_TAGGED,
    EventType.PRIORITY_SET,
    EventType.CASE_SNOOZED,
    EventType.CASE_SNOOZED,
    EventType.CASE_CLOSED,
    EventType.CASE_CLOSED,
    EventType.CASE_REOPENED,
    EventType.PROMISE_MADE,
    EventType.PROMISE_KEPT,
    EventType.UNDONE,
)
WHO = st.sampled_from(PEOPLE)
DEPARTMENTS = st.sampled_from([CARE, PR, IT])
TAGS = st.sampled_from([[], ["vip"]])
GAPS = st.integers(1, 40) | st.integers(20, 300)


@st.composite
def actions(  # noqa: C901 - one case a kind
    draw: st.DrawFn,
) -> tuple[str, Callable[[Story], None]]:
    """Something that happens, and its name."""
    who = draw(WHO)
    kind = draw(st.sampled_from([*DECISIONS, *["write"] * 10, *["pull"] * 6, *["now"] * 5]))
    data: dict[str, Any] = {}
    match kind:
        case "write":
            ours = draw(st.booleans())
            return f"{'to' if ours else 'of'} {who}", lambda story: story.write(who, ours=ours)
        case "pull":
            most = draw(st.integers(1, 4))
            return f"pull {most}", lambda story: story.pull(most)
        case "now":
            what = draw(st.sampled_from(["sweep", "sweep", "restart", "make_anew", "settle"]))
            if what == "settle":
                number = draw(st.integers(0, 3))
                return f"settle {number}", lambda story: story.settle(number)
            return what, lambda story: getattr(story, what)()
        case EventType.CASE_HANDED_OFF:
            data = {"to": draw(DEPARTMENTS), "urgency": draw(st.integers(1, 2))}
        case EventType.CASE_ASSIGNED:
            data = {"assignee": draw(st.sampled_from([INES, None]))}
        case EventType.CASE_TAGGED:
            data = {"add": draw(TAGS), "remove": draw(TAGS)}
        case EventType.PRIORITY_SET:
            data = {"urgency": draw(st.integers(1, 2))}
        case EventType.CASE_SNOOZED | EventType.PROMISE_MADE:
            minutes = draw(st.integers(1, 700))
            if kind is not EventType.CASE_SNOOZED:
                return f"promise {who} {minutes}", lambda story: story.promise(who, minutes)
            return f"snooze {who} {minutes}", lambda story: story.decide(
                who, kind, {"until": to_ms(story.clock.now()) + minutes * MINUTE}
            )
        case EventType.PROMISE_KEPT:
            return f"keep {who}", lambda story: story.keep(who)
        case EventType.UNDONE:
            return f"undo {who}", lambda story: story.undo(who)
    return f"{kind} {who} {data}", lambda story: story.decide(who, kind, data)


@st.composite
def steps(draw: st.DrawFn) -> Step:
    name, action = draw(actions())
    return draw(GAPS), name, action


@settings(max_examples=30)
@given(
    st.sampled_from(CHANGES),
    st.integers(0, 3 * 1_440),
    st.lists(steps(), min_size=20, max_size=32),
    st.integers(0, 2**32),
)
def test_clocks_tell_what_every_minute_tells(
    place: tuple[str, date], begins: int, told: list[Step], seed: int
) -> None:
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a").mkdir()
        story = Story(Path(folder) / "a", *place, chance)
        try:
            story.go(begins)
            for who in (*PEOPLE, *PEOPLE):
                story.write(who, ours=False)
                story.go(7)
            story.pull(3)
            for number, (gap, _, action) in enumerate(told):
                story.go(gap)
                action(story)
                if number % 4 == 0:
                    story.check()
            story.go(1)
            story.pull(len(story.outside))
            story.sweep()
            story.check()
            story.make_anew()
            story.restart()
            story.sweep()
            story.check()
            _comes_to_the_same_elsewhere(story, Path(folder) / "b")
        finally:
            story.workspace.close()


def _comes_to_the_same_elsewhere(story: Story, folder: Path) -> None:
    """Another laptop has the same facts and decisions, in another order."""
    folder.mkdir()
    other = make_workspace(folder, story.clock)
    try:
        facts, events = list(story.came_in), story.events()
        story.chance.shuffle(facts)
        story.chance.shuffle(events)
        for start in range(0, len(facts), 3):
            take(other, *facts[start : start + 3])

        _give(other, events)
        # What each of them saw pass on its way, the other takes over.
        _give(story.workspace, ledger_of(other))
        _give(other, story.events())
        assert state(other) == state(story.workspace)
    finally:
        other.close()
