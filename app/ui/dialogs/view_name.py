"""Naming a saved view."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.ui.dialogs.pick import PickSheet
from app.ui.dialogs.pick_model import PickRow


class ViewNameSheet(PickSheet):
    """One field, begun with ``name``. ``named`` carries what was written."""

    named = Signal(str)

    def __init__(self, parent: QWidget, *, title: str, name: str) -> None:
        super().__init__(parent, title=title, hint="Name of the view")
        self.field.setText(name)
        self.field.selectAll()
        self.refresh()

    def rows(self, typed: str) -> list[PickRow]:
        return [PickRow(typed, f"Save as “{typed}”", icon="bookmark")] if typed else []

    def pick(self, row: PickRow) -> None:
        self.named.emit(str(row.value))
        self.close()
