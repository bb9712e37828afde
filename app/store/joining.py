"""Customers who are one person beyond doubt, joined by a rule where the workspace asks for that.

Asked when somebody speaks, in the transaction that stores what they said. What is decided has an id
computed from its cause, so two laptops decide the same; what a person took back is never decided
again.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

import msgspec
import sqlalchemy as sa

from app.domain.events import Event, EventType, in_force, ruled
from app.domain.ids import CustomerId, IdentityId
from app.domain.interactions import Channel
from app.domain.matching import MOST_BY_NAME, plain_link
from app.domain.right_of_way import give_way
from app.domain.views import IdentityView
from app.store import customers, ledger
from app.store.database import Tx
from app.store.events import events_of, json_ids
from app.store.evidence import LINK, MAIL, VERIFIED
from app.store.matching import Match, address_of, matches
from app.store.setup import settled

_MOST = 8
"""Others that one customer is joined with at once; more of them is no person."""
_VIEWS = sa.text(
    "SELECT i.* FROM json_each(:ids) AS wanted JOIN identity AS i ON i.id = wanted.value"
)
_TELLING = sa.text(
    "SELECT wanted.value FROM json_each(:ids) AS wanted WHERE EXISTS (SELECT 1"
    " FROM identity_evidence AS e INDEXED BY evidence_identity WHERE e.identity = wanted.value)"
)
_TOLD_OF = sa.text(
    "SELECT DISTINCT e.value FROM json_each(:asked) AS a JOIN identity_evidence AS e"
    " ON e.kind = a.value ->> 0 AND e.value = a.value ->> 1"
)


def join_sure(tx: Tx, identities: Iterable[IdentityId]) -> int:
    """Join the customers of these identities with whoever they are for sure; how many times."""
    sure = settled(tx).goals.match
    if sure > 1:
        return 0
    asked = set(identities)
    if sure > MOST_BY_NAME:
        asked = _with_evidence(tx.conn, asked)
    joined = 0
    for identity in sorted(asked):
        give_way()
        joined += _join(tx, identity, sure)
    return joined


def joining_of(conn: sa.Connection, view: IdentityView) -> tuple[Event, ...]:
    """What joined this identity to its customer because of a pair that was compared, with all that
    moved along; nothing where a person joined it alone, or nobody did."""
    beside = [one.identity for one in customers.identities(conn, view.customer)]
    last = {subject: _last_joined(events) for subject, events in events_of(conn, beside).items()}
    mine = last.get(view.identity)
    pair = mine.data.get("pair") if mine is not None else None
    if pair is None:
        return ()
    return tuple(event for event in last.values() if event and event.data.get("pair") == pair)


def _last_joined(events: Iterable[Event]) -> Event | None:
    """The joining that holds for an identity."""
    belonging = (EventType.IDENTITY_LINKED, EventType.IDENTITY_UNLINKED)
    last = next((e for e in reversed(in_force(events)) if e.type in belonging), None)
    return last if last is not None and last.type is EventType.IDENTITY_LINKED else None


def _with_evidence(conn: sa.Connection, identities: AbstractSet[IdentityId]) -> set[IdentityId]:
    """Those who say something of themselves, or whom a profile names: the others have a name at
    most."""
    ids = {"ids": json_ids(identities)}
    telling = set(conn.execute(_TELLING, ids).scalars())
    views = [customers.identity_view(row) for row in conn.execute(_VIEWS, ids)]
    names = {view.identity: _told_as(view) for view in views if view.identity not in telling}
    asked = [one for told in names.values() for one in told]
    found = conn.execute(_TOLD_OF, {"asked": msgspec.json.encode(asked).decode()})
    known = set(found.scalars())
    told = {who for who, them in names.items() if any(value in known for _, value in them)}
    return {IdentityId(who) for who in telling} | told


def _told_as(view: IdentityView) -> list[tuple[str, str]]:
    """How the profile of somebody else would name this identity."""
    link = plain_link(address_of(view))
    told = [(LINK, link), (VERIFIED, link)] if link else []
    return [*told, (MAIL, view.native_id.casefold())] if view.channel is Channel.EMAIL else told


def _join(tx: Tx, identity: IdentityId, sure: float) -> int:
    """The customer of one identity with all they surely are."""
    for done in range(_MOST):
        view = customers.identity(tx.conn, identity)
        match = _surest(tx.conn, view.customer, sure) if view is not None else None
        if match is None:
            return done
        _decide(tx, match)
    return _MOST


def _surest(conn: sa.Connection, customer: CustomerId, sure: float) -> Match | None:
    for match in matches(conn, customer, most=_MOST):
        if match.suggestion.score < sure:
            return None
        if not was_parted(conn, customer, match.other.customer):
            return match
    return None


def was_parted(conn: sa.Connection, customer: CustomerId, other: CustomerId) -> bool:
    """Whether a person said of any two of them that they are two people, or separated them."""
    one = {view.identity for view in customers.identities(conn, customer)}
    two = {view.identity for view in customers.identities(conn, other)}
    for subject, events in events_of(conn, [*one, *two]).items():
        there = two if subject in one else one
        if any(
            event.type is EventType.MATCH_DECLINED and event.data["other"] in there
            for event in in_force(events)
        ):
            return True
        # They are apart now, so whatever joined them holds no more.
        for event in events:
            if event.type is EventType.IDENTITY_LINKED:
                pair = set(event.data.get("pair", ()))
                if event.data["customer"] in there or (pair & one and pair & two):
                    return True
    return False


def _decide(tx: Tx, match: Match) -> None:
    """The later number joins the smaller, whoever of the two was asked about."""
    kept, joining = sorted((match.mine.customer, match.other.customer))
    data = match.suggestion.joined_to(kept)
    ledger.append(
        tx,
        [
            ruled(
                EventType.IDENTITY_LINKED,
                view.identity,
                kept,
                stamp=tx.hybrid.tick(),
                data={"identity": view.identity, **data},
            )
            for view in customers.identities(tx.conn, joining)
        ],
    )
