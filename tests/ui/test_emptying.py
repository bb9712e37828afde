"""What is taken out of a layout is gone, and nothing of it stays behind."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QBoxLayout, QLabel, QLayout, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.ui.views.emptying import empty
from app.ui.views.flow import FlowLayout


@pytest.mark.parametrize("kind", [QVBoxLayout, lambda widget: FlowLayout(widget, 4)])
def test_neither_rows_nor_what_held_them_stay(qtbot: QtBot, kind: type[QVBoxLayout]) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    layout: QLayout = kind(widget)
    first, *others = (QLabel(name, widget) for name in ("heading", "one", "two"))
    layout.addWidget(first)
    if isinstance(layout, QBoxLayout):
        layout.addSpacing(4)
    for other in others:
        layout.addWidget(other)
    items = [layout.itemAt(place) for place in range(1, layout.count())]
    empty(layout, 1)
    assert layout.count() == 1
    assert not any(isValid(item) for item in items)
    assert isValid(first)
    qtbot.waitUntil(lambda: not any(isValid(other) for other in others))
