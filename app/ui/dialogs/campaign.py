"""What service reads of a campaign before it answers somebody who was touched by it."""

from __future__ import annotations

from datetime import datetime, time

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.clock import to_ms
from app.domain.views import CampaignView
from app.ui.dialogs.controls import ScrollBody
from app.ui.dialogs.parts import button, field_label, text_label
from app.ui.dialogs.sheet import Sheet
from app.ui.theme import formats

_WIDTH = 460
_NO_BRIEF = "Marketing has written no brief yet."


class CampaignSheet(Sheet):
    """``lines``: headings with what stands under them. ``edit_asked``: of the campaign so called,
    after the sheet is closed."""

    edit_asked = Signal(str)

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
        column.addSpacing(14)
        self.edit = button("Edit in Settings…", small=True, parent=body)
        self.edit.clicked.connect(self._edit)
        column.addWidget(self.edit, 0, Qt.AlignmentFlag.AlignLeading)
        self._name = campaign.name
        self.column.addWidget(ScrollBody(body, self.card), 1)

    @Slot()
    def _edit(self) -> None:
        self.close()
        self.edit_asked.emit(self._name)


def campaign_lines(campaign: CampaignView, now_ms: int) -> list[tuple[str, str]]:
    """The brief, the coupons and how far it came with the customer, each under its heading."""
    stages = ", ".join(
        f"{stage.label.lower()} {formats.short_date(stage.at_ms, now_ms)}"
        for stage in campaign.stages
    )
    lines = [
        ("Brief", campaign.brief or _NO_BRIEF),
        ("Coupons", ", ".join(campaign.codes)),
        ("Runs", _days(campaign, now_ms)),
        ("With this customer", stages[:1].upper() + stages[1:]),
    ]
    return [(heading, words) for heading, words in lines if words]


def _days(campaign: CampaignView, now_ms: int) -> str:
    """“2 Nov to 14 Nov”, or as much of it as is known."""
    first, last = (
        formats.short_date(to_ms(datetime.combine(day, time(12)).astimezone()), now_ms)
        if day
        else ""
        for day in (campaign.starts, campaign.ends)
    )
    if not (first and last):
        return f"From {first}" if first else f"Until {last}" if last else ""
    return first if first == last else f"{first} to {last}"
