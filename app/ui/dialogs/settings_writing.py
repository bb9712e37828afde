"""Settings of writing: whether spelling is checked, and by which dictionaries."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Slot
from shiboken6 import isValid

from app.services.spelling_settings import SpellingSettings
from app.ui.dialogs.controls import Check
from app.ui.dialogs.parts import text_label
from app.ui.dialogs.settings_section import SettingsSection
from app.ui.spelling.speller import speller
from app.ui.views.composer_spelling import dictionary_name

_ASKING = "Looking for the dictionaries of this computer…"
_INSTALL = {
    "linux": "Install one with your package manager, such as hunspell-en-us or hunspell-de-de, or"
    " LibreOffice with your language.",
    "darwin": "Put the .aff and .dic file of your language into the folder Library/Spelling of"
    " your home, or install LibreOffice.",
    "win32": "Install LibreOffice with your language; its dictionaries are used.",
}


class WritingSection(SettingsSection):
    """Spelling on or off."""

    title = "Writing"
    icon = "spell-check"

    def build(self) -> None:
        self._settings = SpellingSettings(self.services.directory)
        self.check = Check("Mark misspelt words while I write", self)
        self.check.setChecked(self._settings.is_on())
        self.check.toggled.connect(self._chosen)
        self.add_row(
            "Spelling",
            self.check,
            "The menu of a marked word has suggestions and adds it to the dictionary of this"
            " workspace. The language is that of the conversation; the same menu changes it for"
            " a customer.",
        )
        self.found = text_label(_ASKING, "body", colour="text-2", parent=self)
        self.found.setWordWrap(True)
        self.add_row("Dictionaries", self.found, "Nothing you write leaves this computer for it.")
        asked = speller()
        if asked is not None:
            asked.dictionaries(self._show)
        else:
            self._show(())

    def _show(self, names: Sequence[str]) -> None:
        if isValid(self):
            self.found.setText(found_text(names))
            self.found.setAccessibleName(found_text(names))

    @Slot(bool)
    def _chosen(self, on: bool) -> None:
        self.save(partial(self._settings.set_on, on=on))

    def _saved(self, answer: object) -> None:
        super()._saved(answer)
        asked = speller()
        if asked is not None:
            asked.changed.emit()


def found_text(names: Sequence[str], platform: str = sys.platform) -> str:
    """Which dictionaries there are, or what to install where there is none."""
    if not names:
        return f"This computer has no dictionary. {_INSTALL.get(platform, _INSTALL['linux'])}"
    return f"{', '.join(sorted(dictionary_name(name) for name in names))}."
