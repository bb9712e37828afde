"""Controls that paint themselves in the theme: checks, segments, choices, and what scrolls."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import (
    QFontMetrics,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QRadioButton,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from app.ui.dialogs.parts import draw_focus
from app.ui.theme import icons, mirroring, painting, theme, theme_manager
from app.ui.theme.tokens import LEAST_HIT

_ISOLATED, _NO_LONGER = "\u2068", "\u2069"
"""Between them words keep their own direction, whichever way the window reads."""
_COMBO_EDGES = 4
"""What a style keeps free around the words of a combo box."""
_ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)


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
        mirroring.mirror(painter, QRectF(self.rect()))
        box = QRectF(2, (self.height() - 16) / 2, 16, 16)
        if self.hasFocus():
            draw_focus(painter, box.adjusted(-2, -2, 2, 2), 6.5)
        on = self.isEnabled()
        if self.isChecked():
            ground, ink = ("accent", "on-accent") if on else ("hover", "text-off")
            painting.fill_rounded(painter, box, 4.5, theme().colour(ground))
            icons.draw(painter, "check", box.adjusted(2, 2, -2, -2), theme().colour(ink), stroke=3)
        else:
            edge = theme().colour("line-field" if on else "line-strong")
            painting.outline_rounded(painter, box, 4.5, edge, 1.25)
        painter.setPen(theme().colour("text" if self.isEnabled() else "text-off"))
        painter.setFont(theme().font("body"))
        words = QRectF(27, 0, self.width() - 27, self.height())
        mirroring.draw_words(painter, words, Qt.AlignmentFlag.AlignVCenter, self.text())


class Choice(QRadioButton):
    """One of a group, which paints itself; arrows move within the group.

    A QRadioButton only so that screen readers call it one.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def minimumSizeHint(self) -> QSize:
        return QSize()

    def hitButton(self, at: QPoint) -> bool:
        return self.rect().contains(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
            return
        super().keyPressEvent(event)
        beside = QApplication.focusWidget()
        if event.key() in _ARROWS and beside is not self and isinstance(beside, Choice):
            beside.setChecked(True)  # Qt takes the choice along only where there is one already


class _Segment(Choice):
    def __init__(self, text: str, detail: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self.detail = detail
        self.setAccessibleName(f"{text}, {detail}" if detail else text)
        self._dress()
        theme_manager().changed.connect(self._dress)

    @Slot()
    def _dress(self) -> None:
        self.setFixedHeight(max(LEAST_HIT, theme().scaled(40 if self.detail else 24)))
        self.updateGeometry()

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

    def paintEvent(self, _event: QPaintEvent) -> None:
        styled = QStylePainter(self)
        look = QStyleOptionComboBox()
        self.initStyleOption(look)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, look, field, self)
        words = self.fontMetrics().elidedText(
            look.currentText, Qt.TextElideMode.ElideRight, room.width() - _COMBO_EDGES
        )
        look.currentText = f"{_ISOLATED}{words}{_NO_LONGER}"
        styled.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, look)
        styled.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, look)
        styled.end()
        painter = QPainter(self)
        mirroring.mirror(painter, QRectF(self.rect()))
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
    """A turning arc: something remote is under way. Turns only while it is seen, and motion is
    not reduced."""

    def __init__(self, parent: QWidget | None = None, size: int = 16) -> None:
        super().__init__(parent)
        self.setFixedSize(size, size)
        self.setAccessibleName("Working")
        self._angle = 0
        self._timer = QTimer(self)
        self._timer.setInterval(50)
        self._timer.timeout.connect(self._turn)
        theme_manager().changed.connect(self._look_again)

    @Slot()
    def _turn(self) -> None:
        self._angle = (self._angle - 24) % 360
        self.update()

    def is_turning(self) -> bool:
        return self._timer.isActive()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look_again()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    @Slot()
    def _look_again(self) -> None:
        if self.isVisible() and not theme().still:
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
