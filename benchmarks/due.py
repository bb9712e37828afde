"""What falls due: the first fifty by deadline, and writing down what has passed.

The reference is a plain SELECT of as many case numbers by the index of the queue.
"""

from __future__ import annotations

import sqlalchemy as sa

from app.domain.clock import to_ms
from app.domain.departments import CARE
from app.domain.ids import AgentId
from app.domain.views import CasePage, QueueFilter, QueueName, QueueRef
from app.store.breaches import record_breaches
from app.store.database import Workspace
from app.store.queue_choice import Wanted
from app.store.queues import page
from benchmarks import million
from benchmarks.crowd import NOW, Crowd
from benchmarks.measure import Measure, medians, report

_ROUNDS = 5
_PLAIN = sa.text(
    "SELECT id FROM case_state WHERE status = 1 AND department = :care AND queue = 1"
    " ORDER BY due_ms LIMIT :limit"
)
_WANTED = Wanted(
    QueueRef(QueueName.RESPOND, CARE), AgentId(""), CARE, to_ms(NOW), QueueFilter.DUE_SOON
)


def run(size: Crowd) -> None:
    """Report the page of the queue, and a sweep that writes down 100 cases."""
    with million.opened_copy(size) as workspace:
        _measure(workspace)


def _measure(workspace: Workspace) -> None:
    def plain(limit: int) -> int:
        values = {"care": CARE, "limit": limit}
        return workspace.read(lambda conn: len(conn.execute(_PLAIN, values).all())).result()

    def due() -> CasePage:
        return workspace.read(lambda conn: page(conn, _WANTED)).result()

    def sweep() -> int:
        return workspace.write(record_breaches).result()

    fifty, hundred, queue, swept = medians(
        lambda: plain(50), lambda: plain(100), due, sweep, rounds=_ROUNDS
    )
    for name, value, reference, count in (
        (f"due soon, the first {len(due().rows)} by deadline", queue, fifty, 50),
        (f"write down what has passed, {sweep()} cases", swept, hundred, 100),
    ):
        words = f"plain SELECT of {count} case numbers: {reference:.2f} ms"
        report(Measure(name, round(value, 2), "ms", words, round(value / reference, 2)))
