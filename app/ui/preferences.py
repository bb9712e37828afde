"""How the console looks and what its keys do, for whoever sits here, kept in the workspace."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.ui.bridge import UiBridge
from app.ui.keymap import keys_in_force, read_keymap
from app.ui.theme import theme, theme_manager

if TYPE_CHECKING:  # for the types alone: the database comes with them
    from app.services.directory import Directory

SCHEME, SCALE, CONTRAST, MOTION = "ui-scheme", "ui-text-scale", "ui-contrast", "ui-motion"
KEYS = "ui-keys"
_SAVE_AFTER_MS = 800


class Preferences(QObject):
    """Scheme, contrast, motion, text size and keys: in force from the start, saved when changed."""

    def __init__(self, directory: Directory, bridge: UiBridge, parent: QObject) -> None:
        super().__init__(parent)
        self._directory = directory
        self._bridge = bridge
        self._save_soon = QTimer(self, singleShot=True, interval=_SAVE_AFTER_MS)
        self._save_soon.timeout.connect(self.save)

    def apply(self) -> None:
        """Show what was kept; what cannot be read is left as it is."""
        look, kept = theme_manager(), self._directory.setting
        if kept(SCHEME) in ("light", "dark", "system"):
            look.set_scheme(kept(SCHEME))
        if kept(CONTRAST) in ("high", "usual", "system"):
            look.set_contrast(kept(CONTRAST))
        if kept(MOTION) in ("reduced", "usual", "system"):
            look.set_motion(kept(MOTION))
        with suppress(ValueError):
            look.set_text_scale(float(kept(SCALE)))
        keys_in_force().use(read_keymap(kept(KEYS)))
        look.wished.connect(self._save_soon.start)
        keys_in_force().changed.connect(self._save_soon.start)

    def settle(self) -> None:
        """Keep at once what has not been kept yet: the window closes."""
        if self._save_soon.isActive():
            self._save_soon.stop()
            self.save()

    def save(self) -> None:
        """Keep what differs from what is kept."""
        look = theme_manager()
        values = {
            SCHEME: look.wish,
            CONTRAST: look.contrast,
            MOTION: look.motion,
            SCALE: f"{theme().scale:g}",
            KEYS: keys_in_force().keymap.written(),
        }
        for name, value in values.items():
            if self._directory.setting(name) != value:
                self._bridge.act(self._directory.set_setting(name, value))
