"""How the console looks to whoever sits here, kept in the workspace."""

from __future__ import annotations

from contextlib import suppress

from PySide6.QtCore import QObject, QTimer

from app.services.directory import Directory
from app.ui.bridge import UiBridge
from app.ui.columns import Columns
from app.ui.theme import theme, theme_manager

_SCHEME, _SCALE, _LIST = "ui-scheme", "ui-text-scale", "ui-list-width"
_SAVE_AFTER_MS = 800


class Preferences(QObject):
    """Scheme, text size and the width of the list: shown at the start, saved when they change."""

    def __init__(
        self, directory: Directory, bridge: UiBridge, columns: Columns, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._directory = directory
        self._bridge = bridge
        self._columns = columns
        self._save_soon = QTimer(self, singleShot=True, interval=_SAVE_AFTER_MS)
        self._save_soon.timeout.connect(self.save)

    def apply(self) -> None:
        """Show what was kept; what cannot be read is left as it is."""
        scheme = self._directory.setting(_SCHEME)
        if scheme in ("light", "dark"):
            theme_manager().set_scheme(scheme)
        with suppress(ValueError):
            theme_manager().set_text_scale(float(self._directory.setting(_SCALE)))
        with suppress(ValueError):
            self._columns.set_list_width(int(self._directory.setting(_LIST)))
        theme_manager().changed.connect(self._save_soon.start)
        self._columns.list_resized.connect(self._save_soon.start)

    def save(self) -> None:
        """Keep what differs from what is kept."""
        look = theme()
        values = {
            _SCALE: f"{look.scale:g}",
            _LIST: str(self._columns.list_width()),
        }
        if theme_manager().wish != "system":
            values[_SCHEME] = look.scheme
        for name, value in values.items():
            if self._directory.setting(name) != value:
                self._bridge.act(self._directory.set_setting(name, value))
