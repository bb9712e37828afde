"""How far back to read after connecting, and how far it has come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import SeamlineError
from app.domain.ids import AccountId, DepartmentId
from app.domain.views import AccountState, AccountView
from app.ui.dialogs.attempt import attempt
from app.ui.dialogs.controls import ChoiceBox, Segmented, Spinner
from app.ui.dialogs.parts import button, field_label, text_label
from app.ui.dialogs.sheet import Sheet
from app.ui.theme.formats import grouped

if TYPE_CHECKING:
    from app.services.services import Services
    from app.ui.bridge import UiBridge

_SPANS: tuple[tuple[str, timedelta | None], ...] = (
    ("7 days", timedelta(days=7)),
    ("30 days", timedelta(days=30)),
    ("1 year", timedelta(days=365)),
    ("Everything", None),
)
_USUAL = 1
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
"""Before any of the services existed."""
_LOOK_MS = 700
_WAITS = {
    AccountState.OFFLINE: "Reading goes on by itself once it is reached.",
    AccountState.RESTING: "Then reading goes on by itself.",
}
"""What follows for the reading while an account waits."""


class HistoryPanel(QWidget):
    """Asks who answers an account and how far back to read it, then shows the reading.

    ``moved``  something to say on the buttons changed: see ``running`` and ``stopped``.
    """

    moved = Signal()

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self._account: AccountId | None = None
        self.running = False
        self.begun = False
        self.finished = False
        self.reads_on = False
        """Whether the account was connected, and read, before."""
        self._stopping = False
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 4, 22, 16)
        column.setSpacing(0)
        self._who = text_label("", "body", weight=600, parent=self)
        column.addWidget(self._who)
        column.addSpacing(14)
        self._asking = QWidget(self)
        self._build_asking(QVBoxLayout(self._asking))
        column.addWidget(self._asking)
        self._telling = QWidget(self)
        line = QHBoxLayout(self._telling)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        self._spinner = Spinner(self._telling)
        line.addWidget(self._spinner)
        self._told = text_label("", "body", colour="text-2", parent=self._telling)
        self._told.setWordWrap(True)
        line.addWidget(self._told, 1)
        self._try_now = button("Try now", small=True, parent=self._telling)
        self._try_now.clicked.connect(self._hurry)
        self._try_now.setVisible(False)
        line.addWidget(self._try_now)
        self._telling.setVisible(False)
        column.addWidget(self._telling)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._ask_status)

    def _build_asking(self, column: QVBoxLayout) -> None:
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(field_label("How far back should Seamline read?", parent=self))
        self._span = Segmented(
            [(name, "") for name, _ in _SPANS],
            name="How far back should Seamline read?",
            parent=self,
        )
        self._span.choose(_USUAL)
        column.addWidget(self._span)
        column.addSpacing(14)
        column.addWidget(
            field_label("Who answers what comes in?", "can be changed at Accounts", parent=self)
        )
        self._owner = ChoiceBox(self)
        self._owner.setAccessibleName("Who answers what comes in?")
        self._owner.setFixedHeight(34)
        for department in self._services.directory.departments():
            self._owner.addItem(department.name, str(department.id))
        column.addWidget(self._owner)

    def show_account(self, account: AccountView) -> None:
        """Ask for a newly connected account."""
        self._account = account.account
        self.reads_on = account.history_since_ms is not None
        self._who.setText(f"{account.handle} on {account.channel.label}")
        self._owner.setCurrentIndex(max(0, self._owner.findData(str(account.owner))))
        self._span.group.button(_USUAL).setFocus()

    def _since(self) -> datetime:
        span = _SPANS[self._span.chosen()][1]
        return _BEGINNING if span is None else self._services.clock.now() - span

    @Slot()
    def start(self) -> None:
        """Read, or go on reading where it was stopped."""
        if self._account is None or self.running:
            return
        if not self.begun:
            self._keep_owner(self._account)
        self.running, self.begun, self._stopping = True, True, False
        self._asking.setVisible(False)
        self._telling.setVisible(True)
        self._spinner.setVisible(True)
        self._told.setText("Reading what is there…")
        read = self._services.syncing.fetch_history(self._account, self._since())
        self._bridge.ask("", read, self._on_read, self._on_error)
        self._look.start()
        self.moved.emit()

    # the buttons of the sheet it stands in

    @property
    def main_text(self) -> str:
        """What the main button does now: see ``advance``."""
        if self.finished:
            return "Done"
        if self.running:
            return "Stop"
        return "Continue" if self.begun else "Read"

    @property
    def hint(self) -> str:
        return "It goes on when you close this." if self.running else ""

    def advance(self) -> bool:
        """Do what the main button says; whether the sheet may close."""
        if self.finished:
            return True
        if self.running:
            self.stop()
        else:
            self.start()
        return False

    # reading

    def skip(self) -> None:
        """Read nothing of what was before, unless some was read already."""
        if self._account is not None and not self.begun:
            self._keep_owner(self._account)
            if self.reads_on:
                return
            now = self._services.clock.now()
            self._bridge.act(self._services.syncing.fetch_history(self._account, now))

    def _keep_owner(self, account: AccountId) -> None:
        owner = DepartmentId(str(self._owner.currentData()))
        self._bridge.act(attempt(lambda: self._services.accounts.set_owner(account, owner)))

    @Slot()
    def stop(self) -> None:
        """Stop reading; what came stays, and ``start`` goes on from there."""
        if self._account is not None and self.running:
            self._stopping = True
            self._services.syncing.stop_history(self._account)

    @Slot()
    def _ask_status(self) -> None:
        accounts = self._services.accounts.list()
        self._bridge.ask("connect-status", accounts, self._on_status, self._on_error)

    @Slot(object)
    def _on_status(self, accounts: tuple[AccountView, ...]) -> None:
        mine = next((a for a in accounts if a.account == self._account), None)
        if mine is None or not self.running:
            return
        self._try_now.setVisible(mine.state is AccountState.OFFLINE)
        if mine.state in _WAITS:
            self._told.setText(f"{mine.message} {_WAITS[mine.state]}")
            return
        if mine.state is not AccountState.SYNCING:
            return
        noun = "interaction" if mine.fetched == 1 else "interactions"
        self._told.setText(f"{grouped(mine.fetched)} {noun} so far. {mine.message}".strip())

    @Slot()
    def _hurry(self) -> None:
        self._told.setText("Trying…")
        self._services.syncing.try_now()

    @Slot(object)
    def _on_read(self, _nothing: object) -> None:
        self._rest()
        self.finished = not self._stopping
        if self._stopping:
            self._told.setText("Stopped. What was read stays, the rest can be read any time.")
        else:
            self._told.setText("Everything is here.")
        self.moved.emit()

    @Slot(object)
    def _on_error(self, error: SeamlineError) -> None:
        if not self.running:
            return
        self._rest()
        self._told.setText(str(error))
        self._told.set_colour("danger")
        self.moved.emit()

    def _rest(self) -> None:
        self.running = False
        self._look.stop()
        self._bridge.forget("connect-status")
        self._spinner.setVisible(False)
        self._try_now.setVisible(False)
        self._told.set_colour("text-2")


class HistorySheet(Sheet):
    """Reads further back on an account that is connected already, or goes on where it stopped."""

    def __init__(
        self, services: Services, bridge: UiBridge, parent: QWidget, account: AccountView
    ) -> None:
        super().__init__(parent, title=f"Read further back on {account.handle}", width=460)
        self.add_header("Read further back")
        self._panel = HistoryPanel(services, bridge, self.card)
        self._panel.moved.connect(self._refresh)
        self.column.addWidget(self._panel)
        self._footer = self.add_footer("Read")
        self._panel.show_account(account)
        self._refresh()

    def first_focus(self) -> QWidget:
        return self._footer.main

    def submit(self) -> None:
        if self._panel.advance():
            self.close()

    @Slot()
    def _refresh(self) -> None:
        self._footer.main.setText(self._panel.main_text)
        self._footer.cancel.setText("Close" if self._panel.begun else "Cancel")
        self._footer.cancel.setVisible(not self._panel.finished)
        self._footer.say(self._panel.hint)
