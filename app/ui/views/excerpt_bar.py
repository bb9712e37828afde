"""Over the timeline, while only a part of it is shown: a chip for each condition."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from app.domain.excerpt import WHOLE, Excerpt, Strand
from app.domain.ids import case_ref
from app.ui.theme import mirroring, theme
from app.ui.views.emptying import empty
from app.ui.views.flow import FlowLayout
from app.ui.views.narrowing_chips import removable_chip

NAMES = {
    Strand.MARKETING: "Marketing",
    Strand.SERVICE: "Service",
    Strand.INTERNAL: "Internal",
}
_SAID = {
    Strand.MARKETING: "marketing",
    Strand.SERVICE: "service",
    Strand.INTERNAL: "notes or decisions",
}
SHOW_EVERYTHING = "Show everything"


class ExcerptBar(QWidget):
    """``changed`` carries the excerpt that is left when a chip is taken away."""

    changed = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self, 6)
        self._flow.setContentsMargins(*mirroring.sides(18, 6, 10, 6))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("What the timeline shows")
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line beneath: what scrolls under it is cut there."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme().colour("line"))
        painter.end()

    def show_excerpt(self, excerpt: Excerpt) -> None:
        empty(self._flow)
        if excerpt:
            only = QLabel("Only", self)
            only.setProperty("role", "label")
            only.setMinimumHeight(24)
            self._put(only)
        for words, rest in conditions(excerpt):
            chip = removable_chip(words, self)
            chip.clicked.connect(lambda _checked, rest=rest: self.changed.emit(rest))
            self._put(chip)
        if excerpt:
            everything = QPushButton(SHOW_EVERYTHING, self)
            everything.setProperty("small", True)
            everything.setProperty("kind", "quiet")
            everything.clicked.connect(lambda: self.changed.emit(WHOLE))
            self._put(everything)
        self.setVisible(bool(excerpt))
        self.updateGeometry()

    def _put(self, widget: QWidget) -> None:
        self._flow.addWidget(widget)
        widget.show()


def conditions(excerpt: Excerpt) -> list[tuple[str, Excerpt]]:
    """Each condition in words, and the excerpt without it."""
    found = [(NAMES[strand], excerpt.with_strand(strand)) for strand in excerpt.strands]
    if excerpt.channel is not None:
        found.append((excerpt.channel.label, excerpt.with_channel(excerpt.channel)))
    if excerpt.case is not None:
        found.append((f"#{case_ref(excerpt.case)}", excerpt.with_case(excerpt.case)))
    return found


def why_nothing(excerpt: Excerpt) -> str:
    """“Only Marketing over Mastodon is shown, and everything else is hidden.”"""
    words = " and ".join(NAMES[strand] for strand in excerpt.strands) or "what was said"
    if excerpt.channel is not None:
        words += f" over {excerpt.channel.label}"
    if excerpt.case is not None:
        words += f" in case #{case_ref(excerpt.case)}"
    verb = "are" if len(excerpt.strands) > 1 else "is"
    return f"Only {words} {verb} shown, and everything else is hidden."


def nothing_of(excerpt: Excerpt, name: str) -> str:
    """“No marketing with Marta yet.”; ``name`` may be empty."""
    what = " or ".join(_SAID[strand] for strand in excerpt.strands) or "messages"
    if excerpt.channel is not None:
        what += f" over {excerpt.channel.label}"
    if excerpt.case is not None:
        what += f" in case #{case_ref(excerpt.case)}"
    return f"No {what} with {name} yet." if name else f"No {what} yet."
