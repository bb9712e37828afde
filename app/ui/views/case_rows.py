"""The rows of the case list: a view with a virtual layout.

Every row has the same height, so nothing is laid out that is not seen: where a row stands is a
multiplication. It is a QListView for the sake of selection, keyboard and accessibility (Qt gives
screen readers the rows of that class alone); its layout is never asked.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from math import ceil
from typing import cast

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QToolTip, QWidget

from app.domain.ids import CaseId
from app.domain.views import CaseRow
from app.ui.delegates.case_delegate import CaseDelegate
from app.ui.frames import frames
from app.ui.models.case_list_model import CaseListModel
from app.ui.plain_tip import plain_tip
from app.ui.scroll_copying import choose_copying
from app.ui.theme import theme
from app.ui.views.overlay_bar import OverlayBar

AnyIndex = QModelIndex | QPersistentModelIndex
Move = QAbstractItemView.CursorAction

_ANEW = QItemSelectionModel.SelectionFlag.ClearAndSelect
_ASK_AHEAD_ROWS = 20
_PICTURES_KEPT = 40
_CLOCKS_MOVE_MS = 20_000
_AHEAD_AFTER_MS = 4
"""A frame is painted by then, and at 60 a second the next is not due yet."""


class CaseRowsView(QListView):
    """Shows a ``CaseListModel``.

    ``near_end``  the last rows are in sight and the model says there are more.
    ``opened``    Enter, or a double click: the agent wants to answer this case.
    ``menu_requested``  the right button, the menu key or Shift+F10: where on the screen (QPoint).

    Several rows are chosen with Shift and Ctrl. ``whole`` is a whole result, chosen with rows that
    are not loaded yet; the next choice of the agent ends it.
    """

    near_end = Signal()
    opened = Signal(QModelIndex)
    menu_requested = Signal(QPoint)

    def __init__(
        self, model: CaseListModel, delegate: CaseDelegate, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._rows = model
        self._painter_of_rows = delegate
        self._hovered = -1
        self._anchor = QPersistentModelIndex()
        self._extending = False
        self.whole: frozenset[CaseId] = frozenset()
        self._pictures: OrderedDict[tuple[object, ...], QPixmap] = OrderedDict()
        self.setModel(model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName("Conversations")
        self.doubleClicked.connect(self.opened)
        self._bar = OverlayBar(self)
        self._upwards = False
        self._ahead = QTimer(self, singleShot=True, interval=_AHEAD_AFTER_MS)
        self._ahead.timeout.connect(self._paint_ahead)
        self.verticalScrollBar().valueChanged.connect(self._look_ahead)
        model.rowsInserted.connect(self._rows_changed)
        model.rowsRemoved.connect(self._rows_changed)
        model.rowsMoved.connect(self._rows_changed)

    def choose_whole(self, cases: frozenset[CaseId]) -> None:
        """Choose these, loaded or not."""
        self.whole = cases
        self.selectionModel().select(self._span(0, self._rows.rowCount() - 1), _ANEW)
        self.viewport().update()

    def choose_one(self) -> None:
        """Only the row at hand is chosen."""
        self.whole = frozenset()
        self.selectionModel().select(self.currentIndex(), _ANEW)
        self._anchor = QPersistentModelIndex(self.currentIndex())
        self.viewport().update()

    def extend(self, by: int) -> None:
        """Choose from where the choice began to the row ``by`` further on."""
        last = self._rows.rowCount() - 1
        at = self.currentIndex().row()
        to = min(last, max(0, at + by))
        if at < 0 or to == at:
            return
        self.whole = frozenset()
        start = self._anchor.row() if self._anchor.isValid() else at
        index = self._rows.index(to)
        self._extending = True
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.selectionModel().select(self._span(start, to), _ANEW)
        self._extending = False
        self.scrollTo(index)

    def row_height(self) -> int:
        """Pixels; follows the size of the text."""
        return self._painter_of_rows.row_height

    def row_at(self, index: AnyIndex) -> CaseRow | None:
        return self._rows.row(index)

    # What QListView would answer from its layout -------------------------------------------------

    def visualRect(self, index: AnyIndex) -> QRect:
        if not index.isValid():
            return QRect()
        height = self._painter_of_rows.row_height
        top = index.row() * height - self.verticalOffset()
        return QRect(0, top, self.viewport().width(), height)

    def scrollTo(
        self,
        index: AnyIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        if not index.isValid():
            return
        rect = self.visualRect(index)
        bar = self.verticalScrollBar()
        height = self.viewport().height()
        if hint is QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(bar.value() + rect.center().y() - height // 2)
        elif rect.top() < 0 or hint is QAbstractItemView.ScrollHint.PositionAtTop:
            bar.setValue(bar.value() + rect.top())
        elif rect.bottom() >= height:
            bar.setValue(bar.value() + rect.bottom() - height + 1)

    def indexAt(self, point: QPoint) -> QModelIndex:
        row = (point.y() + self.verticalOffset()) // self._painter_of_rows.row_height
        return self._rows.index(row) if 0 <= row < self._rows.rowCount() else QModelIndex()

    def moveCursor(self, action: Move, modifiers: Qt.KeyboardModifier) -> QModelIndex:  # noqa: ARG002
        count = self._rows.rowCount()
        if count == 0:
            return QModelIndex()
        at = self.currentIndex().row()
        page = max(1, self.viewport().height() // self._painter_of_rows.row_height)
        steps = {
            Move.MoveDown: 1,
            Move.MoveNext: 1,
            Move.MoveUp: -1,
            Move.MovePrevious: -1,
            Move.MovePageDown: page,
            Move.MovePageUp: -page,
            Move.MoveHome: -count,
            Move.MoveEnd: count,
        }
        if at < 0:
            return self._rows.index(0)
        return self._rows.index(min(count - 1, max(0, at + steps.get(action, 0))))

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: AnyIndex) -> bool:  # noqa: ARG002
        return False

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Every row the rectangle touches; Qt spans it from where the choice began."""
        height, offset = self._painter_of_rows.row_height, self.verticalOffset()
        span = rect.normalized()
        first, last = (span.top() + offset) // height, (span.bottom() + offset) // height
        self.selectionModel().select(self._span(first, last), command)

    def _span(self, first: int, last: int) -> QItemSelection:
        first, last = min(first, last), max(first, last)
        last = min(last, self._rows.rowCount() - 1)
        if last < 0 or first > last:
            return QItemSelection()
        return QItemSelection(self._rows.index(max(0, first)), self._rows.index(last))

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        region = QRegion()
        for index in selection.indexes():
            region += self.visualRect(index)
        return region

    def updateGeometries(self) -> None:
        height = self._painter_of_rows.row_height
        bar = self.verticalScrollBar()
        bar.setSingleStep(height // 3)
        bar.setPageStep(self.viewport().height())
        bar.setRange(0, max(0, self._rows.rowCount() * height - self.viewport().height()))

    def doItemsLayout(self) -> None:
        """There is nothing to lay out; QListView would walk over every row."""
        QAbstractItemView.doItemsLayout(self)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move the pixels that stay; only what comes into sight is painted."""
        frames().begin()
        self._upwards = dy > 0
        self._ahead.start()
        self.viewport().scroll(dx, dy)

    # Painting -------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        height = self._painter_of_rows.row_height
        offset = self.verticalOffset()
        first = max(0, (event.rect().top() + offset) // height)
        last = min(self._rows.rowCount() - 1, (event.rect().bottom() + offset) // height)
        chosen = self._chosen_among(first - 1, last)
        for number in range(first, last + 1):
            picture = self._picture(number, **self._state(number, chosen))
            painter.drawPixmap(0, number * height - offset, picture)
        end = (last + 1) * height - offset
        rest = QRect(0, end, self.viewport().width(), max(0, self.viewport().height() - end))
        painter.fillRect(rest, theme().colour("surface"))
        painter.end()

    def _paint_ahead(self) -> None:
        """The row that comes into sight next, between two frames instead of in one."""
        height, offset = self._painter_of_rows.row_height, self.verticalOffset()
        ahead = offset // height - 1
        if not self._upwards:
            ahead = (offset + self.viewport().height() - 1) // height + 1
        if 0 <= ahead < self._rows.rowCount():
            frames().begin()
            self._picture(ahead, **self._state(ahead, self._chosen_among(ahead - 1, ahead)))

    def _chosen_among(self, first: int, last: int) -> set[int]:
        return {number for number in range(max(0, first), last + 1) if self._is_chosen(number)}

    def _state(self, number: int, chosen: set[int]) -> dict[str, bool]:
        """How a row is painted; ``chosen`` says of it and of the one above whether they are."""
        marked = {self._hovered, *chosen} & {number, number - 1}
        at_hand = number in chosen and number == self.currentIndex().row()
        return {
            "selected": number in chosen,
            "hovered": number == self._hovered,
            "focused": at_hand and self.hasFocus(),
            "rule": number > 0 and not marked,
        }

    def _picture(self, number: int, **state: bool) -> QPixmap:
        """The row painted with the surface beneath it. Painting one takes a millisecond, and a
        fling shows each for many frames."""
        row = self._rows.rows()[number]
        look = theme()
        width, height = self.viewport().width(), self._painter_of_rows.row_height
        dpr = self.devicePixelRatioF()
        minute = self._painter_of_rows.now_ms() // _CLOCKS_MOVE_MS
        key = (row, width, dpr, look.scheme, look.scale, minute, *state.values())
        picture = self._pictures.get(key)
        if picture is None:
            # Where a pixel is no whole number of dots, rows begin a dot sooner or later: no gap.
            picture = QPixmap(ceil(width * dpr), ceil(height * dpr))
            picture.setDevicePixelRatio(dpr)
            picture.fill(look.colour("surface"))
            painter = QPainter(picture)
            self._painter_of_rows.paint(painter, QRectF(0, 0, width, height), row, **state)
            painter.end()
            self._pictures[key] = picture
            if len(self._pictures) > _PICTURES_KEPT:
                self._pictures.popitem(last=False)
        else:
            self._pictures.move_to_end(key)
        return picture

    def _is_chosen(self, number: int) -> bool:
        if self.whole:
            return self._rows.rows()[number].case in self.whole
        return self.selectionModel().isSelected(self._rows.index(number))

    def dataChanged(
        self,
        top_left: AnyIndex,
        bottom_right: AnyIndex,
        roles: Sequence[int] = (),  # noqa: ARG002  (a row is one picture)
    ) -> None:
        area = self.visualRect(top_left).united(self.visualRect(bottom_right))
        self.viewport().update(area)

    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:
        super().currentChanged(current, previous)
        if not self._extending:
            self._anchor = QPersistentModelIndex(current)
        self._repaint_around(current)
        self._repaint_around(previous)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.viewport().update()

    def rowsAboutToBeRemoved(self, parent: AnyIndex, start: int, end: int) -> None:
        """The row at hand gives way to the next one; the last of all to the one before."""
        if start <= self.currentIndex().row() <= end:
            after = end + 1 if end + 1 < self._rows.rowCount() else start - 1
            model = self.selectionModel()
            stays = any(not start <= index.row() <= end for index in model.selectedIndexes())
            how = QItemSelectionModel.SelectionFlag.NoUpdate if stays else _ANEW
            model.setCurrentIndex(self._rows.index(after), how)
        super().rowsAboutToBeRemoved(parent, start, end)

    # Pointer and keys -----------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt would choose the first row where none is, and so take whoever reads what they have
        searched for away from it; the keyboard may come without."""
        QWidget.focusInEvent(self, event)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Beside the rows a press chooses nothing, and so gives up nothing."""
        if self.indexAt(event.position().toPoint()).isValid():
            if event.button() is not Qt.MouseButton.RightButton:
                self.whole = frozenset()
            super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By the keyboard it opens at the row at hand, wherever the pointer is."""
        at = event.globalPos()
        if event.reason() is not QContextMenuEvent.Reason.Mouse:
            self.scrollTo(self.currentIndex())
            row = self.visualRect(self.currentIndex())
            at = self.viewport().mapToGlobal(row.center())
        if self.currentIndex().isValid():
            self.menu_requested.emit(at)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.indexAt(event.position().toPoint()))
        event.accept()

    def event(self, event: QEvent) -> bool:
        choose_copying(self, event)
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(QModelIndex())
        elif event.type() == QEvent.Type.ToolTip:
            self._show_tip(cast("QHelpEvent", event))
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex())
            return
        several = self.whole or len(self.selectionModel().selectedIndexes()) > 1
        if event.key() == Qt.Key.Key_Escape and several and self.currentIndex().isValid():
            self.choose_one()
            return
        by = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if by is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.extend(by)
            return
        if by is not None:
            self.whole = frozenset()
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands of the window here, not a search for a name."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        QAbstractItemView.resizeEvent(self, event)
        self.updateGeometries()
        self._look_ahead()

    def _hover(self, index: QModelIndex) -> None:
        before, self._hovered = self._hovered, index.row()
        if before != self._hovered:
            self._repaint_around(self._rows.index(before))
            self._repaint_around(index)

    def _repaint_around(self, index: AnyIndex) -> None:
        """A row and the hairline of the one below."""
        if index.isValid():
            self.viewport().update(self.visualRect(index).adjusted(0, 0, 0, 1))

    def _show_tip(self, event: QHelpEvent) -> None:
        index = self.indexAt(event.pos())
        tip = index.data(Qt.ItemDataRole.ToolTipRole) if index.isValid() else ""
        QToolTip.showText(event.globalPos(), plain_tip(tip or ""), self.viewport())

    def _rows_changed(self) -> None:
        self.updateGeometries()
        self.viewport().update()
        self._look_ahead()

    def _look_ahead(self) -> None:
        height = self._painter_of_rows.row_height
        bottom = (self.verticalOffset() + self.viewport().height()) // height
        if self._rows.more and bottom >= self._rows.rowCount() - _ASK_AHEAD_ROWS:
            self.near_end.emit()
