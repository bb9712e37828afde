"""Small sheets with one thing to write: asking another department, declining, commenting."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.departments import Department
from app.domain.errors import SeamlineError
from app.domain.ids import DepartmentId
from app.domain.records import dataclass
from app.ui.dialogs.attempt import attempt
from app.ui.dialogs.controls import ChoiceBox
from app.ui.dialogs.parts import field_label
from app.ui.dialogs.sheet import Sheet
from app.ui.theme import theme
from app.ui.views.composer_edit import GrowingEdit

if TYPE_CHECKING:
    from app.ui.bridge import UiBridge

_WIDTH = 460
_LOWEST, _HIGHEST = 60, 220
_WIDEST_MAIN = 140


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in such a sheet: ``main`` on its filled button, ``means`` beside it."""

    title: str
    label: str
    hint: str
    main: str
    means: str = "The customer won’t see this."


HELP: Final = Words(
    "Ask for help writing",
    "Question",
    "What should they write, and what must it say?",
    "Ask {}",
)

CONTENT: Final = Words(
    "Ask for content",
    "Wish",
    "What does the customer need to be sent or shown?",
    "Ask {}",
)

ACCESS: Final = Words(
    "Ask for access or a tool",
    "Wish",
    "What do you need, and what for?",
    "Ask {}",
)

REFUSE: Final = Words(
    "Decline what is asked",
    "Reason",
    "Why not, and what else may help?",
    "Decline",
    "Whoever asked reads this. No customer does.",
)

DECLINE: Final = Words(
    "Decline this reply",
    "Reason",
    "What should it say instead, and why?",
    "Decline",
    "Whoever wrote it reads this. No customer does.",
)


class WordsSheet(Sheet):
    """Asks for some words and hands them on.

    ``handed_on``  (what the workspace answered) it is written down.
    """

    handed_on = Signal(object)

    def __init__(
        self,
        bridge: UiBridge,
        parent: QWidget,
        words: Words,
        hand_on: Callable[[str], Future[Any]],
        *,
        text: str = "",
    ) -> None:
        super().__init__(parent, title=words.title, width=_WIDTH)
        self._bridge = bridge
        self._words = words
        self._hand_on = hand_on
        self._busy = False
        self.add_header(words.title)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(22, 4, 22, 16)
        self.body.setSpacing(0)
        self.build()
        self.body.addWidget(field_label(words.label, parent=self.card))
        self.field = GrowingEdit(
            lowest=_LOWEST, highest=_HIGHEST, name=words.label, parent=self.card
        )
        self.field.setPlaceholderText(words.hint)
        self.field.set_text(text)
        self.body.addWidget(self.field)
        self.column.addLayout(self.body)
        self.footer = self.add_footer(words.main, keys="Ctrl ↵")
        self.footer.set_icon("eye-off")
        self.footer.say(words.means)
        self.field.textChanged.connect(self.refresh)
        self.field.submitted.connect(self.submit)
        self.refresh()

    def build(self) -> None:
        """What stands above the field; nothing."""

    def first_focus(self) -> QWidget | None:
        return self.field

    @Slot()
    def refresh(self) -> None:
        self.footer.main.setEnabled(bool(self.field.text.strip()) and not self._busy)

    @Slot()
    def submit(self) -> None:
        text = self.field.text.strip()
        if self._busy or not text:
            return
        self._busy = True
        self.refresh()
        asked = attempt(lambda: self._hand_on(text))
        self._bridge.ask("", asked, self._on_done, self._on_refused)

    @Slot(object)
    def _on_done(self, answer: object) -> None:
        self.close()
        self.handed_on.emit(answer)

    @Slot(object)
    def _on_refused(self, error: SeamlineError) -> None:
        self._busy = False
        self.footer.say(str(error), wrong=True)
        self.refresh()


class AskSheet(WordsSheet):
    """The same, of a department that is chosen: the filled button names it."""

    def __init__(
        self,
        bridge: UiBridge,
        parent: QWidget,
        words: Words,
        ask: Callable[[DepartmentId, str], Future[Any]],
        *,
        departments: Iterable[Department],
        chosen: DepartmentId | None = None,
        text: str = "",
    ) -> None:
        """``words.main`` has a place {} for the department’s name."""
        self._departments = tuple(departments)
        self._chosen = chosen
        super().__init__(
            bridge, parent, words, lambda said: ask(self.department().id, said), text=text
        )

    def build(self) -> None:
        self.body.addWidget(field_label("Department", parent=self.card))
        self.which = ChoiceBox(self.card)
        self.which.setAccessibleName("Department")
        for one in self._departments:
            self.which.addItem(one.name, one.id)
        self.which.setCurrentIndex(max(0, self.which.findData(self._chosen)))
        self.which.currentIndexChanged.connect(self.refresh)
        self.body.addWidget(self.which)
        self.body.addSpacing(12)

    def department(self) -> Department:
        """The one that would be asked."""
        return self._departments[max(0, self.which.currentIndex())]

    @Slot()
    def refresh(self) -> None:
        super().refresh()
        main = self.footer.main
        words = self._words.main.format(self.department().short)
        most, right = theme().scaled(_WIDEST_MAIN), Qt.TextElideMode.ElideRight
        main.setText(main.fontMetrics().elidedText(words, right, most))
        main.setAccessibleName(words)


class AccessSheet(AskSheet):
    """The same, for access or for a tool."""

    def build(self) -> None:
        self.body.addWidget(field_label("What", parent=self.card))
        self.what = ChoiceBox(self.card)
        self.what.setAccessibleName("What")
        self.what.addItems(["Access to a tool", "A tool, or help with one"])
        self.body.addWidget(self.what)
        self.body.addSpacing(12)
        super().build()

    @property
    def is_tool(self) -> bool:
        return self.what.currentIndex() == 1
