"""The quiet buttons of the composer: Templates with its key, and the word that opens the guide."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from app.ui.dialogs.parts import draw_key, key_width, wordless
from app.ui.theme import icons, mirroring, theme

_KEY = "/"
_PAD, _ICON, _GAP = 8, 17, 6


class TemplatesButton(QPushButton):
    """An icon, “Templates” and its key; ``set_compact`` leaves the icon alone."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Templates", parent)
        self.setProperty("kind", "quiet")
        self.setAutoDefault(False)
        self.setAccessibleName("Templates")
        self._compact = False

    def set_compact(self, *, compact: bool) -> None:
        if compact != self._compact:
            self._compact = compact
            self.updateGeometry()
            self.update()

    def _words(self) -> float:
        return QFontMetrics(theme().font("snippet", 500)).horizontalAdvance(self.text())

    def sizeHint(self) -> QSize:
        width = _PAD + _ICON + _PAD
        if not self._compact:
            width += round(_GAP + self._words() + _GAP + key_width(_KEY))
        return QSize(width, 30)

    def minimumSizeHint(self) -> QSize:
        return QSize(_PAD + _ICON + _PAD, 30)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = wordless(self)
        mirroring.mirror(painter, QRectF(self.rect()))
        look = theme()
        ink = look.colour("text-2" if self.isEnabled() else "text-off")
        middle = (self.height() - _ICON) / 2
        icons.draw(painter, "layout-template", QRectF(_PAD, middle, _ICON, _ICON), ink)
        if self._compact:
            return
        left = _PAD + _ICON + _GAP
        painter.setFont(look.font("snippet", 500))
        painter.setPen(ink)
        words = QRectF(left, 0, self._words() + 2, self.height())
        mirroring.draw_words(painter, words, Qt.AlignmentFlag.AlignVCenter, self.text())
        draw_key(painter, QPointF(left + self._words() + _GAP, (self.height() - 17) / 2), _KEY)


class GuideButton(QPushButton):
    """“Guide”, at the end of the voice’s line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Guide", parent)
        self.setProperty("kind", "quiet")
        self.setAutoDefault(False)
        self.setAccessibleName("Guide")

    def sizeHint(self) -> QSize:
        words = QFontMetrics(theme().font("small", 600)).horizontalAdvance(self.text())
        return QSize(words + 2 * _PAD, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = wordless(self)
        painter.setFont(theme().font("small", 600))
        painter.setPen(theme().colour("accent" if self.isEnabled() else "text-off"))
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self.text())
