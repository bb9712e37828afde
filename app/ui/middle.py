"""What stands right of the list: a conversation, who the customer is, and a word on what was done.

It is more than half of the window and nobody can see anything in it before a case is read, so it is
built once the first list is painted, or at the first question for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.views.customer_panel import CustomerPanel
from app.ui.views.desk import Desk
from app.ui.views.notice import Notice
from app.ui.views.overlay_bar import OverlayBar

if TYPE_CHECKING:  # the window makes this object
    from app.ui.window import ConsoleWindow


class Middle:
    """Desk, panel and notice of a window."""

    def __init__(self, window: ConsoleWindow) -> None:
        services, bridge = window.services, window.bridge
        self.panel = CustomerPanel(services, bridge, window)
        OverlayBar(self.panel)
        self.desk = Desk(services, bridge, window.named_actions, self.panel, window)
        self.notice = Notice(window.columns, self.desk.timeline)
