"""One routing rule in its sheet: fields at the left, what it would have done at the right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.errors import BadInput, SeamlineError
from app.domain.ids import AccountId
from app.domain.routing import RoutingRule
from app.ui.dialogs.controls import ScrollBody
from app.ui.dialogs.settings_rules_form import RuleForm, complaint, decides
from app.ui.dialogs.settings_rules_preview import PreviewPane, Rehearsing
from app.ui.dialogs.sheet import Sheet

if TYPE_CHECKING:
    from app.services.routing_rules import DryRun
    from app.services.services import Services
    from app.ui.bridge import UiBridge

_WIDTH, _HEIGHT = 860, 620
_PREVIEW = 280


class RuleSheet(Sheet):
    """``saved`` carries the rule. ``others`` are the rules before and behind it, in their order
    with None in its place."""

    saved = Signal(object)

    def __init__(
        self,
        services: Services,
        bridge: UiBridge,
        parent: QWidget,
        *,
        rule: RoutingRule,
        others: tuple[RoutingRule | None, ...],
        accounts: Mapping[AccountId, str],
    ) -> None:
        super().__init__(parent, title="Routing rule", width=_WIDTH, height=_HEIGHT)
        self._others = others
        self.add_header("Routing rule", "For what comes in from now on")
        directory = services.directory
        self.form = RuleForm(
            rule,
            departments=directory.departments(),
            agents=directory.agents(),
            accounts=accounts,
            parent=self.card,
        )
        self.preview = PreviewPane(services, self.card)
        self.preview.setFixedWidth(_PREVIEW)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(ScrollBody(self.form, self.card), 1)
        middle.addWidget(self.preview)
        self.column.addLayout(middle, 1)
        self.footer = self.add_footer("Save", keys="Ctrl ↵")
        self._rehearsing = Rehearsing(services, bridge, self)
        self._rehearsing.told.connect(self._show_run)
        self._rehearsing.failed.connect(self._refuse)
        self.form.changed.connect(self._changed)
        self._changed()

    def first_focus(self) -> QWidget:
        return self.form.name

    def submit(self) -> None:
        try:
            rule = self.form.rule()
        except BadInput as error:
            self._refuse(error)
            return
        lacking = complaint(rule)
        if lacking is not None:
            self._refuse(lacking)
            return
        self.saved.emit(rule)

    @Slot(object)
    def refuse(self, error: SeamlineError) -> None:
        """It could not be saved."""
        self._refuse(error)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._rehearsing.stop()
        super().closeEvent(event)

    @Slot()
    def _changed(self) -> None:
        self.footer.say("")
        try:
            rule = self.form.rule()
        except BadInput as error:
            self._rehearsing.stop()
            self.preview.say(str(error))
            return
        if not decides(rule):
            self._rehearsing.stop()
            self.preview.say("Choose what happens then, and see here what it would have done.")
            return
        rules = tuple(rule if other is None else other for other in self._others)
        self._rehearsing.try_soon(rules, rule.id)

    @Slot(object)
    def _show_run(self, run: DryRun) -> None:
        self.preview.show_run(run, self.form.rule_id)

    @Slot(object)
    def _refuse(self, error: SeamlineError) -> None:
        self.footer.say(str(error), wrong=True)
