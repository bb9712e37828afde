"""May two customers be one person? Suggestions with their reasons, and what an agent says."""

from __future__ import annotations

from concurrent.futures import Future

from app.domain.errors import BadInput, NotFound
from app.domain.events import Event, EventType
from app.domain.ids import CustomerId, IdentityId
from app.services.directory import Directory
from app.store import customers, ledger, matching
from app.store.database import Tx, Workspace
from app.store.matching import Match

__all__ = ["Match", "Matching"]


class Matching:
    def __init__(self, workspace: Workspace, directory: Directory) -> None:
        self._workspace = workspace
        self._directory = directory

    def suggestions(self, customer: CustomerId) -> Future[tuple[Match, ...]]:
        """Who else this customer may be, the likeliest first; at most three."""
        return self._workspace.read(lambda conn: matching.matches(conn, customer))

    def join(self, match: Match) -> Future[tuple[Event, ...]]:
        """They are one: every identity of the other customer becomes one of this customer, with
        the evidence it was decided on. ``part`` is the exact inverse."""
        agent = self._directory.me().id
        evidence = [reason.evidence.value for reason in match.suggestion.reasons]

        def op(tx: Tx) -> tuple[Event, ...]:
            mine = customers.identity(tx.conn, match.mine.identity)
            other = customers.identity(tx.conn, match.other.identity)
            if mine is None or other is None:
                raise NotFound("One of the two is not in this workspace.", hint="List customers.")
            if mine.customer == other.customer:
                raise BadInput(f"{other.handle} belongs to this customer already.")
            return tuple(
                ledger.decide(
                    tx,
                    agent,
                    EventType.IDENTITY_LINKED,
                    view.identity,
                    {
                        "identity": view.identity,
                        "customer": mine.customer,
                        "evidence": evidence,
                        "score": round(match.suggestion.score, 2),
                    },
                )
                for view in customers.identities(tx.conn, other.customer)
            )

        return self._workspace.write(op)

    def part(self, joined: tuple[Event, ...]) -> Future[tuple[Event, ...]]:
        """Take a joining back: every identity belongs where it belonged before."""
        agent = self._directory.me().id
        return self._workspace.write(
            lambda tx: tuple(
                ledger.decide(tx, agent, EventType.UNDONE, event.subject, {"event": event.id})
                for event in joined
            )
        )

    def decline(self, one: IdentityId, other: IdentityId) -> Future[Event]:
        """They are two people: this pair is not suggested again."""
        agent = self._directory.me().id

        def op(tx: Tx) -> Event:
            views = [customers.identity(tx.conn, identity) for identity in (one, other)]
            if None in views or one == other:
                raise NotFound("One of the two is not in this workspace.", hint="List customers.")
            return ledger.decide(tx, agent, EventType.MATCH_DECLINED, one, {"other": other})

        return self._workspace.write(op)
