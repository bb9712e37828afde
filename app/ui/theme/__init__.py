"""Look: colours, type, icons and painted shapes, in a light and a dark scheme."""

from __future__ import annotations

from app.ui.theme import formats, glyphs, icons, painting
from app.ui.theme.manager import Theme, ThemeManager, theme, theme_manager
from app.ui.theme.stylesheet import apply_theme, restyle, set_type

__all__ = [
    "Theme",
    "ThemeManager",
    "apply_theme",
    "formats",
    "glyphs",
    "icons",
    "painting",
    "restyle",
    "set_type",
    "theme",
    "theme_manager",
]
