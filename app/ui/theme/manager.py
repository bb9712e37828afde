"""The current theme, read at paint time, and the object that changes it."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance
from PySide6.QtGui import QColor, QFont, QGuiApplication

from app.domain.ids import DepartmentId
from app.ui.theme import fonts
from app.ui.theme.tokens import DARK, DEPARTMENTS, LIGHT, MOTION_MS, THREAD_OPACITY, TYPE

SMALLEST_SCALE, LARGEST_SCALE = 0.9, 1.3


class Theme:
    """Colours and fonts of one scheme. Asking is cheap: paint code keeps nothing of it."""

    def __init__(self, scheme: str, scale: float = 1.0, *, still: bool = False) -> None:
        self.scheme = scheme
        self.scale = scale
        self.still = still
        values = DARK if scheme == "dark" else LIGHT
        self._colours = {name: _colour(value) for name, value in values.items()}

    @property
    def is_dark(self) -> bool:
        return self.scheme == "dark"

    @property
    def changed(self) -> SignalInstance:
        """Emitted by the manager after every change of scheme or scale."""
        return theme_manager().changed

    def colour(self, token: str) -> QColor:
        """The colour of a token of the design; KeyError for a name that is none."""
        return self._colours[token]

    def department_colour(self, department: DepartmentId | str | None) -> QColor:
        """The colour of a department; the grey of a thread nobody holds for None or a stranger."""
        return self._colours[DEPARTMENTS.get(department or "", "line-strong")]

    def department_tint(self, department: DepartmentId | str | None) -> QColor:
        token = DEPARTMENTS.get(department or "")
        return self._colours[f"{token}-t" if token else "hover"]

    def font(self, style: str, weight: int = 400, *, tabular: bool = False) -> QFont:
        """A font of "micro", "caption", "small", "snippet", "body", "message", "label",
        "title", "query" or "hero"; never change the one returned."""
        return fonts.make(style, weight, self.scale, tabular=tabular)

    def line_height(self, style: str) -> int:
        """The line height of a style in logical pixels."""
        return round(TYPE[style][1] * self.scale)

    def scaled(self, pixels: float) -> int:
        """A length that grows with the text, as rows and bubbles do."""
        return round(pixels * self.scale)

    @property
    def thread_opacity(self) -> float:
        return THREAD_OPACITY[self.scheme]

    def duration_ms(self, speed: str) -> int:
        """How long "fast", "base" or "slow" motion takes; 0 when motion is reduced."""
        return 0 if self.still else MOTION_MS[speed]


class ThemeManager(QObject):
    """Holds the current theme. Lives on the main thread."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.wish = "light"
        """What was asked for: "light", "dark" or "system"."""
        self.current = Theme("light")

    def set_scheme(self, scheme: str) -> None:
        """Choose "light", "dark" or "system" (follow the desktop, now and later)."""
        hints = QGuiApplication.styleHints()
        if scheme == "system" and self.wish != "system":
            hints.colorSchemeChanged.connect(self._follow_desktop)
        elif scheme != "system" and self.wish == "system":
            hints.colorSchemeChanged.disconnect(self._follow_desktop)
        self.wish = scheme
        self._use(self._desktop_scheme() if scheme == "system" else scheme, self.current.scale)

    def set_text_scale(self, scale: float) -> None:
        """Scale all text, rows and bubbles: 0.9 to 1.3."""
        self._use(self.current.scheme, min(LARGEST_SCALE, max(SMALLEST_SCALE, scale)))

    def set_still(self, *, still: bool) -> None:
        """Reduce motion: every duration becomes 0."""
        self.current.still = still

    def _follow_desktop(self) -> None:
        self._use(self._desktop_scheme(), self.current.scale)

    def _use(self, scheme: str, scale: float) -> None:
        if (scheme, scale) == (self.current.scheme, self.current.scale):
            return
        self.current = Theme(scheme, scale, still=self.current.still)
        self.changed.emit()

    @staticmethod
    def _desktop_scheme() -> str:
        dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return "dark" if dark else "light"


@cache
def theme_manager() -> ThemeManager:
    return ThemeManager()


def theme() -> Theme:
    """The theme of this moment."""
    return theme_manager().current


def _colour(value: str) -> QColor:
    """``#RRGGBB`` or ``#RRGGBBAA``; Qt itself reads eight digits as ``#AARRGGBB``."""
    colour = QColor(value[:7])
    if len(value) == len("#RRGGBBAA"):
        colour.setAlpha(int(value[7:], 16))
    return colour
