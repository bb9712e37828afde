"""The first column: workspace, search, queues, departments, accounts, and who sits here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.departments import Agent, Department
from app.domain.views import QueueName, QueueRef
from app.ui.delegates.chips import draw_text
from app.ui.delegates.sidebar_delegate import SidebarDelegate
from app.ui.dialogs.parts import icon_button
from app.ui.models.sidebar_model import ENTRY_ROLE, Entry, EntryKind, SidebarModel
from app.ui.room import SIDEBAR, SIDEBAR_ICONS
from app.ui.theme import icons, mirroring, painting, set_type, theme
from app.ui.theme.brand import mark_pixmap
from app.ui.views.accounts_strip import AccountsStrip

VIEW_COMMANDS = (
    ("rename", "Rename…", "F2"),
    ("up", "Move up", "Alt+Shift+Up"),
    ("down", "Move down", "Alt+Shift+Down"),
    ("delete", "Delete", "Del"),
)
"""What can be done to a saved view: its name, its words, its keys in the sidebar."""
_ME_HEIGHT = 46


class QueueList(QListView):
    """The queues, departments and saved views; ``chosen`` names the queue that was asked for,
    ``insights_chosen`` that Insights were.

    ``view_wanted`` when a new view is, ``view_command`` (what, the view’s id) for a view that is
    there: "rename", "up", "down", "delete", by its menu or by its keys.
    """

    chosen = Signal(object)
    insights_chosen = Signal()
    view_wanted = Signal()
    view_command = Signal(str, str)

    def __init__(self, model: SidebarModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.current: QueueRef | None = QueueRef(QueueName.MY_WORK)
        self.row_delegate = SidebarDelegate(lambda: self.current, self)
        self.setModel(model)
        self.setItemDelegate(self.row_delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setProperty("surface", "window")
        self.setAccessibleName("Queues")
        self.setCurrentIndex(model.index(0))

    def show_chosen(self, queue: QueueRef | None) -> None:
        """Mark the queue that is shown now, None for Insights; asks for nothing."""
        before, self.current = self.current, queue
        model = self.model()
        for number in range(model.rowCount()):
            index = model.index(number, 0)
            entry: Entry = index.data(ENTRY_ROLE)
            if _is_shown(entry, queue):
                self.setCurrentIndex(index)
            if _is_shown(entry, queue) or _is_shown(entry, before):
                self.update(index)

    def show_at(self, queue: QueueRef) -> None:
        """Put the keyboard on the row of a queue; what is shown stays."""
        model = self.model()
        for number in range(model.rowCount()):
            entry: Entry = model.index(number, 0).data(ENTRY_ROLE)
            if entry.queue == queue:
                self.setCurrentIndex(model.index(number, 0))

    def set_narrow(self, *, narrow: bool) -> None:
        self.row_delegate.narrow = narrow
        self.scheduleDelayedItemsLayout()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        at = event.position().toPoint()
        index = self.indexAt(at)
        if event.button() is Qt.MouseButton.LeftButton and index.isValid():
            entry = self._entry(index)
            if entry is not None and self.row_delegate.is_plus(
                self.visualRect(index), at.x(), entry
            ):
                self.view_wanted.emit()
                return
            self._choose(entry, self._queue_at(index, at))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done to a saved view; with the same keys in the list itself."""
        keyed = event.reason() is not QContextMenuEvent.Reason.Mouse
        index = self.currentIndex() if keyed else self.indexAt(event.pos())
        entry = self._entry(index)
        if entry is None or entry.kind is not EntryKind.VIEW or entry.queue is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for what, words, keys in VIEW_COMMANDS:
            action = menu.addAction(words)
            action.setObjectName(what)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutVisibleInContextMenu(True)
            action.triggered.connect(partial(self.view_command.emit, what, entry.queue.view))
        at = self.visualRect(index).center()
        menu.popup(self.viewport().mapToGlobal(at) if keyed else event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entry = self._entry(self.currentIndex())
        if entry is not None and entry.kind is EntryKind.VIEW and entry.queue is not None:
            for what, _, keys in VIEW_COMMANDS:
                if QKeySequence(event.keyCombination()) == QKeySequence(keys):
                    self.view_command.emit(what, entry.queue.view)
                    return
        if entry is not None:
            match event.key():
                case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space | Qt.Key.Key_Left:
                    self._choose(entry, entry.queue)
                    return
                case Qt.Key.Key_Right:
                    self._choose(entry, entry.second_queue or entry.queue)
                    return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands of the window here."""

    def _queue_at(self, index: QModelIndex, at: QPoint) -> QueueRef | None:
        entry = self._entry(index)
        if entry is None:
            return None
        return self.row_delegate.queue_at(self.visualRect(index), at.x(), entry)

    @staticmethod
    def _entry(index: QModelIndex) -> Entry | None:
        entry: Entry | None = index.data(ENTRY_ROLE) if index.isValid() else None
        return entry

    def _choose(self, entry: Entry | None, queue: QueueRef | None) -> None:
        if queue is not None:
            self.chosen.emit(queue)
        elif entry is not None and entry.kind is EntryKind.INSIGHTS:
            self.insights_chosen.emit()


def _is_shown(entry: Entry, queue: QueueRef | None) -> bool:
    if queue is None:
        return entry.kind is EntryKind.INSIGHTS
    return queue in (entry.queue, entry.second_queue)


class Sidebar(QWidget):
    """``queue_chosen`` (QueueRef), ``search_requested``, ``accounts_requested``,
    ``me_requested``, ``settings_requested``: what was clicked or pressed here."""

    queue_chosen = Signal(object)
    search_requested = Signal()
    accounts_requested = Signal()
    me_requested = Signal()
    settings_requested = Signal()

    def __init__(
        self,
        model: SidebarModel,
        now_ms: Callable[[], int],
        menu: QMenu,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("surface", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(SIDEBAR)
        self._is_narrow = False
        self._top = _WorkspaceButton(menu, self)
        self._find, self._keys_label = _find_button(self)
        self._find.clicked.connect(self.search_requested)
        self.queues = QueueList(model, self)
        self.queues.chosen.connect(self.queue_chosen)
        self.accounts = AccountsStrip(now_ms, self)
        self.accounts.activated.connect(self.accounts_requested)
        self._me = _MeButton(self)
        self._me.clicked.connect(self.me_requested)
        self._me.gear.clicked.connect(self.settings_requested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 1, 0)
        layout.setSpacing(0)
        layout.addWidget(self._top)
        layout.addWidget(self._find_row())
        layout.addWidget(self.queues, 1)
        layout.addWidget(self.accounts)
        layout.addWidget(self._me)

    def _find_row(self) -> QWidget:
        row = QWidget(self)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(10, 2, 10, 8)
        layout.addWidget(self._find)
        return row

    def show_search_keys(self, keys: str) -> None:
        """Name the keys that search, "" for none."""
        self._keys_label.setText(keys.replace("+", " "))
        self._show_keys()
        words = f"{_FIND_TEXT}, {keys}" if keys else _FIND_TEXT
        self._find.setAccessibleName(words)

    def _show_keys(self) -> None:
        """Where there is room beside the words."""
        words = self._find.fontMetrics().horizontalAdvance(_FIND_TEXT)
        room = self.width() - _FIND_SIDES - words
        fits = self._keys_label.sizeHint().width() <= room
        self._keys_label.setVisible(bool(self._keys_label.text()) and not self._is_narrow and fits)

    def show_workspace(self, name: str, *, sample: bool) -> None:
        self._top.show_workspace(name, sample=sample)

    def show_me(self, agent: Agent, department: Department) -> None:
        self._me.show_me(agent, department)

    def set_width(self, width: int, *, narrow: bool) -> None:
        """As wide as there is room; ``narrow`` with icons and dots alone."""
        self.setFixedWidth(width)
        if narrow is self._is_narrow:
            self._show_keys()
            return
        self._is_narrow = narrow
        self._find.setText("" if narrow else _FIND_TEXT)
        self._show_keys()
        self._top.set_narrow(narrow=narrow)
        self._me.set_narrow(narrow=narrow)
        self.queues.set_narrow(narrow=narrow)
        self.accounts.set_narrow(narrow=narrow)

    def refresh_theme(self) -> None:
        self._find.setIcon(icons.icon("search", "text-3", 14))
        self._me.refresh_theme()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(self.width() - 1, 0, 1, self.height(), theme().colour("line"))
        painter.end()


_FIND_TEXT = "Search everything"
_FIND_SIDES = 62
"""What stands beside words and keys: margins, the icon, the edges."""


def _find_button(parent: QWidget) -> tuple[QPushButton, QLabel]:
    """Looks like a field and opens the palette; with the label that names its keys."""
    button = QPushButton(icons.icon("search", "text-3", 14), _FIND_TEXT, parent)
    button.setProperty("find", True)
    button.setIconSize(QSize(14, 14))
    button.setAccessibleName("Search everything, Ctrl+K")
    keys = QLabel("Ctrl K", button)
    keys.setProperty("role", "kbd")
    set_type(keys, "micro", 500)
    keys.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    layout = QHBoxLayout(button)
    layout.setContentsMargins(0, 0, 6, 0)
    layout.addStretch(1)
    layout.addWidget(keys, 0, Qt.AlignmentFlag.AlignVCenter)
    return button, keys


class _WorkspaceButton(QAbstractButton):
    """The mark, the name of the workspace, and the menu of everything."""

    def __init__(self, menu: QMenu, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = ""
        self._sample = False
        self._narrow = False
        self._menu = menu
        self.clicked.connect(self._open_menu)
        self.setFixedHeight(52)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(SIDEBAR_ICONS, 52)

    def _open_menu(self) -> None:
        self._menu.popup(self.mapToGlobal(QPoint(10, self.height() - 6)))

    def show_workspace(self, name: str, *, sample: bool) -> None:
        self._name, self._sample = name, sample
        kind = "sample workspace, " if sample else "workspace, "
        self.setAccessibleName(f"{name}, {kind}menu")
        self.setToolTip("A made-up workspace. Nothing leaves it." if sample else name)
        self.update()

    def set_narrow(self, *, narrow: bool) -> None:
        self._narrow = narrow
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        mirroring.mirror(painter, QRectF(self.rect()))
        if self.underMouse() or self.isDown():
            box = QRectF(self.rect()).adjusted(6, 8, -6, -8)
            painting.fill_rounded(painter, box, 7, look.colour("hover-win"))
        left = 16 if self._narrow else 14
        middle = left + 12 if mirroring.is_mirrored(painter) else 0
        painter.save()
        if middle:
            mirroring.stand_upright(painter, middle)
        painter.drawPixmap(left, 14, mark_pixmap(24, self.devicePixelRatioF()))
        painter.restore()
        if not self._narrow:
            right = self._paint_sample_mark(painter) if self._sample else self.width() - 10
            font = look.font("label", 600)
            room = right - 47 - 28
            name = painting.elided(self._name, font, room)
            draw_text(painter, QRectF(47, 0, room, 52), name, font, look.colour("text"))
            end = 47 + painting.metrics(font).horizontalAdvance(name) + 7
            icons.draw(painter, "chevron-down", QRectF(end, 19, 14, 14), look.colour("text-3"))
        if self.hasFocus():
            painting.draw_focus_ring(painter, QRectF(self.rect()).adjusted(6, 8, -6, -8), 7)
        painter.end()

    def _paint_sample_mark(self, painter: QPainter) -> float:
        """A stitched chip at the right edge: only we see this; returns its left edge."""
        look = theme()
        font = look.font("micro", 500)
        width = painting.metrics(font).horizontalAdvance("Sample") + 16
        chip = QRectF(self.width() - 12 - width, 16, width, 20)
        painting.draw_stitched(painter, chip, 6, look.colour("stitch"))
        draw_text(painter, chip.adjusted(8, 0, 0, 0), "Sample", font, look.colour("text-2"))
        return chip.left()


class _MeButton(QAbstractButton):
    """Who sits here, and beside it the gear that opens the settings."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._name, self._place = "", ""
        self._narrow = False
        self.gear = icon_button("settings", "Settings", self)
        self.setFixedHeight(_ME_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(SIDEBAR_ICONS, _ME_HEIGHT)

    def show_me(self, agent: Agent, department: Department) -> None:
        self._name, self._place = agent.name, department.name
        self.setAccessibleName(f"{agent.name}, {department.name}. Change name or department")
        self.setToolTip(f"{agent.name} · {department.name}")
        self.update()

    def set_narrow(self, *, narrow: bool) -> None:
        self._narrow = narrow
        self.gear.setVisible(not narrow)
        self.update()

    def refresh_theme(self) -> None:
        self.gear.setIcon(icons.icon("settings", "text-2", 16))

    def resizeEvent(self, _event: QResizeEvent) -> None:
        left = 6 if mirroring.right_to_left() else self.width() - 36
        self.gear.move(left, (self.height() - 30) // 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        mirroring.mirror(painter, QRectF(self.rect()))
        painter.fillRect(0, 0, self.width(), 1, look.colour("line"))
        inner = QRectF(self.rect()).adjusted(4, 4, -4, -3)
        if self.underMouse():
            painting.fill_rounded(painter, inner, 7, look.colour("hover-win"))
        left = 15 if self._narrow else 12
        painting.draw_avatar(painter, QRectF(left, 10, 26, 26), self._name)
        if not self._narrow:
            room = self.width() - 47 - 40
            name_font = look.font("body", 500)
            name = painting.elided(self._name, name_font, room)
            first, second = look.line_height("body") - 1, look.line_height("caption")
            top = (self.height() - first - second) / 2
            draw_text(painter, QRectF(47, top, room, first), name, name_font, look.colour("text"))
            place_font = look.font("caption")
            place = painting.elided(self._place, place_font, room)
            below = QRectF(47, top + first, room, second)
            draw_text(painter, below, place, place_font, look.colour("text-3"))
        if self.hasFocus():
            painting.draw_focus_ring(painter, inner, 7)
        painter.end()
