"""The connected accounts and what they listen for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain.changes import ChangeSet
from app.domain.clock import to_ms
from app.domain.errors import SeamlineError
from app.domain.ids import AccountId, DepartmentId
from app.domain.pictures import PictureChoice
from app.domain.views import AccountState, AccountView, SavedSearch
from app.ui.dialogs.accounts_drift import DriftLine
from app.ui.dialogs.attempt import attempt
from app.ui.dialogs.connect import ConnectSheet
from app.ui.dialogs.connect_history import HistorySheet
from app.ui.dialogs.controls import ChoiceBox, ScrollBody
from app.ui.dialogs.parts import button, icon_button, text_label
from app.ui.dialogs.sheet import Sheet
from app.ui.theme import formats, glyphs, mirroring, theme

if TYPE_CHECKING:
    from app.services.directory import Directory
    from app.services.drifting import Drift
    from app.services.services import Services
    from app.ui.bridge import UiBridge

_WIDTH = 740
_PICTURES = {
    PictureChoice.ASK: "Pictures: ask",
    PictureChoice.ALWAYS: "Pictures: always",
    PictureChoice.NEVER: "Pictures: never",
}
_ABOUT_PICTURES = "Loading a picture tells its server when, and from where, you read the message."
_STATES = {
    AccountState.UP_TO_DATE: "up to date",
    AccountState.SYNCING: "reading",
    AccountState.RESTING: "resting",
    AccountState.OFFLINE: "offline",
    AccountState.SIGN_IN: "sign in again",
    AccountState.FAILED: "not working",
    AccountState.SAMPLE: "sample, sends nothing",
}


class AccountsSheet(Sheet):
    """Lists accounts (owner, state, remove) and saved searches (add, remove).

    ``connected`` carries the id of an account connected from here.
    """

    connected = Signal(object)

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget) -> None:
        super().__init__(parent, title="Accounts", width=_WIDTH)
        self._services = services
        self._bridge = bridge
        self._held: tuple[AccountView, ...] = ()
        self._drifts: dict[AccountId, Drift] = {}
        self._searches: tuple[SavedSearch, ...] = ()
        self._account_rows: list[QWidget] = []
        self._search_rows: list[QWidget] = []
        self.add_header("Accounts")
        body = QWidget(self.card)
        column = QVBoxLayout(body)
        column.setContentsMargins(22, 0, 22, 16)
        column.setSpacing(0)
        self._accounts_column = QVBoxLayout()
        self._accounts_column.setSpacing(0)
        column.addLayout(self._accounts_column)
        self._none = text_label(
            "No account is connected yet.", "body", colour="text-2", parent=body
        )
        self._none.setVisible(False)
        column.addWidget(self._none)
        column.addSpacing(18)
        column.addWidget(text_label("Listening for", "body", weight=600, parent=body))
        column.addWidget(
            text_label(
                "What is found enters the reach-out queue of a department.",
                "small",
                colour="text-3",
                parent=body,
            )
        )
        column.addSpacing(8)
        self._searches_column = QVBoxLayout()
        self._searches_column.setSpacing(0)
        column.addLayout(self._searches_column)
        self._adding = _AddSearch(services.directory, body)
        self._adding.wanted.connect(self._add_search)
        column.addWidget(self._adding)
        column.addStretch(1)
        self._body = body
        self.column.addWidget(ScrollBody(body, self.card), 1)
        self._footer = self.add_footer("Connect an account…", cancel="Close")
        bridge.committed.connect(self._on_commit)
        bridge.connection_changed.connect(self._ask)
        self._ask()

    @Slot(object)
    def _on_commit(self, changes: ChangeSet) -> None:
        if changes.accounts:
            self._ask()

    @Slot()
    def _ask(self) -> None:
        accounts = self._services.accounts
        self._bridge.ask("accounts-list", accounts.list(), self._on_list, self._on_error)
        self._bridge.ask("accounts-found", accounts.searches(), self._on_searches, self._on_error)
        drifts = self._services.drifting.found()
        self._bridge.ask("accounts-drift", drifts, self._on_drifts, self._on_error)

    def first_focus(self) -> QWidget:
        return self._footer.cancel

    def submit(self) -> None:
        sheet = ConnectSheet(self._services, self._bridge, self)
        sheet.connected.connect(self._on_connected)
        sheet.open()

    @Slot(object)
    def _sign_in(self, account: AccountView) -> None:
        sheet = ConnectSheet(self._services, self._bridge, self, account.channel)
        sheet.connected.connect(self._on_connected)
        sheet.open()

    @Slot(object)
    def _read_back(self, account: AccountView) -> None:
        HistorySheet(self._services, self._bridge, self, account).open()

    @Slot(object)
    def _on_connected(self, account: AccountId) -> None:
        self.connected.emit(account)
        self._ask()

    # accounts

    @Slot(object)
    def _on_list(self, held: tuple[AccountView, ...]) -> None:
        self._adding.offer(held)
        if [a.account for a in held] == [a.account for a in self._held] and held:
            for row, account in zip(self._account_rows, held, strict=True):
                if isinstance(row, _AccountRow):
                    row.show_account(account, to_ms(self._services.clock.now()))
            self._held = held
            return
        self._held = held
        _clear(self._accounts_column, self._account_rows)
        for account in held:
            row = _AccountRow(account, self._services.directory, self._body)
            row.show_account(account, to_ms(self._services.clock.now()))
            row.owner_chosen.connect(self._set_owner)
            row.pictures_chosen.connect(self._set_pictures)
            row.sign_in_wanted.connect(self._sign_in)
            row.history_wanted.connect(self._read_back)
            row.removed.connect(self._remove)
            row.drift.show_drift(self._drifts.get(account.account))
            row.drift.given.connect(self._set_owner)
            row.drift.rested.connect(self._let_rest)
            self._account_rows.append(row)
            self._accounts_column.addWidget(row)
        self._none.setVisible(not held)

    @Slot(object)
    def _on_drifts(self, drifts: dict[AccountId, Drift]) -> None:
        self._drifts = drifts
        for row, account in zip(self._account_rows, self._held, strict=True):
            if isinstance(row, _AccountRow):
                row.drift.show_drift(drifts.get(account.account))

    @Slot(object)
    def _let_rest(self, account: AccountId) -> None:
        rested = attempt(lambda: self._services.drifting.let_rest(account))
        self._bridge.ask("", rested, self._done, self._on_error)

    @Slot(object, object)
    def _set_owner(self, account: AccountId, department: DepartmentId) -> None:
        changed = attempt(lambda: self._services.accounts.set_owner(account, department))
        self._bridge.ask("", changed, self._done, self._on_error)

    @Slot(object, object)
    def _set_pictures(self, account: AccountId, choice: PictureChoice) -> None:
        changed = attempt(lambda: self._services.accounts.set_pictures(account, choice))
        self._bridge.ask("", changed, self._done, self._on_error)

    @Slot(object)
    def _remove(self, account: AccountId) -> None:
        removed = attempt(lambda: self._services.accounts.remove(account))
        self._bridge.ask("", removed, self._done, self._on_error)

    # saved searches

    @Slot(object)
    def _on_searches(self, searches: tuple[SavedSearch, ...]) -> None:
        if searches == self._searches:
            return
        self._searches = searches
        _clear(self._searches_column, self._search_rows)
        for search in searches:
            where = next((a for a in self._held if a.account == search.account), None)
            row = _SearchRow(search, where, self._services.directory, self._body)
            row.removed.connect(self._remove_search)
            self._search_rows.append(row)
            self._searches_column.addWidget(row)

    @Slot(object, str, object)
    def _add_search(self, account: AccountId, query: str, department: DepartmentId) -> None:
        added = attempt(lambda: self._services.accounts.add_search(account, query, department))
        self._bridge.ask("", added, self._on_added, self._on_error)

    @Slot(object)
    def _on_added(self, _search: object) -> None:
        self._adding.clear()
        self._done(None)

    @Slot(int)
    def _remove_search(self, search: int) -> None:
        removed = attempt(lambda: self._services.accounts.remove_search(search))
        self._bridge.ask("", removed, self._done, self._on_error)

    @Slot(object)
    def _done(self, _nothing: object) -> None:
        self._footer.say("")
        self._ask()

    @Slot(object)
    def _on_error(self, error: SeamlineError) -> None:
        self._footer.say(str(error), wrong=True)


class _AccountRow(QWidget):
    """One account: glyph, handle, state, who answers, whether pictures load, remove."""

    owner_chosen = Signal(object, object)
    pictures_chosen = Signal(object, object)
    sign_in_wanted = Signal(object)
    history_wanted = Signal(object)
    removed = Signal(object)

    def __init__(self, account: AccountView, directory: Directory, parent: QWidget) -> None:
        super().__init__(parent)
        self._account = account
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 6, 0, 6)
        outer.setSpacing(4)
        row = QHBoxLayout()
        row.setContentsMargins(*mirroring.sides(38, 0, 0, 0))
        row.setSpacing(10)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(text_label(account.handle, "body", weight=500, elide=True, parent=self))
        self._state = text_label("", "small", colour="text-2", elide=True, parent=self)
        words.addWidget(self._state)
        row.addLayout(words, 1)
        self._owner = department_box(directory, f"Who answers {account.handle}", self)
        self._owner.activated.connect(self._choose_owner)
        self._again = button("Sign in again", small=True, parent=self)
        self._again.clicked.connect(self._ask_sign_in)
        row.addWidget(self._again)
        row.addWidget(self._owner)
        self._pictures = _pictures_box(account.handle, self)
        self._pictures.activated.connect(self._choose_pictures)
        row.addWidget(self._pictures)
        self._older = icon_button("history", f"Read further back on {account.handle}", self)
        self._older.clicked.connect(self._ask_history)
        row.addWidget(self._older)
        self._bin = icon_button("trash-2", f"Remove {account.handle}", self)
        self._bin.clicked.connect(self._ask_removal)
        row.addWidget(self._bin)
        outer.addLayout(row)
        self.drift = DriftLine(directory, self)
        outer.addWidget(self.drift)
        self._sure = QWidget(self)
        line = QHBoxLayout(self._sure)
        line.setContentsMargins(*mirroring.sides(38, 0, 0, 0))
        words_of_removal = text_label(
            "What was said stays in the timelines. The sign-in is forgotten.",
            "small",
            colour="text-2",
            parent=self._sure,
        )
        words_of_removal.setWordWrap(True)
        line.addWidget(words_of_removal, 1)
        keep = button("Keep", small=True, parent=self._sure)
        keep.clicked.connect(self._keep)
        line.addWidget(keep)
        now = button("Remove now", kind="danger", small=True, parent=self._sure)
        now.clicked.connect(self._remove)
        line.addWidget(now)
        self._now: QAbstractButton = now
        self._sure.setVisible(False)
        outer.addWidget(self._sure)

    def show_account(self, account: AccountView, now_ms: int) -> None:
        """Show the state of this moment."""
        self._account = account
        said = account.message or _STATES[account.state]
        if account.until_ms is not None:
            said = f"{said} until {formats.clock_time(account.until_ms)}"
        elif account.synced_ms is not None and account.state is AccountState.OFFLINE:
            said = f"{said}, as of {formats.list_time(account.synced_ms, now_ms)}"
        self._state.setText(f"{account.channel.label} · {said}")
        wrong = account.state in (AccountState.SIGN_IN, AccountState.FAILED)
        self._state.set_colour("danger" if wrong else "text-2")
        self._again.setVisible(account.state is AccountState.SIGN_IN)
        self._older.setVisible(account.state not in (AccountState.SIGN_IN, AccountState.SAMPLE))
        if not self._owner.view().isVisible():
            self._owner.setCurrentIndex(max(0, self._owner.findData(str(account.owner))))
        self._pictures.setVisible(account.state is not AccountState.SAMPLE)
        if not self._pictures.view().isVisible():
            self._pictures.setCurrentIndex(self._pictures.findData(account.pictures.value))

    @Slot(int)
    def _choose_owner(self, _index: int) -> None:
        self.owner_chosen.emit(self._account.account, chosen_department(self._owner))

    @Slot(int)
    def _choose_pictures(self, _index: int) -> None:
        choice = PictureChoice(str(self._pictures.currentData()))
        self.pictures_chosen.emit(self._account.account, choice)

    @Slot()
    def _ask_sign_in(self) -> None:
        self.sign_in_wanted.emit(self._account)

    @Slot()
    def _ask_history(self) -> None:
        self.history_wanted.emit(self._account)

    @Slot()
    def _ask_removal(self) -> None:
        self._sure.setVisible(True)
        self._now.setFocus()

    @Slot()
    def _keep(self) -> None:
        self._sure.setVisible(False)
        self._bin.setFocus()

    @Slot()
    def _remove(self) -> None:
        self.removed.emit(self._account.account)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        mirroring.mirror(painter, QRectF(self.rect()))
        glyphs.draw_channel(painter, QRectF(2, 11, 26, 26), self._account.channel)
        painter.setPen(QPen(theme().colour("line"), 1))
        y = self.height() - 1
        painter.drawLine(38, y, self.width(), y)


class _SearchRow(QWidget):
    """One saved search."""

    removed = Signal(int)

    def __init__(
        self,
        search: SavedSearch,
        where: AccountView | None,
        directory: Directory,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._search = search
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(10)
        row.addWidget(text_label(search.query, "body", weight=500, elide=True, parent=self), 1)
        department = directory.department(search.department)
        channel = f"{where.channel.label} · " if where else ""
        words = f"{channel}{department.name}"
        row.addWidget(text_label(words, "small", colour="text-2", parent=self))
        stop = icon_button("x", f"Stop listening for {search.query}", self)
        stop.clicked.connect(self._remove)
        row.addWidget(stop)

    @Slot()
    def _remove(self) -> None:
        self.removed.emit(self._search.id)


class _AddSearch(QWidget):
    """The line that adds a saved search."""

    wanted = Signal(object, str, object)

    def __init__(self, directory: Directory, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 6, 0, 0)
        row.setSpacing(8)
        self._query = QLineEdit(self)
        self._query.setPlaceholderText("Words or #hashtag")
        self._query.setAccessibleName("Words or a hashtag")
        self._query.setMaxLength(200)
        self._query.returnPressed.connect(self._add)
        row.addWidget(self._query, 1)
        self._account = ChoiceBox(self)
        self._account.setAccessibleName("Where to listen")
        row.addWidget(self._account)
        self._department = department_box(directory, "Who reaches out", self)
        row.addWidget(self._department)
        add = button("Add", parent=self)
        add.clicked.connect(self._add)
        row.addWidget(add)

    def offer(self, accounts: tuple[AccountView, ...]) -> None:
        """Where one can listen; the line hides while that is nowhere."""
        offered = [str(a.account) for a in accounts]
        if offered != [self._account.itemData(n) for n in range(self._account.count())]:
            self._account.clear()
            for account in accounts:
                self._account.addItem(f"{account.channel.label}", str(account.account))
        self.setVisible(bool(accounts))

    def clear(self) -> None:
        self._query.clear()
        self._query.setFocus()

    @Slot()
    def _add(self) -> None:
        query = self._query.text().strip()
        if query and self._account.count():
            account = AccountId(int(self._account.currentData()))
            self.wanted.emit(account, query, chosen_department(self._department))


def department_box(directory: Directory, name: str, parent: QWidget) -> QComboBox:
    """A choice of departments."""
    box = ChoiceBox(parent)
    box.setAccessibleName(name)
    box.setToolTip(name)
    for department in directory.departments():
        box.addItem(department.name, str(department.id))
    return box


def _pictures_box(handle: str, parent: QWidget) -> QComboBox:
    """Whether pictures of an account's messages are loaded."""
    box = ChoiceBox(parent)
    box.setAccessibleName(f"Whether pictures of {handle} are loaded")
    box.setToolTip(_ABOUT_PICTURES)
    for choice, words in _PICTURES.items():
        box.addItem(words, choice.value)
    return box


def chosen_department(box: QComboBox) -> DepartmentId:
    return DepartmentId(str(box.currentData()))


def _clear(column: QVBoxLayout, rows: list[QWidget]) -> None:
    for row in rows:
        column.removeWidget(row)
        row.hide()
        row.deleteLater()
    rows.clear()
