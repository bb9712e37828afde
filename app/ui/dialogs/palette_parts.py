"""The palette's row of scopes with their counts, and its footer."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from app.domain.views import SearchResults
from app.ui.dialogs.controls import Choice
from app.ui.dialogs.palette_model import CAPPED, Scope
from app.ui.dialogs.parts import Kbd, text_label
from app.ui.theme import mirroring, painting, theme
from app.ui.theme.formats import grouped


class _ScopeButton(Choice):
    def __init__(self, scope: Scope, parent: QWidget) -> None:
        super().__init__(parent)
        self.scope = scope
        self.count = ""
        self.setText(scope.value)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab in the field turns through them
        self.setFixedHeight(26)

    def show_count(self, count: str) -> None:
        if count == self.count:
            return
        self.count = count
        self.setAccessibleName(f"{self.scope.value} {count}".strip())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        look = theme()
        name = painting.metrics(look.font("snippet", 600)).horizontalAdvance(self.text())
        number = painting.metrics(look.font("snippet")).horizontalAdvance(self.count)
        return QSize(round(20 + name + (6 + number if self.count else 0)), 26)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = theme()
        box = QRectF(self.rect())
        mirroring.mirror(painter, box)
        on = self.isChecked()
        if on or self.underMouse():
            painting.fill_rounded(painter, box, 6, look.colour("accent-tint" if on else "hover"))
        font = look.font("snippet", 600 if on else 500)
        painter.setFont(font)
        painter.setPen(look.colour("accent" if on else "text-2"))
        middle = Qt.AlignmentFlag.AlignVCenter
        mirroring.draw_words(painter, box.adjusted(10, 0, 0, 0), middle, self.text())
        left = 10 + painting.metrics(font).horizontalAdvance(self.text()) + 6
        painter.setFont(look.font("snippet", tabular=True))
        painter.setPen(look.colour("accent" if on else "text-3"))
        mirroring.draw_words(painter, box.adjusted(left, 0, 0, 0), middle, self.count)


class ScopeBar(QWidget):
    """Where to look, each place with what was found there."""

    chosen = Signal(Scope)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(38)
        self.setAccessibleName("Where to search")
        self._group = QButtonGroup(self)
        self._buttons: list[_ScopeButton] = []
        self._found: dict[Scope, tuple[int, bool]] = {}
        self._query = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 12)
        row.setSpacing(4)
        for number, scope in enumerate(Scope):
            made = _ScopeButton(scope, self)
            self._group.addButton(made, number)
            self._buttons.append(made)
            row.addWidget(made)
        self._buttons[0].setChecked(True)
        row.addStretch(1)
        self._keys = (
            text_label("next scope", "small", colour="text-3", parent=self),
            Kbd("Tab", self),
        )
        for part in self._keys:
            row.addWidget(part)
        self._group.idToggled.connect(self._toggled)

    def scope(self) -> Scope:
        return self._buttons[self._group.checkedId()].scope

    def show_keys(self, *, shown: bool) -> None:
        for part in self._keys:
            part.setVisible(shown)

    def choose(self, scope: Scope) -> None:
        next(one for one in self._buttons if one.scope is scope).setChecked(True)

    def turn(self, step: int) -> None:
        """Go to the next or the previous scope."""
        self._buttons[(self._group.checkedId() + step) % len(self._buttons)].setChecked(True)

    @Slot(int, bool)
    def _toggled(self, number: int, on: bool) -> None:
        if on:
            self.chosen.emit(self._buttons[number].scope)

    def show_counts(self, results: SearchResults, scope: Scope) -> None:
        """Take the counts of an answer; those of other scopes stay while the query does."""
        if results.query != self._query:
            self._found = {}
            self._query = results.query
        if results.query:
            whole = scope is Scope.EVERYTHING
            if whole or scope is Scope.MESSAGES:
                self._found[Scope.MESSAGES] = (results.messages_count, results.messages_more)
            for one, hits in ((Scope.CUSTOMERS, results.customers), (Scope.CASES, results.cases)):
                if scope is one or (whole and one not in self._found):
                    self._found[one] = (len(hits), whole and len(hits) >= CAPPED)
            everything = (
                sum(n for s, (n, _) in self._found.items() if s is not Scope.EVERYTHING),
                any(more for s, (_, more) in self._found.items() if s is not Scope.EVERYTHING),
            )
            self._found[Scope.EVERYTHING] = everything
        for made in self._buttons:
            count = self._found.get(made.scope)
            made.show_count("" if count is None else _shown(*count))

    def total(self) -> str:
        """How much was found altogether, "1,000+" where counting stopped; "" without a query."""
        found = self._found.get(Scope.EVERYTHING)
        return "" if found is None else _shown(*found)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(theme().colour("line"), 1))
        y = self.height() - 0.5
        painter.drawLine(QPointF(0, y), QPointF(self.width(), y))


def _shown(count: int, more: bool) -> str:
    return f"{grouped(count)}+" if more else grouped(count)


class PaletteFooter(QWidget):
    """How much was found in how much, how quickly, and the keys."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(40)
        row = QHBoxLayout(self)
        row.setContentsMargins(*mirroring.sides(20, 0, 16, 0))
        row.setSpacing(5)
        self._strong = text_label("", "small", weight=600, colour="text-2", parent=self)
        self._rest = text_label("", "small", colour="text-3", parent=self)
        row.addWidget(self._strong)
        row.addWidget(self._rest)
        row.addStretch(1)
        self._keys = QWidget(self)
        keys_row = QHBoxLayout(self._keys)
        keys_row.setContentsMargins(0, 0, 0, 0)
        keys_row.setSpacing(5)
        for keys, does in (
            (("↑", "↓"), "move"),
            (("↵",), "open"),
            (("F6",), "preview"),
            ((">",), "commands only"),
        ):
            keys_row.addSpacing(9)
            for key in keys:
                keys_row.addWidget(Kbd(key, self._keys))
            keys_row.addWidget(text_label(does, "small", colour="text-3", parent=self._keys))
        row.addWidget(self._keys)

    def show_keys(self, *, shown: bool) -> None:
        self._keys.setVisible(shown)

    def show_results(self, results: SearchResults, total: str) -> None:
        inside = f"{grouped(results.total_interactions)} interactions"
        if not total:
            self._say("", f"{inside} here")
            return
        noun = "result" if total == "1" else "results"
        self._say(f"{total} {noun}", f"in {inside}, {max(1, round(results.elapsed_ms))} ms")

    def show_error(self, sentence: str) -> None:
        self._say(sentence, "")

    def _say(self, strong: str, rest: str) -> None:
        self._strong.setText(strong)
        self._strong.setVisible(bool(strong))
        self._rest.setText(rest)

    def text(self) -> str:
        """What the footer says, for tests and screen readers."""
        return f"{self._strong.text()} {self._rest.text()}".strip()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(theme().colour("line"), 1))
        painter.drawLine(QPointF(0, 0.5), QPointF(self.width(), 0.5))
