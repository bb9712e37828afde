"""The current theme, read at paint time, and the object that changes it."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance
from PySide6.QtGui import QColor, QFont, QGuiApplication
from PySide6.QtWidgets import QApplication

from app.domain.ids import DepartmentId
from app.ui.theme import fonts
from app.ui.theme.tokens import (
    DARK,
    DEPARTMENTS,
    HIGH_CONTRAST,
    LIGHT,
    MOTION_MS,
    THREAD_OPACITY,
    TYPE,
)

if TYPE_CHECKING:  # it brings D-Bus along, which Linux alone has
    from app.ui.theme.portal import DesktopPortal

SMALLEST_SCALE, LARGEST_SCALE = 0.9, 1.3


class Theme:
    """Colours and fonts of one scheme. Asking is cheap: paint code keeps nothing of it.

    ``strong``: lines as visible as fields, stitches as text. ``still``: nothing moves.
    """

    def __init__(
        self, scheme: str, scale: float = 1.0, *, strong: bool = False, still: bool = False
    ) -> None:
        self.scheme = scheme
        self.scale = scale
        self.strong = strong
        self.still = still
        values = dict(DARK if scheme == "dark" else LIGHT)
        if strong:
            values |= {name: values[other] for name, other in HIGH_CONTRAST.items()}
        self._colours = {name: _colour(value) for name, value in values.items()}

    @property
    def is_dark(self) -> bool:
        return self.scheme == "dark"

    @property
    def changed(self) -> SignalInstance:
        """Emitted by the manager after every change of scheme, contrast, scale or motion."""
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


class _Desktop:
    """What Qt knows of the desktop's wishes.

    Both objects are held on to: PySide6 takes the second for deleted once it lets go of the first.
    """

    def __init__(self) -> None:
        self.hints = QGuiApplication.styleHints()
        self.access = self.hints.accessibility()

    def scheme(self) -> str:
        return "dark" if self.hints.colorScheme() is Qt.ColorScheme.Dark else "light"

    def is_strong(self) -> bool:
        return self.access.contrastPreference() is Qt.ContrastPreference.HighContrast

    def is_still(self) -> bool:
        """Whether the desktop asks for less motion; Qt hears of that on Windows alone, for Linux
        there is the portal."""
        return sys.platform == "win32" and not QApplication.isEffectEnabled(Qt.UIEffect.UI_General)


class ThemeManager(QObject):
    """Holds the current theme. Lives on the main thread.

    A wish is what was asked for; "system" follows the desktop, now and later.
    """

    changed = Signal()
    """The theme is another one now."""
    wished = Signal()
    """Somebody wished for something, whether it shows now or not."""

    def __init__(self) -> None:
        super().__init__()
        self.wish = "light"
        """"light", "dark" or "system"."""
        self.contrast = "system"
        """"high", "usual" or "system"."""
        self.motion = "system"
        """"reduced", "usual" or "system"."""
        self._scale = 1.0
        self._desktop: _Desktop | None = None
        self._portal: DesktopPortal | None = None
        self.current = Theme("light")

    def set_scheme(self, scheme: str) -> None:
        """Choose "light", "dark" or "system"."""
        self.wish = scheme
        self._wish()

    def set_contrast(self, contrast: str) -> None:
        """Choose "high", "usual" or "system"."""
        self.contrast = contrast
        self._wish()

    def set_motion(self, motion: str) -> None:
        """Choose "reduced", when every duration is 0, "usual" or "system"."""
        self.motion = motion
        self._wish()

    def set_text_scale(self, scale: float) -> None:
        """Scale all text, rows and bubbles: 0.9 to 1.3."""
        self._scale = min(LARGEST_SCALE, max(SMALLEST_SCALE, scale))
        self._wish()

    def follow(self, portal: DesktopPortal | None) -> None:
        """Heed what the desktop wishes through this portal too; None heeds none."""
        if self._portal is not None:
            self._portal.changed.disconnect(self._renew)
        self._portal = portal
        if portal is not None:
            portal.changed.connect(self._renew)
        self._renew()

    def _wish(self) -> None:
        self._follow_desktop()
        self._renew()
        self.wished.emit()

    def _renew(self) -> None:
        """Make the theme of what is wished for, and tell when it is another one."""
        scheme = self.wish
        strong, still = self.contrast == "high", self.motion == "reduced"
        if self._desktop is not None:
            scheme = self._desktop.scheme() if scheme == "system" else scheme
            strong = self._desktop.is_strong() if self.contrast == "system" else strong
            still = self._desktop.is_still() if self.motion == "system" else still
        if self._portal is not None:
            strong |= self.contrast == "system" and self._portal.wants_contrast
            still |= self.motion == "system" and self._portal.wants_stillness
        now = self.current
        if (scheme, self._scale, strong, still) == (now.scheme, now.scale, now.strong, now.still):
            return
        self.current = Theme(scheme, self._scale, strong=strong, still=still)
        self.changed.emit()

    def _follow_desktop(self) -> None:
        """Listen to the desktop, once there is an application that hears it."""
        if self._desktop is None and QGuiApplication.instance() is not None:
            self._desktop = _Desktop()
            self._desktop.hints.colorSchemeChanged.connect(self._renew)
            self._desktop.access.contrastPreferenceChanged.connect(self._renew)


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
