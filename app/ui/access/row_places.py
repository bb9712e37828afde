"""What can be pressed in the lists of the second column: the outbox, and the conversations."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QPoint, QRect, Qt, SignalInstance
from PySide6.QtWidgets import QAbstractItemView, QListView

from app.ui.access.stand_ins import Place
from app.ui.delegates.outbox_delegate import OutboxDelegate, button_text
from app.ui.models.outbox_model import ENTRY_ROLE

MENU = "Actions"
_MENU_SIDE = 24


def outbox_places(
    view: QListView, painter_of_rows: OutboxDelegate, pressed: SignalInstance
) -> Iterator[Place]:
    """Every painted button in sight; ``pressed`` is told the button and its entry."""
    sight, model = view.viewport().rect(), view.model()
    for row in range(model.rowCount()):
        index = model.index(row, 0)
        area = view.visualRect(index)
        if not area.intersects(sight):
            continue
        about, entry = _spoken(view, row), index.data(ENTRY_ROLE)
        for button, box in painter_of_rows.buttons(area, index):
            press = partial(pressed.emit, button, entry)
            yield Place(box.toAlignedRect(), button_text(button, entry), about, press)


def menu_place(view: QAbstractItemView, wanted: SignalInstance) -> Iterator[Place]:
    """The menu of the current row, while it is in sight; ``wanted`` is told where to open it."""
    index = view.currentIndex()
    area = view.visualRect(index)
    if not index.isValid() or not area.intersects(view.viewport().rect()):
        return
    box = QRect(area.right() - _MENU_SIDE, area.top(), _MENU_SIDE, _MENU_SIDE)

    def press() -> None:
        at: QPoint = view.viewport().mapToGlobal(box.center())
        wanted.emit(at)

    yield Place(box, MENU, _spoken(view, index.row()), press)


def _spoken(view: QAbstractItemView, row: int) -> str:
    return str(view.model().index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) or "")
