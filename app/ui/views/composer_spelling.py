"""Marks what no dictionary knows while somebody writes, and offers what may have been meant."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, QObject, QTimer, Slot
from PySide6.QtGui import QAction, QActionGroup, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QMenu
from shiboken6 import isValid

from app.domain.ids import CustomerId
from app.services.spelling_settings import NONE, SpellingSettings
from app.ui.spelling.speller import Checked, Speller, speller
from app.ui.theme import theme, theme_manager
from app.ui.views.composer_edit import GrowingEdit, in_units

if TYPE_CHECKING:
    from app.services.directory import Directory
    from app.ui.bridge import UiBridge

MARK: Final = "misspelt"
_PAUSE_MS = 350
"""Long enough that nothing is looked up between two letters."""
_LOOKING = "Looking for suggestions…"
_NO_SUGGESTION = "No suggestions"


class Spelling(QObject):
    """Checks a field at every pause in typing; the word being written is not judged yet.

    A wavy line in the colour of what is wrong, without a ground: a promotion that has to wait has
    one of its own colour and a ground.
    """

    def __init__(self, edit: GrowingEdit, directory: Directory, bridge: UiBridge) -> None:
        super().__init__(edit)
        self._edit = edit
        self._settings = SpellingSettings(directory)
        self._bridge = bridge
        self._customer: CustomerId | None = None
        self._language = ""
        self._asked: Speller | None = None
        self._names: tuple[str, ...] = ()
        self._name = ""
        self._revision = -1
        self._wrong: tuple[tuple[int, int], ...] = ()
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._soon.timeout.connect(self.check)
        edit.textChanged.connect(self._soon.start)
        edit.cursorPositionChanged.connect(self._moved)
        edit.menu_opens.connect(self._add_to_menu)
        theme_manager().changed.connect(self._mark)

    def write_to(self, customer: CustomerId | None, language: str) -> None:
        """Whom the text is for, and the language of the conversation ("" where nobody told)."""
        if (customer, language) != (self._customer, self._language):
            self._customer, self._language = customer, language
            self._soon.start()

    def next_misspelt(self) -> bool:
        """Choose the next word that is marked, and open its menu; False where none is."""
        here = self._edit.textCursor()
        found = sorted(self._edit.marks(MARK), key=lambda cursor: cursor.selectionStart())
        if not found:
            return False
        behind = max(here.position(), here.selectionEnd())
        following = (each for each in found if each.selectionStart() >= behind)
        cursor = next(following, found[0])
        self._edit.setFocus()
        self._edit.setTextCursor(cursor)
        self._edit.open_menu()
        return True

    @Slot()
    def check(self) -> None:
        """Look the text up now; the marks follow when the answer is there."""
        asked, text = self._speller(), self._edit.text
        chosen = self._chosen() if asked is not None and text.strip() else NONE
        if asked is None or chosen == NONE or not self._settings.is_on():
            self._wrong = ()
            self._mark()
            return
        asked.check(
            text,
            partial(self._take, self._edit.document().revision()),
            chosen=chosen,
            language=self._language,
            known=self._settings.words(),
        )

    def _chosen(self) -> str:
        return self._settings.chosen_for(self._customer) if self._customer is not None else ""

    def _speller(self) -> Speller | None:
        """Whoever is asked now; what it says of the settings is heard from the first time on."""
        asked = speller()
        if asked is not None and asked is not self._asked:
            self._asked = asked
            asked.changed.connect(self.check)
            asked.dictionaries(self._take_names)
        return asked

    def _take_names(self, names: tuple[str, ...]) -> None:
        if isValid(self):
            self._names = names

    def _take(self, revision: int, checked: Checked) -> None:
        if not isValid(self) or revision != self._edit.document().revision():
            return  # something was typed meanwhile, and is looked up after it
        text = self._edit.text
        self._revision, self._name = revision, checked.name
        self._wrong = tuple(
            (in_units(text, first), in_units(text, behind)) for first, behind in checked.wrong
        )
        self._mark()

    @Slot()
    def _moved(self) -> None:
        """The caret has left a word, which may be judged now."""
        if self._wrong and self._revision == self._edit.document().revision():
            self._mark()

    @Slot()
    def _mark(self) -> None:
        form = QTextCharFormat()
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        form.setUnderlineColor(theme().colour("danger"))
        cursor = self._edit.textCursor()
        writing = cursor.position() if self._edit.hasFocus() and not cursor.hasSelection() else -1
        self._edit.mark_units(MARK, [span for span in self._wrong if span[1] != writing], form)

    # the menu

    @Slot(QMenu, int)
    def _add_to_menu(self, menu: QMenu, position: int) -> None:
        """What is offered for the word there stands before what every field offers."""
        asked = self._speller()
        if asked is None or not self._settings.is_on():
            return
        first = menu.actions()[0]
        word = self._word_at(position)
        if word is not None:
            meant = word.selectedText()
            menu.setAccessibleName(f"“{meant}” is not in the dictionary")
            looking = QAction(_LOOKING, menu, enabled=False)
            menu.insertAction(first, looking)
            add = _action(menu, f"Add “{meant}” to dictionary", partial(self._add, meant))
            menu.insertActions(first, [add])
            asked.suggest(self._name, meant, partial(self._suggest, menu, looking, word))
        elif (added := self._added_at(position)) is not None:
            words = f"Remove “{added}” from dictionary"
            menu.insertAction(first, _action(menu, words, partial(self._remove, added)))
        if self._customer is not None and self._names:
            menu.insertMenu(first, self._languages(menu))
        menu.insertSeparator(first)

    def _word_at(self, position: int) -> QTextCursor | None:
        for cursor in self._edit.marks(MARK):
            if cursor.selectionStart() <= position <= cursor.selectionEnd():
                return cursor
        return None

    def _added_at(self, position: int) -> str | None:
        cursor = QTextCursor(self._edit.document())
        cursor.setPosition(position)
        cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        word = cursor.selectedText()
        return word if word and self._settings.has_added(word) else None

    def _suggest(
        self, menu: QMenu, looking: QAction, word: QTextCursor, suggested: tuple[str, ...]
    ) -> None:
        if not isValid(menu) or not isValid(self):
            return
        if not suggested:
            looking.setText(_NO_SUGGESTION)
            return
        actions = [_action(menu, each, partial(_put, word, each)) for each in suggested]
        menu.insertActions(looking, actions)
        menu.removeAction(looking)
        menu.setActiveAction(actions[0])

    def _languages(self, menu: QMenu) -> QMenu:
        chosen = self._chosen()
        part = QMenu("Spelling", menu)
        group = QActionGroup(part)
        named = [(dictionary_name(name), name) for name in self._names]
        for words, value in (
            ("As the conversation", ""),
            *sorted(named),
            ("Don’t check", NONE),
        ):
            action = _action(part, words, partial(self._choose, value))
            action.setCheckable(True)
            action.setChecked(value == chosen)
            group.addAction(action)
            part.addAction(action)
        return part

    def _choose(self, name: str) -> None:
        if self._customer is not None:
            self._bridge.act(self._settings.choose_for(self._customer, name), self._again)

    def _add(self, word: str) -> None:
        self._bridge.act(self._settings.add(word), self._again)

    def _remove(self, word: str) -> None:
        self._bridge.act(self._settings.remove(word), self._again)

    def _again(self, _nothing: object) -> None:
        asked = speller()
        if asked is not None:
            asked.changed.emit()


def dictionary_name(name: str) -> str:
    """ "German (Germany)" for "de_DE"; the name itself where Qt knows no such language."""
    locale = QLocale(name)
    if locale.language() is QLocale.Language.C:
        return name
    language = QLocale.languageToString(locale.language())
    if "_" not in name:
        return language
    return f"{language} ({QLocale.territoryToString(locale.territory())})"


def _action(menu: QMenu, text: str, deed: Callable[[], None]) -> QAction:
    action = QAction(text.replace("&", "&&"), menu)
    action.triggered.connect(deed)
    return action


def _put(word: QTextCursor, meant: str) -> None:
    word.beginEditBlock()  # one step of undo
    word.insertText(meant)
    word.endEditBlock()
