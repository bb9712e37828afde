"""Scrolling by copying what is painted already, where pixels allow it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QAbstractScrollArea

_WHEN = (QEvent.Type.Show, QEvent.Type.DevicePixelRatioChange)


def choose_copying(area: QAbstractScrollArea, event: QEvent) -> None:
    """Let Qt copy when the area scrolls: it does so for opaque widgets only. For ``event()``.

    At a fractional scale a copy would land between pixels, and the last column of pixels is one
    that painting cannot reach; there everything in sight is painted anew.
    """
    if event.type() in _WHEN:
        whole = area.devicePixelRatioF().is_integer()
        area.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, whole)
