"""Choosing an emoji by its name, with the keyboard alone."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.ui.dialogs.pick import PickSheet
from app.ui.dialogs.pick_model import PickRow
from app.ui.views.emoji import Emoji, emoji_like, well_known

_MOST = 60


class EmojiSheet(PickSheet):
    """What people use most at first, then whatever fits. ``chosen`` carries the characters."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, title="Emoji", hint="Name of an emoji")
        self.refresh()

    def rows(self, typed: str) -> list[PickRow]:
        wanted = typed.casefold().replace(" ", "_").strip(":")
        found = emoji_like(wanted, _MOST) if wanted else well_known()
        self.say("" if found else f"No emoji is called “{typed}”. Try another word for it.")
        return [_row(one) for one in found]

    def pick(self, row: PickRow) -> None:
        self.chosen.emit(str(row.value))
        self.close()


def _row(one: Emoji) -> PickRow:
    return PickRow(one.text, f"{one.text}  {one.name.replace('_', ' ')}")
