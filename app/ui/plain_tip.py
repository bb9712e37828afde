"""Tooltips that say what they are given: Qt reads whatever looks like HTML as HTML."""

from __future__ import annotations

from PySide6.QtGui import Qt

from app.domain.links import exposed


def plain_tip(text: str) -> str:
    """The text for a tooltip: its markup shown as it was typed, its tricks written out."""
    shown = exposed(text)
    return Qt.convertFromPlainText(shown) if Qt.mightBeRichText(shown) else shown
