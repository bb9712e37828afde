"""A campaign mail is one touch with stages: sent, opened, clicked, and what was bought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.domain.interactions import Kind
from app.domain.views import InteractionItem, Pip

_STAGES = {
    Kind.CAMPAIGN_OPENED: "Opened",
    Kind.CAMPAIGN_CLICKED: "Clicked",
    Kind.BOUGHT: "Bought",
}


def with_pips(items: Sequence[InteractionItem]) -> list[InteractionItem]:
    """Fold openings and clicks into the sending they answer, when that is on the same page."""
    sent = {item.native_id: item for item in items if item.kind is Kind.CAMPAIGN_SENT}
    pips = {native: [Pip("Sent", item.at_ms)] for native, item in sent.items()}
    kept: list[InteractionItem] = []
    for item in items:
        stage = _STAGES.get(item.kind)
        if stage is None or item.in_reply_to not in sent:
            kept.append(item)
            continue
        label = f"{stage} “{item.text}”" if item.text else stage
        pips[item.in_reply_to].append(Pip(label, item.at_ms))
    return [
        replace(item, pips=tuple(pips[item.native_id])) if item.native_id in pips else item
        for item in kept
    ]
