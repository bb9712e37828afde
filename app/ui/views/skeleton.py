"""Where rows will stand: grey shapes, shown only when reading takes longer than one notices."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme import painting, theme

_LINES = ((0.42, 0), (0.92, 22), (0.66, 39))
"""How wide a line of text is drawn, and how far below the first."""


class RowsSkeleton(QWidget):
    """Stands still: what moves asks to be looked at."""

    def __init__(self, row_height: Callable[[], int], parent: QWidget) -> None:
        super().__init__(parent)
        self._row_height = row_height
        self.setAccessibleName("Reading the list")

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.colour("surface"))
        grey = look.colour("hover")
        height = self._row_height()
        for top in range(0, self.height(), height):
            painting.fill_rounded(painter, QRectF(20, top + look.scaled(10), 36, 36), 18, grey)
            room = self.width() - 67 - 16
            for share, below in _LINES:
                line = QRectF(67, top + look.scaled(14 + below), room * share, look.scaled(9))
                painting.fill_rounded(painter, line, 4, grey)
        painter.end()
