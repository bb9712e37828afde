"""The customers who were told something wrong, each to be opened with what is right as a draft."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.clock import to_ms
from app.domain.errors import SeamlineError
from app.ui.dialogs.attempt import attempt
from app.ui.dialogs.controls import ScrollBody
from app.ui.dialogs.parts import button, text_label
from app.ui.dialogs.sheet import Sheet
from app.ui.theme.formats import short_date

if TYPE_CHECKING:
    from app.domain.templates import Filled
    from app.services.services import Services
    from app.store.templates import Told
    from app.ui.bridge import UiBridge

_WIDTH, _HEIGHT = 480, 440
_NOBODY = "Everybody has been told what is right."
_MEANS = "Each opens with the corrected wording as a draft. Nothing leaves by itself."


class CorrectionSheet(Sheet):
    """A row a customer.

    ``open_case``  (customer, case): their draft is ready, and is to be shown.
    """

    open_case = Signal(object, object)

    def __init__(
        self, services: Services, bridge: UiBridge, parent: QWidget, template: int
    ) -> None:
        super().__init__(parent, title="Told something wrong", width=_WIDTH, height=_HEIGHT)
        self._services = services
        self._bridge = bridge
        self._template = template
        self._first: QWidget | None = None
        self.add_header("Told something wrong")
        body = QWidget(self.card)
        self._rows = QVBoxLayout(body)
        self._rows.setContentsMargins(22, 2, 22, 16)
        self._rows.setSpacing(6)
        self.said = text_label(_MEANS, "small", colour="text-3", parent=body)
        self.said.setWordWrap(True)
        self._rows.addWidget(self.said)
        self._rows.addStretch(1)
        self._body = body
        self.column.addWidget(ScrollBody(body, self.card), 1)
        asked = services.templates.told_wrong(template)
        bridge.ask("told-wrong", asked, self._take, self._failed)

    def first_focus(self) -> QWidget | None:
        return self._first

    def _take(self, told: tuple[Told, ...]) -> None:
        if not told:
            self.said.setText(_NOBODY)
        now = to_ms(self._services.clock.now())
        for place, one in enumerate(told, 1):
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(text_label(one.name, "body", elide=True, parent=self._body), 1)
            at = text_label(short_date(one.at_ms, now), "small", colour="text-3", parent=self._body)
            row.addWidget(at)
            write = button("Write", small=True, parent=self._body)
            write.setAccessibleName(f"Write to {one.name}")
            write.clicked.connect(partial(self._write, one))
            row.addWidget(write)
            self._rows.insertLayout(place, row)
            if place == 1:
                self._first = write
                if self._close is not None and self._close.hasFocus():
                    write.setFocus()  # the keyboard went to the only button there was

    def _write(self, told: Told) -> None:
        drafted = attempt(
            lambda: self._services.templates.draft_correction(self._template, told.case)
        )
        self._bridge.ask("", drafted, partial(self._drafted, told), self._failed)

    def _drafted(self, told: Told, _filled: Filled) -> None:
        self.close()
        self.open_case.emit(told.customer, told.case)

    def _failed(self, error: SeamlineError) -> None:
        self.said.setText(str(error))
