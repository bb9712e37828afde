"""Pictures of a story on its way, for docs/tour; none is taken unless somebody asks for them."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.ui.theme import theme_manager
from app.ui.window import ConsoleWindow

FOLDER_VARIABLE = "SEAMLINE_TOUR"
"""Names the folder that pictures go to; without it a story is only told."""
SIZE = (1440, 900)
_AGAIN_MS = 80
_MOST_LOOKS = 100


class Album:
    """``take`` waits until nothing moves any more, and keeps what the window shows."""

    def __init__(self, window: ConsoleWindow) -> None:
        folder = os.environ.get(FOLDER_VARIABLE, "")
        self._folder = Path(folder) if folder else None
        self._window = window
        window.resize(*SIZE)

    def take(self, name: str, *, dark: bool = False) -> None:
        if self._folder is None:
            return
        if dark:
            theme_manager().set_scheme("dark")
        picture = self._still()
        if dark:
            theme_manager().set_scheme("light")
        path = self._folder / f"{name}.png"
        if not picture.save(str(path)):
            raise OSError(f"{path} could not be written.")

    def _still(self) -> QImage:
        QTest.qWait(4 * _AGAIN_MS)
        before = self._grab()
        for _ in range(_MOST_LOOKS):
            QTest.qWait(_AGAIN_MS)
            now = self._grab()
            if now == before:
                return now
            before = now
        return before

    def _grab(self) -> QImage:
        for widget in QApplication.allWidgets():  # a picture has no pointer, so nothing is hovered
            widget.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
        return self._window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
