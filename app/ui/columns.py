"""The five columns of the window, and what gives way when there is less room."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.ui.access.focus_order import move_focus, tab_stops
from app.ui.room import LIST, LIST_LEAST, LIST_MOST, SIDEBAR_ICONS, TIMELINE_LEAST, room_for
from app.ui.theme import theme
from app.ui.views.sidebar import Sidebar

QWIDGETSIZE_MAX = (1 << 24) - 1
"""No limit, as Qt writes it."""


class Columns(QWidget):
    """Sidebar, list, timeline and panel; the banner lies over all but the sidebar.

    ``room`` says how wide each is. Under 1240 pixels the panel becomes a drawer over the timeline.
    Under 1010 the sidebar keeps its icons alone. Under 900 the list is folded: either it is seen or
    the timeline.
    ``drawer_changed`` says whether the panel is a drawer now, ``back_offered`` whether there is a
    list to go back to. A page may stand in the place of list, timeline and panel; ``covered`` says
    whether one does.
    """

    drawer_changed = Signal(bool)
    back_offered = Signal(bool)
    covered = Signal(bool)

    def __init__(
        self,
        *,
        sidebar: Sidebar,
        banner: QWidget,
        lists: QStackedWidget,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._sidebar = sidebar
        self._panel, self._centre = _room(self), _room(self)
        self._tab_parts = [sidebar, banner, lists, self._centre, self._panel]
        self._lists = lists
        self._is_folded = False
        self._is_reading = False
        self._list_width = LIST
        self._is_drawer = False
        self._drawer_open = False
        self._panel_width = 0
        self._splitter = _Split(Qt.Orientation.Horizontal, self)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.splitterMoved.connect(self._list_moved)
        self._splitter.addWidget(lists)
        self._splitter.addWidget(self._centre)
        self._splitter.setStretchFactor(0, 0)
        self._splitter.setStretchFactor(1, 1)
        self._panel_line = _hairline(self)
        work = QWidget(self)
        self._work = QHBoxLayout(work)
        self._work.setContentsMargins(0, 0, 0, 0)
        self._work.setSpacing(0)
        self._work.addWidget(self._splitter, 1)
        self._work.addWidget(self._panel_line)
        self._work.addWidget(self._panel)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(banner)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(work)
        right.addWidget(self._pages, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(sidebar)
        layout.addLayout(right, 1)
        self.refresh_theme()

    def furnish(self, centre: QWidget, panel: QWidget) -> None:
        """Put timeline and panel into the rooms that are kept for them; nothing moves."""
        rooms = self._centre, self._panel
        hidden = self._centre.isHidden()
        panel.setParent(self._panel.parentWidget())
        self._splitter.replaceWidget(1, centre)
        if not self._is_drawer:
            self._work.replaceWidget(self._panel, panel)
        self._tab_parts[3:5] = self._centre, self._panel = centre, panel
        centre.setHidden(hidden)
        self._fit()
        for room in rooms:
            room.hide()
            room.deleteLater()

    @property
    def is_drawer(self) -> bool:
        """Whether the panel lies over the timeline, when it is opened."""
        return self._is_drawer

    @property
    def offers_back(self) -> bool:
        """Whether the timeline alone is in sight."""
        return self._is_folded and self._is_reading

    def refresh_theme(self) -> None:
        """Columns grow with the text; what no longer fits gives way sooner."""
        self._fit()

    def cover(self, page: QWidget) -> None:
        """Show a page in the place of list, timeline and panel, until one of them is revealed."""
        if self._pages.indexOf(page) < 0:
            self._pages.addWidget(page)
            self._tab_parts.append(page)
        self._pages.setCurrentWidget(page)
        self.covered.emit(True)

    def uncover(self) -> None:
        """Show list, timeline and panel again."""
        if self._pages.currentIndex():
            self._pages.setCurrentIndex(0)
            self.covered.emit(False)

    def toggle_drawer(self) -> None:
        """Open or close the customer panel where it is a drawer."""
        if self._is_drawer:
            self._drawer_open = not self._drawer_open
            self._place_drawer()

    def open_drawer(self) -> None:
        """Show the customer panel, where it is a drawer."""
        if not self._drawer_open:
            self.toggle_drawer()

    def close_drawer(self) -> None:
        if self._drawer_open:
            self.toggle_drawer()

    def list_width(self) -> int:
        """As wide as it was last made, in pixels at a text size of 1."""
        return self._list_width

    def set_list_width(self, width: int) -> None:
        """``width`` as ``list_width`` tells it."""
        self._list_width = width
        self._fit()

    def _list_moved(self, position: int, _handle: int) -> None:
        if not self._is_folded:
            self._list_width = round(position / theme().scale)
            self._splitter.first = position

    def reveal(self, part: QWidget) -> None:
        """Show the list or the timeline, whichever holds the part, where the other is folded or
        a page covers both."""
        if self._lists is part or self._splitter.isAncestorOf(part):
            self.uncover()
        for pane, reading in ((self._lists, False), (self._centre, True)):
            if (part is pane or pane.isAncestorOf(part)) and reading is not self._is_reading:
                self._is_reading = reading
                self._show_panes()

    def can_show(self, part: QWidget) -> bool:
        """Whether the part is in sight, or would be after ``reveal``."""
        folded = self._is_folded and any(
            pane.isHidden() and pane.isAncestorOf(part) for pane in (self._lists, self._centre)
        )
        return part.isVisible() or (folded and not part.isHidden())

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes from the left to the right, whatever was made first."""
        return move_focus(tab_stops(self._tab_parts), forward=forward) or (
            super().focusNextPrevChild(forward)
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        look = theme()
        room = room_for(self.width() / look.scale, self._list_width)
        self._panel_width = look.scaled(room.panel)
        self._sidebar.set_width(
            SIDEBAR_ICONS if room.is_narrow else look.scaled(room.sidebar), narrow=room.is_narrow
        )
        self._set_folded(folded=room.is_folded)
        self._set_drawer(drawer=room.is_drawer)
        self._panel.setFixedWidth(self._panel_width)
        self._lists.setMinimumWidth(look.scaled(LIST_LEAST))
        self._lists.setMaximumWidth(QWIDGETSIZE_MAX if room.is_folded else look.scaled(LIST_MOST))
        self._centre.setMinimumWidth(0 if room.is_folded else look.scaled(TIMELINE_LEAST))
        self._splitter.divide(look.scaled(room.list_width))

    def _set_folded(self, *, folded: bool) -> None:
        if folded == self._is_folded:
            return
        self._is_folded = folded
        focus = QApplication.focusWidget()
        self._is_reading = focus is not None and self._centre.isAncestorOf(focus)
        self._show_panes()

    def _show_panes(self) -> None:
        alone = self._is_folded
        shown = self._centre if self._is_reading else self._lists
        for pane in (self._lists, self._centre):  # what comes before what goes: the focus may stay
            if not alone or pane is shown:
                pane.show()
        for pane in (self._lists, self._centre):
            if alone and pane is not shown:
                pane.hide()
        self.back_offered.emit(alone and self._is_reading)

    def _set_drawer(self, *, drawer: bool) -> None:
        if drawer != self._is_drawer:
            self._is_drawer = drawer
            self._drawer_open = False
            for part in (self._panel_line, self._panel):
                if drawer:
                    self._work.removeWidget(part)
                else:
                    self._work.addWidget(part)
            self.drawer_changed.emit(drawer)
        self._place_drawer()

    def _place_drawer(self) -> None:
        """The drawer leaves the header free: there is the button that closes it."""
        shown = not self._is_drawer or self._drawer_open
        self._panel.setVisible(shown)
        self._panel_line.setVisible(shown)
        if self._is_drawer and self._drawer_open:
            from app.ui.views.header import HEIGHT as HEADER_HEIGHT

            area = self._work.geometry().adjusted(0, HEADER_HEIGHT, 0, 0)
            width = self._panel_width
            left = area.right() + 1 - width
            self._panel.setGeometry(QRect(left, area.top(), width, area.height()))
            self._panel_line.setGeometry(QRect(left - 1, area.top(), 1, area.height()))
            self._panel.raise_()
            self._panel_line.raise_()


def _room(parent: QWidget) -> QWidget:
    """Looks as what will stand there while that is empty."""
    room = QWidget(parent)
    room.setProperty("surface", "surface")
    room.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return room


class _Split(QSplitter):
    """Its first part is as wide as it was told, whenever it gets its own width."""

    first = 0

    def divide(self, first: int) -> None:
        self.first = first
        self.setSizes([first, max(1, self.width() - first)])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.divide(self.first)


def _hairline(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setProperty("rule", "line")
    line.setFixedWidth(1)
    return line
