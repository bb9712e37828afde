"""Labels, buttons and keys that every sheet and the composer are made of."""

from __future__ import annotations

import sys

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextLayout,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QToolButton,
    QWidget,
)

from app.domain.links import exposed_line
from app.ui.plain_tip import plain_tip
from app.ui.theme import icons, mirroring, theme, theme_manager
from app.ui.theme.wrapping import wrapped

_FOCUS_WIDTH = 2.0


def keys_text(keys: str) -> str:
    """Keys as the platform writes them: Ctrl is the command key on macOS."""
    return keys.replace("Ctrl", "⌘") if sys.platform == "darwin" else keys


class TextLabel(QLabel):
    """A label in one of the theme's fonts and colours, plain text always.

    ``elide`` shortens with an ellipsis instead of asking for room, and keeps the whole text as
    tooltip. Where it wraps, lines stand as far apart as the style says, or ``line_height`` at a
    text size of 1.
    """

    def __init__(
        self,
        text: str,
        role: str = "body",
        *,
        weight: int = 400,
        colour: str = "text",
        elide: bool = False,
        line_height: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._line_height = line_height
        self._role = role
        self._weight = weight
        self._colour = colour
        self._elide = elide
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._dress()
        self.setText(text)
        theme_manager().changed.connect(self._dress)

    @Slot()
    def _dress(self) -> None:
        self.setFont(theme().font(self._role, self._weight))

    def set_colour(self, colour: str) -> None:
        """Change the colour, by its name in the theme."""
        self._colour = colour
        self.update()

    def set_weight(self, weight: int) -> None:
        self._weight = weight
        self._dress()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Painted here because the application's sheet would win over any palette."""
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(theme().colour(self._colour if self.isEnabled() else "text-off"))
        side = QStyle.visualAlignment(self.layoutDirection(), self.alignment())
        side |= Qt.AlignmentFlag.AlignAbsolute
        if self.wordWrap():
            self._draw_lines(painter, side)
            return
        # The words keep their own direction, wherever they stand.
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        flags = int(side) | int(Qt.TextFlag.TextSingleLine)
        painter.drawText(self.contentsRect(), flags, self.text())

    def _draw_lines(self, painter: QPainter, side: Qt.AlignmentFlag) -> None:
        room = self.contentsRect()
        lines = wrapped(self.text(), self.font(), room.width(), self._line_spacing(), side)
        spare = room.height() - self._lines_height(lines)
        top = spare / 2 if side & Qt.AlignmentFlag.AlignVCenter else 0
        lines.draw(painter, QPointF(room.left(), room.top() + top))

    def _line_spacing(self) -> int:
        look = theme()
        if self._line_height:
            return look.scaled(self._line_height)
        return look.line_height(self._role)

    def _lines_height(self, lines: QTextLayout) -> int:
        return lines.lineCount() * self._line_spacing()

    def heightForWidth(self, width: int) -> int:
        if not self.wordWrap():
            return super().heightForWidth(width)
        margins = self.contentsMargins()
        inner = width - margins.left() - margins.right()
        lines = wrapped(self.text(), self.font(), inner, self._line_spacing())
        return self._lines_height(lines) + margins.top() + margins.bottom()

    def setText(self, text: str) -> None:
        self._whole = text = exposed_line(text)
        self.setAccessibleName(text)
        super().setText(text)
        if self._elide:
            self._shorten()

    def whole_text(self) -> str:
        """The text before it was shortened."""
        return self._whole

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(0, hint.height()) if self._elide else hint

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if self._elide:
            hint.setWidth(QFontMetrics(self.font()).horizontalAdvance(self._whole) + 2)
        return hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._elide:
            self._shorten()

    def _shorten(self) -> None:
        metrics = QFontMetrics(self.font())
        shown = metrics.elidedText(self._whole, Qt.TextElideMode.ElideRight, max(8, self.width()))
        if shown != self.text():
            super().setText(shown)
            self.setToolTip(plain_tip(self._whole) if shown != self._whole else "")


def text_label(
    text: str,
    role: str = "body",
    *,
    weight: int = 400,
    colour: str = "text",
    elide: bool = False,
    line_height: int = 0,
    parent: QWidget | None = None,
) -> TextLabel:
    """A label in the theme's type; see TextLabel."""
    return TextLabel(
        text,
        role,
        weight=weight,
        colour=colour,
        elide=elide,
        line_height=line_height,
        parent=parent,
    )


class KeyedButton(QPushButton):
    """A button that also shows its keys, quieter, behind the text."""

    def __init__(self, text: str, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._keys = keys_text(keys)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + 7 + self._keys_width(), hint.height())

    def _keys_width(self) -> int:
        return QFontMetrics(theme().font("caption", 500)).horizontalAdvance(self._keys)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, text = wordless(self), self.text()
        main = self.property("kind") == "main"
        colour = theme().colour("on-accent" if main else "text")
        if not self.isEnabled():
            colour = theme().colour("text-off")
        width = QFontMetrics(self.font()).horizontalAdvance(text)
        left = (self.width() - width - 7 - self._keys_width()) / 2
        painter.setPen(colour)
        painter.setFont(self.font())
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(left, 0, width + 2, self.height()), middle, text)
        painter.setOpacity(0.78)
        painter.setFont(theme().font("caption", 500))
        painter.drawText(
            QRectF(left + width + 7, 0, self._keys_width() + 2, self.height()), middle, self._keys
        )


def wordless(drawn: QPushButton) -> QStylePainter:
    """A painter over a button that has its ground and no words, for those that write their own.

    Called in its ``paintEvent``; the painter ends with it.
    """
    painter = QStylePainter(drawn)
    option = QStyleOptionButton()
    drawn.initStyleOption(option)
    option.text = ""
    painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
    return painter


def button(
    text: str,
    *,
    kind: str = "plain",
    keys: str = "",
    icon: str = "",
    small: bool = False,
    parent: QWidget | None = None,
) -> QPushButton:
    """A push button of a kind the style sheet knows: main, plain, quiet or danger."""
    made = KeyedButton(text, keys, parent) if keys else QPushButton(text, parent)
    made.setProperty("kind", kind)
    made.setFont(theme().font("small" if small else "body", 600 if kind == "main" else 500))
    if small:
        made.setProperty("small", True)
    if icon:
        made.setIcon(icons.icon(icon, "danger" if kind == "danger" else "text-2", 14))
    made.setAutoDefault(False)
    return made


class _IconButton(QToolButton):
    """Keeps its icon in the colours of the theme, until it is given another one."""

    def __init__(self, icon: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._symbol = icon
        self._drawn = 0
        self._dress()
        theme_manager().changed.connect(self._dress)

    @Slot()
    def _dress(self) -> None:
        if self.icon().cacheKey() == self._drawn:
            drawn = icons.icon(self._symbol, "text-2", 17)
            self._drawn = drawn.cacheKey()
            self.setIcon(drawn)


def icon_button(icon: str, name: str, parent: QWidget | None = None) -> QToolButton:
    """A square button with an icon only; ``name`` is its tooltip and accessible name."""
    made = _IconButton(icon, parent)
    made.setProperty("kind", "quiet")
    made.setProperty("square", True)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.setIconSize(QSize(17, 17))
    made.setToolTip(name)
    made.setAccessibleName(name)
    return made


class FieldLabel(QWidget):
    """The words over a field, and the grey ones at the right end of that line."""

    def __init__(self, text: str, detail: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 5)
        row.setSpacing(8)
        self._label = text_label(text, "small", weight=600, colour="text-2", parent=self)
        row.addWidget(self._label)
        row.addStretch(1)
        if detail:
            row.addWidget(text_label(detail, "small", colour="text-3", parent=self))

    def set_text(self, text: str) -> None:
        self._label.setText(text)


def field_label(text: str, detail: str = "", *, parent: QWidget | None = None) -> FieldLabel:
    """A label to stand over a field; see FieldLabel."""
    return FieldLabel(text, detail, parent)


def announce(widget: QWidget, sentence: str) -> None:
    """Have a screen reader say a sentence that appeared, without moving the keyboard."""
    if sentence:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, sentence))


def draw_focus(painter: QPainter, rect: QRectF, radius: float) -> None:
    """The two-pixel ring of the control that has the keyboard, inside ``rect``."""
    painter.setPen(QPen(theme().colour("focus"), _FOCUS_WIDTH))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    half = _FOCUS_WIDTH / 2
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius - half, radius - half)


class Kbd(QWidget):
    """One key in a thin frame."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys_text(keys)
        self.setAccessibleName(self._keys)
        self.setFixedSize(round(key_width(self._keys)), 17)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_key(painter, QPointF(0, 0), self._keys)


def key_width(keys: str) -> float:
    """How wide a key is drawn."""
    return max(18.0, QFontMetrics(theme().font("caption", 500)).horizontalAdvance(keys) + 9.0)


def draw_key(painter: QPainter, at: QPointF, keys: str) -> None:
    """Paint a key with its top left corner at ``at``."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(at.x() + 0.5, at.y() + 0.5, key_width(keys) - 1, 16)
    painter.setPen(QPen(theme().colour("line-strong"), 1))
    painter.setBrush(theme().colour("surface"))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(theme().colour("text-3"))
    painter.setFont(theme().font("caption", 500))
    mirroring.draw_words(painter, box, Qt.AlignmentFlag.AlignCenter, keys)
