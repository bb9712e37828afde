"""Settings of templates: their wording, whose they are, their versions, and what was wrong."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.clock import to_ms
from app.domain.ids import AgentId, DepartmentId
from app.domain.templates import PLACES, TemplateVersion
from app.ui.dialogs.attempt import attempt
from app.ui.dialogs.controls import Check, ChoiceBox
from app.ui.dialogs.parts import announce, button, field_label, text_label
from app.ui.dialogs.settings_section import SettingsSection
from app.ui.theme.formats import short_date
from app.ui.views.composer_edit import GrowingEdit

if TYPE_CHECKING:
    from app.services.templates import Template

_NEW = "New template"
_LOWEST, _HIGHEST = 72, 168
_FILLS = "{} stands for {}."


class TemplatesSection(SettingsSection):
    """Choose one at the top, or begin another; saving keeps a new version and never loses one.

    ``open_case``  (customer, case): somebody who was told something wrong is to be written to.
    """

    title = "Templates"
    icon = "layout-template"
    open_case = Signal(object, object)

    def build(self) -> None:
        self._templates: tuple[Template, ...] = ()
        self._shown: int | None = None
        self.which = ChoiceBox(self)
        self.which.setAccessibleName("Template")
        self.which.addItem(_NEW, None)
        self.add_row(
            "Template",
            self.which,
            "Type / in an empty reply to use one; those of the department and the language come"
            " first.",
        )
        self._rows.addLayout(self._wording())
        self._rows.addLayout(self._belongings())
        self.promotional = Check("Promotional, so that the guard looks at every use", self)
        self.corrects = Check("This corrects something wrong in the version before", self)
        for check in (self.promotional, self.corrects):
            self._rows.addWidget(check)
        self.versions = text_label("", "small", colour="text-3", parent=self)
        self.versions.setWordWrap(True)
        self._rows.addWidget(self.versions)
        self.told = button("", parent=self)
        self.told.clicked.connect(self._write_to_them)
        self._rows.addWidget(self.told)
        self._rows.addLayout(self._buttons())
        self.which.activated.connect(self._choose)
        self._show(None)
        self._read()

    def _wording(self) -> QVBoxLayout:
        part = QVBoxLayout()
        part.setSpacing(6)
        part.addWidget(field_label("Name", parent=self))
        self.name = QLineEdit(self)
        self.name.setAccessibleName("Name of the template")
        part.addWidget(self.name)
        part.addWidget(field_label("Text", parent=self))
        self.text = GrowingEdit(
            lowest=_LOWEST, highest=_HIGHEST, name="Text of the template", parent=self
        )
        part.addWidget(self.text)
        fills = " ".join(_FILLS.format(f"{{{place}}}", means) for place, means in PLACES.items())
        said = text_label(fills, "small", colour="text-3", parent=self)
        said.setWordWrap(True)
        part.addWidget(said)
        return part

    def _belongings(self) -> QHBoxLayout:
        """Department, language and owner, side by side."""
        directory = self.services.directory
        self.department = ChoiceBox(self)
        self.department.addItem("All", None)
        for one in directory.departments():
            self.department.addItem(one.short, one.id)
        self.language = QLineEdit(self)
        self.language.setPlaceholderText("any, or de")
        self.owner = ChoiceBox(self)
        for agent in directory.agents():
            self.owner.addItem(agent.name, agent.id)
        row = QHBoxLayout()
        row.setSpacing(10)
        named: tuple[tuple[str, QWidget], ...] = (
            ("Department", self.department),
            ("Language", self.language),
            ("Owner", self.owner),
        )
        for name, field in named:
            field.setAccessibleName(name)
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(field_label(name, parent=self))
            column.addWidget(field)
            row.addLayout(column, 1)
        return row

    def _buttons(self) -> QHBoxLayout:
        self.keep = button("Save", kind="main", parent=self)
        self.keep.clicked.connect(self._save)
        self.retire = button("Retire", kind="quiet", parent=self)
        self.retire.setToolTip("Offer it no more; replies that used it still know it")
        self.retire.clicked.connect(self._retire)
        row = QHBoxLayout()
        row.addWidget(self.retire)
        row.addStretch(1)
        row.addWidget(self.keep)
        return row

    def _read(self) -> None:
        asked = self.services.templates.all()
        self._bridge.ask("settings-templates", asked, self._take, self._failed)

    def _take(self, found: tuple[Template, ...]) -> None:
        self._templates = tuple(one for one in found if not one.retired)
        self.which.clear()
        self.which.addItem(_NEW, None)
        for one in self._templates:
            self.which.addItem(one.now.name, one.now.id)
        self.which.setCurrentIndex(max(0, self.which.findData(self._shown)))
        if self._shown is not None:  # what was begun meanwhile stays
            self._show(self.which.currentData())

    @Slot()
    def _choose(self) -> None:
        self._show(self.which.currentData())

    def _show(self, number: int | None) -> None:
        """The newest version of a template; None for one that is still to be written."""
        self._shown = number
        template = next((one for one in self._templates if one.now.id == number), None)
        me = self.services.directory.me().id
        now = template.now if template else TemplateVersion(0, 0, "", "", owner=me)
        self.name.setText(now.name)
        self.text.set_text(now.text)
        self.language.setText(now.language)
        self.department.setCurrentIndex(max(0, self.department.findData(now.department)))
        self.owner.setCurrentIndex(max(0, self.owner.findData(now.owner)))
        self.promotional.setChecked(now.promotional)
        self.corrects.setChecked(False)
        self.corrects.setVisible(template is not None)
        self.retire.setVisible(template is not None)
        self.versions.setText(self._history(template) if template else "")
        self.versions.setVisible(template is not None)
        told = template.told if template else 0
        whom = "1 customer" if told == 1 else f"{told} customers"
        self.told.setText(f"{whom} got a wrong version: write to them…")
        self.told.setVisible(told > 0)

    def _history(self, template: Template) -> str:
        name_of, now = self.services.directory.name_of, to_ms(self.services.clock.now())
        lines = [
            f"Version {one.version.number}, {short_date(one.saved_ms, now)},"
            f" {name_of(one.saved_by)}{', wrong' if one.version.wrong else ''}."
            for one in reversed(template.versions)
        ]
        return " ".join(lines)

    @Slot()
    def _save(self) -> None:
        from app.services.templates import Wording

        department: DepartmentId | None = self.department.currentData()
        owner: AgentId | None = self.owner.currentData()
        wording = Wording(
            self.name.text(), self.text.text, department, self.language.text(), owner,
            self.promotional.isChecked(),
        )  # fmt: skip
        shown = next((one for one in self._templates if one.now.id == self._shown), None)
        wrong = shown.now.number if shown is not None and self.corrects.isChecked() else None
        template = self._shown
        kept = attempt(
            lambda: self.services.templates.save(wording, template=template, corrects=wrong)
        )
        self._bridge.ask("", kept, self._on_kept, self._failed)

    def _on_kept(self, version: TemplateVersion) -> None:
        self.wrong.setText("")
        self._shown = version.id
        announce(self, f"Version {version.number} of {version.name} is kept.")
        self._read()

    @Slot()
    def _retire(self) -> None:
        if self._shown is not None:
            retired = attempt(partial(self.services.templates.retire, self._shown))
            self._bridge.ask("", retired, self._on_retired, self._failed)

    def _on_retired(self, _nothing: None) -> None:
        self._show(None)
        self._read()

    @Slot()
    def _write_to_them(self) -> None:
        from app.ui.dialogs.correction import CorrectionSheet

        if self._shown is not None:
            sheet = CorrectionSheet(self.services, self._bridge, self.window(), self._shown)
            sheet.open_case.connect(self.open_case)
            sheet.open()
