"""From each letter typed into the palette to its painted results."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLineEdit, QListView

from app.ui.dialogs.palette import Palette
from benchmarks.crowd import COMMON, RARE, SECOND, Crowd
from benchmarks.screen import Screen, Took, console, report_frames

_MOST_MS = 50.0
_TYPED = (COMMON, RARE, f"{COMMON} {SECOND}", "customer 12", "ba", "la", "ti", "zo")
"""Words of every frequency letter by letter, a name, and beginnings that half of all words have."""


def run(size: Crowd) -> None:
    """Report every key from the second letter on, and the prefixes of two alone."""
    with console(size) as screen:
        screen.window.open_palette()
        screen.rest(500)
        palette = screen.window.findChild(Palette)
        assert palette is not None
        field, results = palette.findChild(QLineEdit), palette.findChild(QListView)
        assert field is not None
        assert results is not None
        took: list[tuple[int, Took]] = []
        for words in _TYPED:
            field.clear()
            screen.rest(300)
            for count, letter in enumerate(words, 1):
                took.append((count, _type(screen, field, results, letter)))
        palette.close()
        screen.rest()
        report_frames("palette, key to painted results", [one for _, one in took], _MOST_MS)
        twos = [one for count, one in took if count == 2]
        report_frames("palette, prefixes of 2 alone", twos, _MOST_MS)


def _type(screen: Screen, field: QLineEdit, results: QListView, letter: str) -> Took:
    came = QSignalSpy(results.model().modelReset)
    took = screen.until_painted(
        lambda: QTest.keyClicks(field, letter, Qt.KeyboardModifier.NoModifier),
        results.viewport(),
        lambda: came.count() > 0,
    )
    screen.rest()
    return took
