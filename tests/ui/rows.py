"""Hand-made rows for tests of the screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.domain.cases import Status, Urgency
from app.domain.clock import to_ms
from app.domain.clocks import Deadline
from app.domain.departments import PR, Queue
from app.domain.ids import (
    AccountId,
    AgentId,
    CaseId,
    ConversationId,
    CustomerId,
    IdentityId,
    OutboxId,
)
from app.domain.interactions import Channel
from app.domain.outbox import Act, OutboxItem, OutboxState
from app.domain.views import CaseRow, OutboxEntry

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel
    from pytestqt.modeltest import ModelTester

NOW = datetime(2026, 11, 19, 10, 45, tzinfo=UTC)
NOW_MS = to_ms(NOW)
MINUTE = 60_000


def check_model(tester: ModelTester, model: QAbstractItemModel) -> None:
    """Let pytest-qt look for broken promises of a model, now and at every later change."""
    tester.check(model)  # type: ignore[no-untyped-call]  # pytest-qt leaves it without types


def case_row(number: int, **changes: Any) -> CaseRow:
    """A row of the case list; ``number`` makes its ids and its place."""
    row = CaseRow(
        case=CaseId(number),
        ref=f"REF{number:03d}",
        customer=CustomerId(number),
        identity=IdentityId(number),
        conversation=ConversationId(number),
        account=AccountId(1),
        channel=Channel.MASTODON,
        name=f"Customer {number}",
        handle=f"@customer{number}@example.social",
        reach=0,
        title=f"Case {number}",
        snippet=f"Message number {number}, long enough to need a second line in the list.",
        snippet_ours=False,
        last_ms=NOW_MS - number * MINUTE,
        unread=False,
        status=Status.OPEN,
        queue=Queue.RESPOND,
        department=PR,
        assignee=AgentId("ines"),
        urgency=Urgency.NORMAL,
        tags=(),
        deadline=Deadline(NOW_MS - 10 * MINUTE, NOW_MS + 50 * MINUTE),
        snoozed_until_ms=None,
        pending_from=None,
        outbox_failed=False,
        outbox_waiting=False,
        has_draft=False,
        cursor=(NOW_MS + number, number),
    )
    return replace(row, **changes)


def outbox_entry(
    number: int, state: OutboxState = OutboxState.QUEUED, **changes: Any
) -> OutboxEntry:
    """A row of the outbox; ``changes`` go to its item."""
    at = NOW - timedelta(minutes=number)
    item = OutboxItem(
        id=OutboxId(f"item-{number}"),
        act=Act.REPLY,
        account=AccountId(1),
        channel=Channel.BLUESKY,
        lane=ConversationId(number),
        target=f"at://{number}",
        record_key=f"key-{number}",
        agent=AgentId("ines"),
        created_at=at,
        not_before=at,
        case=CaseId(number),
        text=f"Answer number {number}.",
        state=state,
    )
    return OutboxEntry(
        item=replace(item, **changes),
        at_ms=to_ms(at),
        customer=CustomerId(number),
        customer_name=f"Customer {number}",
        agent_name="Ines Duarte",
        department=PR,
        place=number if state is OutboxState.QUEUED else 0,
    )
