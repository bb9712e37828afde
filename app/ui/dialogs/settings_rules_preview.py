"""What the rules would have done with the last month, told while one writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.errors import SeamlineError
from app.domain.routing import RoutingRule
from app.ui.dialogs.controls import ScrollBody
from app.ui.dialogs.parts import TextLabel, text_label

if TYPE_CHECKING:
    from app.services.routing_rules import DryRun, Example, Rehearsal
    from app.services.services import Services
    from app.ui.bridge import UiBridge

_PAUSE_MS = 350


class Rehearsing(QObject):
    """Tries rules at a pause in writing; one that is overtaken is stopped. ``told`` carries a
    ``DryRun``, ``failed`` an error."""

    told = Signal(object)
    failed = Signal(object)

    def __init__(self, services: Services, bridge: UiBridge, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self._topic = f"rules-dry-run-{id(self)}"
        self._rules: tuple[RoutingRule, ...] = ()
        self._shown = ""
        self._under_way: Rehearsal | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._begin)

    def try_soon(self, rules: tuple[RoutingRule, ...], shown: str) -> None:
        """``shown``: examples of the rule of this id alone."""
        self._rules, self._shown = rules, shown
        self._pause.start()

    def try_now(self, rules: tuple[RoutingRule, ...]) -> None:
        self._rules = rules
        self._begin()

    def stop(self) -> None:
        """Nobody looks any more."""
        self._pause.stop()
        self._bridge.forget(self._topic)
        if self._under_way is not None:
            self._under_way.stop()
            self._under_way = None

    @Slot()
    def _begin(self) -> None:
        self.stop()
        self._under_way = self._services.routing_rules.dry_run(self._rules, shown=self._shown)
        self._bridge.ask(self._topic, self._under_way.future, self._tell, self._fail)

    def _tell(self, run: DryRun) -> None:
        self._under_way = None
        self.told.emit(run)

    def _fail(self, error: SeamlineError) -> None:
        self._under_way = None
        self.failed.emit(error)


class PreviewPane(QWidget):
    """The count in a sentence and the latest messages that are caught, each with its way."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self._directory = services.directory
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 16, 12)
        column.setSpacing(8)
        column.addWidget(text_label("On the last 30 days", "body", weight=600, parent=self))
        self.sentence = _wrapped("Counting…", "text-2", self)
        column.addWidget(self.sentence)
        body = QWidget(self)
        self._rows = QVBoxLayout(body)
        self._rows.setContentsMargins(0, 0, 8, 0)
        self._rows.setSpacing(10)
        self._rows.addStretch(1)
        column.addWidget(ScrollBody(body, self), 1)
        self._body = body
        self.examples: list[QWidget] = []

    def show_run(self, run: DryRun, rule: str) -> None:
        """``rule``: the id of the one whose own share is told."""
        mine = run.by_rule[rule]
        self.sentence.setText(
            f"This rule would have caught {mine.caught:,} of {run.looked_at:,} messages that open "
            f"a case, and moved {mine.moved:,}. All rules together: {run.total.caught:,} caught, "
            f"{run.total.moved:,} moved."
        )
        self._clear()
        for example in run.examples:
            row = self._row(example)
            self.examples.append(row)
            self._rows.insertWidget(self._rows.count() - 1, row)

    def say(self, sentence: str) -> None:
        """Nothing can be counted, and why."""
        self.sentence.setText(sentence)
        self._clear()

    def _clear(self) -> None:
        for row in self.examples:
            row.setParent(None)
            row.deleteLater()
        self.examples.clear()

    def _row(self, example: Example) -> QWidget:
        row = QWidget(self._body)
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        who = f"{example.name or example.handle} · {example.channel.label}"
        column.addWidget(text_label(who, "small", weight=600, elide=True, parent=row))
        column.addWidget(text_label(example.text, "small", elide=True, parent=row))
        way = self._way(example)
        column.addWidget(text_label(way, "small", colour="text-3", elide=True, parent=row))
        return row

    def _way(self, example: Example) -> str:
        before = self._directory.department(example.before).short
        after = self._directory.department(example.after).short
        way = before if before == after else f"{before} → {after}"
        return f"{way}, as noise" if example.actions.noise else way


def _wrapped(text: str, colour: str, parent: QWidget) -> TextLabel:
    label = text_label(text, "small", colour=colour, parent=parent)
    label.setWordWrap(True)
    return label
