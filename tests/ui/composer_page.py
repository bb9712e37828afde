"""The composer as a person sees it, driven by the tests."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.replies import Draft
from app.ui.bridge import UiBridge
from app.ui.views.composer import Composer
from app.ui.views.composer_edit import GrowingEdit
from app.ui.views.composer_parts import Counter, Strip
from app.ui.views.composer_visibility import VisibilityPicker
from tests.ui.dialog_services import CASE, FakeServices
from tests.ui.driving import CONTROL, child, press, write


class Page:
    """The composer as a person sees it."""

    def __init__(self, qtbot: QtBot, services: FakeServices) -> None:
        self.qtbot = qtbot
        self.services = services
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.resize(620, 420)
        self.bridge = UiBridge(self.window)
        self.composer = Composer(services.real(), self.bridge, self.window)
        self.composer.resize(620, 300)
        self.window.show()

    def open(self, case: object = CASE) -> Page:
        self.composer.show_case(case)  # type: ignore[arg-type]  # a case or None
        self.qtbot.waitUntil(self.hint_names_customer)
        return self

    def hint_names_customer(self) -> bool:
        return "Marta" in self.edit.placeholderText() or "note" in self.edit.placeholderText()

    @property
    def edit(self) -> GrowingEdit:
        return child(self.composer, GrowingEdit)

    @property
    def counter(self) -> str:
        return child(self.composer, Counter).text()

    @property
    def picker(self) -> VisibilityPicker:
        return child(self.composer, VisibilityPicker)

    @property
    def strips(self) -> list[str]:
        """The sentences between the tabs and the text."""
        return [s.label.text() for s in self.composer.findChildren(Strip) if s.isVisible()]

    @property
    def send(self) -> QPushButton:
        return next(
            b for b in self.composer.findChildren(QPushButton) if b.property("kind") == "main"
        )

    def tool(self, name: str) -> QToolButton:
        return next(
            b for b in self.composer.findChildren(QToolButton) if b.accessibleName() == name
        )

    def field(self, name: str) -> QLineEdit:
        return next(f for f in self.composer.findChildren(QLineEdit) if f.accessibleName() == name)

    def type(self, text: str) -> None:
        self.edit.setFocus()
        write(self.edit, text)

    def press_send(self) -> None:
        press(Qt.Key.Key_Return, CONTROL, self.edit)

    def sent_draft(self) -> Draft:
        ((_case, draft),) = self.services.replies.asked("reply")
        assert isinstance(draft, Draft)
        return draft
