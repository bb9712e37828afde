"""Run with ``QT_SCALE_FACTOR``: ``python -m tests.ui.scrolled_pictures FOLDER``.

Scrolls the list of the sample and its timeline step by step, and says where the screen then shows
another picture than painting it anew gives. A process of its own: Qt reads the scale at its start.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from app.container import open_sample
from app.ui.bridge import UiBridge
from app.ui.runtime import prepare
from app.ui.window import ConsoleWindow

_DEADLINE_S = 30
_STEPS = (7, 50, 3, 121)
_STILL = 10
"""Looks in a row, 20 ms apart, that show the same."""
_UNPAINTED = QColor("magenta")


def main(folder: Path) -> None:
    container = open_sample(folder)
    prepare("light")
    window = ConsoleWindow(container.services, UiBridge())
    window.resize(1440, 900)
    window.show()
    window.start()
    timeline = window.desk.timeline
    _wait_for(lambda: window.case_list.rows.model().rowCount() > 0 and len(timeline.model) > 0)
    for name, area in (("list", window.case_list.rows), ("timeline", timeline.canvas)):
        for line in _faults(window, area):
            sys.stdout.write(f"{name}, {line}\n")
    window.close()
    container.close()


def _faults(window: ConsoleWindow, area: QAbstractScrollArea) -> list[str]:
    found = []
    bar = area.verticalScrollBar()
    bar.setValue(0)
    for step in _STEPS:
        _come_to_rest(window, area)
        bar.setValue(bar.value() + step)
        QApplication.processEvents()
        scrolled = _seen(window, area)
        area.viewport().update()
        QApplication.processEvents()
        if scrolled != _seen(window, area):
            found.append(f"scrolled by {step}: another picture")
        if _has_gap(area):
            found.append(f"scrolled by {step}: a line was not painted")
    return found


def _come_to_rest(window: ConsoleWindow, area: QAbstractScrollArea) -> None:
    """Until nothing changes any more: older rows are read, the scroll bar has faded."""
    seen: list[QImage] = []

    def still() -> bool:
        seen.append(_seen(window, area))
        return len(seen) > _STILL and all(one == seen[-1] for one in seen[-_STILL:])

    _wait_for(still)


def _seen(window: ConsoleWindow, area: QAbstractScrollArea) -> QImage:
    """What the screen shows of the area, without the scroll bar that fades at its edge."""
    image = window.screen().grabWindow(window.winId()).toImage()
    place = QRect(area.viewport().mapTo(window, QPoint()), area.viewport().size())
    ratio = window.devicePixelRatioF()
    part = QRect(
        round(place.left() * ratio),
        round(place.top() * ratio),
        round((place.width() - 16) * ratio),
        round(place.height() * ratio),
    )
    # Offscreen as many dots are handed out as the window has pixels: its upper left part.
    return image.copy(part.intersected(image.rect())).convertToFormat(QImage.Format.Format_RGB32)


def _has_gap(area: QAbstractScrollArea) -> bool:
    """Whether a row of dots stays unpainted from side to side."""
    viewport = area.viewport()
    ratio = viewport.devicePixelRatioF()
    image = QImage(viewport.size() * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(_UNPAINTED)
    viewport.render(image, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    places = range(0, image.width() - 16, 8)
    return any(
        all(image.pixelColor(x, y) == _UNPAINTED for x in places) for y in range(image.height() - 1)
    )


def _wait_for(shown: Callable[[], bool]) -> None:
    until = time.monotonic() + _DEADLINE_S
    while not shown():
        if time.monotonic() > until:
            raise TimeoutError("the sample was not shown")
        QTest.qWait(20)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
