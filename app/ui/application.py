"""The console from its first line to its last: set up, open, run, close."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import QApplication

from app.services.places import state_folder
from app.ui.runtime import MainThreadCollector, prepare, require_display
from app.ui.session import Doors, Session
from app.ui.spelling.speller import Speller, forget_speller, use_speller
from app.ui.theme import theme_manager
from app.ui.theme.formats import use_habits
from app.ui.theme.habits import habits_of
from app.ui.window_memory import WindowMemory


def run(doors: Doors, first_painted: Callable[[], None] | None = None) -> int:
    """Show the console until its window is closed; returns the exit status.

    ``first_painted`` is called when the first queue is there, before the paint that is then due.
    Raises SeamlineError where there is no display.
    """
    require_display()
    application = prepare()
    use_habits(habits_of(QLocale.system()))
    collector = MainThreadCollector(application)
    use_speller(Speller(application))
    session = Session(doors, application, memory=WindowMemory(state_folder()))
    session.given_up.connect(application.quit)
    if first_painted is not None:
        session.shown.connect(first_painted)
    # The event loop runs before anything is opened, so that the curtain can be drawn meanwhile.
    QTimer.singleShot(0, session.open_first)
    QTimer.singleShot(0, application, _fetch_window)
    QTimer.singleShot(0, application, _follow_desktop)
    status = application.exec()
    session.close()
    forget_speller()
    collector.stop()
    return status


def _fetch_window() -> None:
    """While another thread opens the workspace and waits for the disk."""
    import app.ui.window  # noqa: F401 - so that it is there when it is needed


def _follow_desktop() -> None:
    """While another thread opens the workspace: it costs the start nothing."""
    if sys.platform.startswith("linux"):
        from app.ui.theme.portal import follow_desktop_portal

        follow_desktop_portal(theme_manager())


def quit_soon() -> None:
    """End the program after the paint that is due."""
    QTimer.singleShot(50, QApplication.quit)
