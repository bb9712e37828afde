"""Tells an agent who looks elsewhere what happened, and counts on the program’s icon."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication

from app.domain.changes import ChangeSet
from app.domain.clock import to_ms
from app.domain.views import CasePage, OutboxEntry, QueueName, QueueRef, QueueSort
from app.services.noticing import News, Noticing
from app.services.notification_settings import NotificationSettings

if TYPE_CHECKING:
    from app.services.services import Services
    from app.ui.bridge import UiBridge

_PAUSE_MS = 2_000
"""Commits come many times a second during a pull; nobody needs to be told so often."""
_LOOK_EVERY_MS = 30_000
_ROWS = 200


class Notifier(Protocol):
    """Puts notices on the desktop."""

    def show(self, news: News, opened: Callable[[], None]) -> None:
        """``opened`` is called when somebody clicks on it."""

    def clear(self) -> None:
        """Take back what can be taken back, and call nobody any more."""


def is_looking() -> bool:
    """Whether somebody has this program before them."""
    return QGuiApplication.applicationState() is Qt.ApplicationState.ApplicationActive


class Notifying(QObject):
    """Looks at my work and the outbox after commits, and every half minute for what falls due.

    ``opened``   a notice was clicked: its News.
    ``counted``  how many conversations of my work are unread, when that has changed.
    """

    opened = Signal(object)
    counted = Signal(int)

    def __init__(
        self,
        services: Services,
        bridge: UiBridge,
        notifier: Notifier,
        parent: QObject,
        *,
        looking: Callable[[], bool] = is_looking,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self._notifier = notifier
        self._looking = looking
        self._settings = NotificationSettings(services.directory)
        self._noticing = Noticing()
        self._unread = 0
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._soon.timeout.connect(self.look)
        self._again = QTimer(self, interval=_LOOK_EVERY_MS)
        self._again.timeout.connect(self.look)

    def start(self) -> None:
        """Take note of what is there, once the window stands, and tell what comes after it."""
        self._bridge.committed.connect(self._committed)
        self._again.start()
        self._soon.start()

    def stop(self) -> None:
        """Nothing more is told, and what can be taken back is: the window goes, or is locked."""
        if self._again.isActive():
            self._bridge.committed.disconnect(self._committed)
        self._soon.stop()
        self._again.stop()
        self._bridge.forget("notify-rows")
        self._bridge.forget("notify-outbox")
        self._notifier.clear()
        _badge(0)

    @Slot(object)
    def _committed(self, changes: ChangeSet) -> None:
        if (changes.cases or changes.outbox) and not self._soon.isActive():
            self._soon.start()

    @Slot()
    def look(self) -> None:
        page = self._services.queues.page(
            QueueRef(QueueName.MY_WORK), sort=QueueSort.NEWEST, limit=_ROWS
        )
        self._bridge.ask("notify-rows", page, self._on_rows)

    def _on_rows(self, page: CasePage) -> None:
        outbox = self._services.queues.outbox()
        self._bridge.ask("notify-outbox", outbox, partial(self._on_outbox, page))

    def _on_outbox(self, page: CasePage, outbox: tuple[OutboxEntry, ...]) -> None:
        unread = sum(row.unread for row in page.rows)
        if unread != self._unread:
            self._unread = unread
            _badge(unread)
            self.counted.emit(unread)
        now = self._services.clock.now()
        self._tell(self._noticing.look(page.rows, outbox, to_ms(now)))

    def _tell(self, news: Iterable[News]) -> None:
        """What came while somebody looks, or in quiet hours, is not told later either."""
        if self._looking() or self._settings.is_quiet(self._services.clock.now().astimezone()):
            return
        for each in news:
            if self._settings.wants(each.about):
                self._notifier.show(each, partial(self.opened.emit, each))


def _badge(count: int) -> None:
    """On the icon of the program, where the desktop has a place for it."""
    application = QGuiApplication.instance()
    if isinstance(application, QGuiApplication):
        application.setBadgeNumber(count)
