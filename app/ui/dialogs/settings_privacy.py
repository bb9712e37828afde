"""Settings of privacy: when a console that nobody touches locks itself."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Slot

from app.services.lock_settings import MINUTES, LockSettings
from app.ui.actions import present_keys, shown_keys
from app.ui.dialogs.controls import Segmented
from app.ui.dialogs.settings_section import SettingsSection

_SAID = {
    "passphrase": "Locking closes the workspace: it opens with its passphrase only.",
    "keyring": "Locking blanks the window. Unlocking asks this computer’s keyring, not you: only a"
    " passphrase (“seamline rekey --to passphrase”) keeps others out.",
    "nothing": "Locking blanks the window; everything in the sample is made up.",
}


def _locking() -> str:
    keys = present_keys()["lock"]
    return f"{shown_keys(keys[0])} locks now." if keys else "“Lock now” in the menu locks now."


class PrivacySection(SettingsSection):
    """Never, or after 5, 15 or 60 minutes without a key or the pointer."""

    title = "Privacy"
    icon = "lock"

    def build(self) -> None:
        unlocked_by = self.services.unlocked_by
        self._settings = LockSettings(self.services.directory, unlocked_by)
        self.lock_after = Segmented(
            [(f"{minutes} min" if minutes else "Never", "") for minutes in MINUTES],
            name="Lock after",
            parent=self,
        )
        self.lock_after.choose(MINUTES.index(self._settings.minutes()))
        self.add_row(
            "Lock when nobody has touched the console for",
            self.lock_after,
            f"{_SAID[unlocked_by]} {_locking()} While it is locked nothing is pulled or sent.",
        )
        self.lock_after.group.idClicked.connect(self._chosen)

    @Slot(int)
    def _chosen(self, choice: int) -> None:
        self.save(partial(self._settings.set_minutes, MINUTES[choice]))
