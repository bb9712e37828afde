"""Small pieces that every sheet and the composer are made of."""

from __future__ import annotations

import sys

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QToolButton,
    QWidget,
)

from app.ui.theme import icons, painting, theme, theme_manager

_FOCUS_WIDTH = 2.0


def keys_text(keys: str) -> str:
    """Keys as the platform writes them: Ctrl is the command key on macOS."""
    return keys.replace("Ctrl", "⌘") if sys.platform == "darwin" else keys


class TextLabel(QLabel):
    """A label in one of the theme's fonts and colours, plain text always.

    ``elide`` shortens with an ellipsis instead of asking for room, and keeps the whole text as
    tooltip.
    """

    def __init__(
        self,
        text: str,
        role: str = "body",
        *,
        weight: int = 400,
        colour: str = "text",
        elide: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
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
        wrap = Qt.TextFlag.TextWordWrap if self.wordWrap() else Qt.TextFlag.TextSingleLine
        painter.drawText(self.contentsRect(), int(self.alignment()) | int(wrap), self.text())

    def setText(self, text: str) -> None:
        self._whole = text
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
            self.setToolTip(self._whole if shown != self._whole else "")


def text_label(
    text: str,
    role: str = "body",
    *,
    weight: int = 400,
    colour: str = "text",
    elide: bool = False,
    parent: QWidget | None = None,
) -> TextLabel:
    """A label in the theme's type; see TextLabel."""
    return TextLabel(text, role, weight=weight, colour=colour, elide=elide, parent=parent)


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
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        text, option.text = option.text, ""
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
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


def icon_button(icon: str, name: str, parent: QWidget | None = None) -> QToolButton:
    """A square button with an icon only; ``name`` is its tooltip and accessible name."""
    made = QToolButton(parent)
    made.setProperty("kind", "quiet")
    made.setProperty("square", True)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.setIcon(icons.icon(icon, "text-2", 17))
    made.setIconSize(QSize(17, 17))
    made.setToolTip(name)
    made.setAccessibleName(name)
    return made


class Check(QCheckBox):
    """A check box whose mark is drawn in the theme's colours."""

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme().font("body"))
        return QSize(metrics.horizontalAdvance(self.text()) + 27, 24)

    def hitButton(self, at: QPoint) -> bool:
        return self.rect().contains(at)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(2, (self.height() - 16) / 2, 16, 16)
        if self.hasFocus():
            draw_focus(painter, box.adjusted(-2, -2, 2, 2), 6.5)
        if self.isChecked():
            painting.fill_rounded(painter, box, 4.5, theme().colour("accent"))
            icons.draw(
                painter, "check", box.adjusted(2, 2, -2, -2), theme().colour("on-accent"), stroke=3
            )
        else:
            painting.outline_rounded(painter, box, 4.5, theme().colour("line-field"), 1.25)
        painter.setPen(theme().colour("text" if self.isEnabled() else "text-off"))
        painter.setFont(theme().font("body"))
        painter.drawText(
            QRectF(27, 0, self.width() - 27, self.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            self.text(),
        )


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


class Choice(QAbstractButton):
    """A checkable button that paints itself; arrows move within its group."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
        else:
            super().keyPressEvent(event)


class _Segment(Choice):
    def __init__(self, text: str, detail: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self.detail = detail
        self.setAccessibleName(f"{text}, {detail}" if detail else text)
        self.setFixedHeight(theme().scaled(40 if detail else 24))

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme().font("small", 600))
        small = QFontMetrics(theme().font("caption"))
        width = max(metrics.horizontalAdvance(self.text()), small.horizontalAdvance(self.detail))
        return QSize(width + 20, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.isChecked():
            painter.setPen(QPen(theme().colour("line-strong"), 0.5))
            painter.setBrush(theme().colour("seg-on"))
            painter.drawRoundedRect(box, 6, 6)
        if self.hasFocus():
            draw_focus(painter, QRectF(self.rect()), 6)
        strong = self.isChecked() or self.underMouse()
        painter.setPen(theme().colour("text" if strong else "text-2"))
        painter.setFont(theme().font("small", 600 if self.isChecked() else 500))
        centre = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
        if not self.detail:
            painter.drawText(self.rect(), centre, self.text())
            return
        half = self.height() / 2
        painter.drawText(QRectF(0, half - 16, self.width(), 17), centre, self.text())
        painter.setPen(theme().colour("text-2" if self.isChecked() else "text-3"))
        painter.setFont(theme().font("caption"))
        painter.drawText(QRectF(0, half + 1, self.width(), 14), centre, self.detail)


class ChoiceBox(QComboBox):
    """A combo box as wide as its widest choice, with a line icon for its arrow."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + 16, hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        arrow = QRectF(self.width() - 25, (self.height() - 15) / 2, 15, 15)
        icons.draw(painter, "chevron-down", arrow, theme().colour("text-3"))


class ScrollBody(QScrollArea):
    """The middle of a sheet: as high as what it holds, scrolling only where the window is low."""

    def __init__(self, body: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(body)
        body.setAutoFillBackground(False)  # setWidget turned it on
        self.viewport().setAutoFillBackground(False)
        body.installEventFilter(self)
        self._body = body

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        body = self._body
        layout = body.layout()
        if layout is not None and layout.hasHeightForWidth() and self.width() > 0:
            return QSize(body.sizeHint().width(), layout.totalHeightForWidth(self.width()))
        return body.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 80)


class Segmented(QWidget):
    """A row of choices of which one is taken, each with an optional second line."""

    def __init__(
        self, choices: list[tuple[str, str]], *, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for index, (text, detail) in enumerate(choices):
            segment = _Segment(text, detail, self)
            self.group.addButton(segment, index)
            row.addWidget(segment, 1)
        self.choose(0)

    def chosen(self) -> int:
        """The index of the choice taken."""
        return self.group.checkedId()

    def choose(self, index: int) -> None:
        """Take a choice."""
        self.group.button(index).setChecked(True)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("hover"))
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)


class Spinner(QWidget):
    """A turning arc: something remote is under way. Turns only while it is seen."""

    def __init__(self, parent: QWidget | None = None, size: int = 16) -> None:
        super().__init__(parent)
        self.setFixedSize(size, size)
        self.setAccessibleName("Working")
        self._angle = 0
        self._timer = QTimer(self)
        self._timer.setInterval(50)
        self._timer.timeout.connect(self._turn)

    @Slot()
    def _turn(self) -> None:
        self._angle = (self._angle - 24) % 360
        self.update()

    def setVisible(self, visible: bool) -> None:
        super().setVisible(visible)
        if visible:
            self._timer.start()
        else:
            self._timer.stop()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        painter.setPen(QPen(theme().colour("line-strong"), 2))
        painter.drawEllipse(box)
        pen = QPen(theme().colour("accent"), 2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(box, self._angle * 16, 100 * 16)


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
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, keys)
