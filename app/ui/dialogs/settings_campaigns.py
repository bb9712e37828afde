"""Settings of campaigns: what service reads of each before it answers, its coupons, its days."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout

from app.domain.campaigns import Campaign
from app.domain.errors import BadInput
from app.ui.dialogs.attempt import attempt
from app.ui.dialogs.choosing import OneBox
from app.ui.dialogs.parts import announce, button, field_label, text_label
from app.ui.dialogs.settings_section import SettingsSection
from app.ui.views.composer_edit import GrowingEdit

if TYPE_CHECKING:
    from app.services.campaigns import KnownCampaign

_NEW = "New campaign"
_DAY = "2026-11-02"
_LOWEST, _HIGHEST = 72, 168
_GAP = 12
_CAME_IN = "An import told of it; what you save holds instead."
_OVER_IMPORT = "Written here. An import told of it too, and holds again once this is taken back."
_WRITTEN = "Written here."


class CampaignsSection(SettingsSection):
    """Choose one at the top, or begin another. One that was imported keeps its name, which its
    touches know it by."""

    title = "Campaigns"
    icon = "megaphone"

    def build(self) -> None:
        self._known: tuple[KnownCampaign, ...] = ()
        self._shown: str | None = None
        self._wanted = ""
        self.which = OneBox("Campaign", {None: _NEW}, self)
        self.add_row(
            "Campaign",
            self.which,
            "Named as its mails and ads are. Whoever answers a customer it reached reads the"
            " brief beside the conversation.",
        )
        column = QVBoxLayout()
        column.setSpacing(0)
        self.name = self._line(column, "Name of the campaign", "Name")
        column.addSpacing(_GAP)
        column.addWidget(field_label("Brief", parent=self))
        self.brief = GrowingEdit(lowest=_LOWEST, highest=_HIGHEST, name="Brief", parent=self)
        self.brief.setPlaceholderText("What was promised to whom, until when, and what was not.")
        column.addWidget(self.brief)
        column.addSpacing(_GAP)
        self.codes = self._line(column, "Coupons", "Coupons")
        self.codes.setPlaceholderText("SPRING20 SPRING10")
        column.addSpacing(_GAP)
        row = QHBoxLayout()
        row.setSpacing(10)
        self.starts = self._day_line(row, "Starts")
        self.ends = self._day_line(row, "Ends")
        column.addLayout(row)
        self._rows.addLayout(column)
        self.told = text_label("", "small", colour="text-2", parent=self)
        self.told.setWordWrap(True)
        self._rows.addWidget(self.told)
        self._rows.addLayout(self._deeds())
        self.which.activated.connect(self._choose)
        self._show(None)
        self._read()

    def choose(self, name: str) -> None:
        """Show this campaign; one that nobody has told of begins with its name."""
        self._wanted = self._shown = name
        if self._known:
            self._take(self._known)

    def _line(self, column: QVBoxLayout, spoken: str, label: str) -> QLineEdit:
        column.addWidget(field_label(label, parent=self))
        line = QLineEdit(self)
        line.setAccessibleName(spoken)
        line.returnPressed.connect(self._save)
        column.addWidget(line)
        return line

    def _day_line(self, row: QHBoxLayout, name: str) -> QLineEdit:
        part = QVBoxLayout()
        part.setSpacing(0)
        line = self._line(part, name, name)
        line.setPlaceholderText(_DAY)
        row.addLayout(part, 1)
        return line

    def _deeds(self) -> QHBoxLayout:
        self.keep = button("Save", kind="main", parent=self)
        self.keep.clicked.connect(self._save)
        self.take_back = button("Take back", kind="quiet", parent=self)
        self.take_back.setToolTip("Take back what was written here")
        self.take_back.clicked.connect(self._forget)
        row = QHBoxLayout()
        row.addWidget(self.keep)
        row.addWidget(self.take_back)
        row.addStretch(1)
        return row

    def _read(self) -> None:
        known = self.services.campaigns.all()
        self._bridge.ask("settings-campaigns", known, self._take, self._failed)

    def _take(self, known: tuple[KnownCampaign, ...]) -> None:
        self._known = known
        self.which.offer({None: _NEW, **{one.now.name: one.now.name for one in known}})
        self.which.take(self._shown)
        if self._shown is not None:  # what was begun meanwhile stays
            self._show(self.which.taken())
        if self._shown is None:
            self.name.setText(self.name.text() or self._wanted)
        self._wanted = ""

    @Slot()
    def _choose(self) -> None:
        self._show(self.which.taken())

    def _show(self, name: str | None) -> None:
        """What holds of a campaign; None for one that is still to be written."""
        self._shown = name
        known = next((one for one in self._known if one.now.name == name), None)
        now = known.now if known else Campaign("")
        self.name.setText(now.name)
        self.name.setReadOnly(known is not None and known.came_in)
        self.brief.set_text(now.brief)
        self.codes.setText(" ".join(now.codes))
        self.starts.setText(now.starts.isoformat() if now.starts else "")
        self.ends.setText(now.ends.isoformat() if now.ends else "")
        for line in (self.name, self.codes):
            line.setCursorPosition(0)
        self.take_back.setVisible(known is not None and known.written)
        self.told.setText(_said(known))
        self.told.setVisible(known is not None)

    @Slot()
    def _save(self) -> None:
        was = self._shown
        kept = attempt(lambda: self.services.campaigns.save(self._written(), was=was))
        self._bridge.ask("", kept, self._on_kept, self._failed)

    def _written(self) -> Campaign:
        """As the fields say. Raises BadInput."""
        return Campaign(
            self.name.text(),
            self.brief.text,
            tuple(self.codes.text().split()),
            _day(self.starts.text()),
            _day(self.ends.text()),
        )

    def _on_kept(self, kept: Campaign) -> None:
        self.wrong.setText("")
        self._shown = kept.name
        announce(self, f"{kept.name} is kept.")
        self._read()

    @Slot()
    def _forget(self) -> None:
        if self._shown is not None:
            forgotten = attempt(partial(self.services.campaigns.forget, self._shown))
            self._bridge.ask("", forgotten, self._on_forgotten, self._failed)

    def _on_forgotten(self, _nothing: None) -> None:
        self.wrong.setText("")
        self._read()


def _said(known: KnownCampaign | None) -> str:
    if known is None:
        return ""
    if not known.written:
        return _CAME_IN
    return _OVER_IMPORT if known.came_in else _WRITTEN


def _day(text: str) -> date | None:
    """Raises BadInput."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise BadInput(f"“{text.strip()}” is no day.", hint=f"Write it like {_DAY}.") from None
