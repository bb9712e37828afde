"""What a channel asks of somebody who connects an account: fields, and what they are for."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.domain.interactions import Channel
from app.domain.views import AccountView
from app.ui.dialogs.attempt import attempt
from app.ui.dialogs.parts import button, field_label, text_label
from app.ui.theme import restyle

if TYPE_CHECKING:
    from app.services.accounts import Accounts

Ask = Callable[[], Future[AccountView]]
OpenBrowser = Callable[[str], None]


class ConnectForm(QWidget):
    """The fields of one channel. ``changed`` when what stands in them did."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(22, 4, 22, 14)
        self.column.setSpacing(0)
        self._fields: list[QLineEdit] = []
        self._holders: dict[QLineEdit, QWidget] = {}

    # for subclasses

    @property
    @abstractmethod
    def main_text(self) -> str:
        """What the main button says."""

    @property
    def waiting_text(self) -> str:
        """What is said while the service is asked."""
        return "Signing in…"

    @abstractmethod
    def missing(self) -> str:
        """What has to be filled in first; "" when nothing."""

    @abstractmethod
    def connect_account(self, accounts: Accounts, open_browser: OpenBrowser) -> Future[AccountView]:
        """Start to sign in with what stands in the fields."""

    # for everybody

    def add_field(
        self, label: str, placeholder: str, detail: str = "", *, secret: bool = False
    ) -> QLineEdit:
        """A labelled field, the label its accessible name."""
        holder = QWidget(self)
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 12 if self._fields else 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(field_label(label, detail, parent=holder))
        field = QLineEdit(holder)
        field.setPlaceholderText(placeholder)
        field.setAccessibleName(label)
        field.setFixedHeight(36)
        field.setMaxLength(2000)
        hints = Qt.InputMethodHint.ImhNoAutoUppercase | Qt.InputMethodHint.ImhNoPredictiveText
        if secret:
            field.setEchoMode(QLineEdit.EchoMode.Password)
            hints |= Qt.InputMethodHint.ImhSensitiveData
        field.setInputMethodHints(hints)
        field.textChanged.connect(self.changed)
        inner.addWidget(field)
        self.column.addWidget(holder)
        self._fields.append(field)
        self._holders[field] = holder
        return field

    def show_field(self, field: QLineEdit, *, there: bool) -> None:
        """Show or hide a field with its label."""
        self._holders[field].setVisible(there)

    def add_remark(self, text: str) -> None:
        """A grey sentence under the last field."""
        self.column.addSpacing(5)
        remark = text_label(text, "small", colour="text-3", parent=self)
        remark.setWordWrap(True)
        self.column.addWidget(remark)

    def mark_wrong(self, *, wrong: bool) -> None:
        """Frame the fields in danger, or no longer."""
        for field in self._fields:
            if field.property("invalid") != wrong:
                field.setProperty("invalid", wrong)
                restyle(field)

    def first_empty(self) -> QLineEdit:
        """Where to start writing."""
        empty = (f for f in self._fields if f.isVisibleTo(self) and not f.text().strip())
        return next(empty, self._fields[0])


class MastodonForm(ConnectForm):
    """A server, then either its own page in the browser or an access token."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._server = self.add_field("Server", "mastodon.social")
        self._token = self.add_field(
            "Access token", "", "from Preferences › Development", secret=True
        )
        self._other = button("Use an access token instead", kind="quiet", small=True, parent=self)
        self._other.clicked.connect(self._turn)
        self.column.addSpacing(8)
        self.column.addWidget(self._other, 0, Qt.AlignmentFlag.AlignLeft)
        self._with_token = False
        self._show_token()

    def _show_token(self) -> None:
        self.show_field(self._token, there=self._with_token)

    @Slot()
    def _turn(self) -> None:
        self._with_token = not self._with_token
        self._show_token()
        self._other.setText(
            "Sign in with the browser instead"
            if self._with_token
            else "Use an access token instead"
        )
        self.changed.emit()

    @property
    def main_text(self) -> str:
        return "Connect" if self._with_token else "Sign in with your browser"

    @property
    def waiting_text(self) -> str:
        if self._with_token:
            return super().waiting_text
        return "Agree in your browser, then come back here."

    def missing(self) -> str:
        if not self._server.text().strip():
            return "Enter the server your account is on."
        if self._with_token and not self._token.text().strip():
            return "Enter the access token."
        return ""

    def connect_account(self, accounts: Accounts, open_browser: OpenBrowser) -> Future[AccountView]:
        server = self._server.text().strip()
        if self._with_token:
            token = self._token.text().strip()
            return attempt(lambda: accounts.connect_mastodon_token(server, token))
        return attempt(lambda: accounts.connect_mastodon_oauth(server, open_browser))


class BlueskyForm(ConnectForm):
    """A handle and an app password; another server where one is run."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._handle = self.add_field("Handle", "name.bsky.social")
        self._password = self.add_field("App password", "xxxx-xxxx-xxxx-xxxx", secret=True)
        self.add_remark(
            "Make one in Bluesky: Settings › Privacy and security › App passwords. Allow it"
            " direct messages, or Seamline cannot read them."
        )
        self._server = self.add_field("Server", "https://bsky.social", "if not Bluesky’s own")

    @property
    def main_text(self) -> str:
        return "Connect"

    def missing(self) -> str:
        if not self._handle.text().strip():
            return "Enter the handle of the account."
        return "" if self._password.text().strip() else "Enter an app password."

    def connect_account(
        self, accounts: Accounts, _open_browser: OpenBrowser
    ) -> Future[AccountView]:
        server = self._server.text().strip()
        handle, password = self._handle.text().strip(), self._password.text().strip()
        return attempt(lambda: accounts.connect_bluesky(server, handle, password))


FORMS: dict[Channel, type[ConnectForm]] = {
    Channel.MASTODON: MastodonForm,
    Channel.BLUESKY: BlueskyForm,
}
