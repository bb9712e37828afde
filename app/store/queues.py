"""Queues: plain indexed queries over the projected cases, paged by key."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from app.domain.cases import Status, Urgency
from app.domain.clocks import ClockKind, Deadline
from app.domain.departments import Queue
from app.domain.ids import (
    AccountId,
    AgentId,
    CaseId,
    ConversationId,
    CustomerId,
    DepartmentId,
    IdentityId,
    case_ref,
)
from app.domain.interactions import Channel, Direction
from app.domain.right_of_way import give_way
from app.domain.views import (
    CasePage,
    CaseRow,
    QueueCounts,
    QueueName,
    QueueRef,
    QueueSort,
)
from app.store.queue_choice import NO_DEADLINE, Wanted
from app.store.quick_rows import Reads, quick_rows

_SORT = {
    QueueSort.DEADLINE: ("c.due_ms", "ASC"),
    QueueSort.NEWEST: ("c.last_key", "DESC"),
    QueueSort.OLDEST: ("c.last_key", "ASC"),
    QueueSort.REACH: ("c.reach", "DESC"),
}
_ROW = (
    "SELECT c.id, c.identity, c.conversation, c.account, c.department, c.queue, c.status,"
    " c.assignee, c.urgency, c.title, c.tags, c.pending_from, c.snoozed_until_ms, c.opened_ms,"
    " c.last_key, c.last_in_key, c.started_ms, c.soon_ms, c.due_ms, c.due_kind, c.closed_ms,"
    " i.customer, i.channel, i.handle, i.display_name, i.followers,"
    " coalesce(s.key, 0) AS seen_key, d.case_id AS draft_case,"
    " m.text AS last_text, m.subject AS last_subject, m.direction AS last_direction,"
    " m.occurred_ms AS last_ms,"
    " (SELECT max(CASE WHEN state IN ('failed', 'held') THEN 2 ELSE 1 END) FROM outbox AS o"
    "   WHERE o.lane = c.conversation AND o.state NOT IN ('sent', 'cancelled')"
    "   AND o.case_id = c.id) AS wishes,"
    " {sort} AS sort_value"
    " FROM {source} JOIN identity AS i ON i.id = c.identity"
    " LEFT JOIN seen AS s ON s.case_id = c.id"
    " LEFT JOIN draft AS d ON d.case_id = c.id"
    " LEFT JOIN interaction AS m ON m.key = c.last_key"
    " WHERE {where}"
)
_SNIPPET_LENGTH = 220
_ONLY_WAITING, _A_FAILURE = 1, 2
_COUNTS = (
    "SELECT assignee, department, queue, pending_from, count(*) AS n"
    " FROM case_state INDEXED BY case_assignee WHERE status = 1"
    " GROUP BY assignee, department, queue, pending_from"
)
_LANGUAGES = (
    "SELECT m.language, count(*) AS n FROM case_state AS c INDEXED BY case_assignee"
    " JOIN interaction AS m ON m.key = c.last_in_key WHERE c.status = 1 AND m.language <> ''"
    " GROUP BY 1 ORDER BY 2 DESC, 1"
)
_SNOOZED = "SELECT count(*) AS n FROM case_state WHERE status = 2"
_WISHES = (
    "SELECT coalesce(sum(state NOT IN ('failed', 'held')), 0) AS waiting,"
    " coalesce(sum(state IN ('failed', 'held')), 0) AS failed"
    " FROM outbox WHERE state NOT IN ('sent', 'cancelled')"
)


def counts(
    conn: Reads, *, me: AgentId, mine: DepartmentId, departments: Iterable[DepartmentId]
) -> QueueCounts:
    """Every count of the sidebar, read from the index of open cases alone."""
    my_work = unassigned = escalated = 0
    pairs = {department: [0, 0] for department in departments}
    for row in quick_rows(conn, _COUNTS):
        respond = row.queue == Queue.RESPOND
        nobody = row.assignee is None
        pairs.setdefault(DepartmentId(row.department), [0, 0])[0 if respond else 1] += row.n
        if row.assignee == me:
            my_work += row.n
        if nobody and respond:
            unassigned += row.n
        if nobody and row.pending_from is not None and row.department == mine:
            escalated += row.n
    wishes = quick_rows(conn, _WISHES)[0]
    return QueueCounts(
        my_work=my_work,
        unassigned=unassigned,
        escalated=escalated,
        snoozed=quick_rows(conn, _SNOOZED)[0].n,
        outbox_waiting=wishes.waiting,
        outbox_failed=wishes.failed,
        departments={key: (pair[0], pair[1]) for key, pair in pairs.items()},
    )


def page(
    conn: Reads,
    wanted: Wanted,
    *,
    sort: QueueSort = QueueSort.DEADLINE,
    after: tuple[int, int] | None = None,
    limit: int = 50,
) -> CasePage:
    """A page of a queue; ``after`` is the cursor of the last row before it."""
    column, way = _order(wanted.queue, sort)
    where, values = wanted.conditions()
    values["limit"] = limit + 1
    if after is not None:
        compare = ">" if way == "ASC" else "<"
        where += f" AND ({column}, c.id) {compare} (:after_value, :after_id)"
        values.update(after_value=after[0], after_id=after[1])
    # The page is chosen from the index alone; only then its rows are put together.
    chosen_ids = (
        f"(SELECT c.id FROM case_state AS c INDEXED BY {wanted.index} WHERE {where}"  # noqa: S608
        f" ORDER BY {column} {way}, c.id {way} LIMIT :limit) AS wanted"
    )
    source = f"{chosen_ids} JOIN case_state AS c ON c.id = wanted.id"
    sql = _ROW.format(sort=column, source=source, where="1")
    rows = quick_rows(conn, f"{sql} ORDER BY {column} {way}, c.id {way}", values)
    return CasePage(tuple(_case_row(row) for row in rows[:limit]), more=len(rows) > limit)


def everything(
    conn: Reads, wanted: Wanted, *, sort: QueueSort = QueueSort.DEADLINE
) -> tuple[CaseId, ...]:
    """All cases of a queue in its order, however many: what an agent does at once is done to
    these and not to what has come since."""
    column, way = _order(wanted.queue, sort)
    where, values = wanted.conditions()
    statement = (
        f"SELECT c.id FROM case_state AS c INDEXED BY {wanted.index} WHERE {where}"  # noqa: S608
        f" ORDER BY {column} {way}, c.id {way}"
    )
    return tuple(CaseId(row.id) for row in quick_rows(conn, statement, values))


def how_many(conn: Reads, wanted: Wanted) -> int:
    where, values = wanted.conditions()
    statement = f"SELECT count(*) AS n FROM case_state AS c INDEXED BY {wanted.index} WHERE {where}"  # noqa: S608
    return int(quick_rows(conn, statement, values)[0].n)


def languages(conn: Reads) -> tuple[str, ...]:
    """The languages of open cases without their countries, the most frequent first."""
    return tuple(dict.fromkeys(row.language.split("-")[0] for row in quick_rows(conn, _LANGUAGES)))


def _order(queue: QueueRef, sort: QueueSort) -> tuple[str, str]:
    if queue.name is QueueName.CLOSED:
        return "c.closed_ms", "DESC"
    if queue.name is QueueName.SNOOZED and sort is QueueSort.DEADLINE:
        return "c.snoozed_until_ms", "ASC"
    return _SORT[sort]


_ROWS = _ROW.format(
    sort="c.due_ms",
    source="json_each(:cases) AS wanted JOIN case_state AS c ON c.id = wanted.value",
    where="1",
)


def rows(conn: Reads, cases: Iterable[CaseId]) -> tuple[CaseRow, ...]:
    """Just these rows, whatever queue they are in now; their cursors sort by deadline."""
    return tuple(
        _case_row(row) for row in quick_rows(conn, _ROWS, {"cases": json.dumps(list(cases))})
    )


def deadline_of(row: Any) -> Deadline | None:
    """Of the clock that is due first, from the columns that repeat it."""
    if row.due_ms >= NO_DEADLINE:
        return None
    return Deadline(row.started_ms, row.due_ms, row.soon_ms, ClockKind(row.due_kind))


def name_of(display_name: str, handle: str) -> str:
    """A name to show for somebody who may not have given one."""
    return display_name.strip() or handle.lstrip("@")


def _case_row(row: Any) -> CaseRow:
    give_way()  # there may be hundreds
    text = " ".join((row.last_text or row.last_subject or "").split())
    return CaseRow(
        case=CaseId(row.id),
        ref=case_ref(CaseId(row.id)),
        customer=CustomerId(row.customer),
        identity=IdentityId(row.identity),
        conversation=ConversationId(row.conversation),
        account=AccountId(row.account),
        channel=Channel(row.channel),
        name=name_of(row.display_name, row.handle),
        handle=row.handle,
        reach=row.followers or 0,
        title=row.title,
        snippet=text[:_SNIPPET_LENGTH],
        snippet_ours=row.last_direction == Direction.OUTBOUND,
        last_ms=row.last_ms if row.last_ms is not None else row.opened_ms,
        unread=row.last_in_key > row.seen_key,
        status=Status(row.status),
        queue=Queue(row.queue),
        department=DepartmentId(row.department),
        assignee=AgentId(row.assignee) if row.assignee else None,
        urgency=Urgency(row.urgency),
        tags=tuple(json.loads(row.tags)),
        deadline=deadline_of(row),
        snoozed_until_ms=row.snoozed_until_ms,
        pending_from=DepartmentId(row.pending_from) if row.pending_from else None,
        outbox_failed=row.wishes == _A_FAILURE,
        outbox_waiting=row.wishes == _ONLY_WAITING,
        has_draft=row.draft_case is not None,
        cursor=(row.sort_value or 0, row.id),
    )
