"""The five cards of Insights: what each will tell, where it begins, and its empty axes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.departments import Department
from app.domain.insights import Beginnings
from app.domain.records import dataclass
from app.ui.dialogs.parts import text_label
from app.ui.theme import formats, icons, mirroring, painting, theme, theme_manager
from app.ui.views.insights_drawings import (
    Drawing,
    PathsDrawing,
    PromotionDrawing,
    ReplyDrawing,
    SeamLegend,
    TopicsDrawing,
    TurnaroundDrawing,
)

_RADIUS = 12
_STRIP = 33


@dataclass(frozen=True, slots=True)
class Measure:
    """What a card says: ``unit`` at the right of its title, ``tells`` beneath it.

    ``since`` takes the day out of the beginnings, ``first`` names what happened on it.
    """

    title: str
    unit: str
    tells: str
    first: str
    since: Callable[[Beginnings], int | None]

    def beginning(self, begun: Beginnings, now_ms: int) -> str:
        """One sentence: since when it can be counted."""
        at = self.since(begun)
        if at is None:
            return f"Begins with the first {self.first}."
        return f"From {formats.short_date(at, now_ms)}, the first {self.first}."


TURNAROUND = Measure(
    "Turnaround: from mention to solved",
    "median time, number of mentions",
    "How long a case takes from step to step, with hand-offs and without.",
    "case",
    lambda begun: begun.case_ms,
)
STEPS = Measure(
    "Steps per resolution, by path",
    "",
    "How many departments a case goes through, and how long it waits between them.",
    "hand-off",
    lambda begun: begun.hand_off_ms,
)
FIRST_REPLY = Measure(
    "First reply against the goal",
    "median, nine in ten",
    "How soon each channel is answered, and whether in time.",
    "case",
    lambda begun: begun.case_ms,
)
PROMOTION = Measure(
    "Conversation and promotion",
    "",
    "Goal: four conversations for every promotion.",
    "interaction",
    lambda begun: begun.interaction_ms,
)
TOPICS = Measure(
    "What customers talk about",
    "mentions per day",
    "Which topics grow, since when, and in what mood.",
    "interaction",
    lambda begun: begun.interaction_ms,
)


class MeasureCard(QWidget):
    """One measure. Takes the keyboard, so that it can be read and scrolled to without a mouse."""

    def __init__(self, measure: Measure, drawing: Drawing, parent: QWidget) -> None:
        super().__init__(parent)
        self.measure = measure
        self.drawing = drawing
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(measure.title)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(text_label(measure.title, weight=600, elide=True, parent=self), 1)
        if isinstance(drawing, PathsDrawing):
            head.addWidget(SeamLegend(self))
        elif measure.unit:
            head.addWidget(text_label(measure.unit, "small", colour="text-3", parent=self))
        tells = text_label(measure.tells, "snippet", colour="text-2", parent=self)
        tells.setWordWrap(True)
        self.strip = _Strip(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 13, 18, 13)
        layout.setSpacing(1)
        layout.addLayout(head)
        layout.addWidget(tells)
        layout.addSpacing(7)
        layout.addWidget(drawing, 1)
        layout.addSpacing(8)
        layout.addWidget(self.strip)
        theme_manager().changed.connect(self._dress)

    def show_beginning(self, begun: Beginnings, now_ms: int) -> None:
        words = self.measure.beginning(begun, now_ms)
        self.strip.show_words(words)
        self.setAccessibleDescription(f"{self.measure.tells} {words}")

    @Slot()
    def _dress(self) -> None:
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = theme()
        box = QRectF(self.rect())
        painting.fill_rounded(painter, box, _RADIUS, look.colour("surface"))
        if self.hasFocus():
            painting.draw_focus_ring(painter, box, _RADIUS)
        else:
            painting.outline_rounded(painter, box, _RADIUS, look.colour("line"))
        painter.end()


class _Strip(QWidget):
    """The last line of a card: since when."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = ""
        theme_manager().changed.connect(self._dress)
        self._dress()

    def show_words(self, words: str) -> None:
        self._words = words
        self.setAccessibleName(words)
        self.update()

    @Slot()
    def _dress(self) -> None:
        self.setFixedHeight(theme().scaled(_STRIP))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = theme()
        mirroring.mirror(painter, QRectF(self.rect()))
        painting.fill_rounded(painter, QRectF(self.rect()), 8, look.colour("sunken"))
        symbol = QRectF(10, (self.height() - 15) / 2, 15, 15)
        icons.draw(painter, "calendar-days", symbol, look.colour("text-3"))
        font = look.font("snippet")
        room = self.width() - 33 - 10
        painter.setFont(font)
        painter.setPen(look.colour("text-2"))
        line = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        words = painting.elided(self._words, font, room)
        mirroring.draw_words(painter, QRectF(33, 0, room, self.height()), line.value, words)
        painter.end()


def make_cards(departments: Sequence[Department], parent: QWidget) -> tuple[MeasureCard, ...]:
    """All five, in the order they are read."""
    drawings: tuple[tuple[Measure, Drawing], ...] = (
        (TURNAROUND, TurnaroundDrawing()),
        (STEPS, PathsDrawing(departments)),
        (FIRST_REPLY, ReplyDrawing()),
        (PROMOTION, PromotionDrawing()),
        (TOPICS, TopicsDrawing()),
    )
    return tuple(MeasureCard(measure, drawing, parent) for measure, drawing in drawings)
