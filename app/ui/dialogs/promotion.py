"""What Send asks while promotions wait: without it, when the case is closed, or anyway and why."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.promotions import Promotion
from app.ui.dialogs.parts import button, field_label, text_label
from app.ui.dialogs.sheet import Sheet
from app.ui.views.composer_words import WHEN_CLOSED, text_without, without_words

_WIDTH = 460
_LONGEST_REASON = 200


class PromotionSheet(Sheet):
    """Shows what would leave; nothing is sent from here.

    ``without``  (the text that is left) send that.
    ``anyway``   (the reason) send it as it is.
    ``later``    keep it until the case is closed; offered where that would let it leave.
    """

    without = Signal(str)
    anyway = Signal(str)
    later = Signal()

    def __init__(
        self, parent: QWidget, text: str, found: tuple[Promotion, ...], sentence: str,
        *, reasons: bool = False, can_wait: bool = False,
    ) -> None:  # fmt: skip
        title = without_words(found) + "?"
        super().__init__(parent, title=title, width=_WIDTH)
        self._left = text_without(text, found)
        self._reasons = reasons
        self.add_header(title)
        body = QVBoxLayout()
        body.setContentsMargins(22, 2, 22, 16)
        body.setSpacing(6)
        why = text_label(sentence, "body", colour="warn", parent=self.card)
        why.setWordWrap(True)
        body.addWidget(why)
        body.addSpacing(8)
        body.addWidget(field_label("This would leave", parent=self.card))
        left = text_label(self._left or "Nothing is left without it.", "body", parent=self.card)
        left.setWordWrap(True)
        body.addWidget(left)
        body.addSpacing(12)
        self.send_later = button(WHEN_CLOSED, parent=self.card)
        self.send_later.clicked.connect(self._later)
        self.send_later.setVisible(can_wait)
        if can_wait:
            body.addWidget(field_label("Or let it wait", "As it is written", parent=self.card))
            body.addWidget(self.send_later, 0, Qt.AlignmentFlag.AlignLeft)
            body.addSpacing(12)
        body.addWidget(field_label("Or send it anyway", "Kept with the case", parent=self.card))
        self.reason = QLineEdit(self.card)
        self.reason.setPlaceholderText("Why it may not wait")
        self.reason.setAccessibleName("Reason to send it anyway")
        self.reason.setMaxLength(_LONGEST_REASON)
        self.send_anyway = button("Send anyway", parent=self.card)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.reason, 1)
        row.addWidget(self.send_anyway)
        body.addLayout(row)
        self.column.addLayout(body)
        footer = self.add_footer(without_words(found), keys="Ctrl ↵")
        self.main = footer.main
        self.main.setEnabled(bool(self._left))
        self.reason.textChanged.connect(self._typed)
        self.reason.returnPressed.connect(self._anyway)
        self.send_anyway.clicked.connect(self._anyway)
        self._typed()

    def first_focus(self) -> QWidget | None:
        return self.reason if self._reasons or not self._left else self.main

    def submit(self) -> None:
        if self._left:
            self.close()
            self.without.emit(self._left)

    @Slot()
    def _typed(self) -> None:
        self.send_anyway.setEnabled(bool(self.reason.text().strip()))

    @Slot()
    def _later(self) -> None:
        self.close()
        self.later.emit()

    @Slot()
    def _anyway(self) -> None:
        if reason := self.reason.text().strip():
            self.close()
            self.anyway.emit(reason)
