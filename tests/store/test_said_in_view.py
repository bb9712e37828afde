"""A queue narrowed by what was said: words, from when on, and on which side."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.clock import FakeClock
from app.domain.interactions import Side
from app.domain.narrowing import Narrowing
from app.domain.views import QueueName, QueueRef
from tests.conftest import NOW
from tests.services.desk import Desk, make_desk
from tests.store.building import said

ALL = QueueRef(QueueName.ALL)
_OLD = NOW - timedelta(days=9)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path, FakeClock(NOW))
    made.take(
        said("1", "ada", "The grinder leaks", occurred_at=_OLD),
        said("2", "ada", "Still leaks oil", in_reply_to="1"),
        said("3", "bo", "My grinder hums", occurred_at=_OLD),
        said("4", "cy", "A filter, please"),
    )
    yield made
    made.workspace.close()


@pytest.mark.parametrize(
    ("narrowing", "names"),
    [
        (Narrowing(words="grinder"), {"Ada", "Bo"}),
        (Narrowing(words="grin"), {"Ada", "Bo"}),
        (Narrowing(words="leaks oil"), {"Ada"}),
        (Narrowing(words="grinder", since="yesterday"), set()),
        (Narrowing(words="oil", since="yesterday"), {"Ada"}),
        (Narrowing(words="grinder", side=Side.SERVICE), {"Ada", "Bo"}),
        (Narrowing(words="grinder", side=Side.MARKETING), set()),
        (Narrowing(since="yesterday"), {"Ada", "Cy"}),
        (Narrowing(side=Side.SERVICE), {"Ada", "Bo", "Cy"}),
        (Narrowing(side=Side.MARKETING), set()),
        (Narrowing(words="!?"), {"Ada", "Bo", "Cy"}),
    ],
)
def test_a_queue_is_narrowed_by_what_was_said(
    desk: Desk, narrowing: Narrowing, names: set[str]
) -> None:
    page = desk.queues.page(ALL, narrowing=narrowing).result()
    assert {row.name for row in page.rows} == names
