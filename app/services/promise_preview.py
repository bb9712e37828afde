"""What promises would come to: how many open cases each covers, and how many would be late now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import Future

from app.domain.clock import Clock, to_ms
from app.domain.records import dataclass
from app.domain.sla import NO_PROMISE, SlaPolicy, policy_for
from app.domain.waiting import Waiting, clocks_of, next_clock
from app.services.futures import aside
from app.store.database import Workspace
from app.store.promised_cases import OpenCase, open_cases

_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Covered:
    """``late`` of the ``cases`` would be late now."""

    cases: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """By the id of the policy, "" for cases that none covers; ``late_now`` by what holds."""

    covered: dict[str, Covered]
    late_now: int

    @property
    def late(self) -> int:
        return sum(one.late for one in self.covered.values())


class PromisePreview:
    def __init__(self, workspace: Workspace, clock: Clock) -> None:
        self._workspace = workspace
        self._clock = clock

    def preview(
        self, policies: Sequence[SlaPolicy], present: Sequence[SlaPolicy]
    ) -> Future[Preview]:
        """Try promises on every open case beside those ``present``, on a thread of its own."""
        now_ms = to_ms(self._clock.now())

        def work() -> Preview:
            cases: Counter[str] = Counter()
            late: Counter[str] = Counter()
            before = 0
            for case in self._cases():
                policy, is_late = _tried(case, policies, now_ms)
                cases[policy] += 1
                late[policy] += is_late
                before += _tried(case, present, now_ms)[1]
            return Preview({name: Covered(cases[name], late[name]) for name in cases}, before)

        return aside(work, "promises")

    def _cases(self) -> Iterable[OpenCase]:
        """A page at a time, so that the reader answers others in between."""
        after = -1
        while True:
            page = self._workspace.read(
                lambda conn, after=after: open_cases(conn, after, _PAGE)  # type: ignore[misc]  # mypy infers no lambda with a default
            ).result()
            yield from page
            if len(page) < _PAGE:
                return
            after = page[-1].case


def _tried(case: OpenCase, policies: Sequence[SlaPolicy], now_ms: int) -> tuple[str, bool]:
    """The policy that covers a case, and whether the case would be late by it."""
    state = case.state
    policy = policy_for(
        policies,
        department=state.department,
        channel=case.channel,
        urgency=state.urgency,
        tags=state.tags,
    )
    since = case.waiting_since_ms
    wait = Waiting(case.first_reply_ms, since, () if since is None else ((since, None),))
    clock = next_clock(clocks_of(state, wait, policy))
    deadline = clock.deadline if clock else None
    late = deadline is not None and deadline.due_ms <= now_ms
    return "" if policy is NO_PROMISE else policy.id, late
