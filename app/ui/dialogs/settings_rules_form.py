"""The fields of a routing rule: what must hold, and what is decided then."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFormLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.departments import Agent, Department
from app.domain.errors import BadInput
from app.domain.hours import BusinessHours
from app.domain.ids import AccountId, AgentId, DepartmentId
from app.domain.routing import Actions, Conditions, RoutingRule, Turn
from app.services.settings_hours import FIELDS, hours_told, hours_typed
from app.ui.dialogs.choosing import ManyBox, OneBox
from app.ui.dialogs.controls import Check
from app.ui.dialogs.parts import TextLabel, text_label
from app.ui.dialogs.settings_rules_words import CHANNELS, KINDS, TURNS, URGENCIES, kind_word, listed
from app.ui.theme import theme

_OPEN_CASE = {None: "Whether or not", True: "Has one", False: "Has none"}
_LABELS = 120
_ANY_TIME, _DURING, _OUTSIDE = range(3)


class RuleForm(QWidget):
    """``changed`` whenever a field was. ``rule`` is what the fields say."""

    changed = Signal()

    def __init__(
        self,
        rule: RoutingRule,
        *,
        departments: tuple[Department, ...],
        agents: tuple[Agent, ...],
        accounts: Mapping[AccountId, str],
        parent: QWidget | None,
    ) -> None:
        super().__init__(parent)
        self._held = rule
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 0, 16, 16)
        column.setSpacing(10)
        self.name = self._line("Name of the rule", rule.name, "What it is for")
        head = self._form(column)
        head.addRow(self._label("Name"), self.name)
        self._build_when(column, rule.when, accounts)
        self._build_then(column, rule.then, departments, agents)
        self.goes_on = self._check("Go on with the next rule", on=rule.goes_on)
        column.addWidget(self.goes_on)
        column.addStretch(1)

    @property
    def rule_id(self) -> str:
        return self._held.id

    def rule(self) -> RoutingRule:
        """Raises BadInput for hours that are none."""
        name = " ".join(self.name.text().split())
        return RoutingRule(
            self._held.id, name, self._when(), self._then(), self.goes_on.isChecked()
        )

    # what must hold

    def _build_when(
        self, column: QVBoxLayout, when: Conditions, accounts: Mapping[AccountId, str]
    ) -> None:
        column.addWidget(text_label("When all of this holds", "body", weight=600, parent=self))
        form = self._form(column)
        words = "Words, with commas between; refund* finds refunds too"
        self.phrases = self._line("The text has any of these words", ", ".join(when.phrases), words)
        self.without = self._line(
            "The text has none of these words", ", ".join(when.without), words
        )
        kinds = KINDS | {kind: kind_word(kind) for kind in when.kinds}
        self.kinds = self._many("Kind of message", kinds, "Any kind", when.kinds)
        self.channels = self._many("Channel", CHANNELS, "Any channel", when.channels)
        gone = {one: f"Account {one}" for one in when.accounts if one not in accounts}
        self.accounts = self._many("Account", {**accounts, **gone}, "Any account", when.accounts)
        self.languages = self._line("Language", ", ".join(when.languages), "Any; or en, de-AT")
        reach = f"{when.reach:,}" if when.reach else ""
        self.reach = self._line("Followers at least", reach, "Any number")
        self.tags = self._line("Customer tags", ", ".join(when.tags), "Any")
        self.campaigns = self._line(
            "Campaigns sent", ", ".join(when.campaigns), "Any; * for one at all"
        )
        self.open_case = self._choice("Open case", _OPEN_CASE, when.open_case)
        form.addRow(self._label("Text has"), self.phrases)
        form.addRow(self._label("and has not"), self.without)
        form.addRow(self._label("Kind"), self.kinds)
        form.addRow(self._label("Channel"), self.channels)
        form.addRow(self._label("Account"), self.accounts)
        form.addRow(self._label("Language"), self.languages)
        form.addRow(self._label("Followers from"), self.reach)
        form.addRow(self._label("Tagged"), self.tags)
        form.addRow(self._label("Was sent"), self.campaigns)
        form.addRow(self._label("Open case"), self.open_case)
        self._build_hours(form, when)

    def _build_hours(self, form: QFormLayout, when: Conditions) -> None:
        hours = when.during or when.outside
        at = _DURING if when.during else _OUTSIDE if when.outside else _ANY_TIME
        choices = {
            _ANY_TIME: "At any time",
            _DURING: "Within these hours",
            _OUTSIDE: "Outside them",
        }
        self.time = self._choice("Time", choices, at)
        form.addRow(self._label("Time"), self.time)
        told = hours_told(hours) if hours else dict.fromkeys(FIELDS, "")
        self.hours = {name: self._line(name, told[name], empty) for name, empty in FIELDS.items()}
        for name, line in self.hours.items():
            form.addRow(self._label(name), line)
        self._hours_form = form
        self.time.activated.connect(self._show_hours)
        self._show_hours()

    @Slot()
    def _show_hours(self) -> None:
        for line in self.hours.values():
            self._hours_form.setRowVisible(line, self.time.taken() != _ANY_TIME)

    def _when(self) -> Conditions:
        at = self.time.taken()
        hours = self._hours() if at != _ANY_TIME else None
        return Conditions(
            phrases=listed(self.phrases.text()),
            without=listed(self.without.text()),
            channels=self.channels.taken(),
            accounts=self.accounts.taken(),
            kinds=self.kinds.taken(),
            languages=listed(self.languages.text()),
            reach=_number(self.reach.text()),
            tags=listed(self.tags.text()),
            campaigns=listed(self.campaigns.text()),
            open_case=self.open_case.taken(),
            during=hours if at == _DURING else None,
            outside=hours if at == _OUTSIDE else None,
        )

    def _hours(self) -> BusinessHours:
        if not self.hours["Hours"].text().strip():
            raise BadInput(
                "The rule asks for hours and names none.",
                hint="Write them like Mon–Fri 9:00–17:00, or choose “At any time”.",
            )
        return hours_typed({name: line.text() for name, line in self.hours.items()})

    # what is decided

    def _build_then(
        self,
        column: QVBoxLayout,
        then: Actions,
        departments: tuple[Department, ...],
        agents: tuple[Agent, ...],
    ) -> None:
        column.addWidget(text_label("Then", "body", weight=600, parent=self))
        form = self._form(column)
        where: dict[Any, str] = {None: "As it is"}
        where |= {department.id: department.name for department in departments}
        self.department = self._choice("Department", where, then.department)
        who: dict[Any, str] = {None: "Nobody yet", **TURNS}
        who |= {agent.id: agent.name for agent in agents}
        self.assignee = self._choice("Who takes it", who, then.assignee or then.turn)
        urgencies: dict[Any, str] = {None: "As it is", **URGENCIES}
        self.urgency = self._choice("Urgency", urgencies, then.urgency)
        self.add_tags = self._line("Tags to put on", ", ".join(then.tags), "None")
        form.addRow(self._label("Department"), self.department)
        form.addRow(self._label("Who takes it"), self.assignee)
        form.addRow(self._label("Urgency"), self.urgency)
        form.addRow(self._label("Tags"), self.add_tags)
        self.noise = self._check("It needs no answer: keep it out of the queues", on=then.noise)
        column.addWidget(self.noise)

    def _then(self) -> Actions:
        who = self.assignee.taken()
        department = self.department.taken()
        return Actions(
            department=DepartmentId(department) if department else None,
            assignee=None if who is None or isinstance(who, Turn) else AgentId(who),
            turn=who if isinstance(who, Turn) else None,
            urgency=self.urgency.taken(),
            tags=listed(self.add_tags.text()),
            noise=self.noise.isChecked(),
        )

    # the fields

    def _form(self, column: QVBoxLayout) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(6)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        column.addLayout(form)
        return form

    def _label(self, words: str) -> TextLabel:
        """All forms of the sheet have their fields in one column."""
        label = text_label(words, "body", colour="text-2", parent=self)
        label.setFixedWidth(theme().scaled(_LABELS))
        return label

    def _line(self, name: str, text: str, empty: str) -> QLineEdit:
        line = QLineEdit(text, self)
        line.setAccessibleName(name)
        line.setPlaceholderText(empty)
        line.textEdited.connect(self.changed)
        return line

    def _many(
        self, name: str, choices: Mapping[Any, str], anything: str, taken: tuple[Any, ...]
    ) -> ManyBox:
        box = ManyBox(name, choices, anything, self)
        box.take(taken)
        box.changed.connect(self.changed)
        return box

    def _choice(self, name: str, choices: Mapping[Any, str], taken: object) -> OneBox:
        box = OneBox(name, choices, self)
        box.take(taken)
        box.activated.connect(self.changed)
        return box

    def _check(self, words: str, *, on: bool) -> Check:
        box = Check(words, self)
        box.setChecked(on)
        box.toggled.connect(self.changed)
        return box


def decides(rule: RoutingRule) -> bool:
    """Whether a rule does anything at all."""
    return rule.then != Actions()


def complaint(rule: RoutingRule) -> BadInput | None:
    """What a rule lacks."""
    if not rule.name:
        return BadInput("The rule has no name.", hint="Name what it is for.")
    if not decides(rule):
        return BadInput("The rule decides nothing.", hint="Choose what happens then.")
    return None


def fresh(identifier: str) -> RoutingRule:
    """A rule to begin with."""
    return RoutingRule(identifier, "", Conditions(), Actions())


def copied(rule: RoutingRule, identifier: str) -> RoutingRule:
    """The same under another id."""
    return replace(rule, id=identifier, name=f"{rule.name} (copy)")


def _number(typed: str) -> int:
    """“10,000” or “10 000”; 0 for nothing."""
    digits = re.sub(r"[\s.,’']", "", typed)
    if digits and not digits.isdecimal():
        raise BadInput(
            f"“{typed.strip()}” is no number of followers.", hint="Write it like 10,000."
        )
    return int(digits or 0)
