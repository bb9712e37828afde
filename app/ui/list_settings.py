"""How the list behaves, chosen in its own menu and kept in the workspace."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from app.ui.models.queue_loader import AfterLeaving

if TYPE_CHECKING:  # the window makes this object
    from app.services.queues import Departure
    from app.ui.window import ConsoleWindow

_AFTER = "ui-after-leaving"
AFTER_WORDS = (
    (AfterLeaving.NEXT, "Go to the next"),
    (AfterLeaving.STAY, "Stay on it"),
    (AfterLeaving.LIST, "Go back to the list"),
)


class ListSettings(QObject):
    """What happens when the conversation at hand is closed, snoozed or handed on."""

    def __init__(self, window: ConsoleWindow) -> None:
        super().__init__(window)
        self._window = window
        window.case_list.settings_requested.connect(self.open_menu)
        window.case_list.loader.moved.connect(self._tell_moved)

    def start(self) -> None:
        kept = self._window.services.directory.setting(_AFTER)
        if kept in list(AfterLeaving):
            self._window.case_list.loader.after = AfterLeaving(kept)

    def open_menu(self) -> None:
        pane = self._window.case_list
        menu = QMenu(pane)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.addSection("When a conversation is done with")
        group = QActionGroup(menu)
        for value, words in AFTER_WORDS:
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(pane.loader.after is value)
            action.triggered.connect(partial(self._choose, value))
            group.addAction(action)
        menu.addSeparator()
        for name in ("narrow", "save-view", "choose-all"):
            menu.addAction(self._window.named_actions[name])
        button = pane.settings_button
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _choose(self, value: AfterLeaving, _checked: bool = False) -> None:
        self._window.case_list.loader.after = value
        directory = self._window.services.directory
        self._window.bridge.act(directory.set_setting(_AFTER, value.value))

    def _tell_moved(self, departure: Departure) -> None:
        """Somebody else moved the case that is being read."""
        from app.ui.models.departure_words import departure_words

        self._window.notice.say(departure_words(departure))
