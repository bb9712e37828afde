"""The bundled type face, and fonts made of its axes."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

from app.ui.theme.tokens import FAMILIES, TYPE

_POINTS_PER_INCH = 72
_DISPLAY_FROM_PX = 28
_TRACKING = -0.009
_DISPLAY_TRACKING = -0.024
"""Of the size; Qt’s own percentage would be of each letter’s width."""


@cache
def load_bundled() -> str:
    """Register Inter with Qt and return its family name, "" when Qt refuses the file.

    One variable file holds every weight; reading it costs about 4 ms, once.
    """
    import fontpkg_inter

    path = fontpkg_inter.ROOT / "files" / "Inter[opsz,wght].ttf"
    number = QFontDatabase.addApplicationFont(str(path))
    families = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    return families[0] if families else ""


@cache
def make(style: str, weight: int, scale: float, *, tabular: bool) -> QFont:
    """A font of a style of ``tokens.TYPE``; the same object for the same question.

    Qt picks the regular instance of a variable font whatever weight is asked, so the weight
    axis is set by hand; the weight is set as well, for the families that stand in where Inter
    has no glyph.
    """
    size = TYPE[style][0] * scale
    font = QFont()
    font.setFamilies(list(FAMILIES))
    _set_size(font, size)
    font.setWeight(QFont.Weight(weight))
    font.setVariableAxis(QFont.Tag("wght"), float(weight))
    if size >= _DISPLAY_FROM_PX:
        font.setVariableAxis(QFont.Tag("opsz"), 32.0)
    tracking = _DISPLAY_TRACKING if size >= _DISPLAY_FROM_PX else _TRACKING
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, tracking * size)
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


def _set_size(font: QFont, size: float) -> None:
    """Set a size in pixels; fractions need points, which Qt scales by the screen."""
    if size == int(size):
        font.setPixelSize(int(size))
        return
    screen = QGuiApplication.primaryScreen()
    dots = screen.logicalDotsPerInchY() if screen else 96.0
    font.setPointSizeF(size * _POINTS_PER_INCH / dots)
