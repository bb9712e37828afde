"""``queue``: the cases that wait, as the console's list shows them."""

from __future__ import annotations

from collections.abc import Iterator

from app.cli import shapes
from app.cli.commands.adding import Add
from app.cli.session import Session, WrongUse, wait
from app.cli.text import clean, duration, moment, plural
from app.domain.cases import Status, Urgency
from app.domain.clocks import Deadline, Due
from app.domain.views import CaseRow, OutboxEntry, QueueName, QueueRef, QueueSort

_PAGE = 200
_SCREENFUL = 50
_OF_A_DEPARTMENT = (QueueName.RESPOND, QueueName.REACH_OUT)


def add_to(add: Add) -> None:
    parser = add("queue", run_queue, "list the cases of a queue")
    parser.add_argument(
        "name",
        nargs="?",
        default="all",
        metavar="NAME",
        help="all (the default), my-work, unassigned, escalated, snoozed, closed, noise, outbox, "
        "or a department’s: pr/respond, pr/reach-out",
    )
    parser.add_argument("--sort", choices=[sort.value for sort in QueueSort], default="deadline")
    parser.add_argument(
        "--limit", type=int, metavar="N", help=f"at most N cases; 0 for all (default {_SCREENFUL})"
    )
    parser.add_argument("--counts", action="store_true", help="only how many cases each queue has")


def run_queue(session: Session) -> None:
    wait(session.services.cases.wake_due())
    if session.args.counts:
        _show_counts(session)
        return
    queue = _queue_ref(session)
    if queue.name is QueueName.OUTBOX:
        show_outbox(session)
        return
    limit = session.args.limit
    if limit is None:
        limit = 0 if session.wants_json else _SCREENFUL
    rows = list(_rows(session, queue, limit + 1 if limit else 0))
    more = bool(limit) and len(rows) > limit
    rows = rows[:limit] if limit else rows
    session.give([shapes.case_row(row, session.now_ms) for row in rows])
    session.show_table(
        [_columns(session, row) for row in rows],
        ("CASE", "WHO", "CHANNEL", "WITH", "STATE", "LAST", "TEXT"),
        "Nothing waits here.",
    )
    if more:
        session.say("… and more; --limit 0 shows all of them.")


def show_outbox(session: Session) -> None:
    """What has not left yet; also ``outbox list``."""
    entries = wait(session.services.queues.outbox())
    session.give([shapes.outbox_entry(entry) for entry in entries])
    session.show_table(
        [_outbox_columns(entry) for entry in entries],
        ("ITEM", "STATE", "WHAT", "CHANNEL", "TO", "TEXT"),
        "The outbox is empty.",
    )
    for entry in entries:
        if entry.item.error:
            session.say(clean(f"{entry.item.id}: {entry.item.error} {entry.item.hint}"))


def _queue_ref(session: Session) -> QueueRef:
    text = session.args.name.lower()
    department, slash, name = text.rpartition("/")
    try:
        queue = QueueName(name)
    except ValueError:
        known = ", ".join(each.value for each in QueueName if each not in _OF_A_DEPARTMENT)
        raise WrongUse(
            f"There is no queue “{session.args.name}”.",
            hint=f"Use {known}, or a department’s: pr/respond.",
        ) from None
    directory = session.services.directory
    if queue not in _OF_A_DEPARTMENT:
        if slash:
            raise WrongUse(
                f"“{name}” is no queue of a department.",
                hint=f"Use {department}/respond or {department}/reach-out.",
            )
        return QueueRef(queue)
    if not slash:
        return QueueRef(queue, directory.me().department)
    return QueueRef(queue, directory.find_department(department).id)


def _rows(session: Session, queue: QueueRef, limit: int) -> Iterator[CaseRow]:
    """The rows of a queue page by page, at most ``limit`` of them; 0 means all."""
    after, left = None, limit
    while True:
        page = wait(
            session.services.queues.page(
                queue,
                sort=QueueSort(session.args.sort),
                after=after,
                limit=min(_PAGE, left) if limit else _PAGE,
            )
        )
        yield from page.rows
        left -= len(page.rows)
        if not page.more or not page.rows or (limit and left <= 0):
            return
        after = page.rows[-1].cursor


def _columns(session: Session, row: CaseRow) -> tuple[str, ...]:
    directory = session.services.directory
    holder = directory.department(row.department).short
    if row.assignee:
        holder += f", {directory.name_of(row.assignee)}"
    text = row.title if row.title and not row.snippet else row.snippet
    return (
        f"#{row.ref}",
        row.name or row.handle,
        row.channel.label,
        holder,
        _state(row, session.now_ms),
        moment(row.last_ms, session.now_ms),
        f"→ {text}" if row.snippet_ours else text,
    )


def _state(row: CaseRow, now_ms: int) -> str:
    if row.status is Status.CLOSED:
        return "closed"
    if row.status is Status.SNOOZED:
        until = row.snoozed_until_ms
        return f"until {moment(until, now_ms)}" if until is not None else "snoozed"
    words = _waiting(row.deadline, now_ms)
    return f"{words} !" if row.urgency is not Urgency.NORMAL else words


def _waiting(deadline: Deadline | None, now_ms: int) -> str:
    if deadline is None:
        return "answered"
    if deadline.due(now_ms) is Due.LATE:
        return f"{duration(now_ms - deadline.due_ms)} late"
    return f"due in {duration(deadline.due_ms - now_ms)}"


def _outbox_columns(entry: OutboxEntry) -> tuple[str, ...]:
    item = entry.item
    return (item.id, item.state, item.act, item.channel.label, entry.customer_name, item.text)


def _show_counts(session: Session) -> None:
    counts = wait(session.services.queues.counts())
    session.give(shapes.counts(counts))
    rows = [
        ("my-work", str(counts.my_work)),
        ("unassigned", str(counts.unassigned)),
        ("escalated", str(counts.escalated)),
        ("snoozed", str(counts.snoozed)),
        ("outbox", f"{counts.outbox_waiting}, {plural(counts.outbox_failed, 'failed', 'failed')}"),
    ]
    for department, (respond, reach_out) in counts.departments.items():
        rows.append((f"{department}/respond", str(respond)))
        rows.append((f"{department}/reach-out", str(reach_out)))
    session.show_table(rows, ("QUEUE", "CASES"), "There are no queues.")
