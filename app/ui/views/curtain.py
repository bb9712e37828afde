"""What is seen while a workspace opens and that takes longer than a moment."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme import theme
from app.ui.theme.brand import mark_pixmap

_MARK = 56


class Curtain(QWidget):
    """The mark and one line, in a window of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Seamline")
        self.resize(1440, 900)
        self.setAccessibleName("Opening the workspace")

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.colour("window"))
        middle = QPointF(self.width() / 2, self.height() / 2)
        at = middle - QPointF(_MARK / 2, _MARK)
        painter.drawPixmap(at, mark_pixmap(_MARK, self.devicePixelRatioF()))
        painter.setFont(look.font("body"))
        painter.setPen(look.colour("text-2"))
        line = QRectF(0, middle.y() + 18, self.width(), 24)
        painter.drawText(line, int(Qt.AlignmentFlag.AlignCenter), "Opening the workspace")
        painter.end()
