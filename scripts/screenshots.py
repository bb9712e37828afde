"""Draws the console on the sample workspace: ``python -m scripts.screenshots [FOLDER]``.

Needs no display. Every scale is a run of its own, because Qt reads it once, at the start.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.container import Container

_FOLDER = Path("docs/screens")
_SCALES = ("1", "2")
_ZONE = "Europe/Stockholm"
_SETTLE_MS = 1_000


def main() -> int:
    """Start one run for each scale; returns the first status that is not 0."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    if os.environ.get("QT_SCALE_FACTOR"):
        return _draw_all(folder)
    with tempfile.TemporaryDirectory() as workspace:
        for scale in _SCALES:
            surroundings = os.environ | {
                "QT_SCALE_FACTOR": scale,
                "QT_QPA_PLATFORM": "offscreen",
                "SEAMLINE_PASSPHRASE": "a sample is no secret",
                "SEAMLINE_WORKSPACE": str(Path(workspace) / f"sample-{scale}"),
                "TZ": _ZONE,
            }
            command = [sys.executable, "-m", "scripts.screenshots", str(folder)]
            status = subprocess.run(command, env=surroundings, check=False).returncode
            if status:
                return status
    return 0


def _draw_all(folder: Path) -> int:
    from app.container import open_sample, workspace_folder
    from app.ui.runtime import MainThreadCollector, prepare

    time.tzset()
    container = open_sample(workspace_folder())
    try:
        application = prepare("light")
        collector = MainThreadCollector(application)
        suffix = "" if os.environ["QT_SCALE_FACTOR"] == "1" else "@2x"
        _Studio(container, folder, suffix).draw()
        collector.stop()
    finally:
        container.close()
    return 0


class _Studio:
    """A window, and what is done to it before each picture."""

    def __init__(self, container: Container, folder: Path, suffix: str) -> None:
        from app.ui.bridge import UiBridge
        from app.ui.window import ConsoleWindow

        self._folder = folder
        self._suffix = suffix
        self._services = container.services
        self._bridge = UiBridge()
        container.workspace.on_commit(self._bridge.announce_commit)
        self.window = ConsoleWindow(self._services, self._bridge)
        self.window.resize(1440, 900)
        self.window.show()
        self.window.start()
        _wait()

    def draw(self) -> None:
        from app.ui.theme import theme_manager

        self._choose("Marta Lindqvist")
        for scheme in ("light", "dark"):
            theme_manager().set_scheme(scheme)
            _wait()
            self._save(f"console-{scheme}")
        theme_manager().set_scheme("light")
        if self._suffix:
            self.window.close()
            return
        self._sheet("escalate", self.window.named_actions["escalate"].trigger)
        self._sheet("search", lambda: self.window.open_palette("E14"))
        self._sheet("connect", self.window.sheets.connect_account)
        self._outbox()
        self._narrow()
        self.window.close()
        self._first_run()

    def _outbox(self) -> None:
        from app.domain.views import QueueName, QueueRef
        from app.services.syncing import Connection

        now = self.window.now_ms()
        self.window.go(QueueRef(QueueName.OUTBOX))
        self.window.banner.show_connection(
            Connection(online=False, since_ms=now - 8 * 60_000, waiting=2, next_try_ms=now + 40_000)
        )
        _wait()
        self._save("offline")
        self.window.banner.show_connection(Connection(online=True, since_ms=now))
        self.window.go(QueueRef(QueueName.MY_WORK))
        _wait()

    def _narrow(self) -> None:
        self.window.resize(880, 720)
        _wait()
        self._save("narrow")

    def _first_run(self) -> None:
        from PySide6.QtWidgets import QMainWindow

        from app.ui.dialogs.first_run import FirstRun

        frame = QMainWindow()
        frame.setCentralWidget(FirstRun(self._services, self._bridge, frame))
        frame.resize(1440, 900)
        frame.show()
        _wait()
        frame.grab().save(str(self._folder / "first-run.png"))
        frame.close()

    def _sheet(self, name: str, opens: Callable[[], object]) -> None:
        from app.ui.dialogs.sheet import Sheet

        opens()
        _wait()
        self._save(name)
        for sheet in self.window.findChildren(Sheet):
            sheet.close()
        _wait()

    def _choose(self, name: str) -> None:
        rows = self.window.case_list.model.rows()
        case = next(row.case for row in rows if row.name == name)
        self.window.case_list.select_case(case)
        _wait()

    def _save(self, name: str) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtWidgets import QApplication

        for widget in QApplication.allWidgets():  # a picture has no pointer, so nothing is hovered
            widget.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
        self.window.grab().save(str(self._folder / f"{name}{self._suffix}.png"))


def _wait() -> None:
    """Let answers arrive and motion end."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(_SETTLE_MS, loop.quit)
    loop.exec()


if __name__ == "__main__":
    sys.exit(main())
