"""The sheet that says: these two customers are one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.domain.errors import SeamlineError
from app.domain.events import Event
from app.domain.ids import CustomerId
from app.domain.views import CustomerCard, CustomerHit
from app.ui.dialogs.sheet import Sheet
from app.ui.theme import formats, glyphs

if TYPE_CHECKING:
    # Only named here: the services bring SQLAlchemy along, which other threads import.
    from app.services.services import Services
    from app.ui.bridge import UiBridge

_WIDTH = 460
_HEIGHT = 440
_TYPING_MS = 120
_MOST = 30
_CUSTOMER = Qt.ItemDataRole.UserRole + 1


class JoinSheet(Sheet):
    """Finds another customer and joins their identities to the one shown; separable later."""

    def __init__(
        self, services: Services, bridge: UiBridge, card: CustomerCard, parent: QWidget
    ) -> None:
        super().__init__(parent, title="Join customers", width=_WIDTH, height=_HEIGHT)
        self._services = services
        self._bridge = bridge
        self._card = card
        self._topic = f"join-{id(self)}"
        self._left = 0
        self.add_header("Join customers", f"Who else is {card.name}?")
        self.field = QLineEdit(self.card)
        self.field.setPlaceholderText("Name or handle")
        self.field.setAccessibleName("Name or handle of the other customer")
        self.found = QListWidget(self.card)
        self.found.setAccessibleName("Customers found")
        self.found.setIconSize(QSize(18, 18))
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
        dpr = self.devicePixelRatioF()
        for hit in hits:
            if hit.customer == self._card.customer:
                continue
            seen = formats.short_date(hit.last_ms, hit.last_ms)
            text = f"{hit.name}   {hit.handle}" if hit.handle != hit.name else hit.name
            row = QListWidgetItem(QIcon(glyphs.channel_pixmap(hit.channel, 18, dpr)), text)
            row.setData(_CUSTOMER, hit.customer)
            row.setData(
                Qt.ItemDataRole.AccessibleTextRole,
                f"{hit.name}, {hit.handle}, {hit.channel.label}, last heard of {seen}",
            )
            self.found.addItem(row)
        self._chosen_changed()

    def _chosen(self) -> CustomerId | None:
        rows = self.found.selectedItems()
        return CustomerId(rows[0].data(_CUSTOMER)) if rows else None

    def _chosen_changed(self) -> None:
        self.footer.main.setEnabled(self._chosen() is not None)

    def _join(self, other: CustomerCard) -> None:
        self._left = len(other.identities)
        for identity in other.identities:
            future = self._services.customers.link(identity.identity, self._card.customer)
            self._bridge.ask("", future, self._joined, self._refused)

    def _joined(self, _event: Event) -> None:
        self._left -= 1
        if not self._left:
            self.close()

    def _refused(self, error: SeamlineError) -> None:
        self._left = 0
        self.footer.say(str(error), wrong=True)
        self._chosen_changed()


def _padded(widget: QWidget, parent: QWidget) -> QWidget:
    frame = QWidget(parent)
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(22, 0, 22, 10)
    layout.addWidget(widget)
    return frame
