"""A slider drawn in the theme: arrows move by one, Page keys by five, Home and End to the ends."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSlider, QWidget

from app.ui.dialogs.parts import draw_focus
from app.ui.theme import mirroring, painting, theme

_KNOB = 16.0
_GROOVE = 4.0
_PAGE = 5


class Slider(QSlider):
    """Horizontal; a click takes it to where the pointer is."""

    def __init__(self, lowest: int, highest: int, *, name: str, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(lowest, highest)
        self.setPageStep(_PAGE)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        return QSize(200, 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 24)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = theme()
        mirroring.mirror(painter, QRectF(self.rect()))
        middle, at = self.height() / 2, self._knob_x()
        groove = QRectF(0, middle - _GROOVE / 2, self.width(), _GROOVE)
        painting.fill_rounded(painter, groove, _GROOVE / 2, look.colour("line-field"))
        groove.setRight(at)
        painting.fill_rounded(painter, groove, _GROOVE / 2, look.colour("accent"))
        knob = QRectF(at - _KNOB / 2, middle - _KNOB / 2, _KNOB, _KNOB)
        painter.setPen(QPen(look.colour("accent"), 2))
        painter.setBrush(look.colour("raised"))
        painter.drawEllipse(knob.adjusted(2, 2, -2, -2))
        if self.hasFocus():
            draw_focus(painter, knob.adjusted(-3, -3, 3, 3), _KNOB / 2 + 3)

    def _knob_x(self) -> float:
        share = (self.value() - self.minimum()) / max(1, self.maximum() - self.minimum())
        room = self._margin()
        return room + share * (self.width() - 2 * room)

    def _follow(self, event: QMouseEvent) -> None:
        at: QPointF = event.position()
        room = self._margin()
        x = mirroring.mirrored_x(at.x(), 0, self.width())
        share = (x - room) / max(1.0, self.width() - 2 * room)
        span = self.maximum() - self.minimum()
        self.setValue(self.minimum() + round(share * span))

    @staticmethod
    def _margin() -> float:
        """Half the knob and its ring stay inside at either end."""
        return _KNOB / 2 + 3
