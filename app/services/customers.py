"""Customers: their card, finding them, joining and separating identities."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace

from app.domain.errors import BadInput, NotFound
from app.domain.events import Event, EventType
from app.domain.ids import AgentId, CustomerId, IdentityId, founding_customer
from app.domain.views import CustomerCard, CustomerHit
from app.services.directory import Directory
from app.services.futures import then
from app.services.given_back import give_back_separated
from app.store import customers, ledger, owners
from app.store.database import Connection, Tx, Workspace
from app.store.joining import joining_of
from app.store.words import parse_query


class Customers:
    def __init__(self, workspace: Workspace, directory: Directory) -> None:
        self._workspace = workspace
        self._directory = directory

    def card(self, customer: CustomerId) -> Future[CustomerCard]:
        """What the panel shows; raises NotFound."""
        told = self._directory.setup().campaigns
        read = self._workspace.read(lambda conn: customers.card(conn, customer, told))
        return then(read, lambda card: self._named(card, customer))

    def list(
        self, query: str = "", *, after: CustomerId | None = None, limit: int = 100
    ) -> Future[tuple[CustomerHit, ...]]:
        """Those whose name or handle matches, latest first; all of them, paged, without a query."""
        parsed = parse_query(query)
        if parsed:
            return self._workspace.read(lambda conn: customers.found(conn, parsed, limit))
        return self._workspace.read(lambda conn: customers.listed(conn, after=after, limit=limit))

    def resolve(self, text: str) -> Future[CustomerId]:
        """A customer as typed: its id, a handle, or a name that only one customer has."""
        typed = text.strip()
        if typed.isdigit():
            return then(
                self._workspace.read(lambda c: customers.identities(c, CustomerId(int(typed)))),
                lambda found: _known(CustomerId(int(typed)), found=bool(found)),
            )

        def look(conn: Connection) -> CustomerId:
            by_handle = {view.customer for view in customers.by_handle(conn, typed)}
            if len(by_handle) == 1:
                return by_handle.pop()
            parsed = parse_query(typed, as_typed=False)
            hits = customers.found(conn, parsed, 10) if parsed else ()
            exact = [hit for hit in hits if hit.name.casefold() == typed.casefold()]
            chosen = {hit.customer for hit in exact or hits} | by_handle
            if len(chosen) == 1:
                return chosen.pop()
            if chosen:
                raise BadInput(
                    f"{len(chosen)} customers match “{typed}”.",
                    hint="Name one by its handle or number; see customer list.",
                )
            raise _nobody(typed)

        return self._workspace.read(look)

    def link(self, identity: IdentityId, customer: CustomerId) -> Future[Event]:
        """Say that an identity is this customer. Nothing moves but the belonging."""
        agent = self._directory.me().id

        def op(tx: Tx) -> Event:
            self_view = customers.identity(tx.conn, identity)
            if self_view is None or not customers.identities(tx.conn, customer):
                raise NotFound("One of the two is not in this workspace.", hint="List customers.")
            if self_view.customer == customer:
                raise BadInput(f"{self_view.handle} belongs to this customer already.")
            return ledger.decide(
                tx,
                agent,
                EventType.IDENTITY_LINKED,
                identity,
                {"identity": identity, "customer": customer},
            )

        return self._workspace.write(op)

    def unlink(self, identity: IdentityId) -> Future[tuple[Event, ...]]:
        """The exact inverse: the identity is a customer of its own again.

        Where a rule joined it, the whole joining is taken back, and is not decided again.
        """
        agent = self._directory.me().id

        def op(tx: Tx) -> tuple[Event, ...]:
            view = customers.identity(tx.conn, identity)
            if view is None:
                raise NotFound("This identity is not in this workspace.", hint="List customers.")
            if view.customer == founding_customer(identity):
                raise BadInput(
                    f"{view.handle} is the identity this customer began with.",
                    hint="Separate the other identities instead.",
                )
            together = [one.identity for one in customers.identities(tx.conn, view.customer)]
            if by_rule := joining_of(tx.conn, view):
                parted = self._take_back(tx, view.customer, by_rule)
            else:
                data = {"identity": identity}
                kind = EventType.IDENTITY_UNLINKED
                parted = (ledger.decide(tx, agent, kind, identity, data),)
            give_back_separated(tx, together, parted[0])
            return parted

        return self._workspace.write(op)

    def _take_back(
        self, tx: Tx, customer: CustomerId, by_rule: tuple[Event, ...]
    ) -> tuple[Event, ...]:
        """Undo what a rule joined; each of those is somebody else than all who stay."""
        agent = self._directory.me().id
        joined = [event.subject for event in by_rule]
        everybody = [view.identity for view in customers.identities(tx.conn, customer)]
        undone = [
            ledger.decide(tx, agent, EventType.UNDONE, event.subject, {"event": event.id})
            for event in by_rule
        ]
        apart = [
            ledger.decide(tx, agent, EventType.MATCH_DECLINED, one, {"other": other})
            for one in joined
            for other in everybody
            if other not in joined
        ]
        return (*undone, *apart)

    def own(self, customer: CustomerId, agent: AgentId | None) -> Future[Event]:
        """Say who holds the relationship, or that nobody does; whoever has a case keeps it. Filed
        with the first identity: when two customers are separated, each has who it had."""
        me = self._directory.me().id
        if agent is not None and self._directory.agent(agent) is None:
            raise NotFound("There is no such agent.", hint="Choose one of the list.")

        def op(tx: Tx) -> Event:
            views = customers.identities(tx.conn, customer)
            if not views:
                raise _nobody(str(customer))
            if owners.owner(tx.conn, customer) == agent:
                name = self._directory.name_of(agent) if agent else "Nobody"
                raise BadInput(f"{name} holds this relationship already.")
            data = {"agent": agent}
            return ledger.decide(tx, me, EventType.CUSTOMER_OWNED, views[0].identity, data)

        return self._workspace.write(op)

    def _named(self, card: CustomerCard | None, customer: CustomerId) -> CustomerCard:
        if card is None:
            raise _nobody(str(customer))
        notes = tuple(
            replace(note, agent_name=self._directory.name_of(AgentId(note.agent_name)))
            for note in card.notes
        )
        return replace(card, notes=notes)


def _known(customer: CustomerId, *, found: bool) -> CustomerId:
    if not found:
        raise _nobody(str(customer))
    return customer


def _nobody(typed: str) -> NotFound:
    return NotFound(
        f"No customer matches “{typed}”.", hint="Try customer list with part of a name."
    )
