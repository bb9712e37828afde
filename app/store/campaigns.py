"""Campaigns: what was imported of them, and a mailing as one touch with stages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import msgspec
import sqlalchemy as sa

from app.domain.campaigns import Campaign
from app.domain.clock import from_ms, to_ms
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
_table = tables.campaign
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
    " c.brief, c.codes, c.starts_ms, c.ends_ms"
    " FROM (SELECT t.key FROM json_each(:ids) AS who JOIN timeline AS t ON t.identity = who.value"
    "  AND abs(t.touch) IN (:sent, :opened, :clicked, :bought)"
    "  ORDER BY t.key DESC LIMIT :most) AS t"
    " JOIN interaction AS m ON m.key = t.key AND m.subject <> '' AND m.deleted_ms IS NULL"
    " LEFT JOIN campaign AS c ON c.name = m.subject"
    " GROUP BY m.subject, m.kind ORDER BY m.kind"
)


def imported(conn: sa.Connection) -> tuple[Campaign, ...]:
    """What came in of campaigns, by name; they are few."""
    return tuple(_campaign(row) for row in conn.execute(sa.select(_table).order_by(_table.c.name)))


def put_campaigns(tx: Tx, told: Iterable[Campaign]) -> None:
    """Keep what is told of campaigns, in addition to what came in of them before."""
    known = {campaign.name: campaign for campaign in imported(tx.conn)}
    fresh: dict[str, Campaign] = {}
    for campaign in told:
        before = fresh.get(campaign.name) or known.get(campaign.name)
        fresh[campaign.name] = before.and_(campaign) if before else campaign
    for campaign in fresh.values():
        tx.conn.execute(
            _table.insert().prefix_with("OR REPLACE"),
            {
                "name": campaign.name,
                "brief": campaign.brief,
                "codes": msgspec.json.encode(campaign.codes).decode(),
                "starts_ms": _ms(campaign.starts),
                "ends_ms": _ms(campaign.ends),
            },
        )


def touched_by(
    conn: sa.Connection, identities: Iterable[IdentityId], decided: Iterable[Campaign] = ()
) -> tuple[CampaignView, ...]:
    """The campaigns a customer was touched by of late, that of the latest touch first.

    ``decided``: what marketing wrote of campaigns, which holds before what came in of them.
    """
    written = {campaign.name: campaign for campaign in decided}
    found: dict[str, CampaignView] = {}
    latest: dict[str, int] = {}
    for row in conn.execute(_TOUCHED, {"ids": json_ids(identities), **_WANTED}):
        stage = Pip(_STAGES.get(row.kind, _SENT), row.first_ms)
        before = found.get(row.name)
        told = written.get(row.name) or _campaign(row)
        found[row.name] = CampaignView(
            row.name,
            (*before.stages, stage) if before else (stage,),
            told.brief,
            told.codes,
            told.starts,
            told.ends,
        )
        latest[row.name] = max(latest.get(row.name, 0), row.last_key)
    by_latest = sorted(found.values(), key=lambda view: latest[view.name], reverse=True)
    return tuple(by_latest[:_SHOWN])


def _campaign(row: sa.Row[Any]) -> Campaign:
    """Of a row of the table, or of one that found none."""
    return Campaign(
        row.name,
        row.brief or "",
        tuple(msgspec.json.decode(row.codes or "[]")),
        _day(row.starts_ms),
        _day(row.ends_ms),
    )


def _day(ms: int | None) -> date | None:
    return None if ms is None else from_ms(ms).date()


def _ms(day: date | None) -> int | None:
    """When it begins, by UTC."""
    return None if day is None else to_ms(datetime.combine(day, time(), UTC))


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
