"""The campaigns a customer was touched by, as rows that open what is known of each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from app.domain.views import CampaignView, CustomerCard
from app.ui.theme import formats
from app.ui.views.customer_parts import Line, PressLine, icon_mark
from app.ui.views.customer_sections import Rows

_SHOWN = 5
_ICONS = {"Opened": "mail-open", "Clicked": "mouse-pointer-click", "Bought": "shopping-bag"}


def campaign_rows(
    card: CustomerCard, now_ms: int, show: Callable[[CampaignView], None], parent: QWidget
) -> Rows:
    """One row a campaign, that of the latest touch first, with how far it came and when."""
    rows: list[QWidget | int] = []
    for campaign in card.campaigns[:_SHOWN]:
        last = campaign.stages[-1]
        came = f"{last.label} {formats.short_date(last.at_ms, now_ms)}"
        line = Line(parent).say(campaign.name, came, right_ink="text-3", right_style="caption")
        line.put_mark(icon_mark(_ICONS.get(last.label, "mail"), "marketing"), 16)
        row = PressLine(line, parent)
        row.setAccessibleName(f"Campaign {campaign.name}, {came}")
        row.clicked.connect(partial(_pressed, show, campaign))
        rows.append(row)
    return rows


def _pressed(
    show: Callable[[CampaignView], None], campaign: CampaignView, _checked: bool = False
) -> None:
    show(campaign)
