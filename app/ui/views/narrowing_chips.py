"""The conditions a list is narrowed by, one chip each; a press takes it away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.domain.departments import Department
from app.domain.ids import DepartmentId
from app.domain.narrowing import Narrowing
from app.ui.theme import formats, icons
from app.ui.views.emptying import empty
from app.ui.views.flow import FlowLayout

_WIDEST = 190


class NarrowingChips(QWidget):
    """``changed`` carries what is left; ``save_requested`` when it is to be kept as a view."""

    changed = Signal(object)
    save_requested = Signal()

    def __init__(self, department: Callable[[DepartmentId], Department], parent: QWidget) -> None:
        super().__init__(parent)
        self._department = department
        self._flow = FlowLayout(self, 4)
        self._flow.setContentsMargins(14, 0, 10, 8)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Conditions")
        self.hide()

    def show_narrowing(self, narrowing: Narrowing) -> None:
        """A chip for each condition; nothing where there is none."""
        empty(self._flow)
        for words, rest in conditions(narrowing, self._department):
            self._add(words, rest)
        if narrowing:
            self._add_plain("Save as view", self.save_requested.emit)
        self.setVisible(bool(narrowing))
        self.updateGeometry()

    def _add(self, words: str, rest: Narrowing) -> None:
        chip = removable_chip(words, self)
        chip.clicked.connect(lambda: self.changed.emit(rest))
        self._flow.addWidget(chip)
        chip.show()

    def _add_plain(self, words: str, pressed: Callable[[], None]) -> None:
        button = QPushButton(words, self)
        button.setProperty("small", True)
        button.setProperty("kind", "quiet")
        button.clicked.connect(pressed)
        self._flow.addWidget(button)
        button.show()


def removable_chip(words: str, parent: QWidget) -> QPushButton:
    """A condition with a cross: pressed, it goes."""
    chip = QPushButton(icons.icon("x", "text-3", 12), "", parent)
    chip.setIconSize(QSize(12, 12))
    shown = chip.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, _WIDEST)
    chip.setText(f"{shown.replace('&', '&&')} ")
    chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    chip.setProperty("small", True)
    chip.setToolTip(f"{words}. Press to take it away")
    chip.setAccessibleName(f"{words}, take away")
    return chip


def conditions(
    narrowing: Narrowing, department: Callable[[DepartmentId], Department]
) -> list[tuple[str, Narrowing]]:
    """Each condition in words, and what is left without it."""
    found = []
    if narrowing.words:
        found.append((f"“{narrowing.words}”", replace(narrowing, words="")))
    if narrowing.since:
        from app.domain.bounds import since_words  # no window needs it for its first picture

        found.append((f"Since {since_words(narrowing.since)}", replace(narrowing, since="")))
    found += [(one.label, narrowing.with_channel(one)) for one in narrowing.channels]
    found += [
        (department(one).name, narrowing.with_department(one)) for one in narrowing.departments
    ]
    found += [(f"#{tag}", narrowing.with_tag(tag)) for tag in narrowing.tags]
    if narrowing.side is not None:
        side = narrowing.side.name.capitalize()
        found.append((f"{side} side", replace(narrowing, side=None)))
    if narrowing.reach:
        found.append((reach_words(narrowing.reach), replace(narrowing, reach=0)))
    if narrowing.language:
        name = language_name(narrowing.language)
        found.append((name, replace(narrowing, language="")))
    if narrowing.draft:
        found.append(("Has a draft", replace(narrowing, draft=False)))
    if narrowing.failed:
        found.append(("Not sent", replace(narrowing, failed=False)))
    return found


def described(narrowing: Narrowing, department: Callable[[DepartmentId], Department]) -> str:
    """All conditions in one line: a name to begin with."""
    return ", ".join(words for words, _ in conditions(narrowing, department))


def reach_words(reach: int) -> str:
    """ "Reach over 10k"."""
    return f"Reach over {formats.compact_number(reach)}"


def language_name(code: str) -> str:
    """ "German" for "de"; the code itself where Qt knows no name."""
    language = QLocale(code).language()
    if language is QLocale.Language.C:
        return code
    return QLocale.languageToString(language)
