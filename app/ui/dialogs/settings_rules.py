"""The routing rules of the workspace, in their order: who takes what comes in.

A rule counts from the moment it is saved, moved or taken out. Beside each stands how much of the
last month it would have caught.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
)

from app.domain.errors import SeamlineError
from app.domain.ids import AccountId
from app.domain.routing import RoutingRule
from app.domain.setup import Setup
from app.domain.views import AccountView
from app.ui.dialogs.attempt import attempt
from app.ui.dialogs.parts import announce, button, icon_button, keys_text, text_label
from app.ui.dialogs.settings_rules_editor import RuleSheet
from app.ui.dialogs.settings_rules_form import copied, fresh
from app.ui.dialogs.settings_rules_preview import Rehearsing
from app.ui.dialogs.settings_rules_words import rule_line
from app.ui.dialogs.settings_section import SettingsSection
from app.ui.dialogs.two_lines import LINE, TwoLines
from app.ui.plain_tip import plain_tip

if TYPE_CHECKING:
    from app.services.routing_rules import DryRun

_EMPTY = (
    "No rules yet: everything goes to the department that owns its account. Add one to send "
    "influencers to PR & Community, or giveaways out of the queues."
)
_ABOUT = (
    "Asked in this order for each message that opens a case; the first that holds decides, unless "
    "it says to go on."
)


class RulesSection(SettingsSection):
    """A list, and beside the keys a button for everything that can be done with a rule."""

    title = "Rules"
    icon = "route"

    def build(self) -> None:
        self._rules = self.services.routing_rules.rules()
        self._accounts: dict[AccountId, str] = {}
        self._run: DryRun | None = None
        self._sheet: RuleSheet | None = None
        self._others: tuple[RoutingRule | None, ...] = ()
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(text_label("Who takes what comes in", "body", weight=600, parent=self))
        self.about = text_label(_ABOUT, "small", colour="text-3", parent=self)
        self.about.setWordWrap(True)
        column.addWidget(self.about)
        self.list = QListWidget(self)
        self.list.setAccessibleName("Routing rules")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setMinimumHeight(190)
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.setItemDelegate(TwoLines(self.list))
        self.list.itemActivated.connect(self._edit)
        self.list.currentRowChanged.connect(self._offer)
        self.list.installEventFilter(self)
        column.addWidget(self.list, 1)
        column.addLayout(self._deeds())
        self.counted = text_label("", "small", colour="text-2", parent=self)
        self.counted.setWordWrap(True)
        column.addWidget(self.counted)
        column.addStretch()  # the words keep their lines where there is no list
        self._rows.addLayout(column, 1)
        self._rehearsing = Rehearsing(self.services, self._bridge, self)
        self._rehearsing.told.connect(self._show_run)
        self._bridge.ask("rules-accounts", self.services.accounts.list(), self._on_accounts, _quiet)
        self._fill(0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._count()

    def _count(self) -> None:
        """Nothing is counted for whoever came for another section."""
        if self._rules and self.isVisible():
            self._rehearsing.try_now(self._rules)

    def settle(self) -> None:
        self._rehearsing.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.list
            and event.type() is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and (deed := self._deed_of(event)) is not None
        ):
            deed()
            return True
        return super().eventFilter(watched, event)

    def _deeds(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(6)
        self.add = button("Add a rule…", icon="plus", parent=self)
        self.add.clicked.connect(self._add)
        line.addWidget(self.add)
        line.addStretch(1)
        self.edit = button("Edit…", parent=self)
        self.edit.clicked.connect(self._edit)
        line.addWidget(self.edit)
        alt = keys_text("Alt")
        self.up = icon_button("arrow-up", f"Ask earlier ({alt} ↑)", self)
        self.up.clicked.connect(self._up)
        self.down = icon_button("arrow-down", f"Ask later ({alt} ↓)", self)
        self.down.clicked.connect(self._down)
        self.double = icon_button("copy", f"Duplicate ({keys_text('Ctrl D')})", self)
        self.double.clicked.connect(self._double)
        self.bin = icon_button("trash-2", "Take it out (Del)", self)
        self.bin.clicked.connect(self._remove)
        for one in (self.up, self.down, self.double, self.bin):
            line.addWidget(one)
        return line

    def _deed_of(self, event: QKeyEvent) -> Callable[[], None] | None:
        held, key = event.modifiers(), event.key()
        if held == Qt.KeyboardModifier.AltModifier:
            return {Qt.Key.Key_Up: self._up, Qt.Key.Key_Down: self._down}.get(Qt.Key(key))
        if held == Qt.KeyboardModifier.ControlModifier and key == Qt.Key.Key_D:
            return self._double
        if not held and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            return self._remove
        if not held and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._edit
        return None

    # what is shown

    def _fill(self, current: int) -> None:
        self.list.clear()
        for _ in self._rules:
            self.list.addItem(QListWidgetItem())
        self._write()
        self.list.setCurrentRow(min(current, len(self._rules) - 1))
        self.list.setVisible(bool(self._rules))
        self._offer()
        if self._rules:
            self.about.setText(_ABOUT)
            self._count()
        else:
            self.about.setText(_EMPTY)
            self._rehearsing.stop()
            self.counted.setText("")

    def _write(self) -> None:
        directory = self.services.directory
        for place, rule in enumerate(self._rules):
            line = rule_line(rule, directory.departments(), self._accounts, directory.name_of)
            tally = self._run.by_rule.get(rule.id) if self._run else None
            caught = f" · {tally.caught:,} in {self._run.days} days" if self._run and tally else ""
            item = self.list.item(place)
            item.setText(f"{rule.name}{caught}")
            item.setData(LINE, line)
            item.setToolTip(plain_tip(line))
            said = f"{place + 1}: {rule.name}. {line}"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)

    @Slot()
    def _offer(self) -> None:
        at = self.list.currentRow()
        self.up.setEnabled(at > 0)
        self.down.setEnabled(0 <= at < len(self._rules) - 1)
        for one in (self.edit, self.double, self.bin):
            one.setEnabled(at >= 0)

    @Slot(object)
    def _show_run(self, run: DryRun) -> None:
        self._run = run
        self.counted.setText(run.sentence)
        self._write()

    def _on_accounts(self, held: tuple[AccountView, ...]) -> None:
        self._accounts = {one.account: one.label for one in held}
        self._write()

    # what is done

    @Slot()
    def _add(self) -> None:
        self._open(fresh(uuid.uuid4().hex[:12]), (*self._rules, None))

    @Slot()
    def _edit(self) -> None:
        at = self.list.currentRow()
        if at >= 0:
            rule = self._rules[at]
            self._open(rule, (*self._rules[:at], None, *self._rules[at + 1 :]))

    @Slot()
    def _double(self) -> None:
        at = self.list.currentRow()
        if at >= 0:
            rule = copied(self._rules[at], uuid.uuid4().hex[:12])
            self._open(rule, (*self._rules[: at + 1], None, *self._rules[at + 1 :]))

    @Slot()
    def _remove(self) -> None:
        at = self.list.currentRow()
        if at >= 0:
            self._decide((*self._rules[:at], *self._rules[at + 1 :]), at)

    @Slot()
    def _up(self) -> None:
        self._move(-1)

    @Slot()
    def _down(self) -> None:
        self._move(1)

    def _move(self, step: int) -> None:
        at = self.list.currentRow()
        to = at + step
        if at < 0 or not 0 <= to < len(self._rules):
            return
        rules = list(self._rules)
        rules[at], rules[to] = rules[to], rules[at]
        self._decide(tuple(rules), to)

    def _open(self, rule: RoutingRule, others: tuple[RoutingRule | None, ...]) -> None:
        sheet = RuleSheet(
            self.services, self._bridge, self, rule=rule, others=others, accounts=self._accounts
        )
        sheet.saved.connect(self._save)
        sheet.closed.connect(self._forget_sheet)
        self._sheet, self._others = sheet, others
        sheet.open()

    @Slot(object)
    def _save(self, rule: RoutingRule) -> None:
        rules = tuple(rule if other is None else other for other in self._others)
        self._decide(rules, self._others.index(None))

    def _decide(self, rules: tuple[RoutingRule, ...], current: int) -> None:
        saved = attempt(lambda: self.services.routing_rules.save(rules))
        self._bridge.ask("", saved, partial(self._decided, rules, current), self._refused)

    def _decided(self, rules: tuple[RoutingRule, ...], current: int, _setup: Setup) -> None:
        self._rules = rules
        self.wrong.setText("")
        if self._sheet is not None:
            self._sheet.close()
        self._fill(max(0, current))

    def _refused(self, error: SeamlineError) -> None:
        if self._sheet is not None:
            self._sheet.refuse(error)
            return
        self.wrong.setText(str(error))
        announce(self.wrong, str(error))

    @Slot()
    def _forget_sheet(self) -> None:
        self._sheet = None


def _quiet(_error: SeamlineError) -> None:
    """The names of the accounts are missing then, and nothing else."""
