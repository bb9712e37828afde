"""What every section of the settings is made of: rows, each a label, a control, a sentence.

To add a section: make a file ``settings_<name>.py`` with a subclass that gives ``title`` and
``icon``, adds its rows in ``build`` and hands every change to ``save``; then name the class in
``SECTIONS`` of ``settings.py``. Changes count at once and there is no Save, unless what is changed
means something only as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import SeamlineError
from app.ui.dialogs.attempt import attempt
from app.ui.dialogs.parts import announce, text_label

if TYPE_CHECKING:
    from app.services.services import Services
    from app.ui.bridge import UiBridge


class SettingsSection(QWidget):
    """One page of the settings sheet.

    ``title``  the word in the list of sections; ``icon``  the Lucide icon beside it.
    """

    title: ClassVar[str]
    icon: ClassVar[str]

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget) -> None:
        super().__init__(parent)
        self.services = services
        self._bridge = bridge
        self.setAccessibleName(self.title)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(22, 2, 22, 16)
        self._rows.setSpacing(20)
        self.build()
        self.wrong = text_label("", "small", colour="danger", parent=self)
        self.wrong.setWordWrap(True)
        self._rows.addWidget(self.wrong)
        self._rows.addStretch(1)

    def build(self) -> None:
        """Add the rows, showing what holds now."""
        raise NotImplementedError

    def settle(self) -> None:
        """The sheet closes: hand over what has not been saved yet."""

    def add_row(
        self, label: str, control: QWidget, sentence: str, *, value: QWidget | None = None
    ) -> None:
        """A row; ``value`` stands at the right end of the label's line."""
        row = QVBoxLayout()
        row.setSpacing(6)
        line = QHBoxLayout()
        line.addWidget(text_label(label, "body", weight=600, parent=self), 1)
        if value is not None:
            line.addWidget(value)
        row.addLayout(line)
        row.addWidget(control)
        said = text_label(sentence, "small", colour="text-3", parent=self)
        said.setWordWrap(True)
        row.addWidget(said)
        self._rows.addLayout(row)

    def save(self, change: Callable[[], Future[Any]]) -> None:
        """Make a change; when it fails, a sentence below the rows says so."""
        self._bridge.ask("", attempt(change), self._saved, self._failed)

    def _saved(self, _answer: object) -> None:
        self.wrong.setText("")

    def _failed(self, error: SeamlineError) -> None:
        self.wrong.setText(str(error))
        announce(self.wrong, str(error))
