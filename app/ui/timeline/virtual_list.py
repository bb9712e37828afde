"""A list that lays out only what is in sight, and keeps the reader's place.

It is a QListView so that Qt sees a list: the screen reader, the selection and the current item
work as in any other. Qt's own layout is switched off, because it lays out every row there is
(two seconds for a million); here a row's height is a guess until it comes into sight.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from app.ui.frames import frames
from app.ui.scroll_copying import choose_copying
from app.ui.timeline.heights import HeightIndex

Index = QModelIndex | QPersistentModelIndex
Hint = QAbstractItemView.ScrollHint
Cursor = QAbstractItemView.CursorAction

BOTTOM: Final = 10
"""Air under the last row."""
STEP: Final = 40
_OLDER_SCREENS = 2
"""Older rows are asked for when fewer screens than this are left above."""
_SETTLING = 8
"""Passes until what is in sight agrees with itself; two are usual."""


class VirtualList(QListView):
    """Rows of any height, the newest at the bottom. Who derives from it paints.

    The *anchor* is the first row that begins in sight. Whatever comes, goes or turns out higher
    than guessed above it moves the scroll position, never the anchor. A list at its end stays
    there when rows are added.
    """

    older_wanted = Signal()
    """The reader nears the top."""
    scrolled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heights = HeightIndex()
        self._adjusting = False
        self._at_end = True
        self._anchor = 0
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)

    # What a list of this kind has to tell

    def measure(self, row: int) -> tuple[int, bool]:
        """The true height of a row in pixels, and whether it had to be laid out anew."""
        raise NotImplementedError

    def guesses(self, rows: range) -> list[int]:
        """The heights of these rows, made without laying them out."""
        raise NotImplementedError

    def came_into_sight(self, row: int) -> None:
        """Called for every row in sight whenever the list settles."""

    # Where things are

    @property
    def is_at_end(self) -> bool:
        return self._at_end

    @property
    def view_height(self) -> int:
        return self.viewport().height()

    @property
    def lift(self) -> int:
        """How far a short list stands below the top: it grows from the bottom."""
        return max(0, self.view_height - BOTTOM - self._heights.total)

    def y_of(self, row: int) -> int:
        """Where a row begins in the viewport."""
        return self._heights.top(row) - self.verticalScrollBar().value() + self.lift

    def first_visible(self) -> int:
        """The row at the upper edge; -1 without rows."""
        return self._heights.row_at(self.verticalScrollBar().value())

    def last_visible(self) -> int:
        return self._heights.row_at(self.verticalScrollBar().value() + self.view_height - 1)

    def go_to(self, row: int, *, at_top: bool = False) -> None:
        """Make a row the current one and bring it into sight."""
        index = self.model().index(row, 0)
        self.setCurrentIndex(index)
        self.scrollTo(index, Hint.PositionAtTop if at_top else Hint.EnsureVisible)

    def to_end(self) -> None:
        if not self._at_end:
            self._at_end = True
            self.settle()
            self.viewport().update()
        self._tell_scrolled()

    def place(self) -> tuple[int, int]:
        """The anchor row and where it stands in the viewport, in pixels."""
        return self._place()

    def put(self, row: int, y: int) -> None:
        """Scroll so that a row stands there."""
        self._at_end = False
        self._return_to(row, y)
        self._tell_scrolled()

    # Laying out

    def settle(self) -> None:
        """Lay out what is in sight, with the anchor where the reader has it."""
        bar = self.verticalScrollBar()
        value = bar.value()
        if self._at_end:
            self._measure_last()
        for _ in range(_SETTLING):
            if self._at_end:
                value = self._last_value
            before, value = value, self._measure_visible(max(0, value))
            if value == before and not (self._at_end and value < self._last_value):
                break
        self._scroll_silently(value)
        self._note_place()

    def doubt(self, row: int) -> None:
        """A row may have another height now."""
        if 0 <= row < len(self._heights):
            self._heights.doubt(row)

    def doubt_all(self) -> None:
        self._heights.doubt_all()
        self.settle()
        self.viewport().update()

    @property
    def _last_value(self) -> int:
        return max(0, self._heights.total + BOTTOM - self.view_height)

    def _scroll_silently(self, value: int) -> None:
        bar = self.verticalScrollBar()
        self._adjusting = True
        bar.setRange(0, self._last_value)
        bar.setPageStep(self.view_height)
        bar.setSingleStep(STEP)
        bar.setValue(value)
        self._adjusting = False

    def _measure_last(self) -> None:
        """The rows that fill the pane from its lower edge up, and no row more: what begins above
        them was only guessed to be in sight."""
        room = self.view_height - BOTTOM
        row = len(self._heights) - 1
        while row >= 0 and room > 0:
            height, fresh = self.measure(row)
            if fresh or not self._heights.is_known(row):
                self._heights.settle(row, height)
            room -= height
            row -= 1

    def _measure_visible(self, value: int) -> int:
        """One pass over the rows in sight from ``value``; returns where that has moved to."""
        row = self._heights.row_at(value)
        if row < 0:
            return 0
        y = self._heights.top(row)
        while row < len(self._heights) and y < value + self.view_height:
            height, fresh = self.measure(row)
            if fresh or not self._heights.is_known(row):
                grown = self._heights.settle(row, height)
                if row < self._anchor:
                    value += grown
            self.came_into_sight(row)
            y += height
            row += 1
        return value

    def _note_place(self) -> None:
        bar = self.verticalScrollBar()
        self._at_end = bar.value() >= bar.maximum()
        self._anchor = max(0, self._heights.row_at(bar.value()))
        begins_above = self._heights.top(self._anchor) < bar.value()
        if begins_above and self._anchor + 1 < len(self._heights):
            self._anchor += 1

    def _place(self) -> tuple[int, int]:
        """The anchor row and where it stands in the viewport."""
        if not len(self._heights):
            return 0, 0
        return self._anchor, self._heights.top(self._anchor) - self.verticalScrollBar().value()

    def _return_to(self, row: int, y: int) -> None:
        """Put a row back where it stood before others came or went."""
        if not self._at_end and len(self._heights):
            self._anchor = min(row, len(self._heights) - 1)
            self._scroll_silently(self._heights.top(self._anchor) - y)
        self.settle()
        self.viewport().update()

    # What Qt's list asks of its layout

    def setModel(self, model: QAbstractItemModel | None) -> None:
        before = self.model()
        if before is not None:
            before.rowsRemoved.disconnect(self._rows_removed)
        super().setModel(model)
        if model is not None:
            model.rowsRemoved.connect(self._rows_removed)
        self.reset()

    def reset(self) -> None:
        super().reset()
        self._heights.clear()
        count = self.model().rowCount() if self.model() is not None else 0
        self._heights.insert(0, self.guesses(range(count)))
        self._at_end = True
        self._anchor = max(0, count - 1)
        self.settle()
        self.viewport().update()

    def doItemsLayout(self) -> None:
        """Nothing: rows are laid out when they come into sight."""

    def updateGeometries(self) -> None:
        """Nothing: the scroll range follows from the heights."""

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:  # noqa: ARG002 - Qt's
        row, y = self._place()
        self._heights.insert(start, self.guesses(range(start, end + 1)))
        self.doubt(end + 1)
        self._return_to(row + end - start + 1 if start <= row else row, y)

    def rowsAboutToBeRemoved(self, parent: Index, start: int, end: int) -> None:
        # Past QListView, whose own bookkeeping is of the layout that is switched off.
        QAbstractItemView.rowsAboutToBeRemoved(self, parent, start, end)

    def _rows_removed(self, _parent: QModelIndex, start: int, end: int) -> None:
        row, y = self._place()
        self._heights.remove(start, end - start + 1)
        self.doubt(start)
        if row > end:
            row -= end - start + 1
        self._return_to(min(row, start) if start <= row <= end else row, y)

    def dataChanged(self, first: Index, last: Index, roles: object = ()) -> None:  # noqa: ARG002
        for row in range(first.row(), last.row() + 2):
            self.doubt(row)
        self.settle()
        self.viewport().update()

    def visualRect(self, index: Index) -> QRect:
        row = index.row()
        if not 0 <= row < len(self._heights):
            return QRect()
        return QRect(0, self.y_of(row), self.viewport().width(), self._heights.height(row))

    def indexAt(self, point: QPoint) -> QModelIndex:
        y = point.y() + self.verticalOffset()
        if not 0 <= y < self._heights.total:
            return QModelIndex()
        return self.model().index(self._heights.row_at(y), 0)

    def scrollTo(self, index: Index, hint: Hint = Hint.EnsureVisible) -> None:
        row = index.row()
        if not 0 <= row < len(self._heights):
            return
        bar = self.verticalScrollBar()
        for _ in range(4):  # what comes into sight may turn out to push this row elsewhere
            wanted = max(0, min(self._value_for(row, hint), self._last_value))
            if wanted == bar.value() and self._heights.is_known(row):
                break
            self._anchor = row
            self._at_end = wanted >= self._last_value
            self._scroll_silently(wanted)
            self.settle()
        self.viewport().update()
        self._tell_scrolled()

    def _value_for(self, row: int, hint: Hint) -> int:
        """Where to scroll for this row; where it is already, when that will do."""
        value = self.verticalScrollBar().value()
        top = self._heights.top(row)
        bottom = top + self._heights.height(row)
        if hint is Hint.PositionAtCenter:
            return (top + bottom - self.view_height) // 2
        if hint is Hint.PositionAtTop or top < value or bottom - top > self.view_height:
            return top
        return max(value, bottom + BOTTOM - self.view_height)

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value() - self.lift

    def isIndexHidden(self, index: Index) -> bool:  # noqa: ARG002 - Qt's name
        return False

    def setSelection(self, rect: QRect, flags: QItemSelectionModel.SelectionFlag) -> None:
        self.selectionModel().select(self.indexAt(rect.center()), flags)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        region = QRegion()
        for index in selection.indexes():
            region += self.visualRect(index)
        return region

    def moveCursor(self, action: Cursor, modifiers: Qt.KeyboardModifier) -> QModelIndex:  # noqa: ARG002
        count = len(self._heights)
        current = self.currentIndex().row()
        if current < 0 or not count:
            return self.model().index(self.last_visible(), 0)
        match action:
            case Cursor.MoveUp | Cursor.MovePrevious | Cursor.MoveLeft:
                row = current - 1
            case Cursor.MoveDown | Cursor.MoveNext | Cursor.MoveRight:
                row = current + 1
            case Cursor.MovePageUp:
                row = min(current - 1, self._page_from(current, -1))
            case Cursor.MovePageDown:
                row = max(current + 1, self._page_from(current, 1))
            case Cursor.MoveHome:
                row = 0
            case _:
                row = count - 1
        return self.model().index(max(0, min(row, count - 1)), 0)

    def _page_from(self, row: int, pages: int) -> int:
        return self._heights.row_at(self._heights.top(row) + pages * (self.view_height - STEP))

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: ARG002 - Qt's name
        if self._adjusting:
            return
        frames().begin()
        bar = self.verticalScrollBar()
        far = abs(dy) >= self.view_height
        self._at_end = bar.value() >= bar.maximum()
        if far:
            self._anchor = max(0, self._heights.row_at(bar.value()))
        self.settle()
        if self._at_end or far:
            self.viewport().update()
        else:
            # Copies what is painted already; only the strip that came into sight is new.
            self.viewport().scroll(0, dy)
        self._tell_scrolled()

    def _tell_scrolled(self) -> None:
        self.scrolled.emit()
        if self.verticalScrollBar().value() < _OLDER_SCREENS * self.view_height:
            self.older_wanted.emit()

    def event(self, event: QEvent) -> bool:
        choose_copying(self, event)
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        row, y = self._place()
        if event.size().width() != event.oldSize().width():
            self._heights.doubt_all()
        self._return_to(row, y)
        self._tell_scrolled()
