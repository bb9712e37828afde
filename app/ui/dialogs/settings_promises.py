"""Settings of promises: how soon customers hear from us, tried on the open cases before saving."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout

from app.domain.errors import SeamlineError
from app.domain.setup import Setup
from app.domain.sla import SlaPolicy
from app.services.settings_text import duration_written
from app.ui.dialogs.attempt import attempt
from app.ui.dialogs.parts import button, icon_button, text_label
from app.ui.dialogs.settings_promises_form import PromiseForm
from app.ui.dialogs.settings_section import SettingsSection
from app.ui.dialogs.two_lines import LINE, TwoLines
from app.ui.theme import theme
from app.ui.theme.formats import grouped

if TYPE_CHECKING:
    from app.services.promise_preview import Covered, Preview

_ABOUT = (
    "For each case the first promise that covers it counts. Clocks stand still outside the hours "
    "of a promise, and the one of the solution while the customer has the word."
)
_HOUR = 3_600_000


class PromisesSection(SettingsSection):
    """The promises in their order, the chosen one in fields below; nothing counts until saved."""

    title = "Promises"
    icon = "clock"

    def build(self) -> None:
        self._policies = list(self.services.directory.setup().promises)
        self._covered: dict[str, Covered] = {}
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(text_label("How soon they hear from us", "body", weight=600, parent=self))
        about = text_label(_ABOUT, "small", colour="text-3", parent=self)
        about.setWordWrap(True)
        column.addWidget(about)
        self.list = QListWidget(self)
        self.list.setAccessibleName("Promises")
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.setFixedHeight(theme().scaled(142))
        self.list.setItemDelegate(TwoLines(self.list))
        column.addWidget(self.list)
        column.addLayout(self._deeds())
        self.form = PromiseForm(self.services, self)
        column.addWidget(self.form)
        self.told = text_label("", "small", colour="text-2", parent=self)
        self.told.setWordWrap(True)
        column.addWidget(self.told)
        self.save_button = button("Save promises", kind="main", parent=self)
        self.save_button.clicked.connect(self.save_promises)
        column.addWidget(self.save_button)
        self._rows.addLayout(column)
        self.list.currentRowChanged.connect(self._choose)
        self.form.changed.connect(self._changed)
        self._fill(0)

    def showEvent(self, event: QShowEvent) -> None:
        """Nothing is tried for whoever came for another section."""
        super().showEvent(event)
        self._try()

    def _deeds(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(6)
        self.add = button("Add a promise", icon="plus", parent=self)
        self.add.clicked.connect(self._add)
        line.addWidget(self.add)
        line.addStretch(1)
        for icon, name, deed in (
            ("arrow-up", "Ask earlier", self._earlier),
            ("arrow-down", "Ask later", self._later),
            ("trash-2", "Take out", self._remove),
        ):
            tool = icon_button(icon, name, self)
            tool.clicked.connect(deed)
            line.addWidget(tool)
        return line

    @Slot()
    def save_promises(self) -> None:
        """Decide them; the open cases follow in the background."""
        if self._read():
            settled = attempt(
                lambda: self.services.directory.settle(promises=tuple(self._policies))
            )
            self._bridge.ask("", settled, self._on_settled, self._failed)

    def _on_settled(self, _setup: Setup) -> None:
        self.wrong.setText("")
        self.told.setText("Saved. The clocks of open cases follow.")

    @Slot()
    def _changed(self) -> None:
        if self._read():
            self._fill(self.list.currentRow())
            self._try()

    def _read(self) -> bool:
        """Take over what the fields say; a sentence says why not."""
        row = self.list.currentRow()
        if row < 0:
            return True
        try:
            self._policies[row] = self.form.policy()
        except SeamlineError as error:
            self._failed(error)
            return False
        self.wrong.setText("")
        return True

    @Slot(int)
    def _choose(self, row: int) -> None:
        self.form.setEnabled(row >= 0)
        if row >= 0:
            self.form.show_policy(self._policies[row])

    @Slot()
    def _add(self) -> None:
        row = max(0, self.list.currentRow())
        fresh = SlaPolicy(uuid.uuid4().hex[:12], "New promise", _HOUR, 2 * _HOUR, None)
        self._policies.insert(row, fresh)
        self._fill(row)
        self._try()

    @Slot()
    def _remove(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            del self._policies[row]
            self._fill(min(row, len(self._policies) - 1))
            self._try()

    @Slot()
    def _earlier(self) -> None:
        self._move(-1)

    @Slot()
    def _later(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        row = self.list.currentRow()
        to = row + by
        if row >= 0 and 0 <= to < len(self._policies):
            self._policies[row], self._policies[to] = self._policies[to], self._policies[row]
            self._fill(to)
            self._try()

    def _fill(self, row: int) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for policy in self._policies:
            item = QListWidgetItem(self.list)
            self._write(item, policy)
        self.list.setCurrentRow(row)
        self.list.blockSignals(False)
        self._choose(row)

    def _try(self) -> None:
        present = self.services.directory.setup().promises
        asked = self.services.promise_preview.preview(tuple(self._policies), present)
        self._bridge.ask("promises-preview", asked, self._show_preview, self._failed)

    def _show_preview(self, preview: Preview) -> None:
        self._covered = preview.covered
        for row, policy in enumerate(self._policies):
            item = self.list.item(row)
            if item is not None:
                self._write(item, policy)
        without = self._covered[""].cases if "" in self._covered else 0
        cases = sum(one.cases for one in self._covered.values())
        self.told.setText(
            f"{grouped(cases)} open cases, {grouped(without)} of them without a promise. Late now: "
            f"{grouped(preview.late_now)}; with these promises: {grouped(preview.late)}."
        )

    def _write(self, item: QListWidgetItem, policy: SlaPolicy) -> None:
        """ "Usual · 41 cases, 3 late" over “First reply 1 h · Next reply 2 h · Solution 24 h”."""
        covered = self._covered.get(policy.id)
        count = (
            f" · {grouped(covered.cases)} cases, {grouped(covered.late)} late" if covered else ""
        )
        targets = (
            ("First reply", policy.first_reply_ms),
            ("Next reply", policy.next_reply_ms),
            ("Solution", policy.resolution_ms),
        )
        told = [f"{name} {duration_written(ms)}" for name, ms in targets if ms is not None]
        item.setText(f"{policy.name}{count}")
        item.setData(LINE, " · ".join(told) or "No promise")
        spoken = f"{policy.name}. {', '.join(told) or 'No promise'}{count}"
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
