"""A layout that breaks into lines, like words."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from app.ui.theme import mirroring


class FlowLayout(QLayout):
    """Items at the size they ask for, as many on a line as fit, ``gap`` pixels apart."""

    def __init__(self, parent: QWidget, gap: int) -> None:
        super().__init__(parent)
        self._gap = gap
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), really=False)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        margins = self.contentsMargins()
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, really=True)

    def _place(self, rect: QRect, *, really: bool) -> int:
        """Lay out in the width of ``rect``; returns the height that takes."""
        margins = self.contentsMargins()
        area = rect.marginsRemoved(margins)
        left, top, line = area.left(), area.top(), 0
        for item in self._items:
            size = item.sizeHint().boundedTo(QSize(area.width(), 1 << 20))
            if left + size.width() > area.right() + 1 and line:
                left, top, line = area.left(), top + line + self._gap, 0
            if really:
                place = QRectF(QRect(QPoint(left, top), size))
                edges = (rect.left(), rect.left() + rect.width())
                item.setGeometry(mirroring.mirrored_rect(place, *edges).toRect())
            left += size.width() + self._gap
            line = max(line, size.height())
        return top + line - rect.top() + margins.bottom()
