"""What can be done from the list: the menu of a row, and the actions over all chosen ones."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu

from app.ui.access.row_places import menu_place
from app.ui.access.stand_ins import StandIns
from app.ui.many_actions import DEEDS

if TYPE_CHECKING:  # the window makes this object
    from app.ui.window import ConsoleWindow


class ListDeeds(QObject):
    """Offers what fits: all that is chosen where it is several, the case at hand otherwise."""

    def __init__(self, window: ConsoleWindow) -> None:
        super().__init__(window)
        self._window = window
        pane = window.case_list
        pane.bar.offer(lambda: [window.named_actions[name] for name in DEEDS])
        pane.chosen_changed.connect(self._chosen_changed)
        pane.menu_requested.connect(self._open_menu)
        self._several = False
        places = partial(menu_place, pane.rows, pane.menu_requested)
        self._stand_ins = StandIns(pane.rows, "Actions in the list", places)

    def _chosen_changed(self) -> None:
        was, self._several = self._several, bool(self._window.case_list.chosen())
        if self._several:
            self.offer_many()
        elif was:
            desk = self._window.desk
            desk.case_changed.emit(desk.case)
            if desk.view is not None:
                desk.view_changed.emit(desk.view)

    def offer_many(self) -> None:
        """Each makes sense for some of them; the rest is left alone and told."""
        if self._several:
            for name in DEEDS:
                self._window.named_actions[name].setEnabled(True)

    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        actions = self._window.named_actions
        if self._several:
            for name in DEEDS:
                menu.addAction(actions[name])
        else:
            actions.fill(menu, "Case")
        menu.addSeparator()
        menu.addAction(actions["choose-all"])
        menu.popup(at)
