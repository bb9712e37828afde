"""What stands over the list, as a screen reader hears it."""

from __future__ import annotations

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.views import QueueFilter
from app.ui.views.list_head import Filters


def test_a_filter_is_one_of_several(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    filters = Filters(holder)
    filters.choose(QueueFilter.UNREAD)
    told = []
    for button in filters.findChildren(QPushButton):
        access = QAccessible.queryAccessibleInterface(button)
        told.append((access.text(QAccessible.Text.Name), access.role(), access.state().checked))
    radio = QAccessible.Role.RadioButton
    assert told == [("All", radio, 0), ("Unread", radio, 1), ("Due soon", radio, 0)]
