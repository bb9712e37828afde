"""Real key presses: through the X server, as those of a keyboard come.

QTest hands an event to a widget. It skips what stands before: the layout of the keyboard, the
window that has the focus, the input method. XTEST is the extension of the X server made for this;
two of its functions are all it takes, so they are called here without a package between.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

from PySide6.QtCore import QAbstractNativeEventFilter, QCoreApplication
from PySide6.QtWidgets import QWidget

_KEY_RELEASE = 3
_SYMBOLS: Final = {
    "Ctrl": "Control_L", "Shift": "Shift_L", "Alt": "Alt_L", "Esc": "Escape", "Space": "space",
    "Del": "Delete", "PgUp": "Prior", "PgDown": "Next", "Backspace": "BackSpace",
    "\n": "Return", "\t": "Tab",
}  # fmt: skip
"""Qt’s portable names where X has others."""


@dataclass(frozen=True, slots=True)
class _Key:
    code: int
    shifted: bool


class _Heard(QAbstractNativeEventFilter):
    """Counts the keys this program was told are let go."""

    def __init__(self) -> None:
        super().__init__()
        self.releases = 0

    def nativeEventFilter(  # noqa: N802 - Qt's own name
        self, kind: Any, message: int
    ) -> tuple[bool, int]:
        if bytes(kind) == b"xcb_generic_event_t":
            first = ctypes.c_uint8.from_address(int(message)).value
            self.releases += first & 0x7F == _KEY_RELEASE
        return False, 0


def bring_forward(window: QWidget, wait: Callable[[Callable[[], bool]], None]) -> None:
    """Give a new window the keyboard, as the window manager does that is not here."""
    window.activateWindow()
    wait(window.isActiveWindow)


class XKeyboard:
    """The keyboard of the display that ``DISPLAY`` names.

    ``wait`` runs the program until a condition holds, and fails the test where it never does.
    ``pressed`` counts the strokes, for whoever asks how long a person would take.
    """

    def __init__(self, wait: Callable[[Callable[[], bool]], None]) -> None:
        self._wait = wait
        self._x11 = ctypes.CDLL("libX11.so.6")
        self._xtst = ctypes.CDLL("libXtst.so.6")
        self._declare()
        self._display = self._x11.XOpenDisplay(None)
        assert self._display, "there is no X server at DISPLAY"
        self._heard = _Heard()
        application = QCoreApplication.instance()
        assert application is not None
        application.installNativeEventFilter(self._heard)
        self.pressed = 0

    def _declare(self) -> None:
        display, keysym = ctypes.c_void_p, ctypes.c_ulong
        x11, xtst = self._x11, self._xtst
        x11.XOpenDisplay.restype = display
        x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
        x11.XCloseDisplay.argtypes = [display]
        x11.XStringToKeysym.restype = keysym
        x11.XStringToKeysym.argtypes = [ctypes.c_char_p]
        x11.XKeysymToKeycode.restype = ctypes.c_ubyte
        x11.XKeysymToKeycode.argtypes = [display, keysym]
        x11.XkbKeycodeToKeysym.restype = keysym
        x11.XkbKeycodeToKeysym.argtypes = [display, ctypes.c_ubyte, ctypes.c_int, ctypes.c_int]
        x11.XSync.argtypes = [display, ctypes.c_int]
        xtst.XTestFakeKeyEvent.argtypes = [display, ctypes.c_uint, ctypes.c_int, ctypes.c_ulong]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._x11.XCloseDisplay(self._display)
        application = QCoreApplication.instance()
        if application is not None:
            application.removeNativeEventFilter(self._heard)

    def press(self, keys: str) -> None:
        """Press keys by Qt’s portable names: “Ctrl+Return”, “?”, or one after the other, “G, W”."""
        for stroke in keys.split(", "):
            *held, last = stroke.split("+") if len(stroke) > 1 else [stroke]
            self._stroke(tuple(held), self._key(last.lower() if len(last) == 1 else last))

    def write(self, text: str) -> None:
        """Type a text letter by letter; what an English keyboard cannot type is refused."""
        for letter in text:
            self._stroke((), self._key(letter))

    def _stroke(self, held: tuple[str, ...], key: _Key) -> None:
        """Down with all of it, up with all of it; returns when the program has dealt with it."""
        modifiers = [self._key(name).code for name in held]
        if key.shifted and "Shift" not in held:
            modifiers.append(self._key("Shift").code)
        codes = [*modifiers, key.code]
        wanted = self._heard.releases + len(codes)
        for code in codes:
            self._xtst.XTestFakeKeyEvent(self._display, code, 1, 0)
        for code in reversed(codes):
            self._xtst.XTestFakeKeyEvent(self._display, code, 0, 0)
        self._x11.XSync(self._display, 0)
        self._wait(lambda: self._heard.releases >= wanted)
        QCoreApplication.processEvents()  # what Qt has read it has not handed on yet
        self.pressed += 1

    def _key(self, name: str) -> _Key:
        """A letter by itself, any other key by its name."""
        symbol = self._symbol(name)
        code = int(self._x11.XKeysymToKeycode(self._display, symbol))
        assert code, f"this keyboard has no “{name}”"
        return _Key(code, self._x11.XkbKeycodeToKeysym(self._display, code, 0, 0) != symbol)

    def _symbol(self, name: str) -> int:
        known = _SYMBOLS.get(name)
        if known is None and len(name) == 1:
            return ord(name)
        return int(self._x11.XStringToKeysym((known or name).encode()))
