"""What service reads of a campaign before it answers somebody who was touched by it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.views import CampaignView
from app.ui.dialogs.controls import ScrollBody
from app.ui.dialogs.parts import field_label, text_label
from app.ui.dialogs.sheet import Sheet
from app.ui.theme import formats

_WIDTH = 460
_NO_BRIEF = "Marketing has written no brief. It comes in with “seamline import marketing”."


class CampaignSheet(Sheet):
    """``lines``: headings with what stands under them."""

    def __init__(self, campaign: CampaignView, customer: str, now_ms: int, parent: QWidget) -> None:
        super().__init__(parent, title=f"Campaign {campaign.name}", width=_WIDTH)
        self.add_header(campaign.name, customer)
        self.lines = campaign_lines(campaign, now_ms)
        body = QWidget(self.card)
        column = QVBoxLayout(body)
        column.setContentsMargins(22, 2, 22, 20)
        column.setSpacing(0)
        for number, (heading, words) in enumerate(self.lines):
            if number:
                column.addSpacing(14)
            column.addWidget(field_label(heading, parent=body))
            said = text_label(words, "body", parent=body)
            said.setWordWrap(True)
            column.addWidget(said)
        self.column.addWidget(ScrollBody(body, self.card), 1)


def campaign_lines(campaign: CampaignView, now_ms: int) -> list[tuple[str, str]]:
    """The brief, the coupons and how far it came with the customer, each under its heading."""
    stages = ", ".join(
        f"{stage.label.lower()} {formats.short_date(stage.at_ms, now_ms)}"
        for stage in campaign.stages
    )
    lines = [
        ("Brief", campaign.brief or _NO_BRIEF),
        ("Coupons", ", ".join(campaign.codes)),
        ("With this customer", stages[:1].upper() + stages[1:]),
    ]
    return [(heading, words) for heading, words in lines if words]
