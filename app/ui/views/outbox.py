"""The outbox in the second column: what has not left yet, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.changes import ChangeSet
from app.domain.outbox import OutboxItem, OutboxState
from app.domain.views import OutboxEntry, QueueFilter, QueueName, QueueRef
from app.ui.access.row_places import outbox_places
from app.ui.access.stand_ins import StandIns
from app.ui.bridge import UiBridge
from app.ui.delegates.outbox_delegate import OutboxButton, OutboxDelegate, button_text, buttons_of
from app.ui.models.outbox_model import ENTRY_ROLE, OutboxModel
from app.ui.theme import mirroring, set_type
from app.ui.views.empty import EmptyState, empty_words

if TYPE_CHECKING:  # for the types alone: the database comes with them
    from app.services.queues import Queues
    from app.services.replies import Replies

_TICK_MS = 1000


def offered(entry: OutboxEntry) -> tuple[OutboxButton, ...]:
    """All that the menu and the keys can do with an item: its buttons, and copying its text."""
    buttons = buttons_of(entry)
    if entry.item.text and OutboxButton.COPY not in buttons:
        return (*buttons, OutboxButton.COPY)
    return buttons


class OutboxPane(QWidget):
    """``entry_chosen`` (OutboxEntry): show its conversation; ``edit_requested`` (OutboxItem):
    it was taken back, its text belongs into the composer; ``settle_requested`` (OutboxId): nobody
    knows whether it arrived, both texts are to be compared."""

    entry_chosen = Signal(object)
    settle_requested = Signal(str)
    edit_requested = Signal(object)

    def __init__(
        self,
        queues: Queues,
        replies: Replies,
        bridge: UiBridge,
        now_ms: Callable[[], int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._queues = queues
        self._replies = replies
        self._bridge = bridge
        self.setProperty("surface", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = OutboxModel(now_ms, self)
        self.rows = OutboxRows(self.model, now_ms, self)
        self.rows.pressed_button.connect(self.do)
        self.rows.selectionModel().currentChanged.connect(self._current_changed)
        self._count = QLabel(self)
        self._count.setProperty("role", "faint")
        self._empty = EmptyState(self)
        self._empty.show_words(*empty_words(QueueRef(QueueName.OUTBOX), QueueFilter.ALL, None))
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.rows)
        self._stack.addWidget(self._empty)
        foot = QLabel(
            "Edit or remove anything until it leaves. Tags, notes and closed cases are saved"
            " already.",
            self,
        )
        foot.setWordWrap(True)
        foot.setProperty("role", "small")
        around_foot = QHBoxLayout()
        around_foot.setContentsMargins(18, 12, 18, 16)
        around_foot.addWidget(foot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head())
        layout.addWidget(self._stack, 1)
        layout.addLayout(around_foot)
        self._stand_ins = self.rows.stand_ins()
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self.rows.viewport().update)

    def _head(self) -> QWidget:
        head = QWidget(self)
        head.setFixedHeight(52)
        title = QLabel("Outbox", head)
        set_type(title, "title", 600)
        layout = QHBoxLayout(head)
        layout.setContentsMargins(*mirroring.sides(18, 0, 8, 0))
        layout.setSpacing(8)
        layout.addWidget(title)
        layout.addWidget(self._count)
        layout.addStretch(1)
        return head

    def refresh(self) -> None:
        self._bridge.ask("outbox", self._queues.outbox(), self._show)

    def changed(self, changes: ChangeSet) -> None:
        if changes.outbox and self.isVisible():
            self.refresh()

    def showEvent(self, _event: object) -> None:
        self._tick.start()
        self.refresh()

    def hideEvent(self, _event: object) -> None:
        self._tick.stop()

    def step(self, by: int) -> None:
        at = self.rows.currentIndex().row() + by
        if 0 <= at < self.model.rowCount():
            self.rows.setCurrentIndex(self.model.index(at))

    def do(self, button: OutboxButton, entry: OutboxEntry) -> None:
        """Retry, take back to edit, remove, or settle one item."""
        item = entry.item
        if button is OutboxButton.COPY:
            QGuiApplication.clipboard().setText(item.text)
            return
        if button is OutboxButton.RETRY and item.state is OutboxState.UNKNOWN:
            self.settle_requested.emit(item.id)
            return
        if button is OutboxButton.RETRY:
            self._bridge.act(self._replies.retry(item.id))
            return
        if button is OutboxButton.ARRIVED:
            self._bridge.act(self._replies.arrived(item.id))
            return
        if button is OutboxButton.EDIT:
            self.entry_chosen.emit(entry)
            self._bridge.ask("", self._replies.edit(item.id), self._taken_back)
        else:
            self._bridge.act(self._replies.discard(item.id))

    def _taken_back(self, item: OutboxItem) -> None:
        self.edit_requested.emit(item)

    def _show(self, entries: tuple[OutboxEntry, ...]) -> None:
        self.model.show_entries(entries)
        self._count.setText(str(len(entries)))
        self._stack.setCurrentWidget(self.rows if entries else self._empty)
        if entries and not self.rows.currentIndex().isValid():
            self.rows.setCurrentIndex(self.model.index(0))

    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        entry = self.model.row(current)
        if entry is not None:
            self.entry_chosen.emit(entry)


class OutboxRows(QListView):
    """``pressed_button`` (OutboxButton, OutboxEntry), by pointer, key or menu."""

    pressed_button = Signal(object, object)

    def __init__(self, model: OutboxModel, now_ms: Callable[[], int], parent: QWidget) -> None:
        super().__init__(parent)
        self.painter_of_rows = OutboxDelegate(now_ms, self)
        self.setModel(model)
        self.setItemDelegate(self.painter_of_rows)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setProperty("surface", "surface")
        self.setAccessibleName("Outbox")

    def stand_ins(self) -> StandIns:
        """What is painted as a button, for those who listen."""
        places = partial(outbox_places, self, self.painter_of_rows, self.pressed_button)
        return StandIns(self, "Actions in the outbox", places)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        at = event.position().toPoint()
        index = self.indexAt(at)
        if event.button() is not Qt.MouseButton.LeftButton or not index.isValid():
            return
        button = self.painter_of_rows.button_at(self.visualRect(index), at, index)
        if button is not None:
            self.pressed_button.emit(button, index.data(ENTRY_ROLE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {
            Qt.Key.Key_Delete: OutboxButton.DISCARD,
            Qt.Key.Key_Return: OutboxButton.RETRY,
            Qt.Key.Key_Enter: OutboxButton.RETRY,
            Qt.Key.Key_F2: OutboxButton.EDIT,
        }
        copies = event.matches(QKeySequence.StandardKey.Copy)
        button = OutboxButton.COPY if copies else keys.get(Qt.Key(event.key()))
        entry: OutboxEntry | None = self.currentIndex().data(ENTRY_ROLE)
        if button is not None and entry is not None and button in offered(entry):
            self.pressed_button.emit(button, entry)
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands of the window here."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = event.pos()
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(at)
        if by_key:
            at = self.visualRect(index).center()
        entry: OutboxEntry | None = index.data(ENTRY_ROLE)
        if entry is not None:
            self._menu(entry, self.viewport().mapToGlobal(QPoint(at)))

    def _menu(self, entry: OutboxEntry, at: QPoint) -> None:
        menu = QMenu(self)
        by_action = {menu.addAction(button_text(one, entry)): one for one in offered(entry)}
        picked = menu.exec(at) if by_action else None
        if picked is not None:
            self.pressed_button.emit(by_action[picked], entry)
