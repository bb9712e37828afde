"""A thin scroll bar that lies over its view instead of taking room from it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar
from shiboken6 import isValid

from app.ui.theme.mirroring import right_to_left

_WIDTH = 11
_REST_MS = 900


class OverlayBar(QScrollBar):
    """Follows the view's own vertical bar, which is hidden; seen while the pointer is in the
    view or it scrolls."""

    def __init__(self, view: QAbstractScrollArea) -> None:
        super().__init__(Qt.Orientation.Vertical, view)
        self._view = view
        self._own = view.verticalScrollBar()
        view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._own.rangeChanged.connect(self._follow_range)
        self._own.valueChanged.connect(self._follow_value)
        self.valueChanged.connect(self._own.setValue)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._vanish)
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)
        self.hide()

    def _follow_range(self, low: int, high: int) -> None:
        if not isValid(self._own):  # a view that is being destroyed still says so
            return
        self.setRange(low, high)
        self.setPageStep(self._own.pageStep())
        self.setSingleStep(self._own.singleStep())
        if high <= low:
            self.hide()

    def _follow_value(self, value: int) -> None:
        self.setValue(value)
        self._appear()

    def _appear(self) -> None:
        if self.maximum() > self.minimum():
            self._place()
            self.show()
            self.raise_()
            self._rest.start()

    def _vanish(self) -> None:
        if self._view.underMouse() or self.isSliderDown():
            self._rest.start()
        else:
            self.hide()

    def _place(self) -> None:
        area = self._view.viewport().geometry()
        left = area.left() if right_to_left() else area.right() + 1 - _WIDTH
        self.setGeometry(left, area.top(), _WIDTH, area.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Enter:
            self._appear()
        elif event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)
