"""Settings of senders: who replies from which account, and whose replies are looked at first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFormLayout, QWidget

from app.domain.clock import to_ms
from app.domain.ids import AccountId, DepartmentId
from app.domain.setup import Sender
from app.domain.views import AccountView
from app.services.sender_preview import DAYS, Sent, tried
from app.ui.dialogs.choosing import ManyBox, OneBox
from app.ui.dialogs.parts import button, text_label
from app.ui.dialogs.settings_section import SettingsSection
from app.ui.theme import theme

_LABELS = 120
_DAY_MS = 86_400_000
_NOBODY = "No approval"


class SendersSection(SettingsSection):
    """An account at a time, then every department. What is chosen is tried on the replies of the
    last month, and holds once it is saved."""

    title = "Senders"
    icon = "user-check"

    def build(self) -> None:
        directory = self.services.directory
        self._wanted = directory.setup()
        self._sent: tuple[Sent, ...] = ()
        departments: dict[Any, str] = {one.id: one.name for one in directory.departments()}
        self.account = OneBox("Account", {None: "No account yet"}, self)
        self.account.setEnabled(False)
        self.departments = ManyBox(
            "Departments", departments, "All, unless agents are chosen", self
        )
        agents = {one.id: one.name for one in directory.agents()}
        self.agents = ManyBox("Agents", agents, "All of these departments", self)
        self.approval = OneBox("Approval by", {None: _NOBODY, **departments}, self)
        self._title("Who replies from an account")
        form = self._form()
        self._add(form, "Account", self.account)
        self._add(form, "Departments", self.departments)
        self._add(form, "Agents", self.agents)
        self._add(form, "Approval by", self.approval)
        self._title("Whose replies are looked at first, from any account")
        form = self._form()
        self.of_departments: dict[DepartmentId, OneBox] = {}
        for department in directory.departments():
            others = {one: name for one, name in departments.items() if one != department.id}
            box = OneBox(f"Approval for {department.name}", {None: _NOBODY, **others}, self)
            box.take(self._wanted.approvals.get(department.id))
            box.activated.connect(self._changed)
            self._add(form, department.name, box)
            self.of_departments[department.id] = box
        self.told = text_label("", "small", colour="text-2", parent=self)
        self.told.setWordWrap(True)
        self._rows.addWidget(self.told)
        self.keep = button("Save", kind="main", parent=self)
        self.keep.clicked.connect(self._save)
        self._rows.addWidget(self.keep, 0, Qt.AlignmentFlag.AlignTrailing)
        self._show()
        self.account.activated.connect(self._show)
        self.departments.changed.connect(self._changed)
        self.agents.changed.connect(self._changed)
        self.approval.activated.connect(self._changed)
        self._bridge.ask("senders-accounts", self.services.accounts.list(), self._on_accounts)

    def showEvent(self, event: QShowEvent) -> None:
        """Nothing is counted for whoever came for another section."""
        super().showEvent(event)
        since = to_ms(self.services.clock.now()) - DAYS * _DAY_MS
        sent = self.services.insights.sent_since(since)
        self._bridge.ask("senders-sent", sent, self._on_sent, self._failed)

    def _on_accounts(self, held: tuple[AccountView, ...]) -> None:
        if not held:
            return
        chosen = self.account.taken()
        self.account.offer({one.account: one.label for one in held})
        self.account.take(chosen)
        self.account.setEnabled(True)
        self._show()

    def _on_sent(self, sent: tuple[Sent, ...]) -> None:
        self._sent = sent
        self._try()

    @Slot()
    def _show(self) -> None:
        """Who may send from the chosen account, as it is wanted now."""
        account: AccountId | None = self.account.taken()
        sender = self._wanted.sender(account) if account is not None else Sender(AccountId(0))
        self.departments.take(sender.departments)
        self.agents.take(sender.agents)
        self.approval.take(sender.approval)
        for box in (self.departments, self.agents, self.approval):
            box.setEnabled(account is not None)

    @Slot()
    def _changed(self) -> None:
        asked = {one: box.taken() for one, box in self.of_departments.items()}
        self._wanted = replace(
            self._wanted,
            senders=self._senders(),
            approvals={one: by for one, by in asked.items() if by is not None},
        )
        self._try()

    def _senders(self) -> tuple[Sender, ...]:
        """All of them, the chosen account’s as the boxes say; one that asks for nothing is left
        out."""
        account: AccountId | None = self.account.taken()
        if account is None:
            return self._wanted.senders
        told = Sender(account, self.departments.taken(), self.agents.taken(), self.approval.taken())
        others = [one for one in self._wanted.senders if one.account != account]
        return tuple([*others, told] if told != Sender(account) else others)

    def _try(self) -> None:
        self.told.setText(tried(self._sent, self._wanted).sentence)

    @Slot()
    def _save(self) -> None:
        wanted: Mapping[str, Any] = {
            "senders": self._wanted.senders,
            "approvals": self._wanted.approvals,
        }
        self.save(lambda: self.services.directory.settle(**wanted))

    def _saved(self, answer: object) -> None:
        super()._saved(answer)
        self.told.setText("Saved. It holds for every reply from now on.")

    def _title(self, words: str) -> None:
        self._rows.addWidget(text_label(words, "body", weight=600, parent=self))

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(6)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._rows.addLayout(form)
        return form

    def _add(self, form: QFormLayout, words: str, box: QWidget) -> None:
        label = text_label(words, "body", colour="text-2", elide=True, parent=self)
        label.setFixedWidth(theme().scaled(_LABELS))
        form.addRow(label, box)
