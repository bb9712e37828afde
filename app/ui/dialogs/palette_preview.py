"""The piece of a timeline around the chosen result, painted as the timeline paints it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.ids import InteractionKey
from app.domain.views import InteractionItem, TimelinePage
from app.ui.dialogs.palette_model import PaletteRow, RowKind
from app.ui.dialogs.parts import button, text_label
from app.ui.theme import formats, mirroring, painting, theme, theme_manager
from app.ui.timeline.drawing import RowLayout, paint_mark
from app.ui.timeline.entries import Entry, Shape, entry_of
from app.ui.timeline.frame import THREAD_X
from app.ui.timeline.layouts import RowLayouts
from app.ui.timeline.names import Names
from app.ui.timeline.thread import Thread
from app.ui.timeline.wording import accessible_name

_BEFORE = 2
"""Rows shown above the one that was found."""
_MOST = 24


class _Excerpt(QWidget):
    """A still picture of some rows of a timeline, the found one framed."""

    def __init__(self, now_ms: Callable[[], int], names: Names, parent: QWidget) -> None:
        super().__init__(parent)
        self._layouts = RowLayouts(now_ms)
        self._layouts.names = names
        self._names = names
        self._now_ms = now_ms
        self._entries: tuple[Entry, ...] = ()
        self._thread = Thread()
        self._found = ""
        theme_manager().changed.connect(self._look_again)

    def _look_again(self) -> None:
        self._layouts.clear()
        self.update()

    def show_page(self, page: TimelinePage | None, key: InteractionKey | None) -> None:
        """Show what surrounds ``key``, or the end of the page."""
        items = page.items if page else ()
        place = next(
            (n for n, i in enumerate(items) if isinstance(i, InteractionItem) and i.key == key),
            None,
        )
        first = len(items) - 6 if place is None else place - _BEFORE
        shown = items[max(0, first) :][:_MOST]
        self._entries = tuple(entry_of(item) for item in shown)
        self._found = "" if place is None else f"i{key}"
        self._thread = Thread(page.holdings if page else ())
        now = self._now_ms()
        rows = (accessible_name(entry, self._names, now) for entry in self._entries)
        self.setAccessibleName("; ".join(rows))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(395, 360)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = theme()
        mirroring.mirror(painter, QRectF(self.rect()))
        y = 0
        before: Entry | None = None
        for entry in self._entries:
            layout, _ = self._layouts.get(entry, before, self.width() - 6)
            painter.translate(0, y)
            self._paint_thread(painter, before, entry, layout)
            clip = QRectF(0, -y, self.width(), self.height())
            for mark in layout.marks:
                paint_mark(mark, painter, look, clip)
            if entry.key == self._found:
                corner = 14 if entry.shape is not Shape.MARK else 9
                ring = layout.frame.adjusted(-2, -2, 2, 2)
                painting.outline_rounded(painter, ring, corner + 2, look.colour("accent"), 2)
            painter.translate(0, -y)
            y += layout.height
            before = entry
            if y > self.height():
                break

    def _paint_thread(
        self, painter: QPainter, before: Entry | None, entry: Entry, layout: RowLayout
    ) -> None:
        look = theme()
        above_ms = before.at_ms if before else entry.at_ms - 1
        above = look.department_colour(self._thread.holder(above_ms))
        below = look.department_colour(self._thread.holder(entry.at_ms))
        painter.setOpacity(look.thread_opacity)
        painter.fillRect(QRectF(THREAD_X - 1, 0, 2, layout.joint), above)
        rest = QRectF(THREAD_X - 1, layout.joint, 2, layout.height - layout.joint)
        painter.fillRect(rest, below)
        painter.setOpacity(1)


class PalettePreview(QWidget):
    """Title, excerpt and what can be done with the chosen result."""

    opened = Signal()
    reply_asked = Signal()
    assign_asked = Signal()

    def __init__(self, now_ms: Callable[[], int], names: Names, parent: QWidget) -> None:
        super().__init__(parent)
        self._now_ms = now_ms
        self.setAccessibleName("Preview")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 14, 0, 14)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(18, 0, 18, 0)
        head.setSpacing(0)
        self._title = text_label("", "body", weight=600, elide=True, parent=self)
        self._detail = text_label("", "small", colour="text-2", elide=True, parent=self)
        head.addWidget(self._title)
        head.addWidget(self._detail)
        column.addLayout(head)
        column.addSpacing(8)
        self._excerpt = _Excerpt(now_ms, names, self)
        column.addWidget(self._excerpt, 1)
        row = QHBoxLayout()
        row.setContentsMargins(18, 8, 18, 0)
        row.setSpacing(8)
        self.open_button = button("Open in timeline", small=True, parent=self)
        self.reply_button = button("Reply", kind="quiet", small=True, parent=self)
        self.assign_button = button("Assign to me", kind="quiet", small=True, parent=self)
        self.open_button.clicked.connect(self.opened)
        self.reply_button.clicked.connect(self.reply_asked)
        self.assign_button.clicked.connect(self.assign_asked)
        for made in (self.open_button, self.reply_button, self.assign_button):
            row.addWidget(made)
        row.addStretch(1)
        column.addLayout(row)
        self.show_row(None)

    def show_row(self, row: PaletteRow | None) -> None:
        """Name the chosen result; its excerpt follows with ``show_page``."""
        findable = row is not None and row.kind is not RowKind.COMMAND
        for made in (self.open_button, self.reply_button, self.assign_button):
            made.setVisible(findable)
        has_case = findable and row is not None and row.target[1] is not None
        self.reply_button.setVisible(has_case)
        self.assign_button.setVisible(has_case)
        self._excerpt.show_page(None, None)
        if row is None or not findable:
            self._title.setText("")
            self._detail.setText("")
            return
        self._title.setText(row.title if row.kind is RowKind.CASE else row.name)
        when = formats.day_label(row.at_ms, self._now_ms()) if row.at_ms is not None else ""
        if row.at_ms is not None and row.kind is RowKind.MESSAGE:
            when = f"{when} {formats.clock_time(row.at_ms)}"
        parts = [row.name] if row.kind is RowKind.CASE else []
        self._detail.setText(" · ".join([*parts, when]))

    def show_page(self, page: TimelinePage, key: InteractionKey | None) -> None:
        self._excerpt.show_page(page, key)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme().colour("sunken"))
