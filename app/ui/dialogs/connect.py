"""Connecting an account: sign in, then say how far back to read."""

from __future__ import annotations

from concurrent.futures import Future
from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import SeamlineError
from app.domain.interactions import Channel
from app.domain.views import AccountView
from app.ui.dialogs.connect_form import FORMS, ConnectForm
from app.ui.dialogs.connect_history import HistoryPanel
from app.ui.dialogs.connect_trouble import trouble
from app.ui.dialogs.controls import Segmented, Spinner
from app.ui.dialogs.parts import announce, button, text_label
from app.ui.dialogs.sheet import Sheet

if TYPE_CHECKING:
    from app.services.services import Services
    from app.ui.bridge import UiBridge

_WIDTH = 460


class _Stage(Enum):
    FORM = auto()
    WAITING = auto()
    HISTORY = auto()


class ConnectSheet(Sheet):
    """Connects one account. Without a channel it asks for one first.

    ``meanwhile`` is a sentence on what else can be done while there is no network.
    ``connected`` carries the account's id, at once after the sign-in.
    """

    connected = Signal(object)
    _browser_wanted = Signal(str)

    def __init__(
        self,
        services: Services,
        bridge: UiBridge,
        parent: QWidget,
        channel: Channel | None = None,
        *,
        meanwhile: str = "",
    ) -> None:
        super().__init__(parent, title="Connect an account", width=_WIDTH)
        self._services = services
        self._bridge = bridge
        self._stage = _Stage.FORM
        self._pending: Future[AccountView] | None = None
        self._address = ""
        self._meanwhile = meanwhile
        self._worth_again = False
        self._channels = [one for one in services.accounts.connectable() if one in FORMS]
        self._forms: dict[Channel, ConnectForm] = {}
        self._channel = channel or self._channels[0]
        self.add_header(f"Connect {channel.label}" if channel else "Connect an account")
        if channel is None:
            self._add_choice()
        self._middle = QVBoxLayout()
        self.column.addLayout(self._middle)
        self._add_waiting()
        self._wrong = text_label("", "small", colour="danger", parent=self.card)
        self._wrong.setWordWrap(True)
        self._wrong.setContentsMargins(22, 0, 22, 12)
        self._wrong.setVisible(False)
        self.column.addWidget(self._wrong)
        self._history = HistoryPanel(services, bridge, self.card)
        self._history.moved.connect(self._refresh)
        self.column.addWidget(self._history)
        self._footer = self.add_footer("Connect")
        self._footer.cancel.clicked.disconnect(self.close)
        self._footer.cancel.clicked.connect(self._cancel)
        self._browser_wanted.connect(self._open_browser)
        self._show_form(self._channel)

    # building

    def _add_choice(self) -> None:
        holder = QVBoxLayout()
        holder.setContentsMargins(22, 0, 22, 12)
        self._choice = Segmented(
            [(one.label, "") for one in self._channels], name="Channel", parent=self.card
        )
        self._choice.group.idToggled.connect(self._channel_chosen)
        holder.addWidget(self._choice)
        self.column.addLayout(holder)

    def _add_waiting(self) -> None:
        self._waiting = QWidget(self.card)
        line = QHBoxLayout(self._waiting)
        line.setContentsMargins(22, 0, 22, 14)
        line.setSpacing(10)
        line.addWidget(Spinner(self._waiting))
        self._waiting_text = text_label("", "small", colour="text-2", parent=self._waiting)
        self._waiting_text.setWordWrap(True)
        line.addWidget(self._waiting_text, 1)
        self._copy = button("Copy the address", kind="quiet", small=True, parent=self._waiting)
        self._copy.clicked.connect(self._copy_address)
        line.addWidget(self._copy)

    def form(self) -> ConnectForm:
        """The fields of the chosen channel."""
        return self._forms[self._channel]

    def _show_form(self, channel: Channel) -> None:
        self._channel = channel
        if channel not in self._forms:
            made = FORMS[channel](self.card)
            made.changed.connect(self._fields_changed)
            self._middle.addWidget(made)
            self._forms[channel] = made
        for one, form in self._forms.items():
            form.setVisible(one is channel)
        self._refresh()

    def first_focus(self) -> QWidget:
        return self.form().first_empty()

    @Slot(int, bool)
    def _channel_chosen(self, number: int, on: bool) -> None:
        if on:
            self._say_wrong("")
            self._show_form(self._channels[number])

    # signing in

    @Slot()
    def _fields_changed(self) -> None:
        self._say_wrong("")
        self._refresh()

    def submit(self) -> None:
        if self._stage is _Stage.HISTORY:
            if self._history.advance():
                self.close()
        elif self._stage is _Stage.FORM and not self.form().missing():
            self._sign_in()

    def _sign_in(self) -> None:
        self._say_wrong("")
        self._address = ""
        self._stage = _Stage.WAITING
        # Called on the network thread: the signal carries the address to this one.
        self._pending = self.form().connect_account(
            self._services.accounts, self._browser_wanted.emit
        )
        self._bridge.ask("connect", self._pending, self._on_connected, self._on_error)
        self._refresh()

    @Slot(str)
    def _open_browser(self, address: str) -> None:
        self._address = address
        self._copy.setVisible(True)
        if not QDesktopServices.openUrl(QUrl(address)):
            self._waiting_text.setText(
                "No browser opened. Copy the address and open it in one, on this computer."
            )

    @Slot()
    def _copy_address(self) -> None:
        QGuiApplication.clipboard().setText(self._address)
        self._waiting_text.setText("Copied. Open it in a browser on this computer.")

    @Slot(object)
    def _on_connected(self, account: AccountView) -> None:
        self._pending = None
        self._say_wrong("")
        self._stage = _Stage.HISTORY
        self._history.show_account(account)
        self._refresh()
        self._footer.main.setFocus()
        self.connected.emit(account.account)

    @Slot(object)
    def _on_error(self, error: SeamlineError) -> None:
        self._pending = None
        self._stage = _Stage.FORM
        what = trouble(error, self._meanwhile)
        self._say_wrong(what.words)
        self._worth_again = what.again
        self._refresh()
        (self._footer.main if what.again else self.form().first_empty()).setFocus()

    def _say_wrong(self, sentence: str) -> None:
        self._worth_again = False
        self._wrong.setText(sentence)
        announce(self._wrong, sentence)
        self._wrong.setVisible(bool(sentence))
        self.form().mark_wrong(wrong=bool(sentence))

    # leaving

    @Slot()
    def _cancel(self) -> None:
        """While a sign-in is under way, give it up; otherwise leave."""
        if self._stage is _Stage.WAITING:
            self._give_up()
            self._stage = _Stage.FORM
            self._refresh()
            self.form().first_empty().setFocus()
        else:
            if self._stage is _Stage.HISTORY:
                self._history.skip()
            self.close()

    def _give_up(self) -> None:
        self._bridge.forget("connect")
        if self._pending is not None:
            self._pending.cancel()
            self._pending = None

    def closeEvent(self, event: QCloseEvent) -> None:
        self._give_up()
        super().closeEvent(event)

    # how it looks now

    @Slot()
    def _refresh(self) -> None:
        waiting = self._stage is _Stage.WAITING
        history = self._stage is _Stage.HISTORY
        form = self.form()
        form.setVisible(not history)
        form.setEnabled(not waiting)
        if hasattr(self, "_choice"):
            self._choice.setVisible(not history)
            self._choice.setEnabled(not waiting)
        self._waiting.setVisible(waiting)
        if waiting:
            self._waiting_text.setText(form.waiting_text)
            self._copy.setVisible(bool(self._address))
        self._history.setVisible(history)
        main, cancel = self._footer.main, self._footer.cancel
        if history:
            self._name_history_buttons()
            return
        missing = form.missing()
        main.setText("Try again" if self._worth_again else form.main_text)
        main.setEnabled(not waiting and not missing)
        main.setToolTip(missing)
        cancel.setText("Cancel")

    def _name_history_buttons(self) -> None:
        history, main = self._history, self._footer.main
        main.setEnabled(True)
        main.setToolTip("")
        main.setText(history.main_text)
        self._footer.cancel.setVisible(not history.finished)
        later = history.begun or history.reads_on
        self._footer.cancel.setText("Close" if later else "Only from now on")
        self._footer.say(history.hint)
