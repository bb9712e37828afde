"""Replies that leave when the cases of their customer are closed.

Until then they are in the ledger alone and not in the outbox. The close that lets one leave puts it
there in its own transaction, so that it is released once, whatever happens next.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.clock import Clock
from app.domain.errors import BadInput, SeamlineError
from app.domain.events import Event
from app.domain.ids import CaseId, OutboxId
from app.domain.postponed import still_waiting
from app.domain.requests import draft_of
from app.services import given_back, guard
from app.services.directory import Directory
from app.services.replies import Approved, Replies
from app.store import drafts, postponed, promotions
from app.store.database import Tx, Workspace


class Postponed:
    def __init__(self, workspace: Workspace, directory: Directory, clock: Clock) -> None:
        self._directory = directory
        self._replies = Replies(workspace, directory, clock)

    def release(self, tx: Tx, closes: Sequence[Event]) -> None:
        """Let leave what waited for these cases to be closed, where none is open any more.

        In the transaction that closes them. What may not leave now is a draft again.
        """
        by_case = {CaseId(close.subject): close for close in closes}
        found = postponed.beside(tx.conn, by_case)
        done: set[str] = set()  # two cases of one customer may be closed at once
        for case, (customer, kept) in found.items():
            hold = promotions.hold(tx.conn, customer)
            if hold is not None and hold.case is not None:
                continue
            waiting = [one for events in kept for one in still_waiting(events)]
            for one in waiting:
                if one.id not in done:
                    done.add(one.id)
                    self._release(tx, one, by_case[case])

    def _release(self, tx: Tx, waiting: Event, close: Event) -> None:
        try:
            item = self._queue(tx, waiting)
        except SeamlineError as refusal:
            given_back.write_again(tx, waiting)
            given_back.released(tx, waiting, close, refused=refusal.message)
        else:
            given_back.released(tx, waiting, close, outbox=item)

    def _queue(self, tx: Tx, waiting: Event) -> OutboxId:
        """With the permission of whoever wrote it, not of whoever closes."""
        case, draft = postponed.goes_on_in(tx.conn, CaseId(waiting.subject)), draft_of(waiting.data)
        begun = drafts.draft(tx.conn, case)
        view = self._replies.examine(tx.conn, case, draft)
        author = self._directory.agent(waiting.agent)
        if author is None:
            raise BadInput("Who wrote this reply works here no more.", hint="Send it yourself.")
        guard.may_send(self._directory, view, author)
        item = self._replies.queue(tx, view.case, draft, Approved(author.id))
        drafts.put(tx, case, begun)  # what was begun since is no part of it
        return item.id
