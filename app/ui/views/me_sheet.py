"""Who sits here: a name and a department."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from app.domain.departments import Agent
from app.domain.errors import SeamlineError
from app.services.services import Services
from app.ui.bridge import UiBridge
from app.ui.dialogs.controls import ChoiceBox
from app.ui.dialogs.sheet import Sheet
from app.ui.theme import set_type

_WIDTH = 400


class MeSheet(Sheet):
    """Changes the agent of this workspace; what was decided under the old name keeps its agent.

    ``saved`` carries the Agent.
    """

    saved = Signal(object)

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget) -> None:
        super().__init__(parent, title="Who sits here", width=_WIDTH)
        self._services = services
        self._bridge = bridge
        me = services.directory.me()
        self.add_header("Who sits here")
        self._name = QLineEdit(me.name, self.card)
        self._name.setAccessibleName("Name")
        self._name.setMaxLength(80)
        self._department = ChoiceBox(self.card)
        self._department.setAccessibleName("Department")
        for department in services.directory.departments():
            self._department.addItem(department.name, department.id)
        self._department.setCurrentIndex(self._department.findData(me.department))
        body = QVBoxLayout()
        body.setContentsMargins(22, 4, 22, 16)
        body.setSpacing(5)
        body.addWidget(self._label("Name colleagues will see"))
        body.addWidget(self._name)
        body.addSpacing(9)
        body.addWidget(self._label("Department"))
        body.addWidget(self._department)
        self.column.addLayout(body)
        self._footer = self.add_footer("Save", keys="Ctrl ↵")

    def first_focus(self) -> QWidget:
        return self._name

    def submit(self) -> None:
        try:
            saved = self._services.directory.set_me(
                self._name.text(), self._department.currentData()
            )
        except SeamlineError as error:
            self._show_error(error)
            return
        self._bridge.ask("", saved, self._saved, self._show_error)

    def _saved(self, agent: Agent) -> None:
        self.saved.emit(agent)
        self.close()

    def _show_error(self, error: SeamlineError) -> None:
        self._footer.say(str(error), wrong=True)

    def _label(self, text: str) -> QLabel:
        label = QLabel(text, self.card)
        label.setProperty("role", "label")
        set_type(label, "small", 600)
        return label
