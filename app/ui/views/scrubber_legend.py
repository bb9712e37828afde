"""The head of the scrubber: a circle for service, a diamond for marketing."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.ui.theme import painting, theme

HEIGHT = 40
_MIDDLE = 14
_TIP = "Service on the left, marketing on the right. Press to choose what the timeline shows"


class Legend(QAbstractButton):
    """Names the two sides; a side that is not shown is drawn in grey."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._dims_service = self._dims_marketing = False
        self.setAccessibleName("What the timeline shows")
        self.setToolTip(_TIP)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def dim(self, *, service: bool, marketing: bool) -> None:
        self._dims_service, self._dims_marketing = service, marketing
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - small
        look = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(4, 2, self.width() - 8, 2 * (_MIDDLE - 2))
        if self.underMouse() or self.isDown():
            ground = "pressed" if self.isDown() else "hover"
            painting.fill_rounded(painter, box, 6, look.colour(ground))
        if self.hasFocus():
            painting.draw_focus_ring(painter, box, 6)
        middle = self.width() / 2
        painter.setBrush(Qt.BrushStyle.NoBrush)
        service = "line-strong" if self._dims_service else "service"
        painter.setPen(QPen(look.colour(service), 1.6))
        painter.drawEllipse(QPointF(middle - 9, _MIDDLE), 4, 4)
        marketing = "line-strong" if self._dims_marketing else "marketing"
        painter.setPen(QPen(look.colour(marketing), 1.6))
        painter.translate(middle + 9.1, _MIDDLE)
        painter.rotate(45)
        painter.drawRoundedRect(QRectF(-3.5, -3.5, 7, 7), 1.6, 1.6)
        painter.end()
