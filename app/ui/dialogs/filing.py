"""A small sheet that answers what a department asked for with a template, made right there."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.requests import Request
from app.domain.templates import TemplateVersion
from app.ui.dialogs.asking import Words, WordsSheet
from app.ui.dialogs.attempt import attempt
from app.ui.dialogs.parts import field_label

if TYPE_CHECKING:
    from app.services.services import Services
    from app.ui.bridge import UiBridge

_LONGEST = 60
_WORDS = Words(
    "File as template",
    "Text",
    "What a reply says; {customer} stands for the customer’s first name",
    "File and answer",
    "Everybody can use it in a reply.",
)


class FilingSheet(WordsSheet):
    """Asks for a name and the wording; ``handed_on`` carries the event of the answer."""

    def __init__(
        self, services: Services, bridge: UiBridge, parent: QWidget, request: Request, text: str
    ) -> None:
        self._services = services
        self._request = request
        self._filed: TemplateVersion | None = None
        super().__init__(bridge, parent, _WORDS, self._file, text=text)

    def build(self) -> None:
        self.body.addWidget(field_label("Name", parent=self.card))
        self.name = QLineEdit(" ".join(self._request.text.split())[:_LONGEST], self.card)
        self.name.setAccessibleName("Name of the template")
        self.body.addWidget(self.name)
        self.body.addSpacing(12)

    def _file(self, text: str) -> Future[TemplateVersion]:
        """Tried again after the answer was refused, it is the next version of the same one."""
        from app.services.templates import Wording

        filed = self._filed.id if self._filed is not None else None
        return self._services.templates.save(Wording(self.name.text(), text), template=filed)

    @Slot(object)
    def _on_done(self, answer: object) -> None:
        assert isinstance(answer, TemplateVersion)
        self._filed, asked = answer, self._request.event
        answered = attempt(
            lambda: self._services.requests.answer_content(asked, template=answer.use)
        )
        self._bridge.ask("", answered, super()._on_done, self._on_refused)
