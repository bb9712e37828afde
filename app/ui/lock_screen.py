"""What stands in the place of a locked console: nothing of the workspace, and the way back in."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import SeamlineError
from app.ui.dialogs.parts import announce, text_label
from app.ui.theme.brand import mark_pixmap

_MARK = 56
_WIDTH = 380
WORDS = {
    "passphrase": "Enter the passphrase of this workspace.",
    "keyring": (
        "The key of this workspace is in this computer’s keyring, so whoever uses this desktop can"
        " unlock it."
        " “seamline rekey --to passphrase” gives it a passphrase, which keeps them out."
    ),
    "nothing": "Everything in the sample is made up, so it opens without a key.",
}


class LockScreen(QMainWindow):
    """``unlock_requested`` carries the passphrase, "" where there is none.

    ``unlocked_by`` is what opens the workspace: "passphrase", "keyring" or "nothing";
    ``waiting`` how many messages have not left.
    """

    unlock_requested = Signal(str)

    def __init__(self, unlocked_by: str, waiting: int = 0) -> None:
        super().__init__()
        self.setWindowTitle("Seamline")
        self.resize(1440, 900)
        page = QWidget(self)
        page.setAccessibleName("Seamline is locked")
        mark = QLabel(page)
        mark.setPixmap(mark_pixmap(_MARK, self.devicePixelRatioF()))
        title = text_label("Locked", "hero", weight=600, parent=page)
        words = text_label(WORDS[unlocked_by], "body", colour="text-2", parent=page)
        words.setWordWrap(True)
        self._field = QLineEdit(page)
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self._field.setPlaceholderText("Passphrase")
        self._field.setAccessibleName("Passphrase")
        self._field.setVisible(unlocked_by == "passphrase")
        self._field.textChanged.connect(self._refresh)
        self._field.returnPressed.connect(self._ask)
        self._button = QPushButton("Unlock", page)
        self._button.setProperty("kind", "main")
        self._button.setAutoDefault(True)
        self._button.clicked.connect(self._ask)
        self._wrong = text_label("", "small", colour="danger", parent=page)
        self._wrong.setWordWrap(True)
        self._waits = text_label(_waiting(waiting), "small", colour="text-3", parent=page)
        self._waits.setWordWrap(True)
        self._by_passphrase = unlocked_by == "passphrase"
        self._busy = False
        self._lay_out(page, mark, title, words)
        self.setCentralWidget(page)
        self._refresh()
        (self._field if self._by_passphrase else self._button).setFocus()

    def _lay_out(self, page: QWidget, mark: QWidget, title: QWidget, words: QWidget) -> None:
        column = QVBoxLayout()
        column.setSpacing(10)
        column.addStretch(2)
        column.addWidget(mark, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(6)
        for part in (title, words):
            column.addWidget(part)
        column.addSpacing(8)
        column.addWidget(self._field)
        row = QHBoxLayout()
        row.addWidget(self._button)
        row.addStretch(1)
        column.addLayout(row)
        for part in (self._wrong, self._waits):
            column.addWidget(part)
        column.addStretch(3)
        middle = QWidget(page)
        middle.setFixedWidth(_WIDTH)
        middle.setLayout(column)
        outer = QHBoxLayout(page)
        outer.addStretch(1)
        outer.addWidget(middle)
        outer.addStretch(1)

    def refuse(self, error: SeamlineError) -> None:
        """It did not open: say why, and take another passphrase."""
        self._busy = False
        self._wrong.setText(str(error))
        announce(self._wrong, str(error))
        self._refresh()
        (self._field if self._by_passphrase else self._button).setFocus()

    def _refresh(self) -> None:
        self._button.setText("Unlocking" if self._busy else "Unlock")
        given = bool(self._field.text()) or not self._by_passphrase
        self._button.setEnabled(given and not self._busy)

    def _ask(self) -> None:
        if not self._button.isEnabled():
            return
        passphrase = self._field.text()
        self._busy = True
        self._field.clear()  # it stays nowhere longer than it has to
        self._wrong.setText("")
        self._refresh()
        self.unlock_requested.emit(passphrase)


def _waiting(count: int) -> str:
    if not count:
        return ""
    if count == 1:
        return "1 message waits in the outbox. It leaves after unlocking."
    return f"{count} messages wait in the outbox. They leave after unlocking."
