"""What can be pressed in a timeline: the buttons, pictures and links in sight, and the menu."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, QRectF, Qt

from app.ui.access.stand_ins import Place
from app.ui.models.timeline_model import TimelineRole
from app.ui.theme.mirroring import mirrored_rect
from app.ui.timeline.canvas import Content, TimelineCanvas
from app.ui.timeline.drawing import Action, RowLayout, Spot
from app.ui.timeline.text import host_of

MENU = "Actions"
_MENU_SIDE = 24


def timeline_places(canvas: TimelineCanvas) -> Iterator[Place]:
    """The places of all rows in sight; the menu of a row where the row is the current one."""
    first, last = canvas.first_visible(), canvas.last_visible()
    if canvas.content is not Content.ROWS or first < 0:
        return
    width = canvas.viewport().width()
    for row in range(first, last + 1):
        index = canvas.model().index(row, 0)
        layout, top = canvas.layout_of(row), QPoint(0, canvas.y_of(row))
        about = str(index.data(Qt.ItemDataRole.AccessibleTextRole))
        key = index.data(TimelineRole.KEY)
        for spot in (*layout.spots, *_links(layout)):
            rect = mirrored_rect(spot.rect, 0, width).toAlignedRect().translated(top)
            yield Place(rect, spot.label, about, partial(canvas.trigger, key, spot))
        if index == canvas.currentIndex():
            corner = layout.frame.toAlignedRect().topLeft() + top
            box = QRectF(corner.x(), corner.y(), _MENU_SIDE, _MENU_SIDE)
            rect = mirrored_rect(box, 0, width).toAlignedRect()
            yield Place(rect, MENU, about, partial(canvas.ask_menu, QModelIndex(index)))


def _links(layout: RowLayout) -> Iterator[Spot]:
    for block, _origin in layout.texts:
        for link in block.links:
            yield Spot(layout.frame, Action.OPEN_LINK, f"Open {host_of(link.url)}", link.url)
