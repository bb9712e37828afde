"""Campaigns: what is known of them, and a mailing as one touch with stages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import msgspec
import sqlalchemy as sa

from app.domain.ids import IdentityId
from app.domain.interactions import Kind
from app.domain.views import CampaignView, InteractionItem, Pip
from app.store import tables
from app.store.database import Tx
from app.store.events import json_ids

_SENT = "Sent"
_STAGES = {
    Kind.CAMPAIGN_OPENED: "Opened",
    Kind.CAMPAIGN_CLICKED: "Clicked",
    Kind.BOUGHT: "Bought",
}
_campaign = tables.campaign
_WANTED = {
    "sent": int(Kind.CAMPAIGN_SENT),
    "opened": int(Kind.CAMPAIGN_OPENED),
    "clicked": int(Kind.CAMPAIGN_CLICKED),
    "bought": int(Kind.BOUGHT),
    "most": 200,
}
_SHOWN = 12
# The latest touches are found in the timeline alone; no more than these are read.
_TOUCHED = sa.text(
    "SELECT m.subject AS name, m.kind, min(m.occurred_ms) AS first_ms, max(t.key) AS last_key,"
    " c.brief, c.codes"
    " FROM (SELECT t.key FROM json_each(:ids) AS who JOIN timeline AS t ON t.identity = who.value"
    "  AND abs(t.touch) IN (:sent, :opened, :clicked, :bought)"
    "  ORDER BY t.key DESC LIMIT :most) AS t"
    " JOIN interaction AS m ON m.key = t.key AND m.subject <> '' AND m.deleted_ms IS NULL"
    " LEFT JOIN campaign AS c ON c.name = m.subject"
    " GROUP BY m.subject, m.kind ORDER BY m.kind"
)


@dataclass(frozen=True, slots=True)
class Campaign:
    """``brief`` is what service should know before it answers, ``codes`` its coupons; from when to
    when, in milliseconds since 1970, None where that is not known."""

    name: str
    brief: str = ""
    codes: tuple[str, ...] = ()
    starts_ms: int | None = None
    ends_ms: int | None = None

    def and_(self, other: Campaign) -> Campaign:
        """What both say together; the other’s brief, if it has one."""
        starts = [at for at in (self.starts_ms, other.starts_ms) if at is not None]
        ends = [at for at in (self.ends_ms, other.ends_ms) if at is not None]
        return Campaign(
            self.name,
            other.brief or self.brief,
            tuple(sorted({*self.codes, *other.codes})),
            min(starts, default=None),
            max(ends, default=None),
        )


def campaigns(conn: sa.Connection) -> tuple[Campaign, ...]:
    """All of them by name; they are few."""
    rows = conn.execute(sa.select(_campaign).order_by(_campaign.c.name))
    return tuple(
        Campaign(row.name, row.brief, tuple(msgspec.json.decode(row.codes)), row.starts_ms,
                 row.ends_ms)
        for row in rows
    )  # fmt: skip


def put_campaigns(tx: Tx, told: Iterable[Campaign]) -> None:
    """Keep what is told of campaigns, in addition to what is known of them."""
    known = {campaign.name: campaign for campaign in campaigns(tx.conn)}
    fresh: dict[str, Campaign] = {}
    for campaign in told:
        before = fresh.get(campaign.name) or known.get(campaign.name)
        fresh[campaign.name] = before.and_(campaign) if before else campaign
    for campaign in fresh.values():
        tx.conn.execute(
            _campaign.insert().prefix_with("OR REPLACE"),
            {
                "name": campaign.name,
                "brief": campaign.brief,
                "codes": msgspec.json.encode(campaign.codes).decode(),
                "starts_ms": campaign.starts_ms,
                "ends_ms": campaign.ends_ms,
            },
        )


def touched_by(conn: sa.Connection, identities: Iterable[IdentityId]) -> tuple[CampaignView, ...]:
    """The campaigns a customer was touched by of late, that of the latest touch first."""
    found: dict[str, CampaignView] = {}
    latest: dict[str, int] = {}
    for row in conn.execute(_TOUCHED, {"ids": json_ids(identities), **_WANTED}):
        stage = Pip(_STAGES.get(row.kind, _SENT), row.first_ms)
        before = found.get(row.name)
        found[row.name] = CampaignView(
            row.name,
            (*before.stages, stage) if before else (stage,),
            row.brief or "",
            tuple(msgspec.json.decode(row.codes or "[]")),
        )
        latest[row.name] = max(latest.get(row.name, 0), row.last_key)
    by_latest = sorted(found.values(), key=lambda view: latest[view.name], reverse=True)
    return tuple(by_latest[:_SHOWN])


def with_pips(items: Sequence[InteractionItem]) -> list[InteractionItem]:
    """Fold openings and clicks into the sending they answer, when that is on the same page."""
    sent = {item.native_id: item for item in items if item.kind is Kind.CAMPAIGN_SENT}
    pips = {native: [Pip(_SENT, item.at_ms, item.key)] for native, item in sent.items()}
    kept: list[InteractionItem] = []
    for item in items:
        stage = _STAGES.get(item.kind)
        if stage is None or item.in_reply_to not in sent:
            kept.append(item)
            continue
        label = f"{stage} “{item.text}”" if item.text else stage
        pips[item.in_reply_to].append(Pip(label, item.at_ms, item.key))
    return [
        replace(item, pips=tuple(pips[item.native_id])) if item.native_id in pips else item
        for item in kept
    ]
