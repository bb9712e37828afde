"""The hint below an account that another department really answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.dialogs.parts import button, text_label
from app.ui.theme import mirroring

if TYPE_CHECKING:
    from app.services.directory import Directory
    from app.services.drifting import Drift

_INDENT = 38


class DriftLine(QWidget):
    """Shown while there is a drift. ``given`` (account, department) follows it, ``rested``
    (account) lets it be."""

    given = Signal(object, object)
    rested = Signal(object)

    def __init__(self, directory: Directory, parent: QWidget) -> None:
        super().__init__(parent)
        self._directory = directory
        self._drift: Drift | None = None
        line = QHBoxLayout(self)
        line.setContentsMargins(*mirroring.sides(_INDENT, 0, 0, 0))
        line.setSpacing(8)
        self.words = text_label("", "small", colour="text-2", parent=self)
        self.words.setWordWrap(True)
        line.addWidget(self.words, 1)
        self.give = button("", small=True, parent=self)
        self.give.clicked.connect(self._give)
        line.addWidget(self.give)
        self.rest = button("Not now", kind="quiet", small=True, parent=self)
        self.rest.setToolTip("Asks again in a month")
        self.rest.clicked.connect(self._rest)
        line.addWidget(self.rest)
        self.setVisible(False)

    def show_drift(self, drift: Drift | None) -> None:
        """None: the account is with whoever answers it."""
        self._drift = drift
        self.setVisible(drift is not None)
        if drift is not None:
            department = self._directory.department(drift.department)
            self.words.setText(
                f"{drift.share:.0%}".replace("%", " %")
                + f" of what came in here this month was work for {department.name}."
            )
            self.give.setText(f"Give it to {department.short}")

    @Slot()
    def _give(self) -> None:
        if self._drift is not None:
            self.given.emit(self._drift.account, self._drift.department)

    @Slot()
    def _rest(self) -> None:
        if self._drift is not None:
            self.rested.emit(self._drift.account)
