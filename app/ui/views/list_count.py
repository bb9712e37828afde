"""The number beside the name of the list: of the whole queue, or how many of it are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QLabel

from app.domain.ids import CaseId
from app.ui.models.case_list_model import CaseListModel
from app.ui.models.queue_loader import QueueLoader
from app.ui.theme.formats import grouped

if TYPE_CHECKING:
    from app.ui.bridge import UiBridge

_TOPIC = "queue-narrowed"


class ListCount(QObject):
    """ "214", or "12 of 214" while a filter or conditions hold.

    What is loaded is counted where that is all of it; only a longer list is asked about, one
    question at a time.
    """

    def __init__(
        self, label: QLabel, loader: QueueLoader, model: CaseListModel, bridge: UiBridge
    ) -> None:
        super().__init__(label)
        self._label = label
        self._loader = loader
        self._model = model
        self._bridge = bridge
        self._total: int | None = None
        self._shown: int | None = None
        self._asking = self._again = False
        loader.loading.connect(self.forget)
        loader.loaded.connect(self.look)
        loader.refreshed.connect(self.look)

    def show_total(self, total: int | None) -> None:
        """How many the queue has; None where that is not known."""
        self._total = total
        self._write()

    @Slot()
    def forget(self) -> None:
        """Something else is shown from now on."""
        self._bridge.forget(_TOPIC)
        self._shown = None
        self._asking = self._again = False

    @Slot()
    def look(self) -> None:
        """Count again what is shown."""
        if not self._loader.is_filtered:
            self._shown = None
        elif not self._model.more:
            self._shown = self._model.rowCount()
        elif self._asking:
            self._again = True
        elif (future := self._loader.everything()) is not None:
            self._asking = True
            self._bridge.ask(_TOPIC, future, self._counted)
        self._write()

    def _counted(self, cases: tuple[CaseId, ...]) -> None:
        again, self._asking, self._again = self._again, False, False
        if self._loader.is_filtered:
            self._shown = len(cases)
            self._write()
        if again:
            self.look()

    def _write(self) -> None:
        total = "" if self._total is None else grouped(self._total)
        if self._shown is None or self._shown == self._total:
            self._label.setText(total)
        else:
            shown = grouped(self._shown)
            self._label.setText(f"{shown} of {total}" if total else shown)
