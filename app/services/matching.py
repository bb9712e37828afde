"""May two customers be one person? Suggestions with their reasons, and what an agent says."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from functools import partial

from app.domain.errors import BadInput, NotFound
from app.domain.events import Event, EventType
from app.domain.ids import AgentId, CustomerId, IdentityId
from app.domain.right_of_way import give_way
from app.services.directory import Directory
from app.services.futures import aside
from app.services.given_back import give_back_separated
from app.store import customers, ledger, matching
from app.store.database import Tx, Workspace
from app.store.joining import was_parted
from app.store.matching import Match

__all__ = ["Match", "Matching"]

_AT_ONCE = 20
"""Pairs a transaction, so that whoever else writes comes in between."""


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

    def join_all(self, pairs: Iterable[Match]) -> Future[int]:
        """Join each of these pairs, the later customer with the earlier one; those that are one by
        now, or were separated meanwhile, are left out. Separating an identity takes back its
        pair with all that moved along. Returns how many were joined; on a thread of its own."""
        agent, listed = self._directory.me().id, list(pairs)
        starts = range(0, len(listed), _AT_ONCE)

        def work() -> int:
            return sum(
                self._workspace.write(
                    partial(_join_pairs, agent=agent, pairs=listed[start : start + _AT_ONCE])
                ).result()
                for start in starts
            )

        return aside(work, "join-pairs")

    def part(self, joined: tuple[Event, ...]) -> Future[tuple[Event, ...]]:
        """Take a joining back: every identity belongs where it belonged before."""
        agent = self._directory.me().id

        def op(tx: Tx) -> tuple[Event, ...]:
            views = [customers.identity(tx.conn, IdentityId(event.subject)) for event in joined]
            together = [
                view.identity
                for customer in {view.customer for view in views if view is not None}
                for view in customers.identities(tx.conn, customer)
            ]
            undone = tuple(
                ledger.decide(tx, agent, EventType.UNDONE, event.subject, {"event": event.id})
                for event in joined
            )
            for cause in undone[:1]:
                give_back_separated(tx, together, cause)
            return undone

        return self._workspace.write(op)

    def decline(self, one: IdentityId, other: IdentityId) -> Future[Event]:
        """They are two people: this pair is not suggested again."""
        agent = self._directory.me().id

        def op(tx: Tx) -> Event:
            views = [customers.identity(tx.conn, identity) for identity in (one, other)]
            if None in views or one == other:
                raise NotFound("One of the two is not in this workspace.", hint="List customers.")
            return ledger.decide(tx, agent, EventType.MATCH_DECLINED, one, {"other": other})

        return self._workspace.write(op)


def _join_pairs(tx: Tx, *, agent: AgentId, pairs: Iterable[Match]) -> int:
    joined = 0
    for match in pairs:
        give_way()
        views = [customers.identity(tx.conn, one.identity) for one in (match.mine, match.other)]
        found = sorted({view.customer for view in views if view is not None})
        if len(found) < len(views) or was_parted(tx.conn, *found):
            continue
        kept, joining = found
        data = match.suggestion.joined_to(kept)
        for view in customers.identities(tx.conn, joining):
            told = {"identity": view.identity, **data}
            ledger.decide(tx, agent, EventType.IDENTITY_LINKED, view.identity, told)
        joined += 1
    return joined
