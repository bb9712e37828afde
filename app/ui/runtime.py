"""What Python and Qt have to be told once, before the first window."""

from __future__ import annotations

import gc
import os
import sys
from functools import cache

from PySide6.QtCore import QLoggingCategory, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app.domain.errors import SeamlineError
from app.ui.frames import frames
from app.ui.theme import apply_theme, theme_manager
from app.ui.theme.brand import mark_icon
from app.ui.theme.fonts import load_bundled

SWITCH_INTERVAL_S = 0.0005
"""How long a working thread may hold the interpreter while the screen waits. With Python's own
5 ms an ingest at full speed makes one frame in a hundred late by 19 ms; with this, by 6 to 8."""
_COLLECT_EVERY_MS = 500
_MOST_PUT_OFF = 10


class MainThreadCollector(QObject):
    """Runs Python's cycle collector in the main thread alone.

    Left to itself it runs on whichever thread allocates, and there destroys Qt objects that
    belong to the main one: timers die on the wrong thread, and with them the program.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=_COLLECT_EVERY_MS)
        self._timer.timeout.connect(self._collect_when_still)
        self._put_off = 0
        self._timer.start()

    def _collect_when_still(self) -> None:
        """Collecting takes as long as a frame or two: it waits while the reader scrolls."""
        if frames().are_due and self._put_off < _MOST_PUT_OFF:
            self._put_off += 1
            return
        self._put_off = 0
        self.collect()

    def collect(self) -> None:
        """Collect the oldest generation whose threshold is passed, as Python itself would."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Hand the work back to Python."""
        self._timer.stop()
        gc.enable()


def require_display() -> None:
    """Raise SeamlineError where Qt would abort for want of a display."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        raise SeamlineError(
            "There is no display to open the console on.",
            hint="Run it in a desktop session, or “make screenshots” for pictures of it.",
        )


def prepare(scheme: str = "system", scale: float = 1.0) -> QApplication:
    """Make the application, or dress the one there is: fonts, style sheet, name, icon."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        application = existing
    else:
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
            Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
        )
        application = QApplication(["seamline"])
    # Qt warns of every family that lacks a script, though the next family has it.
    QLoggingCategory.setFilterRules("qt.text.font.db=false")
    application.setStyle("Fusion")
    application.setApplicationName("Seamline")
    application.setDesktopFileName("seamline")
    application.setWindowIcon(mark_icon())
    load_bundled()
    _dress_first()
    theme_manager().set_scheme(scheme)
    theme_manager().set_text_scale(scale)
    apply_theme()
    return application


@cache
def _dress_first() -> None:
    """Every change of the theme dresses the application before any widget hears of it: a new
    style sheet takes back the fonts that widgets gave themselves."""
    theme_manager().changed.connect(apply_theme)
