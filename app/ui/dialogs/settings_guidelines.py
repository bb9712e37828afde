"""Settings of guidelines: what a department does not say, how it begins, what holds a reply back,
and its playbook."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Slot

from app.domain.checks import Check as Kind
from app.domain.checks import Guidelines
from app.domain.ids import DepartmentId
from app.domain.setup import Setup
from app.ui.dialogs.attempt import attempt
from app.ui.dialogs.controls import Check, ChoiceBox
from app.ui.dialogs.parts import text_label
from app.ui.dialogs.settings_section import SettingsSection
from app.ui.dialogs.slider import Slider
from app.ui.views.composer_edit import GrowingEdit

_MOST_WORDS = 60
_KINDS = {
    Kind.FORBIDDEN: "Something that is not said",
    Kind.MONEY: "A promise of money",
    Kind.PERSONAL: "Personal data in public",
    Kind.GREETING: "A first reply without a greeting",
    Kind.LONG_SENTENCES: "Long sentences",
    Kind.SHOUTING: "Shouting",
}


class GuidelinesSection(SettingsSection):
    """One department at a time. What is typed counts when its field, or the department, is left."""

    title = "Guidelines"
    icon = "book-marked"

    def build(self) -> None:
        self._filling = False
        directory = self.services.directory
        self._every = dict(directory.setup().guidelines)
        self.department = ChoiceBox(self)
        self.department.setAccessibleName("Department")
        for one in directory.departments():
            self.department.addItem(one.name, one.id)
        mine = self.department.findData(directory.me().department)
        self.department.setCurrentIndex(max(0, mine))
        self.add_row("Department", self.department, "Of the case, whoever writes.")
        self.forbidden = self._lines("Not said")
        self.add_row("Not said", self.forbidden, "A phrase a line. * stands for any ending.")
        self.greetings = self._lines("Begins with")
        self.add_row("Begins with", self.greetings, "A greeting a line, for first replies.")
        self._words = text_label("", "body", weight=500, colour="text-2", parent=self)
        self.most_words = Slider(0, _MOST_WORDS, name="Most words a sentence", parent=self)
        self.add_row(
            "Words a sentence",
            self.most_words,
            "On average; longer ones are mentioned while one writes.",
            value=self._words,
        )
        self.playbook = self._lines("Playbook", highest=220)
        self.add_row(
            "Playbook",
            self.playbook,
            "Paragraphs, each with a heading in its first line. The guide of the composer searches"
            " them.",
        )
        self._rows.addWidget(text_label("Holds a reply back", "body", weight=600, parent=self))
        self.blocking = {kind: Check(words, self) for kind, words in _KINDS.items()}
        for check in self.blocking.values():
            self._rows.addWidget(check)
            check.toggled.connect(self._changed)
        self._shown: DepartmentId = self.department.currentData()
        self._show()
        self.most_words.valueChanged.connect(self._show_words)
        self.department.activated.connect(self._choose)

    def _lines(self, name: str, *, highest: int = 110) -> GrowingEdit:
        edit = GrowingEdit(lowest=48, highest=highest, name=name, parent=self)
        edit.focus_moved.connect(partial(self._left, edit))
        return edit

    def _left(self, edit: GrowingEdit) -> None:
        if not edit.hasFocus():
            self._changed()

    @Slot()
    def settle(self) -> None:
        """Keep what was changed of the department shown."""
        written, kept = self._written(), self._kept()
        if written == kept:
            return
        self._every[self._shown] = written
        every = dict(self._every)
        settled = attempt(lambda: self.services.directory.settle(guidelines=every))
        self._bridge.ask("", settled, self._on_settled, self._failed)

    def _on_settled(self, _setup: Setup) -> None:
        self.wrong.setText("")

    @Slot()
    def _changed(self) -> None:
        if not self._filling:
            self.settle()

    @Slot()
    def _choose(self) -> None:
        self.settle()
        self._shown = self.department.currentData()
        self._show()

    def _kept(self) -> Guidelines:
        return self._every.get(self._shown, Guidelines())

    def _written(self) -> Guidelines:
        return Guidelines(
            forbidden=_phrases(self.forbidden.text),
            greetings=_phrases(self.greetings.text),
            most_words=self.most_words.value(),
            blocking=frozenset(kind for kind, check in self.blocking.items() if check.isChecked()),
            playbook=self.playbook.text.strip(),
        )

    def _show(self) -> None:
        kept = self._kept()
        self._filling = True
        self.forbidden.set_text("\n".join(kept.forbidden))
        self.greetings.set_text("\n".join(kept.greetings))
        self.most_words.setValue(kept.most_words)
        self.playbook.set_text(kept.playbook)
        for kind, check in self.blocking.items():
            check.setChecked(kind in kept.blocking)
        self._filling = False
        self._show_words(kept.most_words)

    @Slot(int)
    def _show_words(self, words: int) -> None:
        self._words.setText(f"{words} at most" if words else "Not counted")


def _phrases(text: str) -> tuple[str, ...]:
    """A line each, once."""
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
