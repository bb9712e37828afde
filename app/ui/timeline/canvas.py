"""Paints a customer's timeline on its thread, and answers pointer and keys."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QToolTip, QWidget

from app.domain.views import InteractionItem, Revision
from app.ui.models.timeline_model import TimelineModel
from app.ui.plain_tip import plain_tip
from app.ui.theme import mirroring, painting, theme, theme_manager
from app.ui.timeline import blank
from app.ui.timeline.drawing import Action, RowLayout, Spot, paint_mark
from app.ui.timeline.frame import THREAD_X, Frame
from app.ui.timeline.gallery import Gallery
from app.ui.timeline.layouts import TICKING, RowLayouts, ticks
from app.ui.timeline.names import Names
from app.ui.timeline.rows import estimate
from app.ui.timeline.thread import Thread
from app.ui.timeline.virtual_list import BOTTOM, STEP, Index, VirtualList

_TICK_MS = 250
_RING_GAP = 3
_RING_RADIUS = 14
_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason,
           Qt.FocusReason.ShortcutFocusReason)  # fmt: skip

_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier


class Content(Enum):
    """What there is to paint."""

    NOTHING = auto()
    LOADING = auto()
    EMPTY = auto()
    ROWS = auto()


class TimelineCanvas(VirtualList):
    """The rows of a ``TimelineModel``."""

    spot_triggered = Signal(str, object)
    """key of the row, the Spot: a button or a link in a row was clicked"""
    menu_requested = Signal(str, QPoint)
    """key of the row, where on the screen"""

    def __init__(
        self,
        model: TimelineModel,
        now_ms: Callable[[], int],
        parent: QWidget | None = None,
        *,
        gallery: Gallery | None = None,
    ) -> None:
        """Without a ``gallery`` pictures are only named."""
        super().__init__(parent)
        self._rows = model
        self._now_ms = now_ms
        self._layouts = RowLayouts(now_ms)
        self._layouts.gallery = gallery
        if gallery is not None:
            gallery.replanned.connect(self._forget_layouts)
            gallery.arrived.connect(self.viewport().update)
        self._thread = Thread()
        self._begins = False
        self._content = Content.NOTHING
        self._empty = blank.FIRST_CONTACT
        self._hover: tuple[str, Spot] | None = None
        self._pressed: tuple[str, Spot] | None = None
        self._by_key = False
        self._ticker = QTimer(self)
        self._ticker.setInterval(_TICK_MS)
        self._ticker.timeout.connect(self._tick)
        self.setAccessibleName("Timeline")
        self.viewport().setMouseTracking(True)
        self.setModel(model)
        theme_manager().changed.connect(self._forget_layouts)

    # What the view around it says

    def set_names(self, names: Names) -> None:
        if names != self._layouts.names:
            self._layouts.names = names
            self._forget_layouts()

    def set_thread(self, thread: Thread, *, begins: bool) -> None:
        """Whose thread it is, and whether the first row is the first there ever was."""
        self._thread = thread
        self._begins = begins
        self.viewport().update()

    def set_content(self, content: Content) -> None:
        self._content = content
        said = " ".join(self._empty) if content is Content.EMPTY else ""
        self.setAccessibleDescription(said)
        self.viewport().update()

    def say_empty(self, title: str, text: str) -> None:
        """What stands where there are no rows."""
        self._empty = (title, text)
        self.set_content(Content.EMPTY)

    @property
    def content(self) -> Content:
        return self._content

    def go_to(self, row: int, *, at_top: bool = False) -> None:
        self._by_key = True  # a key or a search brought the reader here: show which row
        super().go_to(row, at_top=at_top)

    def unfold(self, key: str) -> None:
        """Show what is under a content warning, or hide it again."""
        self._layouts.unfolded ^= {key}
        self.lay_out_again(key)

    def shows_pictures(self, key: str) -> bool:
        """Whether the pictures of a row are in sight, or hidden under its content warning."""
        row = self._rows.row_of(key)
        item = self._rows.entry(row).item if row >= 0 else None
        warned = isinstance(item, InteractionItem) and bool(item.warning)
        return row >= 0 and (not warned or key in self._layouts.unfolded)

    def shows_earlier(self, key: str) -> bool:
        """Whether a row shows the texts it had before it was edited."""
        return key in self._layouts.earlier

    def show_earlier(self, key: str, revisions: tuple[Revision, ...]) -> None:
        """Show the texts a message had before; none hides them again."""
        if revisions:
            self._layouts.earlier[key] = revisions
        else:
            self._layouts.earlier.pop(key, None)
        self.lay_out_again(key)

    def lay_out_again(self, key: str) -> None:
        """A row is to be shown otherwise than before."""
        self.doubt(self._rows.row_of(key))
        self.settle()
        self.viewport().update()

    def layout_of(self, row: int) -> RowLayout:
        """The layout of a row as it is painted now."""
        return self._laid_out(row)[0]

    # What the list asks

    def measure(self, row: int) -> tuple[int, bool]:
        layout, fresh = self._laid_out(row)
        return layout.height, fresh

    def guesses(self, rows: range) -> list[int]:
        width, gallery = self.viewport().width(), self._layouts.gallery
        frame = Frame(self._layouts.names, width, 0, gallery=gallery)
        return [estimate(self._rows.entry(row), frame) for row in rows]

    def came_into_sight(self, row: int) -> None:
        entry = self._rows.entry(row)
        if entry.shape in TICKING and ticks(entry, self._now_ms()) and not self._ticker.isActive():
            self._ticker.start()

    def reset(self) -> None:
        self._layouts.clear()
        self._layouts.unfolded.clear()
        self._layouts.earlier.clear()
        super().reset()

    def _laid_out(self, row: int) -> tuple[RowLayout, bool]:
        before = self._rows.entry(row - 1) if row else None
        return self._layouts.get(self._rows.entry(row), before, self.viewport().width())

    def _forget_layouts(self) -> None:
        self._layouts.clear()
        self.doubt_all()

    def _tick(self) -> None:
        """Count down what is about to leave; stops by itself when nothing in sight does."""
        self._ticker.stop()
        self.settle()
        if not self._ticker.isActive():
            self.viewport().update()
            return
        now = self._now_ms()
        for row in range(max(0, self.first_visible()), self.last_visible() + 1):
            if ticks(self._rows.entry(row), now):
                self.viewport().update(self.visualRect(self._rows.index(row)))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), theme().colour("surface"))
        area = QRectF(self.viewport().rect())
        match self._content:
            case Content.EMPTY:
                blank.draw_empty(painter, area, *self._empty)
            case Content.LOADING:
                blank.draw_skeleton(painter, area)
            case Content.ROWS:
                # Part by part: the rows between two parts that changed need no painting.
                mirrored = mirroring.right_to_left()
                for part in event.region():  # type: ignore[attr-defined]  # missing in the stubs
                    painter.setClipRect(part)
                    painter.save()
                    mirroring.mirror(painter, area)
                    self._paint_rows(painter, part, mirrored=mirrored)
                    painter.restore()
            case Content.NOTHING:
                pass
        painter.end()

    def _paint_rows(self, painter: QPainter, clip: QRect, *, mirrored: bool) -> None:
        look = theme()
        current = self.currentIndex().row() if self.hasFocus() and self._by_key else -1
        shown = self._shown(clip)
        self._paint_thread(painter, shown)
        for row, y, layout in shown:
            painter.translate(0, y)
            local = QRectF(clip.translated(0, -y))
            if mirrored:
                local.setLeft(0)
                local.setRight(self.viewport().width())
            for mark in layout.marks:
                if mirrored:
                    paint_mark(mark, painter, look, local)
                else:
                    mark.paint(painter, look, local)
            if self._hover is not None and self._hover[0] == self._rows.entry(row).key:
                painting.fill_rounded(painter, self._hover[1].rect, 6, _veil())
            if row == current:
                by = _RING_GAP
                ring = layout.frame.adjusted(-by, -by, by, by)
                painting.draw_focus_ring(painter, ring, _RING_RADIUS)
            painter.translate(0, -y)

    def _shown(self, clip: QRect) -> list[tuple[int, int, RowLayout]]:
        """The rows within ``clip``: their numbers, where they begin, their layouts."""
        row = self._heights.row_at(clip.top() + self.verticalOffset())
        shown: list[tuple[int, int, RowLayout]] = []
        if row < 0:
            return shown
        y = self.y_of(row)
        while row < len(self._rows) and y <= clip.bottom():
            layout, _ = self._laid_out(row)
            shown.append((row, y, layout))
            y += layout.height
            row += 1
        return shown

    def _paint_thread(self, painter: QPainter, shown: list[tuple[int, int, RowLayout]]) -> None:
        """The thread through the rows: in each until its joint in the colour it comes in."""
        if not shown:
            return
        look, entries = theme(), self._rows.entries
        first = shown[0][0]
        before_ms = entries[first - 1].at_ms if first else entries[0].at_ms - 1
        above = look.department_colour(self._thread.holder(before_ms))
        left = THREAD_X - 1
        # Without smoothing rows meet exactly; half a pixel would show through twice.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setOpacity(look.thread_opacity)
        for row, y, layout in shown:
            below = look.department_colour(self._thread.holder(entries[row].at_ms))
            if row or not self._begins:
                painter.fillRect(QRectF(left, y, 2, layout.joint), above)
            rest = layout.height - layout.joint
            painter.fillRect(QRectF(left, y + layout.joint, 2, rest), below)
            above = below
        painter.setOpacity(1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    # Pointer

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            tip = plain_tip(self.tooltip_at(event.pos()))
            QToolTip.showText(event.globalPos(), tip, self.viewport())
            return True
        if event.type() is QEvent.Type.Leave:
            self._set_hover(None)
        return super().viewportEvent(event)

    def tooltip_at(self, at: QPoint) -> str:
        """What the pointer is told: where a link really leads, what a picture shows, or more about
        the row."""
        found = self._spot_at(QPointF(at))
        if found is not None and found[1].action in (Action.OPEN_LINK, Action.PICTURE):
            return found[1].label
        index = self.indexAt(at)
        return str(index.data(Qt.ItemDataRole.ToolTipRole) or "") if index.isValid() else ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._by_key = False
        self._pressed = self._spot_at(event.position())
        QAbstractItemView.mousePressEvent(self, event)
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        QAbstractItemView.mouseMoveEvent(self, event)
        self._set_hover(self._spot_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        QAbstractItemView.mouseReleaseEvent(self, event)
        found = self._spot_at(event.position())
        meant = found is not None and found == self._pressed
        if found is not None and meant and event.button() is Qt.MouseButton.LeftButton:
            self.trigger(*found)

    def trigger(self, key: str, spot: Spot) -> None:
        """Do what a place in a row is for."""
        if spot.action is Action.UNFOLD:
            self.unfold(key)
        else:
            self.spot_triggered.emit(key, spot)

    def _spot_at(self, at: QPointF) -> tuple[str, Spot] | None:
        index = self.indexAt(at.toPoint())
        if not index.isValid():
            return None
        x = mirroring.mirrored_x(at.x(), 0, self.viewport().width())
        local = QPointF(x, at.y() - self.y_of(index.row()))
        spot = self.layout_of(index.row()).spot_at(local)
        return (self._key(index), spot) if spot else None

    def _set_hover(self, hover: tuple[str, Spot] | None) -> None:
        if hover == self._hover:
            return
        self._hover = hover
        shape = Qt.CursorShape.PointingHandCursor if hover else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self.ask_menu(self.currentIndex())
            return
        index = self.indexAt(event.pos())
        if index.isValid():
            self.setCurrentIndex(index)
            self.menu_requested.emit(self._key(index), event.globalPos())

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._by_key = True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(self.currentIndex())
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._reads_on(event.key()):
            event.accept()
        elif event.text().strip() and not event.modifiers() & _COMMANDS:
            event.ignore()  # letters are the window's shortcuts, not a search in the list
        else:
            QAbstractItemView.keyPressEvent(self, event)

    def _reads_on(self, key: int) -> bool:
        """Scroll inside a row that is higher than the pane, before leaving it."""
        index = self.currentIndex()
        if not index.isValid():
            return False
        rect = self.visualRect(index)
        bar = self.verticalScrollBar()
        if key == Qt.Key.Key_Down and rect.bottom() >= self.view_height and rect.top() <= STEP:
            bar.setValue(bar.value() + min(2 * STEP, rect.bottom() + BOTTOM - self.view_height))
            return True
        if key == Qt.Key.Key_Up and rect.top() < 0:
            bar.setValue(bar.value() - min(2 * STEP, -rect.top()))
            return True
        return False

    def _enter(self, index: Index) -> None:
        """What is under a content warning is shown first; everything else opens the menu."""
        if not index.isValid():
            return
        key = self._key(index)
        spots = self.layout_of(index.row()).spots
        warned = any(spot.action is Action.UNFOLD for spot in spots)
        if warned and key not in self._layouts.unfolded:
            self.unfold(key)
        else:
            self.ask_menu(index)

    def ask_menu(self, index: Index) -> None:
        """Ask for the menu of a row, beside it and in sight."""
        if not index.isValid():
            return
        self.scrollTo(index)
        frame = self.layout_of(index.row()).frame
        y = max(0, self.y_of(index.row()) + int(frame.top()) + 12)
        at = QPoint(int(frame.left()) + 12, min(y, self.view_height - 12))
        self.menu_requested.emit(self._key(index), self.viewport().mapToGlobal(at))

    def _key(self, index: Index) -> str:
        return self._rows.entry(index.row()).key

    def focusInEvent(self, event: QFocusEvent) -> None:
        QAbstractItemView.focusInEvent(self, event)
        self._by_key = event.reason() in _BY_KEY
        if self._by_key and not self.currentIndex().isValid() and len(self._rows):
            self.setCurrentIndex(self._rows.index(self.last_visible()))
        self.viewport().update()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()


def _veil() -> QColor:
    """What lies over a place that the pointer could click."""
    veil = QColor(theme().colour("text"))
    veil.setAlphaF(0.07)
    return veil
