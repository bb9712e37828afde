"""Correcting the mood of a message, and taking that back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu

from app.domain.events import Event
from app.domain.mood import Mood
from app.domain.views import InteractionItem
from app.ui.bridge import UiBridge
from app.ui.models.timeline_model import TimelineModel
from app.ui.timeline.canvas import TimelineCanvas
from app.ui.timeline.entries import Entry
from app.ui.timeline.moods import WORDS, fill_mood_menu, has_mood

if TYPE_CHECKING:
    # Only named here: the services bring SQLAlchemy along, which other threads import.
    from app.services.services import Services


class MoodDeeds(QObject):
    """``corrected`` tells of a correction in words, with the call that takes it back."""

    corrected = Signal(str, object)

    def __init__(
        self, services: Services, bridge: UiBridge, model: TimelineModel, canvas: TimelineCanvas
    ) -> None:
        super().__init__(canvas)
        self._services = services
        self._bridge = bridge
        self._model = model
        self._canvas = canvas

    def correct(self, item: InteractionItem, mood: Mood | None) -> None:
        """None: what its words say after all."""
        so = WORDS[mood].lower() if mood is not None else "what its words say"
        told = partial(self._told, f"The mood of this message is {so} now.")
        self._bridge.act(self._services.moods.correct(item.uid, mood), told)

    def choose(self) -> None:
        """Open the moods of the current message, or else of the latest of the customer's."""
        row = self._row()
        if row >= 0:
            self._canvas.go_to(row)
            self.choose_for(self._model.entry(row))

    def choose_for(self, entry: Entry) -> None:
        """Open the moods of this message, beneath it."""
        row = self._model.row_of(entry.key)
        if row < 0:
            return
        item = entry.item
        assert isinstance(item, InteractionItem), "only these have a mood"
        menu = QMenu(self._canvas)
        menu.setAccessibleName("Mood of this message")
        fill_mood_menu(menu, item, self.correct)
        menu.aboutToHide.connect(menu.deleteLater)
        frame = self._canvas.layout_of(row).frame
        y = self._canvas.y_of(row) + int(frame.bottom())
        at = QPoint(int(frame.left()) + 12, max(0, min(y, self._canvas.height() - 12)))
        menu.popup(self._canvas.viewport().mapToGlobal(at))

    def _row(self) -> int:
        current = self._canvas.currentIndex().row()
        in_sight = self._canvas.first_visible() <= current <= self._canvas.last_visible()
        if in_sight and self._fits(current):
            return current
        return next((row for row in reversed(range(len(self._model))) if self._fits(row)), -1)

    def _fits(self, row: int) -> bool:
        item = self._model.entry(row).item if row >= 0 else None
        return isinstance(item, InteractionItem) and has_mood(item)

    def _told(self, words: str, event: Event) -> None:
        self.corrected.emit(words, partial(self._take_back, event))

    def _take_back(self, event: Event) -> None:
        self._bridge.act(self._services.cases.undo_event(event.id))
