"""The mark of Seamline: two pieces of cloth and the stitches that join them."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QIcon, QPixmap

from app.ui.theme.icons import rendered

_MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 26 26">'
    '<rect width="26" height="26" rx="7.2" fill="#0A6A64"/>'
    '<path d="M13 0h5.8A7.2 7.2 0 0 1 26 7.2v11.6a7.2 7.2 0 0 1-7.2 7.2H13z" fill="#138A80"/>'
    '<g stroke="#fff" stroke-width="2.3" stroke-linecap="round">'
    '<path d="m8.8 8.3 8.4-2.1M8.8 14.05l8.4-2.1M8.8 19.8l8.4-2.1"/></g></svg>'
)


@lru_cache(maxsize=16)
def mark_pixmap(size: int, dpr: float = 1.0) -> QPixmap:
    """The mark, ``size`` logical pixels square; its colours are the same in both schemes."""
    return rendered(_MARK, size, dpr)


def mark_icon() -> QIcon:
    """The mark as a window icon."""
    icon = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        icon.addPixmap(mark_pixmap(size))
    return icon
