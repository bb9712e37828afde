"""Work that may wait until the screen shows what it waits for."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal

_DUE = QEvent.Type(QEvent.registerEventType())
_PRIORITY = Qt.EventPriority.LowEventPriority.value - 1
"""Below that of Qt’s own request to paint, which lies in the same queue."""


class AfterPainting(QObject):
    """``due`` once what is to be painted now has been painted; at the end of this turn of the
    event loop where that is nothing."""

    due = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._is_waiting = False

    def start(self) -> None:
        """Started again before it was due it is due once."""
        if not self._is_waiting:
            self._is_waiting = True
            QCoreApplication.postEvent(self, QEvent(_DUE), _PRIORITY)

    def stop(self) -> None:
        QCoreApplication.removePostedEvents(self, _DUE.value)
        self._is_waiting = False

    def event(self, event: QEvent) -> bool:
        if event.type() == _DUE:
            self._is_waiting = False
            self.due.emit()
            return True
        return super().event(event)
