"""What trying routing rules on the last month costs, beside reading the rows of that month at all.

Each of the ten rules looks for three phrases in every message and none of them ends the search: the
most that rules can cost. The reference is the plain SELECT of the same rows.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from app.domain.clock import FakeClock, to_ms
from app.domain.departments import PR
from app.domain.ids import key_floor
from app.domain.routing import Actions, Conditions, RoutingRule
from app.services.directory import Directory
from app.services.routing_rules import DAYS, DryRun, RoutingRules
from app.store.database import Workspace
from benchmarks import million
from benchmarks.crowd import COMMON, NOW, RARE, SECOND, Crowd
from benchmarks.measure import Measure, medians, report

_ROUNDS = 5
_RULES = tuple(
    RoutingRule(
        f"rule-{number}",
        f"Rule {number}",
        Conditions(phrases=(COMMON, f"{SECOND} {number}", f"{RARE}*"), reach=number),
        Actions(department=PR, tags=(f"tag {number}",)),
        goes_on=True,
    )
    for number in range(10)
)
_PLAIN = sa.text(
    "SELECT key, party, conversation, account, kind, occurred_ms, subject, text, language"
    " FROM interaction WHERE key > :after AND direction = 1 AND side = 1 AND deleted_ms IS NULL"
)


def run(size: Crowd) -> None:
    """Report the dry run of one rule and of ten."""
    with million.opened_copy(size) as workspace:
        _measure(workspace)


def _measure(workspace: Workspace) -> None:
    rules = RoutingRules(workspace, Directory(workspace), FakeClock(NOW))
    after = key_floor(to_ms(NOW) - DAYS * 86_400_000)

    def plain() -> int:
        return workspace.read(
            lambda conn: len(conn.execute(_PLAIN, {"after": after}).all())
        ).result()

    def tried(count: int) -> Callable[[], DryRun]:
        return lambda: rules.dry_run(_RULES[:count]).future.result()  # noqa: PLW0108 - begins anew

    looked_at, rows = tried(1)().looked_at, plain()
    one, ten, reference = medians(tried(1), tried(10), plain, rounds=_ROUNDS)
    for words, value in (("one rule", one), ("ten rules", ten)):
        report(
            Measure(
                f"dry run of {words} over {DAYS} days, {looked_at:,} cases",
                round(value, 1),
                "ms",
                f"plain SELECT of the {rows:,} rows: {reference:.1f} ms",
                round(value / reference, 2),
            )
        )
