"""What has become worth telling since the last look at my work and the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.domain.clocks import ClockKind, Deadline, Due
from app.domain.ids import CaseId
from app.domain.outbox import OutboxState
from app.domain.records import dataclass
from app.domain.views import CaseRow, OutboxEntry
from app.services.notification_settings import About

_OLD_MS: Final = 24 * 60 * 60_000
"""What was written, or due, longer ago comes with the history of an account, and is no news."""
_MOST = 3
_WORDS = 140
_MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class News:
    """One thing to tell: a line, what is below it, and the case behind it (None: several)."""

    about: About
    title: str
    text: str
    case: CaseId | None


class Noticing:
    """Compares each look with the one before; the first finds nothing new, for it is all old."""

    def __init__(self) -> None:
        self._written: dict[CaseId, int] | None = None
        self._due: set[tuple[CaseId, int]] = set()
        self._failed: set[str] = set()

    def look(
        self, rows: Sequence[CaseRow], outbox: Sequence[OutboxEntry], now_ms: int
    ) -> tuple[News, ...]:
        """``rows`` of my work and the ``outbox`` as they are now; what came of one kind at once,
        more than three, is told as one."""
        first = self._written is None
        messages, due = self._messages(rows, now_ms), self._falling_due(rows, now_ms)
        failed = self._failures(outbox)
        if first:
            return ()
        return (
            *_few(messages, About.MESSAGE, "new messages in My work"),
            *_few(due, About.DUE, "replies are due soon or late"),
            *_few(failed, About.FAILED, "messages need you before they leave"),
        )

    def _messages(self, rows: Sequence[CaseRow], now_ms: int) -> list[News]:
        known = self._written or {}
        fresh = [
            row
            for row in rows
            if row.unread
            and not row.snippet_ours
            and row.last_ms > known.get(row.case, now_ms - _OLD_MS)
        ]
        self._written = known | {row.case: row.last_ms for row in rows}
        return [
            News(About.MESSAGE, f"{row.name} wrote", _short(row.snippet), row.case) for row in fresh
        ]

    def _falling_due(self, rows: Sequence[CaseRow], now_ms: int) -> list[News]:
        """What is due soon, and what is late without having been told of: the machine slept, or
        the case came to me so."""
        news = []
        for row in rows:
            deadline = row.deadline
            due = deadline.due(now_ms) if deadline is not None else Due.NONE
            if deadline is None or due not in (Due.DUE, Due.LATE):
                continue
            if (row.case, deadline.due_ms) not in self._due:
                self._due.add((row.case, deadline.due_ms))
                if now_ms - deadline.due_ms < _OLD_MS:
                    title = f"{row.name}: {_time_left(deadline, now_ms)}"
                    news.append(News(About.DUE, title, _short(row.title), row.case))
        return news

    def _failures(self, outbox: Sequence[OutboxEntry]) -> list[News]:
        present = {str(entry.item.id): entry for entry in outbox if entry.item.state.needs_agent}
        fresh = [entry for number, entry in present.items() if number not in self._failed]
        self._failed = set(present)
        return [
            News(About.FAILED, _unsent(entry), _short(entry.item.text), entry.item.case)
            for entry in fresh
        ]


def _time_left(deadline: Deadline, now_ms: int) -> str:
    """ "reply due in 20 min", "promised in 5 min", "reply 3 h 10 late"."""
    promised = deadline.kind is ClockKind.PROMISE
    late = deadline.due(now_ms) is Due.LATE
    minutes = max(1, abs(deadline.due_ms - now_ms) // _MINUTE)
    hours, rest = divmod(minutes, 60)
    span = f"{hours} h {rest:02}" if hours else f"{minutes} min"
    if late:
        return f"{'promise' if promised else 'reply'} {span} late"
    return f"{'promised' if promised else 'reply due'} in {span}"


def _unsent(entry: OutboxEntry) -> str:
    name = entry.customer_name or "the customer"
    if entry.item.state is OutboxState.HELD:
        return f"Look again before it leaves to {name}"
    return f"Not sent to {name}"


def _few(news: list[News], about: About, many: str) -> list[News]:
    if len(news) <= _MOST:
        return news
    return [News(about, f"{len(news)} {many}", "", None)]


def _short(text: str) -> str:
    """One line of at most 140 characters."""
    line = " ".join(text.split())
    return line if len(line) <= _WORDS else f"{line[: _WORDS - 1].rstrip()}…"
