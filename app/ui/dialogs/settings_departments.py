"""Settings of departments: what each is called, what its two queues take, how it sounds."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit

from app.domain.departments import Department
from app.domain.errors import SeamlineError
from app.domain.ids import DepartmentId
from app.domain.setup import Setup
from app.ui.dialogs.attempt import attempt
from app.ui.dialogs.controls import ChoiceBox
from app.ui.dialogs.parts import announce, button, text_label
from app.ui.dialogs.settings_section import SettingsSection
from app.ui.theme import theme

_NEW = "New department"
_FIELDS = {
    "name": ("Name", "Customer Care"),
    "short": ("Short name", "Care"),
    "responds": ("Respond takes", "Messages sent to the brand"),
    "reaches_out": ("Reach out takes", "What listening finds"),
    "voice": ("Voice", "calm, exact, one next step."),
}
_LABELS = 112


class DepartmentsSection(SettingsSection):
    """Choose one at the top, or begin another; one that holds anything cannot be deleted."""

    title = "Departments"
    icon = "building-2"

    def build(self) -> None:
        self.which = ChoiceBox(self)
        self.which.setAccessibleName("Department")
        self.which.activated.connect(self._show)
        self.add_row(
            "Department",
            self.which,
            "Each has two queues: one to respond, one to reach out first.",
        )
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(6)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.fields: dict[str, QLineEdit] = {}
        for key, (label, example) in _FIELDS.items():
            line = QLineEdit(self)
            line.setAccessibleName(label)
            line.setPlaceholderText(example)
            line.returnPressed.connect(self._save)
            words = text_label(label, "body", colour="text-2", parent=self)
            words.setFixedWidth(theme().scaled(_LABELS))
            form.addRow(words, line)
            self.fields[key] = line
        self._rows.addLayout(form)
        deeds = QHBoxLayout()
        self.remove = button("Delete", kind="danger", parent=self)
        self.remove.clicked.connect(self._remove)
        self.keep = button("Save", kind="main", parent=self)
        self.keep.clicked.connect(self._save)
        deeds.addWidget(self.remove)
        deeds.addStretch(1)
        deeds.addWidget(self.keep)
        self._rows.addLayout(deeds)
        self._fill(self.services.directory.me().department)

    def _fill(self, shown: DepartmentId) -> None:
        self._held = self.services.directory.departments()
        self.which.clear()
        for department in self._held:
            self.which.addItem(department.name, str(department.id))
        self.which.addItem(_NEW, None)
        self.which.setCurrentIndex(max(0, self.which.findData(str(shown))))
        self._show()

    def _chosen(self) -> Department | None:
        at = self.which.currentIndex()
        return self._held[at] if at < len(self._held) else None

    @Slot()
    def _show(self) -> None:
        department = self._chosen()
        for key, line in self.fields.items():
            line.setText(getattr(department, key) if department else "")
            line.setCursorPosition(0)
        self.remove.setVisible(department is not None)
        self.keep.setText("Save" if department else "Add")
        self.wrong_is("")

    @Slot()
    def _save(self) -> None:
        told: dict[str, Any] = {
            key: " ".join(line.text().split()) for key, line in self.fields.items()
        }
        told["short"] = told["short"] or told["name"]
        department = self._chosen()
        if department is None:
            number = self.services.departments.new_id(told["name"])
            colour = self._held[len(self._held) % 6 % len(self._held)].colour
            made = Department(id=number, colour=colour, **told)
            self._decide((*self._held, made), number)
            return
        changed = replace(department, **told)
        wanted = tuple(changed if one is department else one for one in self._held)
        self._decide(wanted, department.id)

    @Slot()
    def _remove(self) -> None:
        department = self._chosen()
        if department is not None:
            wanted = tuple(one for one in self._held if one is not department)
            self._decide(wanted, self.services.directory.me().department)

    def _decide(self, wanted: tuple[Department, ...], shown: DepartmentId) -> None:
        saved = attempt(lambda: self.services.departments.save(wanted))
        self._bridge.ask("", saved, partial(self._decided, shown), self._refused)

    def _decided(self, shown: DepartmentId, _setup: Setup) -> None:
        self._fill(shown)

    def _refused(self, error: SeamlineError) -> None:
        self.wrong_is(str(error))
        announce(self.wrong, str(error))

    def wrong_is(self, sentence: str) -> None:
        """Below the fields, once there is a place for it."""
        if hasattr(self, "wrong"):
            self.wrong.setText(sentence)
