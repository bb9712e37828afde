"""What is read again and again for the edges of the window: counts, accounts, the connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.changes import ChangeSet
from app.domain.views import AccountView, QueueCounts
from app.ui.bridge import UiBridge

if TYPE_CHECKING:  # for the types alone: the database comes with them
    from app.services.services import Services

_COUNTS_PAUSE_MS = 120
"""During a pull commits come many times a second; the sidebar need not."""
_WAKE_EVERY_MS = 30_000


class WorkspaceStatus(QObject):
    """``counted`` (QueueCounts), ``accounts_read`` (tuple of AccountView), ``connected``
    (Connection): the present state, after ``start`` and after whatever can have changed it.

    It also wakes what was snoozed until now; the commit of that shows it.
    """

    counted = Signal(object)
    accounts_read = Signal(object)
    connected = Signal(object)

    def __init__(self, services: Services, bridge: UiBridge, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self._counts_soon = QTimer(self, singleShot=True, interval=_COUNTS_PAUSE_MS)
        self._counts_soon.timeout.connect(self.read_counts)
        self._wake = QTimer(self, interval=_WAKE_EVERY_MS)
        self._wake.timeout.connect(self.wake_due)
        bridge.connection_changed.connect(self.read_connection)

    def start(self) -> None:
        self.wake_due()
        self._wake.start()
        self.read_counts()
        self.read_connection()

    def changed(self, changes: ChangeSet) -> None:
        """Something was committed; reads again what it can have changed."""
        counted = changes.cases or changes.outbox or changes.identities
        if counted and not self._counts_soon.isActive():
            self._counts_soon.start()
        if changes.accounts:
            self.read_accounts()
        if changes.settings:
            self._follow_promises()
        if changes.outbox:
            self.read_connection()

    def read_counts(self) -> None:
        self._bridge.ask("counts", self._services.queues.counts(), self._tell_counts)

    def read_accounts(self) -> None:
        self._bridge.ask("accounts", self._services.accounts.list(), self._tell_accounts)

    def read_connection(self) -> None:
        """The connection is at hand; how the accounts are doing changes with it."""
        self.connected.emit(self._services.syncing.connection())
        self.read_accounts()

    # Methods of this object, for a signal does not tell the bridge that its object is gone.

    def _tell_counts(self, counts: QueueCounts) -> None:
        self.counted.emit(counts)

    def _tell_accounts(self, accounts: tuple[AccountView, ...]) -> None:
        self.accounts_read.emit(accounts)

    def wake_due(self) -> None:
        self._bridge.act(self._services.cases.wake_due())
        self._bridge.act(self._services.absences.return_due())
        self._bridge.act(self._services.noise.sweep())

    def _follow_promises(self) -> None:
        """A promise was changed: the cases follow, part by part, others in between."""
        followed = self._services.cases.follow_promises()
        self._bridge.ask("follow-promises", followed, self._followed)

    def _followed(self, cases: int) -> None:
        if cases:
            self._follow_promises()
