"""What somebody does all day in one window, drawn by lot."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QInputMethodEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.domain.departments import CARE
from app.domain.ids import CaseId, CustomerId
from app.domain.views import QueueName, QueueRef
from app.ui.dialogs.sheet import Sheet
from app.ui.theme import theme_manager
from app.ui.window import ConsoleWindow
from tests.soak.crowd import Crowd

Key = Qt.Key
CONTROL, SHIFT, NOTHING = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)
Stroke = tuple[Key, Qt.KeyboardModifier]
_QUEUES = (Key.Key_W, Key.Key_U, Key.Key_E, Key.Key_S, Key.Key_O, Key.Key_C)
_SHEETS: tuple[tuple[Stroke, ...], ...] = (
    ((Key.Key_A, NOTHING),),
    ((Key.Key_T, NOTHING),),
    ((Key.Key_S, NOTHING),),
    ((Key.Key_E, NOTHING),),
    ((Key.Key_G, NOTHING), (Key.Key_A, NOTHING)),
    ((Key.Key_G, NOTHING), (Key.Key_M, NOTHING)),
    ((Key.Key_A, CONTROL | SHIFT),),
    ((Key.Key_Comma, CONTROL),),
    ((Key.Key_Question, SHIFT),),
    ((Key.Key_Slash, CONTROL),),
    ((Key.Key_F1, CONTROL),),
)
"""The keys of everything that opens over the window and is closed by Esc."""
_MENUS: tuple[Stroke, ...] = ((Key.Key_F, NOTHING), (Key.Key_F, SHIFT), (Key.Key_F10, SHIFT))
_WORDS = ("E14", "li", "duo", "p1", "tray", "アップ", "☕️", "nothing like it", ">them", "thank")
_DRAFTS_MS = 600
_SIZES = ((1440, 900), (1180, 760), (880, 700), (1600, 1000), (640, 560))


class Hand:
    """Acts on a window. ``done`` counts what by its name; ``faults`` are sentences."""

    def __init__(self, window: ConsoleWindow, crowd: Crowd, rng: Random) -> None:
        self._window = window
        self._crowd = crowd
        self._rng = rng
        self.done: dict[str, int] = {}
        self.latest: list[str] = []
        self.faults: list[str] = []
        self._deeds: tuple[tuple[int, Callable[[], None]], ...] = (
            (14, self.walk),
            (8, self.switch_queue),
            (8, self.scroll),
            (7, self.type),
            (6, self.search),
            (9, self.open_a_sheet),
            (4, self.open_a_menu),
            (7, self.crowd_writes),
            (5, self.tag),
            (4, self.snooze_and_back),
            (4, self.close_and_back),
            (4, self.assign),
            (5, self.note),
            (5, self.reply_and_back),
            (3, self.change_colours),
            (2, self.change_size_of_text),
            (4, self.resize),
            (3, self.move_about),
            (2, self.choose_several),
            (1, self.second_window),
        )

    def act(self) -> None:
        """Do one thing, and come back to a window with nothing over it."""
        weights = [weight for weight, _ in self._deeds]
        ((_, deed),) = self._rng.choices(self._deeds, weights)
        name = deed.__name__
        self.done[name] = self.done.get(name, 0) + 1
        self.latest = [*self.latest[-19:], name]
        deed()
        self.clear(name)

    def clear(self, after: str) -> None:
        """Close by Esc whatever lies over the window."""
        for _ in range(8):
            over = QApplication.activePopupWidget() or self._sheet()
            if over is None:
                return
            self.press(Key.Key_Escape)
            _breathe()
        over = QApplication.activePopupWidget() or self._sheet()
        if over is not None:
            named = over.accessibleName() or type(over).__name__
            self.faults.append(f"After {after}, Esc does not close “{named}”.")
            over.close()

    # Deeds ------------------------------------------------------------------------------------

    def walk(self) -> None:
        self._to_the_list()
        for _ in range(self._rng.randint(1, 6)):
            self.press(self._rng.choice((Key.Key_J, Key.Key_J, Key.Key_K, Key.Key_Down)))
        _breathe(60)

    def switch_queue(self) -> None:
        self._to_the_list()
        self.press(Key.Key_G)
        self.press(self._rng.choice(_QUEUES))

    def scroll(self) -> None:
        canvas = self._window.desk.timeline.canvas
        canvas.setFocus()
        for _ in range(self._rng.randint(1, 8)):
            self.press(self._rng.choice((Key.Key_PageUp, Key.Key_PageUp, Key.Key_PageDown,
                                         Key.Key_Home, Key.Key_End, Key.Key_Up)))  # fmt: skip
        _wheel(canvas.viewport(), self._rng.choice((-600, -120, 120, 2400)))
        _wheel(self._window.case_list.rows.viewport(), self._rng.choice((-480, 480)))

    def type(self) -> None:
        """Something is begun, and left as a draft or taken back."""
        if not self._to_composer(Key.Key_R):
            return
        for letter in self._rng.choice(("We look into it", "Give it :fire", "/", "Anna @in")):
            QTest.keyClicks(_at_hand(), letter)
        if self._rng.random() < 0.5:
            self.press(Key.Key_A, CONTROL)
            self.press(Key.Key_Backspace)
        if self._rng.random() < 0.5:
            self.press(Key.Key_Z, CONTROL)

    def search(self) -> None:
        self._to_the_list()
        self.press(Key.Key_K, CONTROL)
        _breathe()
        _type(self._rng.choice(_WORDS))
        _breathe(20)
        for _ in range(self._rng.randint(0, 5)):
            self.press(self._rng.choice((Key.Key_Down, Key.Key_Down, Key.Key_Up, Key.Key_Tab)))
        if self._rng.random() < 0.3 and not _text_at_hand().startswith(">"):
            self.press(Key.Key_Return)

    def open_a_sheet(self) -> None:
        self._to_the_list()
        for key, modifiers in self._rng.choice(_SHEETS):
            self.press(key, modifiers)
        _breathe(20)
        for _ in range(self._rng.randint(0, 4)):
            self.press(self._rng.choice((Key.Key_Tab, Key.Key_Down, Key.Key_Right)))

    def open_a_menu(self) -> None:
        self._to_the_list()
        self.press(*self._rng.choice(_MENUS))
        _breathe(20)
        for _ in range(self._rng.randint(0, 3)):
            self.press(Key.Key_Down)

    def crowd_writes(self) -> None:
        self._crowd.arrive()

    def tag(self) -> None:
        """One of five, put on or taken off."""
        self._in_sheet(Key.Key_T, f"tag-{self._rng.randrange(5)}")

    def snooze_and_back(self) -> None:
        self._in_sheet(Key.Key_S, "tomorrow")
        self._undo()

    def close_and_back(self) -> None:
        self._to_the_list()
        self.press(Key.Key_C)
        self._undo()

    def assign(self) -> None:
        self._in_sheet(Key.Key_A, self._rng.choice(("ines", "nobody")))

    def note(self) -> None:
        if self._to_composer(Key.Key_N):
            QTest.keyClicks(_at_hand(), "Asked @")
            self.press(Key.Key_Escape)
            QTest.keyClicks(_at_hand(), "them")
            self.press(Key.Key_Return, CONTROL)

    def reply_and_back(self) -> None:
        """Written, queued, taken back, thrown away."""
        if not self._to_composer(Key.Key_R):
            return
        self.press(Key.Key_A, CONTROL)
        QTest.keyClicks(_at_hand(), "It is on its way.")
        self.press(Key.Key_Return, CONTROL)
        _breathe(30)
        self._undo()
        if self._to_composer(Key.Key_R):
            self.press(Key.Key_A, CONTROL)
            self.press(Key.Key_Backspace)

    def change_colours(self) -> None:
        self._to_the_list()
        self.press(Key.Key_L, CONTROL | SHIFT)

    def change_size_of_text(self) -> None:
        self._to_the_list()
        self.press(self._rng.choice((Key.Key_Plus, Key.Key_Minus, Key.Key_Minus)), CONTROL)

    def resize(self) -> None:
        self._window.resize(*self._rng.choice(_SIZES))
        _breathe(5)
        if self._rng.random() < 0.5:
            self._to_the_list()
            self.press(Key.Key_I, CONTROL)

    def move_about(self) -> None:
        for _ in range(self._rng.randint(1, 5)):
            self.press(self._rng.choice((Key.Key_F6, Key.Key_F6, Key.Key_Tab)))
        self._to_the_list()
        self.press(self._rng.choice((Key.Key_BracketLeft, Key.Key_BracketRight)))

    def choose_several(self) -> None:
        self._to_the_list()
        if self._rng.random() < 0.5:
            self.press(Key.Key_A, CONTROL)
        else:
            self.press(Key.Key_J, SHIFT)
        _breathe(10)
        self.press(Key.Key_Escape)

    def second_window(self) -> None:
        self._to_the_list()
        self.press(Key.Key_N, CONTROL | SHIFT)
        _breathe(40)
        for window in QApplication.topLevelWidgets():
            if isinstance(window, ConsoleWindow) and window is not self._window:
                window.close()
        self._window.activateWindow()
        _breathe(10)

    # How --------------------------------------------------------------------------------------

    def press(self, key: Key, modifiers: Qt.KeyboardModifier = NOTHING) -> None:
        QTest.keyClick(QApplication.activePopupWidget() or _at_hand(self._window), key, modifiers)

    def rest(self, customer: CustomerId, case: CaseId) -> None:
        """Everything as at the beginning, on the same conversation; wait until it is."""
        window = self._window
        self.clear("everything")
        theme_manager().set_scheme("light")
        theme_manager().set_text_scale(1.0)
        window.resize(1440, 900)
        window.go(QueueRef(QueueName.RESPOND, CARE))
        self._wait("the list", lambda: not window.case_list.loader.is_reading)
        window.open_customer(customer, case)
        self._wait("the case", lambda: window.desk.case == case and window.desk.view is not None)
        self._wait("the timeline", lambda: len(window.desk.timeline.model) > 0)
        _breathe(_DRAFTS_MS)  # what was begun a moment ago ends
        window.notice.hide()

    def _wait(self, what: str, condition: Callable[[], bool]) -> None:
        for _ in range(3_000):
            if condition():
                return
            _breathe(10)
        desk = self._window.desk
        self.faults.append(
            f"The window does not come to rest: {what} is missing after {self.latest},"
            f" it shows case {desk.case} of customer {desk.customer}."
        )

    def _to_the_list(self) -> None:
        """Single letters are commands there."""
        self._window.case_list.choose_one()
        self._window.back_to_list()

    def _to_composer(self, key: Key) -> bool:
        """Whether there is a case to write about."""
        self._to_the_list()
        _breathe(50)
        self.press(key)
        return self._window.desk.composer.isAncestorOf(_at_hand())

    def _in_sheet(self, key: Key, words: str) -> None:
        self._to_the_list()
        _breathe(50)
        self.press(key)
        _breathe(15)
        if self._sheet() is not None:
            QTest.keyClicks(_at_hand(), words)
            self.press(Key.Key_Return)
            _breathe(15)

    def _undo(self) -> None:
        self.clear("undo")
        self._to_the_list()
        self.press(Key.Key_Z, CONTROL)
        _breathe(20)

    def _sheet(self) -> Sheet | None:
        sheets = [one for one in self._window.findChildren(Sheet) if one.isVisible()]
        return sheets[-1] if sheets else None


def _at_hand(otherwise: QWidget | None = None) -> QWidget:
    widget = QApplication.focusWidget() or otherwise
    if widget is None or isinstance(widget, QMenu):
        windows = [one for one in QApplication.topLevelWidgets() if isinstance(one, ConsoleWindow)]
        return windows[0]
    return widget


def _type(text: str) -> None:
    """Letter by letter; what has no key comes as from an input method."""
    if text.isascii():
        QTest.keyClicks(_at_hand(), text)
        return
    composed = QInputMethodEvent()
    composed.setCommitString(text)
    QApplication.sendEvent(_at_hand(), composed)


def _text_at_hand() -> str:
    text = getattr(_at_hand(), "text", None)
    return str(text()) if callable(text) else ""


def _breathe(ms: int = 3) -> None:
    """The program runs for a moment, as between two keys."""
    QTest.qWait(ms)


def _wheel(widget: QWidget, turned: int) -> None:
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(widget.mapToGlobal(widget.rect().center())),
        QPoint(0, turned),
        QPoint(0, turned),
        Qt.MouseButton.NoButton,
        NOTHING,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
