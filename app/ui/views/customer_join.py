"""The sheet that says: these two customers are one person."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import SeamlineError
from app.domain.events import Event
from app.domain.ids import CustomerId
from app.domain.views import CustomerCard, CustomerHit
from app.ui.dialogs.sheet import Sheet
from app.ui.theme import formats, glyphs, mirroring, painting, theme
from app.ui.timeline.text import theme_line
from app.ui.views.customer_parts import draw_line

if TYPE_CHECKING:
    # Only named here: the services bring SQLAlchemy along, which other threads import.
    from app.services.services import Services
    from app.ui.bridge import UiBridge

Index = QModelIndex | QPersistentModelIndex

_WIDTH = 460
_HEIGHT = 440
_TYPING_MS = 120
_MOST = 30
_HIT = Qt.ItemDataRole.UserRole + 1
_ROW = 36


class JoinSheet(Sheet):
    """Finds another customer and joins their identities to the one shown; separable later.

    ``joined`` tells so in words, with the events it took.
    """

    joined = Signal(str, tuple)

    def __init__(
        self, services: Services, bridge: UiBridge, card: CustomerCard, parent: QWidget
    ) -> None:
        super().__init__(parent, title="Join customers", width=_WIDTH, height=_HEIGHT)
        self._services = services
        self._bridge = bridge
        self._card = card
        self._topic = f"join-{id(self)}"
        self._left = 0
        self._events: list[Event] = []
        self.add_header("Join customers", f"Who else is {card.name}?")
        self.field = QLineEdit(self.card)
        self.field.setPlaceholderText("Name or handle")
        self.field.setAccessibleName("Name or handle of the other customer")
        self.found = QListWidget(self.card)
        self.found.setAccessibleName("Customers found")
        self.found.setFrameShape(QListWidget.Shape.NoFrame)
        self.found.setItemDelegate(_HitDelegate(self.found))
        self.column.addWidget(_padded(self.field, self.card))
        self.column.addWidget(_padded(self.found, self.card), 1)
        self.footer = self.add_footer("Join")
        self.footer.main.setEnabled(False)
        self.footer.say("Their histories become one timeline. You can separate them again.")
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self._look)
        self.field.textChanged.connect(self._typing.start)
        self.found.itemSelectionChanged.connect(self._chosen_changed)
        self.found.itemActivated.connect(self.submit)
        self._look()

    def first_focus(self) -> QWidget:
        return self.field

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self.field.hasFocus() and self.found.count():
            self.found.setFocus()
            self.found.setCurrentRow(0)
            return
        super().keyPressEvent(event)

    def submit(self) -> None:
        """Join every identity of the chosen customer to the one shown."""
        chosen = self._chosen()
        if chosen is None or self._left:
            return
        self.footer.main.setEnabled(False)
        self._bridge.ask(
            self._topic, self._services.customers.card(chosen), self._join, self._refused
        )

    def _look(self) -> None:
        future = self._services.customers.list(self.field.text().strip(), limit=_MOST)
        self._bridge.ask(f"{self._topic}-list", future, self._show, self._refused)

    def _show(self, hits: tuple[CustomerHit, ...]) -> None:
        self.found.clear()
        for hit in hits:
            if hit.customer == self._card.customer:
                continue
            row = QListWidgetItem(hit.name)
            row.setData(_HIT, hit)
            said = f"{hit.name}, {hit.handle}, {hit.channel.label}"
            row.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            self.found.addItem(row)
        if not self.found.count():
            nobody = QListWidgetItem("Nobody else by that name or handle.")
            nobody.setFlags(Qt.ItemFlag.NoItemFlags)
            self.found.addItem(nobody)
        self._chosen_changed()

    def _chosen(self) -> CustomerId | None:
        rows = self.found.selectedItems()
        return _hit_of(rows[0]).customer if rows else None

    def _chosen_changed(self) -> None:
        self.footer.main.setEnabled(self._chosen() is not None)

    def _join(self, other: CustomerCard) -> None:
        self._left = len(other.identities)
        self._events = []
        for identity in other.identities:
            future = self._services.customers.link(identity.identity, self._card.customer)
            told = partial(self._linked, other.name)
            self._bridge.ask("", future, told, self._refused)

    def _linked(self, name: str, event: Event) -> None:
        self._events.append(event)
        self._left -= 1
        if not self._left:
            self.joined.emit(f"Joined with {name}.", tuple(self._events))
            self.close()

    def _refused(self, error: SeamlineError) -> None:
        self._left = 0
        self.footer.say(str(error), wrong=True)
        self._chosen_changed()


class _HitDelegate(QStyledItemDelegate):
    """A row of the customers found: channel, name, handle, reach."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002 - all alike
        return QSize(200, theme().scaled(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hit: CustomerHit | None = index.data(_HIT)
        box = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        painter.save()
        mirroring.mirror(painter, box)
        self._paint(painter, box, hit, state, str(index.data()))
        painter.restore()

    @staticmethod
    def _paint(
        painter: QPainter, box: QRectF, hit: CustomerHit | None, state: QStyle.StateFlag, words: str
    ) -> None:
        look = theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if hit is None:
            painter.setPen(look.colour("text-3"))
            line = theme_line(words, "body")
            draw_line(painter, line, QPointF(box.left() + 10, box.center().y() - line.height / 2))
            return
        if state & QStyle.StateFlag.State_Selected:
            painting.fill_rounded(painter, box, 9, look.colour("accent-tint"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painting.fill_rounded(painter, box, 9, look.colour("hover"))
        if state & QStyle.StateFlag.State_HasFocus:
            painting.draw_focus_ring(painter, box, 9)
        middle = box.center().y()
        glyphs.draw_channel(painter, QRectF(box.left() + 10, middle - 9, 18, 18), hit.channel)
        reach = formats.compact_number(hit.reach) if hit.reach else ""
        right = theme_line(reach, "caption")
        edge = box.right() - 12 - right.width
        painter.setPen(look.colour("text-3"))
        draw_line(painter, right, QPointF(edge, middle - right.height / 2))
        left = box.left() + 38
        name = theme_line(hit.name, "body", 500, (edge - left) * 0.6)
        painter.setPen(look.colour("text"))
        draw_line(painter, name, QPointF(left, middle - name.height / 2))
        left += name.width + 8
        handle = theme_line(hit.handle, "small", 400, max(0.0, edge - left - 8))
        painter.setPen(look.colour("text-3"))
        draw_line(painter, handle, QPointF(left, middle - handle.height / 2))


def _hit_of(row: QListWidgetItem) -> CustomerHit:
    hit: CustomerHit = row.data(_HIT)
    return hit


def _padded(widget: QWidget, parent: QWidget) -> QWidget:
    frame = QWidget(parent)
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(22, 0, 22, 10)
    layout.addWidget(widget)
    return frame
