"""Pairs of customers as sure as the workspace asks for: looked at, and joined on request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.errors import SeamlineError
from app.domain.views import IdentityView
from app.ui.dialogs.attempt import attempt
from app.ui.dialogs.controls import Check, ScrollBody
from app.ui.dialogs.parts import text_label
from app.ui.dialogs.sheet import Sheet
from app.ui.theme import mirroring
from app.ui.theme.formats import grouped

if TYPE_CHECKING:
    from app.services.matching import Match
    from app.services.services import Services
    from app.ui.bridge import UiBridge

_WIDTH, _HEIGHT = 560, 520
MOST = 200
"""Pairs that are shown at once; the surest come first, and the others after they are joined."""
_INDENT = 27
_MEANS = "Two histories become one. Separate takes each back."


class PairsSheet(Sheet):
    """``joined`` (how many)."""

    joined = Signal(int)

    def __init__(
        self, services: Services, bridge: UiBridge, parent: QWidget, pairs: tuple[Match, ...]
    ) -> None:
        super().__init__(parent, title="Join these pairs", width=_WIDTH, height=_HEIGHT)
        self._services = services
        self._bridge = bridge
        self._busy = False
        self._pairs = pairs[:MOST]
        among = f"The surest {MOST} of {grouped(len(pairs))}" if len(pairs) > MOST else ""
        self.add_header("Join these pairs", among)
        body = QWidget(self.card)
        column = QVBoxLayout(body)
        column.setContentsMargins(22, 4, 22, 16)
        column.setSpacing(0)
        self.checks = tuple(self._row(pair, column, body) for pair in self._pairs)
        column.addStretch(1)
        self.column.addWidget(ScrollBody(body, self.card), 1)
        self.footer = self.add_footer("Join", keys="Ctrl ↵")
        self.footer.say(_MEANS)
        self._refresh()

    def first_focus(self) -> QWidget | None:
        return self.checks[0] if self.checks else None

    @Slot()
    def submit(self) -> None:
        chosen = self._chosen()
        if self._busy or not chosen:
            return
        self._busy = True
        self._refresh()
        joined = attempt(lambda: self._services.matching.join_all(chosen))
        self._bridge.ask("", joined, self._on_joined, self._on_refused)

    def _row(self, pair: Match, column: QVBoxLayout, body: QWidget) -> Check:
        """Whom it joins, how sure that is, and why."""
        check = Check(f"{_named(pair.mine)} and {_named(pair.other)}", body)
        check.setChecked(True)
        check.toggled.connect(self._refresh)
        reasons = ". ".join(reason.told for reason in pair.suggestion.reasons)
        sure = f"{round(100 * min(pair.suggestion.score, 0.99))} % sure. {reasons}."
        check.setAccessibleDescription(sure)
        why = text_label(sure, "small", colour="text-2", parent=body)
        why.setWordWrap(True)
        why.setContentsMargins(*mirroring.sides(_INDENT, 0, 0, 12))
        column.addWidget(check)
        column.addWidget(why)
        return check

    def _chosen(self) -> tuple[Match, ...]:
        told = zip(self._pairs, self.checks, strict=True)
        return tuple(pair for pair, check in told if check.isChecked())

    @Slot()
    def _refresh(self) -> None:
        count = len(self._chosen())
        self.footer.main.setText("Join 1 pair" if count == 1 else f"Join {grouped(count)} pairs")
        self.footer.main.setEnabled(count > 0 and not self._busy)

    def _on_joined(self, count: int) -> None:
        self.close()
        self.joined.emit(count)

    def _on_refused(self, error: SeamlineError) -> None:
        self._busy = False
        self.footer.say(str(error), wrong=True)
        self._refresh()


def _named(view: IdentityView) -> str:
    return f"{view.handle} ({view.channel.label})"
