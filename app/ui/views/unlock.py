"""Asks for the passphrase of a workspace, and says why it could not be opened."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import KeyringSilent, SeamlineError
from app.ui.dialogs.controls import Check
from app.ui.theme import set_type
from app.ui.theme.brand import mark_pixmap

_WIDTH = 420
_MARK = 40
_CHOOSE = "choose one: it locks the file, and nobody can recover it for you."
_ENTER = f"Enter its passphrase. For a new workspace, {_CHOOSE}"
_UNTIL_KEYRING = (
    f"Unlock the keyring and try again. A new workspace can have a passphrase instead; {_CHOOSE}"
)


class UnlockDialog(QDialog):
    """``given`` carries the passphrase; closing it otherwise is ``rejected``.

    Two uses: a workspace that a passphrase opens, and a new one where no keyring answers, which
    the passphrase then locks.
    """

    given = Signal(str)

    def __init__(self, error: SeamlineError, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Seamline")
        self.setFixedWidth(_WIDTH)
        mark = QLabel(self)
        mark.setPixmap(mark_pixmap(_MARK, self.devicePixelRatioF()))
        head = QLabel(error.message, self)
        head.setTextFormat(Qt.TextFormat.PlainText)
        head.setWordWrap(True)
        set_type(head, "title", 600)
        self._can_wait = isinstance(error, KeyringSilent)
        words = QLabel(_UNTIL_KEYRING if self._can_wait else _ENTER, self)
        words.setWordWrap(True)
        words.setProperty("role", "muted")
        self._field = QLineEdit(self)
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self._field.setPlaceholderText("Passphrase")
        self._field.setAccessibleName("Passphrase")
        self._field.textChanged.connect(self._refresh)
        self._show = Check("Show what I type", self)
        self._show.toggled.connect(self._reveal)
        self._open = QPushButton("Open", self)
        self._open.setProperty("kind", "main")
        self._open.setDefault(True)
        self._open.clicked.connect(self._give)
        cancel = QPushButton("Cancel", self)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(self._show, 1)
        buttons.addWidget(cancel)
        buttons.addWidget(self._open)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(mark, 0, Qt.AlignmentFlag.AlignLeft)
        for part in (head, words, self._field):
            layout.addWidget(part)
        layout.addSpacing(6)
        layout.addLayout(buttons)
        self._refresh("")

    def _refresh(self, typed: str) -> None:
        """Without a passphrase only the keyring can be asked again."""
        self._open.setEnabled(bool(typed) or self._can_wait)
        self._open.setText("Open" if typed or not self._can_wait else "Try again")

    def _reveal(self, shown: bool) -> None:
        modes = QLineEdit.EchoMode
        self._field.setEchoMode(modes.Normal if shown else modes.Password)

    def _give(self) -> None:
        passphrase = self._field.text()
        self.accept()
        self.given.emit(passphrase)
