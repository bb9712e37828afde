"""Insights in the window: where they open, and what rests meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:  # the window makes this object; the page is built when it is first opened
    from app.ui.views.insights import InsightsPage
    from app.ui.window import ConsoleWindow


class InsightsPlace(QObject):
    """Opens Insights in the place of list, timeline and panel.

    While they are open nothing can be done to the conversation behind them. Whatever shows a
    conversation or a queue leaves them.
    """

    def __init__(self, window: ConsoleWindow) -> None:
        super().__init__(window)
        self._window = window
        self.page: InsightsPage | None = None
        """None until they are opened for the first time."""
        self.is_open = False

    def open(self) -> None:
        """Show them and give them the keyboard."""
        window = self._window
        if self.page is None:
            from app.ui.views.insights import InsightsPage

            self.page = InsightsPage(window.services, window.bridge, window)
        window.columns.cover(self.page)
        self.page.refresh()
        self.page.setFocus()

    def covered(self, now: bool) -> None:
        """They are in sight now, or no more."""
        window = self._window
        self.is_open = now
        window.named_actions.set_conversations_shown(shown=not now)
        window.sidebar.queues.show_chosen(None if now else window.queue)
