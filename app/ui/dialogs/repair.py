"""A damaged workspace: the newest good backup, put back by one button, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.errors import SeamlineError
from app.ui.bridge import UiBridge
from app.ui.dialogs.parts import announce
from app.ui.theme import set_type
from app.ui.theme.brand import mark_pixmap
from app.ui.theme.formats import grouped

if TYPE_CHECKING:
    from app.services.repairing import Offer, Repair, Restored

_WIDTH = 520
_MARK = 40
_KEPT = (
    "The damaged file is kept aside. What can still be read of it comes over, and what customers"
    " wrote since is pulled from the channels again."
)


class RepairDialog(QDialog):
    """``repaired`` when the backup is in place and the agent has read what came of it; closing it
    before is ``rejected``. While the backup is being put back it cannot be closed."""

    repaired = Signal()

    def __init__(self, repair: Repair, error: SeamlineError, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._repair = repair
        self._bridge = UiBridge(self)
        self._offer: Offer | None = None
        self._busy = False
        self._done = False
        self.setWindowTitle("Seamline")
        self.setFixedWidth(_WIDTH)
        mark = QLabel(self)
        mark.setPixmap(mark_pixmap(_MARK, self.devicePixelRatioF()))
        self.head = self._label("title", 600)
        self.words = self._label("body", 400)
        self.detail = self._label("small", 400)
        self.detail.setProperty("role", "muted")
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.leave = QPushButton("Quit", self)
        self.leave.setAutoDefault(False)
        self.leave.clicked.connect(self.reject)
        self.main = QPushButton(self)
        self.main.setProperty("kind", "main")
        self.main.setDefault(True)
        self.main.clicked.connect(self._press)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.leave)
        buttons.addWidget(self.main)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(mark, 0, Qt.AlignmentFlag.AlignLeft)
        for part in (self.head, self.words, self.detail):
            layout.addWidget(part)
        layout.addSpacing(6)
        layout.addLayout(buttons)
        self._say(error.message, "Looking for the newest good backup…", "")
        self.main.hide()
        self._error = error
        self._bridge.ask("", repair.look(), self._found, self._lost)

    def _label(self, role: str, weight: int) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        set_type(label, role, weight)
        return label

    def _say(self, head: str, words: str, detail: str) -> None:
        for label, text in ((self.head, head), (self.words, words), (self.detail, detail)):
            label.setText(text)
            label.setVisible(bool(text))
        announce(self, f"{head} {words}")
        self.adjustSize()

    # The backup ---------------------------------------------------------------------------------

    @Slot(object)
    def _found(self, offer: Offer | None) -> None:
        from app.services.repairing import day_and_time

        if offer is None:
            self._say(self._error.message, self._error.hint, f"It is in {self._repair.folder}.")
            self.leave.setFocus()
            return
        self._offer = offer
        at = day_and_time(offer.backup.at)
        count = f"{grouped(offer.interactions)} interaction{'' if offer.interactions == 1 else 's'}"
        self._say(
            self._error.message, f"The newest good backup is of {at} and holds {count}.", _KEPT
        )
        self.main.setText(f"Put back the backup of {at}")
        self.main.show()
        self.main.setFocus()

    @Slot(object)
    def _lost(self, error: SeamlineError) -> None:
        self._say(self._error.message, error.message, error.hint)
        self.leave.setFocus()

    # Putting it back ----------------------------------------------------------------------------

    @Slot()
    def _press(self) -> None:
        if self._done:
            self.accept()
            self.repaired.emit()
        elif self._offer is not None and not self._busy:
            self._busy = True
            self.main.setEnabled(False)
            self.leave.setEnabled(False)
            self._say(self._error.message, "Putting the backup back…", _KEPT)
            restored = self._repair.restore(self._offer)
            self._bridge.ask("", restored, self._restored, self._refused)

    @Slot(object)
    def _restored(self, done: Restored) -> None:
        from app.services.repairing import told

        self._free()
        self._done = True
        first, *more = told(done)
        kept = more.pop() if done.kept_aside is not None else ""
        self._say(first, " ".join(more), kept)
        self.main.setText("Open Seamline")
        self.main.setFocus()

    @Slot(object)
    def _refused(self, error: SeamlineError) -> None:
        """Nothing was changed; it can be tried again."""
        self._free()
        self._say(error.message, error.hint, "")
        self.main.setFocus()

    def _free(self) -> None:
        self._busy = False
        self.main.setEnabled(True)
        self.leave.setEnabled(True)

    def reject(self) -> None:
        if not self._busy:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._busy:
            event.ignore()
            return
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses the button that has the keyboard, whichever is the default."""
        focused = self.focusWidget()
        is_return = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_return and isinstance(focused, QPushButton):
            focused.click()
            return
        super().keyPressEvent(event)
