"""What the promotion guard has to know: who is not to be promoted to, the coupons of the
campaigns, and how much an account promotes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import msgspec
import sqlalchemy as sa

from app.domain.campaigns import Campaign, holding
from app.domain.departments import Queue
from app.domain.events import EventType, in_force
from app.domain.guard import COMPLAINT, Hold, Standing, hold_of
from app.domain.ids import AccountId, CaseId, CustomerId, IdentityId, key_floor
from app.domain.interactions import Direction
from app.domain.promotions import promotions
from app.domain.records import dataclass
from app.domain.right_of_way import give_way
from app.store.campaigns import imported
from app.store.events import events_of

_IDENTITIES = sa.text("SELECT id, standing FROM identity WHERE customer = :customer")
_OPEN = sa.text(
    "SELECT c.id, c.queue, c.tags FROM identity AS i JOIN case_state AS c ON c.identity = i.id"
    " WHERE i.customer = :customer AND c.status IN (1, 2)"
    " AND c.conversation <> c.id"  # what departments ask of each other is no complaint
    " ORDER BY c.queue, c.opened_ms DESC"
)
_OURS = sa.text(
    "SELECT uid, text FROM interaction"
    " WHERE key >= :since AND account = :account AND direction = :outbound AND text <> ''"
    " AND deleted_ms IS NULL"
)
_JUDGED = 8_192
_BY_TEMPLATE = sa.text(
    "SELECT o.uid FROM outbox AS o JOIN template_version AS t"
    " ON t.id = o.template AND t.number = o.template_number"
    " WHERE o.template IS NOT NULL AND o.uid IS NOT NULL AND t.promotional"
)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the posts of an account promoted."""

    posts: int
    promotional: int

    @property
    def of_all(self) -> float:
        """0 to 1; 0 where there are none."""
        return self.promotional / self.posts if self.posts else 0.0


def hold(conn: sa.Connection, customer: CustomerId) -> Hold | None:
    """Why promotions wait for a customer, looking at all identities; None where they do not."""
    cases = [
        CaseId(row.id)
        for row in conn.execute(_OPEN, {"customer": customer})
        if row.queue == Queue.RESPOND or COMPLAINT in msgspec.json.decode(row.tags, type=list[str])
    ]
    return hold_of(standings(conn, customer).values(), cases)


def standings(conn: sa.Connection, customer: CustomerId) -> dict[IdentityId, tuple[Standing, str]]:
    """What was settled about each identity of a customer, with the reason that was given."""
    rows = conn.execute(_IDENTITIES, {"customer": customer}).all()
    settled = {IdentityId(row.id): row.standing for row in rows if row.standing}
    reasons = _reasons(conn, list(settled)) if settled else {}
    return {
        IdentityId(row.id): (
            Standing(settled.get(IdentityId(row.id), Standing.WELCOME)),
            reasons.get(IdentityId(row.id), ""),
        )
        for row in rows
    }


def _reasons(conn: sa.Connection, identities: list[IdentityId]) -> dict[IdentityId, str]:
    said: dict[IdentityId, str] = {}
    for identity, events in events_of(conn, identities).items():
        for event in in_force(events):
            if event.type is EventType.STANDING_SET:
                said[IdentityId(identity)] = str(event.data.get("reason", ""))
    return said


def known_codes(conn: sa.Connection, decided: Iterable[Campaign]) -> tuple[str, ...]:
    """The coupon codes of all campaigns; of those that marketing ``decided`` on, theirs."""
    found = holding(imported(conn), decided)
    return tuple(dict.fromkeys(code for campaign in found for code in campaign.codes))


def share(conn: sa.Connection, account: AccountId, since_ms: int, codes: tuple[str, ...]) -> Share:
    """How much an account has promoted since then, by its words, by the coupons of the campaigns
    and by the templates used."""
    values = {"since": key_floor(since_ms), "account": account, "outbound": Direction.OUTBOUND}
    ours = conn.execute(_OURS, values).all()
    by_template = set(conn.execute(_BY_TEMPLATE).scalars()) if ours else set()
    promoting = sum(row.uid in by_template or _promotes(row.text, codes) for row in ours)
    return Share(len(ours), promoting)


@lru_cache(maxsize=_JUDGED)
def _promotes(text: str, codes: tuple[str, ...]) -> bool:
    """A month of posts is counted every few minutes on the thread that reads; nobody is to wait
    for all of them to be judged anew."""
    give_way()
    return bool(promotions(text, known_codes=codes))
