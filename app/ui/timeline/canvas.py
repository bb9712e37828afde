"""The list itself: which rows are in sight, where they stand, and keeping the reader's place.

It is a QListView so that Qt sees a list: the screen reader, the selection and the current item
work as in any other. Qt's own layout is switched off, because it lays out every row there is;
here a row is laid out when it comes into sight, and its height is a guess until then.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QToolTip, QWidget

from app.ui.models.timeline_model import TimelineModel
from app.ui.theme import painting, theme, theme_manager
from app.ui.timeline import blank
from app.ui.timeline.drawing import Action, RowLayout, Spot
from app.ui.timeline.entries import Shape
from app.ui.timeline.frame import THREAD_X, Frame
from app.ui.timeline.heights import HeightIndex
from app.ui.timeline.layouts import RowLayouts, ticks
from app.ui.timeline.names import Names
from app.ui.timeline.rows import estimate
from app.ui.timeline.thread import Thread

Index = QModelIndex | QPersistentModelIndex
Hint = QAbstractItemView.ScrollHint
Cursor = QAbstractItemView.CursorAction

_BOTTOM = 10
"""Air under the newest row."""
_TICK_MS = 250
_STEP = 40
_OLDER_SCREENS = 2
"""Older rows are asked for when fewer screens than this are left above."""


class Content(Enum):
    """What there is to paint."""

    NOTHING = auto()
    LOADING = auto()
    EMPTY = auto()
    ROWS = auto()


class TimelineCanvas(QListView):
    """Paints a ``TimelineModel`` on its thread."""

    spot_triggered = Signal(str, object)
    """key of the row, the Spot: a button or a link in a row was clicked"""
    menu_requested = Signal(str, QPoint)
    """key of the row, where on the screen"""
    older_wanted = Signal()
    scrolled = Signal()

    def __init__(
        self, model: TimelineModel, now_ms: Callable[[], int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._rows = model
        self._now_ms = now_ms
        self._heights = HeightIndex()
        self._layouts = RowLayouts(now_ms)
        self._thread = Thread()
        self._begins = False
        self._content = Content.NOTHING
        self._adjusting = False
        self._at_end = True
        self._anchor = 0
        self._hover: tuple[str, Spot] | None = None
        self._ticker = QTimer(self)
        self._ticker.setInterval(_TICK_MS)
        self._ticker.timeout.connect(self._tick)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Timeline")
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setModel(model)
        model.rowsRemoved.connect(self._rows_removed)
        theme_manager().changed.connect(self._restyle)

    # What the view around it says

    def set_names(self, names: Names) -> None:
        self._layouts.names = names
        self._forget_layouts()

    def set_thread(self, thread: Thread, *, begins: bool) -> None:
        """Whose thread it is, and whether the first row is the first there ever was."""
        self._thread = thread
        self._begins = begins
        self.viewport().update()

    def set_content(self, content: Content) -> None:
        self._content = content
        self.viewport().update()

    @property
    def content(self) -> Content:
        return self._content

    @property
    def is_at_end(self) -> bool:
        return self._at_end

    def unfold(self, key: str) -> None:
        """Show what is under a content warning, or hide it again."""
        self._layouts.unfolded ^= {key}
        row = self._rows.row_of(key)
        if row >= 0:
            self._heights.doubt(row)
            self._settle()
            self.viewport().update()

    def go_to(self, row: int, *, at_top: bool = False) -> None:
        """Make a row the current one and bring it into sight."""
        index = self._rows.index(row)
        self.setCurrentIndex(index)
        self.scrollTo(index, Hint.PositionAtTop if at_top else Hint.EnsureVisible)

    def to_end(self) -> None:
        self._at_end = True
        self._settle()
        self.viewport().update()

    def first_visible(self) -> int:
        """The first row whose beginning or body is in sight; -1 without rows."""
        return self._heights.row_at(self.verticalScrollBar().value())

    def last_visible(self) -> int:
        return self._heights.row_at(self.verticalScrollBar().value() + self._view_height - 1)

    def layout_of(self, row: int) -> RowLayout:
        """The layout of a row as it is painted now."""
        return self._laid_out(row)[0]

    # Geometry

    @property
    def _view_height(self) -> int:
        return self.viewport().height()

    @property
    def _lift(self) -> int:
        """How far a short timeline stands below the top: it begins at the composer."""
        return max(0, self._view_height - _BOTTOM - self._heights.total)

    def _y_of(self, row: int) -> int:
        """Where a row begins in the viewport."""
        return self._heights.top(row) - self.verticalScrollBar().value() + self._lift

    def _laid_out(self, row: int) -> tuple[RowLayout, bool]:
        before = self._rows.entry(row - 1) if row else None
        return self._layouts.get(self._rows.entry(row), before, self.viewport().width())

    def _frame(self) -> Frame:
        return Frame(self._layouts.names, self.viewport().width(), self._now_ms())

    def _settle(self) -> None:
        """Lay out what is in sight, keeping the anchor row where the reader has it.

        Rows above the anchor that turn out higher or lower than guessed push the scroll
        position, not the text being read.
        """
        bar = self.verticalScrollBar()
        value = bar.value()
        height = self._view_height
        for _ in range(8):
            if self._at_end:
                value = self._heights.total + _BOTTOM - height
            before, value = value, self._lay_out_visible(max(0, value))
            if value == before and not (
                self._at_end and value < self._heights.total + _BOTTOM - height
            ):
                break
        self._adjusting = True
        bar.setRange(0, max(0, self._heights.total + _BOTTOM - height))
        bar.setPageStep(height)
        bar.setSingleStep(_STEP)
        bar.setValue(max(0, value))
        self._adjusting = False
        self._note_place()

    def _lay_out_visible(self, value: int) -> int:
        """One pass over the rows in sight from ``value``; returns where that moved to."""
        row = self._heights.row_at(value)
        if row < 0:
            return 0
        y = self._heights.top(row)
        ticking = False
        while row < len(self._heights) and y < value + self._view_height:
            layout, fresh = self._laid_out(row)
            if fresh or not self._heights.is_known(row):
                grown = self._heights.settle(row, layout.height)
                if row < self._anchor:
                    value += grown
            ticking = ticking or ticks(self._rows.entry(row), self._now_ms()) > 0
            y += layout.height
            row += 1
        if ticking and not self._ticker.isActive():
            self._ticker.start()
        return value

    def _note_place(self) -> None:
        bar = self.verticalScrollBar()
        self._at_end = bar.value() >= bar.maximum()
        self._anchor = max(0, self._heights.row_at(bar.value()))
        if self._heights.top(self._anchor) < bar.value() and self._anchor + 1 < len(self._heights):
            self._anchor += 1

    def _place(self) -> tuple[int, int]:
        """The anchor row and where it stands in the viewport."""
        return self._anchor, self._heights.top(self._anchor) - self.verticalScrollBar().value()

    def _return_to(self, row: int, y: int) -> None:
        """Put a row back where it stood before rows came or went."""
        if not self._at_end and len(self._heights):
            bar = self.verticalScrollBar()
            self._anchor = min(row, len(self._heights) - 1)
            self._adjusting = True
            bar.setMaximum(max(0, self._heights.total + _BOTTOM - self._view_height))
            bar.setValue(self._heights.top(self._anchor) - y)
            self._adjusting = False
        self._settle()
        self.viewport().update()

    def _forget_layouts(self) -> None:
        self._layouts.clear()
        self._heights.doubt_all()
        self._settle()
        self.viewport().update()

    def _restyle(self) -> None:
        self._forget_layouts()

    # What Qt's list asks of its layout

    def setModel(self, model: QAbstractItemModel | None) -> None:  # noqa: N802 - Qt's name
        super().setModel(model)
        self.reset()

    def reset(self) -> None:
        super().reset()
        self._heights.clear()
        self._layouts.clear()
        self._layouts.unfolded.clear()
        frame = self._frame()
        self._heights.insert(0, [estimate(entry, frame) for entry in self._rows.entries])
        self._at_end = True
        self._anchor = max(0, len(self._heights) - 1)
        self._settle()
        self.viewport().update()

    def doItemsLayout(self) -> None:  # noqa: N802 - Qt's name
        """Nothing: rows are laid out when they come into sight."""

    def updateGeometries(self) -> None:  # noqa: N802 - Qt's name
        """Nothing: the scroll range follows from the heights."""

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:  # noqa: N802, ARG002 - Qt's
        row, y = self._place() if len(self._heights) else (0, 0)
        frame = self._frame()
        fresh = [estimate(self._rows.entry(r), frame) for r in range(start, end + 1)]
        self._heights.insert(start, fresh)
        if end + 1 < len(self._heights):
            self._heights.doubt(end + 1)  # it may no longer begin a day
        self._return_to(row + len(fresh) if start <= row else row, y)

    def rowsAboutToBeRemoved(self, parent: Index, start: int, end: int) -> None:  # noqa: N802
        QAbstractItemView.rowsAboutToBeRemoved(self, parent, start, end)

    def _rows_removed(self, _parent: QModelIndex, start: int, end: int) -> None:
        row, y = self._place()
        self._heights.remove(start, end - start + 1)
        if start < len(self._heights):
            self._heights.doubt(start)
        if row > end:
            row -= end - start + 1
        elif row >= start:
            row = start
        self._return_to(row, y)

    def dataChanged(self, first: Index, last: Index, roles: object = ()) -> None:  # noqa: N802, ARG002
        for row in range(first.row(), min(last.row() + 2, len(self._heights))):
            self._heights.doubt(row)
        self._settle()
        self.viewport().update()

    def visualRect(self, index: Index) -> QRect:  # noqa: N802 - Qt's name
        if not index.isValid() or index.row() >= len(self._heights):
            return QRect()
        row = index.row()
        return QRect(0, self._y_of(row), self.viewport().width(), self._heights.height(row))

    def indexAt(self, point: QPoint) -> QModelIndex:  # noqa: N802 - Qt's name
        y = point.y() + self.verticalScrollBar().value() - self._lift
        if not 0 <= y < self._heights.total:
            return QModelIndex()
        return self._rows.index(self._heights.row_at(y))

    def scrollTo(self, index: Index, hint: Hint = Hint.EnsureVisible) -> None:  # noqa: N802
        if not index.isValid() or index.row() >= len(self._heights):
            return
        bar = self.verticalScrollBar()
        for _ in range(4):  # the rows that come into sight may change where this one stands
            top = self._heights.top(index.row())
            bottom = top + self._heights.height(index.row())
            value = bar.value()
            if hint is Hint.PositionAtTop:
                wanted = top
            elif hint is Hint.PositionAtCenter:
                wanted = (top + bottom - self._view_height) // 2
            elif top < value or bottom - top > self._view_height:
                wanted = top
            elif bottom + _BOTTOM > value + self._view_height:
                wanted = bottom + _BOTTOM - self._view_height
            else:
                wanted = value
            wanted = max(0, min(wanted, bar.maximum()))
            if wanted == value and self._heights.is_known(index.row()):
                break
            self._anchor = index.row()
            self._at_end = wanted >= bar.maximum()
            self._adjusting = True
            bar.setValue(wanted)
            self._adjusting = False
            self._settle()
        self.viewport().update()
        self._tell_scrolled()

    def horizontalOffset(self) -> int:  # noqa: N802 - Qt's name
        return 0

    def verticalOffset(self) -> int:  # noqa: N802 - Qt's name
        return self.verticalScrollBar().value() - self._lift

    def isIndexHidden(self, index: Index) -> bool:  # noqa: N802, ARG002 - Qt's name
        return False

    def setSelection(self, rect: QRect, flags: QItemSelectionModel.SelectionFlag) -> None:  # noqa: N802
        self.selectionModel().select(self.indexAt(rect.center()), flags)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: N802
        region = QRegion()
        for index in selection.indexes():
            region += self.visualRect(index)
        return region

    def moveCursor(self, action: Cursor, modifiers: Qt.KeyboardModifier) -> QModelIndex:  # noqa: N802, ARG002
        count = len(self._heights)
        if not count:
            return QModelIndex()
        current = self.currentIndex().row()
        if current < 0:
            return self._rows.index(max(0, self.last_visible()))
        top = self._heights.top(current)
        match action:
            case Cursor.MoveUp | Cursor.MovePrevious | Cursor.MoveLeft:
                row = current - 1
            case Cursor.MoveDown | Cursor.MoveNext | Cursor.MoveRight:
                row = current + 1
            case Cursor.MovePageUp:
                row = min(current - 1, self._heights.row_at(top - self._view_height + _STEP))
            case Cursor.MovePageDown:
                row = max(current + 1, self._heights.row_at(top + self._view_height - _STEP))
            case Cursor.MoveHome:
                row = 0
            case _:
                row = count - 1
        return self._rows.index(max(0, min(row, count - 1)))

    # Events

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802, ARG002 - Qt's name
        if self._adjusting:
            return
        bar = self.verticalScrollBar()
        self._at_end = bar.value() >= bar.maximum()
        total = self._heights.total
        if abs(dy) >= self._view_height:
            self._anchor = max(0, self._heights.row_at(bar.value()))
        self._settle()
        if self._at_end or (total != self._heights.total and abs(dy) >= self._view_height):
            self.viewport().update()
        else:
            self.viewport().scroll(0, dy)
        self._tell_scrolled()

    def _tell_scrolled(self) -> None:
        self.scrolled.emit()
        if self.verticalScrollBar().value() < _OLDER_SCREENS * self._view_height:
            self.older_wanted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        row, y = self._place() if len(self._heights) else (0, 0)
        if event.size().width() != event.oldSize().width():
            self._heights.doubt_all()
        self._return_to(row, y)
        self._tell_scrolled()

    def _tick(self) -> None:
        """Count down what is about to leave; stops by itself when nothing in sight does."""
        first, last = self.first_visible(), self.last_visible()
        waiting = [
            row for row in range(max(0, first), last + 1)
            if self._rows.entry(row).shape in (Shape.WAITING, Shape.WISH)
        ]  # fmt: skip
        if not any(ticks(self._rows.entry(row), self._now_ms()) for row in waiting):
            self._ticker.stop()
        self._settle()
        for row in waiting:
            self.viewport().update(self.visualRect(self._rows.index(row)))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        clip = event.rect()
        painter.fillRect(clip, look.colour("surface"))
        area = QRectF(self.viewport().rect())
        if self._content is Content.EMPTY:
            blank.draw_empty(painter, area, blank.EMPTY_TITLE, blank.EMPTY_TEXT)
        elif self._content is Content.LOADING:
            blank.draw_skeleton(painter, area)
        elif self._content is Content.ROWS:
            self._paint_rows(painter, clip)
        painter.end()

    def _paint_rows(self, painter: QPainter, clip: QRect) -> None:
        look = theme()
        shift = self._lift - self.verticalScrollBar().value()
        row = self._heights.row_at(clip.top() - shift)
        if row < 0:
            return
        current = self.currentIndex().row() if self.hasFocus() else -1
        y = self._heights.top(row) + shift
        while row < len(self._heights) and y <= clip.bottom():
            layout, _ = self._laid_out(row)
            painter.translate(0, y)
            local = QRectF(clip.translated(0, -y))
            self._paint_thread(painter, row, layout)
            for mark in layout.marks:
                mark.paint(painter, look, local)
            if self._hover is not None and self._hover[0] == self._rows.entry(row).key:
                painting.fill_rounded(painter, self._hover[1].rect, 6, _veil())
            if row == current:
                painting.draw_focus_ring(painter, layout.frame.adjusted(-3, -3, 3, 3), 12)
            painter.translate(0, -y)
            y += layout.height
            row += 1

    def _paint_thread(self, painter: QPainter, row: int, layout: RowLayout) -> None:
        look = theme()
        entry = self._rows.entry(row)
        after = look.department_colour(self._thread.holder(entry.at_ms))
        if row:
            above = look.department_colour(self._thread.holder(self._rows.entry(row - 1).at_ms))
        else:
            above = look.department_colour(self._thread.holder(entry.at_ms - 1))
        painter.setOpacity(look.thread_opacity)
        if row or not self._begins:
            painter.fillRect(QRectF(THREAD_X - 1, 0, 2, layout.joint), above)
        painter.fillRect(QRectF(THREAD_X - 1, layout.joint, 2, layout.height - layout.joint), after)
        painter.setOpacity(1)

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tooltip(event)
            return True
        if event.type() is QEvent.Type.Leave:
            self._set_hover(None)
        return super().viewportEvent(event)

    def _show_tooltip(self, event: QHelpEvent) -> None:
        found = self._spot_at(QPointF(event.pos()))
        if found is not None and found[1].action is Action.OPEN_LINK:
            text = found[1].label
        else:
            index = self.indexAt(event.pos())
            text = index.data(Qt.ItemDataRole.ToolTipRole) if index.isValid() else ""
        QToolTip.showText(event.globalPos(), text or "", self.viewport())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        QAbstractItemView.mouseMoveEvent(self, event)
        self._set_hover(self._spot_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        QAbstractItemView.mouseReleaseEvent(self, event)
        found = self._spot_at(event.position())
        if found is not None and event.button() is Qt.MouseButton.LeftButton:
            self._trigger(*found)

    def _trigger(self, key: str, spot: Spot) -> None:
        if spot.action is Action.UNFOLD:
            self.unfold(key)
        else:
            self.spot_triggered.emit(key, spot)

    def _spot_at(self, at: QPointF) -> tuple[str, Spot] | None:
        index = self.indexAt(at.toPoint())
        if not index.isValid():
            return None
        layout, _ = self._laid_out(index.row())
        spot = layout.spot_at(at - QPointF(0, self._y_of(index.row())))
        return (self._rows.entry(index.row()).key, spot) if spot else None

    def _set_hover(self, hover: tuple[str, Spot] | None) -> None:
        if hover == self._hover:
            return
        self._hover = hover
        shape = Qt.CursorShape.PointingHandCursor if hover else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self._ask_menu(index)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._reads_on(event.key()):
            event.accept()
        else:
            QAbstractItemView.keyPressEvent(self, event)

    def _reads_on(self, key: int) -> bool:
        """Scroll inside a row that is higher than the pane, before leaving it."""
        index = self.currentIndex()
        if not index.isValid():
            return False
        rect = self.visualRect(index)
        bar = self.verticalScrollBar()
        if key == Qt.Key.Key_Down and rect.bottom() > self._view_height and rect.top() <= _STEP:
            bar.setValue(bar.value() + min(2 * _STEP, rect.bottom() + _BOTTOM - self._view_height))
            return True
        if key == Qt.Key.Key_Up and rect.top() < 0:
            bar.setValue(bar.value() - min(2 * _STEP, -rect.top()))
            return True
        return False

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if not index.isValid():
            return
        if by_key:
            self._ask_menu(index)
        else:
            self.setCurrentIndex(index)
            self.menu_requested.emit(self._key(index), event.globalPos())

    def _ask_menu(self, index: Index) -> None:
        self.scrollTo(index)
        frame = self.layout_of(index.row()).frame
        y = max(0, self._y_of(index.row()) + int(frame.top()) + 12)
        at = QPoint(int(frame.left()) + 12, min(y, self._view_height - 12))
        self.menu_requested.emit(self._key(index), self.viewport().mapToGlobal(at))

    def _key(self, index: Index) -> str:
        return self._rows.entry(index.row()).key

    def focusInEvent(self, event: QFocusEvent) -> None:
        QAbstractItemView.focusInEvent(self, event)
        by_key = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.ShortcutFocusReason,
        )
        if by_key and not self.currentIndex().isValid() and len(self._heights):
            self.setCurrentIndex(self._rows.index(self.last_visible()))
        self.viewport().update()

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's name
        super().currentChanged(current, previous)
        self.viewport().update()


def _veil() -> QColor:
    """What lies over a place that the pointer could click."""
    veil = QColor(theme().colour("text"))
    veil.setAlphaF(0.07)
    return veil
