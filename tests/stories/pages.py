"""The parts of the window as a person meets them: keys go in, words come out.

Nothing here reaches past the screen. A page is told what is on it by the names a screen reader
reads, and does something only by pressing keys at the window that has the keyboard.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QMenu,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from app.services.services import Services
from app.ui.dialogs.sheet import Sheet
from app.ui.views.composer_edit import GrowingEdit
from app.ui.window import ConsoleWindow

DEADLINE_MS = 30_000
_FAR = 40


class Wait(Protocol):
    """Runs the program until a condition holds; fails the test where it never does."""

    def __call__(self, condition: Callable[[], bool]) -> None: ...


class Keyboard(Protocol):
    def press(self, keys: str) -> None: ...

    def write(self, text: str) -> None: ...


def words_in(widget: QWidget) -> list[str]:
    """All that can be read in a part of the window, as a screen reader names it."""
    found = [_name(one) for one in (widget, *widget.findChildren(QWidget)) if one.isVisible()]
    return [words for words in found if words]


def _name(widget: QWidget) -> str:
    if named := widget.accessibleName():
        return named
    return widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""


def _spoken(index: QModelIndex) -> str:
    return str(index.data(Qt.ItemDataRole.AccessibleTextRole) or "")


def _rows(view: QAbstractItemView) -> list[str]:
    model = view.model()
    return [_spoken(model.index(number, 0)) for number in range(model.rowCount())]


class Console:
    """The whole window, and the pages in it."""

    def __init__(
        self, window: ConsoleWindow, services: Services, keyboard: Keyboard, wait: Wait
    ) -> None:
        self.window = window
        self.services = services
        self.keyboard = keyboard
        self.wait = wait
        self.list = CaseList(self)
        self.timeline = Timeline(self)
        self.composer = Composer(self)

    def press(self, keys: str) -> None:
        self.keyboard.press(keys)

    def write(self, text: str) -> None:
        self.keyboard.write(text)

    @property
    def keyboard_is_at(self) -> str:
        """The name of what has the keyboard."""
        widget = QApplication.focusWidget()
        return "" if widget is None else _name(widget)

    @property
    def notice(self) -> str:
        """The word about what just happened, while it stands there."""
        return " ".join(words_in(self.window.notice))

    @property
    def banner(self) -> str:
        """The strip that says what is not reached; "" while all is."""
        banner = self.window.banner
        return banner.accessibleName() if banner.isVisible() else ""

    @property
    def head(self) -> str:
        """The title of the case at hand, its number and who holds it."""
        return " ".join(words_in(self.window.desk.header))

    def go(self, keys: str, title: str) -> None:
        """To a queue by its keys; returns when the list under that title has been read."""
        self.press(keys)
        self.wait(lambda: self.list.title == title)
        self.wait(self.list.is_read)

    def go_by_sidebar(self, queue: str) -> None:
        """To a queue that is named so in the sidebar, by the arrow keys."""
        self.reach("Queues", by="F6")
        rows = self.window.sidebar.queues
        self.press("Home")
        for _ in range(rows.model().rowCount()):
            if _spoken(rows.currentIndex()).startswith(queue):
                break
            self.press("Down")
        else:
            raise AssertionError(f"no queue “{queue}” among {_rows(rows)}")
        self.press("Return")
        self.wait(lambda: queue in self.list.title)
        self.wait(self.list.is_read)

    def reach(self, name: str, *, by: str) -> None:
        """Press a key again and again until something so named has the keyboard."""
        seen: list[str] = []
        while not self.keyboard_is_at.startswith(name):
            assert len(seen) < _FAR, f"{by} never comes to “{name}”, only to {seen}"
            self.press(by)
            seen.append(self.keyboard_is_at)

    def back_to_list(self) -> None:
        self.press("Esc")
        self.wait(lambda: self.keyboard_is_at == self.list.title)

    def choose_in_menu(self, words: str) -> None:
        """From the menu that has just opened."""
        self.wait(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        for _ in menu.actions():
            self.press("Down")
            active = menu.activeAction()
            if active is not None and active.text() == words:
                self.press("Return")
                return
        raise AssertionError(f"no “{words}” among {[one.text() for one in menu.actions()]}")

    @property
    def panel(self) -> list[str]:
        """All that the customer’s panel says."""
        return words_in(self.window.panel)

    def sheet(self, title: str) -> SheetPage:
        """A sheet that opens, by its name; returns when it has the keyboard."""
        found: list[Sheet] = []

        def there() -> bool:
            found[:] = [
                sheet
                for sheet in self.window.findChildren(Sheet)
                if sheet.isVisible() and sheet.accessibleName().startswith(title)
            ]
            here = QApplication.focusWidget()
            return bool(found) and here is not None and found[0].isAncestorOf(here)

        self.wait(there)
        return SheetPage(self, found[0])

    def search(self, words: str) -> SheetPage:
        """Open the palette and type; returns when it shows what was found for just these words."""
        self.press("Ctrl+K")
        palette = self.sheet("Search and commands")
        self.keyboard.write(words)
        return palette


class CaseList:
    """The second column."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def _rows(self) -> QAbstractItemView:
        return self._console.window.case_list.rows

    @property
    def title(self) -> str:
        return self._rows.accessibleName()

    @property
    def spoken(self) -> list[str]:
        """Every conversation that is loaded, as it is read out."""
        return _rows(self._rows)

    @property
    def at_hand(self) -> str:
        """The conversation the list stands on."""
        return _spoken(self._rows.currentIndex())

    def is_read(self) -> bool:
        """Whether it stands on a row, or says that there is none."""
        window = self._console.window
        if window.case_list.loader._busy:
            return False
        return self._rows.currentIndex().isValid() or not self.spoken

    def opened(self) -> str:
        """Wait until the desk shows what the list stands on; its name, as the list reads it.

        A list that was empty when it was opened stands on nothing: J goes to its first row.
        """
        window = self._console.window
        if self.spoken and not self._rows.currentIndex().isValid():
            self._console.press("J")

        def there() -> bool:
            row = window.case_list.current_row()
            view = window.desk.view
            return row is not None and view is not None and view.case == row.case

        self._console.wait(there)
        return self.at_hand

    def loses(self, name: str) -> None:
        """Wait until somebody’s conversation has left."""
        self._console.wait(lambda: all(row.split(",")[0] != name for row in self.spoken))

    def walk_to(self, name: str) -> None:
        """With J or K to somebody’s conversation, as one does who sees where it stands."""
        for _ in range(_FAR):
            if self.opened().startswith(name):
                return
            names = [row.split(",")[0] for row in self.spoken]
            assert name in names, f"no “{name}” among {names}"
            below = names.index(name) > self._rows.currentIndex().row()
            self._console.press("J" if below else "K")
        raise AssertionError(f"“{name}” runs away")


class Timeline:
    """The thread in the middle."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def spoken(self) -> list[str]:
        """Every row that is loaded, oldest first, as it is read out to whoever asks for all."""
        model = self._console.window.desk.timeline.canvas.model()
        rows = [model.index(number, 0) for number in range(model.rowCount())]
        more = [str(row.data(Qt.ItemDataRole.AccessibleDescriptionRole) or "") for row in rows]
        return [f"{_spoken(row)}. {said}".strip() for row, said in zip(rows, more, strict=True)]

    @property
    def in_sight(self) -> list[str]:
        """The rows that can be seen now."""
        canvas = self._console.window.desk.timeline.canvas
        return self.spoken[canvas.first_visible() : canvas.last_visible() + 1]

    def shows(self, words: str) -> int:
        """How many rows in sight say this."""
        return sum(words in row for row in self.in_sight)

    def comes_to_show(self, *words: str) -> None:
        """Wait until exactly one row in sight says all of this."""

        def shown() -> bool:
            return sum(all(one in row for one in words) for row in self.in_sight) == 1

        self._console.wait(shown)

    @property
    def seams(self) -> list[str]:
        return [row for row in self.spoken if row.startswith("Handed from")]


class Composer:
    """Where replies and notes are written."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def _edit(self) -> GrowingEdit:
        return self._console.window.desk.composer.findChildren(GrowingEdit)[0]

    @property
    def text(self) -> str:
        return self._edit.text

    @property
    def words(self) -> list[str]:
        """All that is said around what is written."""
        return words_in(self._console.window.desk.composer)

    @property
    def hint(self) -> str:
        """What the empty field says: whom one would answer."""
        return self._edit.placeholderText()

    def begin(self, whom: str) -> None:
        """Go to the reply; returns when it says that it goes to this person."""
        self._console.press("R")
        self._console.wait(lambda: whom in self.hint and self._edit.hasFocus())

    def reply(self, whom: str, text: str) -> None:
        """Answer the case at hand; returns when the field is empty again, back in the list."""
        self.begin(whom)
        self._console.write(text)
        self._console.press("Ctrl+Return")
        self._console.wait(lambda: not self.text)
        self._console.press("Esc")


class SheetPage:
    """Whatever lies over the window."""

    def __init__(self, console: Console, sheet: Sheet) -> None:
        self._console = console
        self._sheet = sheet

    @property
    def words(self) -> list[str]:
        return words_in(self._sheet)

    @property
    def is_open(self) -> bool:
        return isValid(self._sheet) and self._sheet.isVisible()

    @property
    def rows(self) -> list[str]:
        """What its list offers."""
        return _rows(self._list())

    @property
    def chosen(self) -> str:
        """What Enter would take."""
        return _spoken(self._list().currentIndex())

    def _list(self) -> QAbstractItemView:
        return self._sheet.findChildren(QAbstractItemView)[0]

    def value_of(self, field: str) -> str:
        """What stands in a field."""
        for one in self._sheet.findChildren(QWidget):
            if one.accessibleName() == field and isinstance(one, QLineEdit):
                return one.text()
            if one.accessibleName() == field and isinstance(one, QTextEdit):
                return one.toPlainText()
        raise AssertionError(f"no field “{field}” here")

    def closes(self) -> None:
        """Wait until it is gone."""
        self._console.wait(lambda: not self.is_open)
