"""The pieces the customer panel is made of: painted lines, rows one can press, chips, the bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from app.domain.cases import Step
from app.ui.plain_tip import plain_tip
from app.ui.theme import icons, mirroring, painting, theme
from app.ui.theme.tokens import LEAST_HIT
from app.ui.timeline.drawing import Ink, colour_of
from app.ui.timeline.text import TextBlock, TextLine, theme_line
from app.ui.views.emptying import empty

Mark = Callable[[QPainter, QRectF], None]
"""Paints what stands before a line, into the square it is given."""

PAD = 16
_MARK_GAP = 9
_CHIP = 20
_CHIP_PAD = 7
_CHIP_GAP = 5


def draw_line(painter: QPainter, line: TextLine, at: QPointF) -> None:
    """Draw a line with its top left at ``at``, legible in a mirror as well."""
    with mirroring.legible(painter, at.x() + line.width / 2):
        line.draw(painter, at)


class Section(QWidget):
    """A part of the panel under a heading, with a hairline below."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(PAD, 10, PAD, 13)
        self._rows.setSpacing(0)
        self.heading = Line(self, height=20, style="caption", weight=600, ink="text-3")
        self.heading.say(title)
        self._rows.addWidget(self.heading)
        self._rows.addSpacing(4)
        self._first = self._rows.count()

    def fill(self, rows: Sequence[QWidget | int]) -> None:
        """Replace what stands under the heading; a number is that much air."""
        empty(self._rows, self._first)
        for row in rows:
            if isinstance(row, int):
                self._rows.addSpacing(row)
            else:
                self._rows.addWidget(row)
                row.show()  # a layout would do it a turn later, and the panel would blink

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - one line
        painter = QPainter(self)
        line = QRectF(0, self.height() - 1, self.width(), 1)
        painter.fillRect(line, theme().colour("line"))
        painter.end()


class Line(QWidget):
    """One line: a mark, words that are cut where they do not fit, and words at the right."""

    def __init__(
        self, parent: QWidget, *, height: int = 26, style: str = "snippet", weight: int = 400,
        ink: Ink = "text", right_weight: int = 400,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._height, self._style, self._weight, self._ink = height, style, weight, ink
        self._right_weight = right_weight
        self._text = self._right = ""
        self._right_ink: Ink = "text-2"
        self._right_style = "small"
        self._mark: Mark | None = None
        self._mark_size = 0
        self.chip = False
        """Whether the words at the right stand on a danger chip."""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def say(
        self, text: str, right: str = "", *, right_ink: Ink = "text-2", right_style: str = "small"
    ) -> Line:
        self._text, self._right = text, right
        self._right_ink, self._right_style = right_ink, right_style
        self.setAccessibleName(f"{text}, {right}" if right else text)
        self.update()
        return self

    def put_mark(self, mark: Mark, size: int) -> Line:
        self._mark, self._mark_size = mark, size
        self.update()
        return self

    def sizeHint(self) -> QSize:
        return QSize(200, theme().scaled(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - one line
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirroring.mirror(painter, QRectF(self.rect()))
        self.paint_content(painter)
        painter.end()

    def paint_content(self, painter: QPainter) -> None:
        look = theme()
        middle = self.height() / 2
        x = 0.0
        if self._mark is not None:
            size = self._mark_size
            self._mark(painter, QRectF(0, middle - size / 2, size, size))
            x = size + _MARK_GAP
        edge = float(self.width())
        if self._right:
            edge = self._paint_right(painter, middle) - 8
        words = theme_line(self._text, self._style, self._weight, edge - x)
        painter.setPen(colour_of(self._ink, look))
        draw_line(painter, words, QPointF(x, middle - words.height / 2))
        cut = words.text != " ".join(self._text.split())
        self.setToolTip(plain_tip(self._text) if cut else "")

    def _paint_right(self, painter: QPainter, middle: float) -> float:
        """Paint the words at the right; returns where they begin."""
        look = theme()
        if not self.chip:
            words = theme_line(self._right, self._right_style, self._right_weight)
            left = self.width() - words.width
            painter.setPen(colour_of(self._right_ink, look))
            draw_line(painter, words, QPointF(left, middle - words.height / 2))
            return left
        words = theme_line(self._right, "caption", 600)
        box = QRectF(0, middle - _CHIP / 2, words.width + 2 * _CHIP_PAD, _CHIP)
        box.moveRight(self.width())
        painting.fill_rounded(painter, box, 5, look.colour("danger-tint"))
        painter.setPen(look.colour("danger"))
        draw_line(painter, words, QPointF(box.left() + _CHIP_PAD, middle - words.height / 2))
        return box.left()


class PressLine(QAbstractButton):
    """A line that can be pressed: it has hover, focus and a key."""

    def __init__(self, line: Line, parent: QWidget) -> None:
        super().__init__(parent)
        self._line = line
        line.setParent(self)
        line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(line.accessibleName())
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return self._line.sizeHint().expandedTo(QSize(0, LEAST_HIT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._line.setGeometry(self.rect())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()  # Qt presses a button with Space alone
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - one line
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        if self.underMouse() or self.isDown():
            painting.fill_rounded(painter, box, 6, theme().colour("hover"))
        if self.hasFocus():
            painting.draw_focus_ring(painter, box, 6)
        painter.end()


_WIDTHS_KEPT = 6


class Paragraph(QWidget):
    """Wrapped plain text."""

    def __init__(
        self, text: str, parent: QWidget, *, style: str = "snippet", weight: int = 400,
        ink: Ink = "text", indent: int = 0, most: int | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._text, self._style, self._weight, self._ink = text, style, weight, ink
        self._indent, self._most = indent, most
        self._blocks: dict[tuple[int, float], TextBlock] = {}
        self.setAccessibleName(text)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._laid_out(width).height

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(max(60, self.width())))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(colour_of(self._ink, theme()))
        block = self._laid_out(self.width())
        mirroring.mirror(painter, QRectF(self.rect()))
        clip = QRectF(0, event.rect().top(), self.width(), event.rect().height())
        with mirroring.legible(painter, self._indent + block.width / 2):
            block.draw(painter, QPointF(self._indent, 0), clip)
        painter.end()

    def _laid_out(self, width: int) -> TextBlock:
        """Kept for the few widths a layout tries in turn, dozens of times at each change."""
        look = theme()
        key = (width, look.scale)
        block = self._blocks.get(key)
        if block is None:
            if len(self._blocks) >= _WIDTHS_KEPT:
                self._blocks.clear()
            font = look.font(self._style, self._weight)
            room = max(20, width - self._indent)
            pitch = look.line_height(self._style)
            block = self._blocks[key] = TextBlock(self._text, font, room, pitch, most=self._most)
        return block


class Stats(QWidget):
    """Numbers side by side, each over its name."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._pairs: tuple[tuple[str, str], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def say(self, *pairs: tuple[str, str]) -> None:
        """(number, name) for each column."""
        self._pairs = pairs
        self.setAccessibleName(", ".join(f"{name} {number}" for number, name in pairs))
        self.update()

    def sizeHint(self) -> QSize:
        look = theme()
        return QSize(200, look.line_height("label") + look.line_height("caption"))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - small
        look = theme()
        painter = QPainter(self)
        mirroring.mirror(painter, QRectF(self.rect()))
        x = 0.0
        for (number, name), column in zip(self._pairs, self._columns(), strict=True):
            painter.setPen(look.colour("text"))
            draw_line(painter, theme_line(number, "label", 600, column - 4), QPointF(x, 0))
            painter.setPen(look.colour("text-3"))
            below = QPointF(x, look.line_height("label"))
            draw_line(painter, theme_line(name, "caption", 400, column - 4), below)
            x += column
        painter.end()

    def _columns(self) -> list[float]:
        """Alike, unless a name needs more: then each has what it needs, and what is left."""
        count = max(1, len(self._pairs))
        names = painting.metrics(theme().font("caption"))
        numbers = painting.metrics(theme().font("label", 600))
        needed = [
            max(names.horizontalAdvance(name), numbers.horizontalAdvance(number)) + 6
            for number, name in self._pairs
        ]
        if max(needed, default=0) <= self.width() / count:
            return [self.width() / count] * len(needed)
        spare = (self.width() - sum(needed)) / count
        return [each + spare for each in needed]


class StepsBar(QWidget):
    """How long each department had the case, one piece a step; a gap is a seam."""

    _GAP = 3
    _LEAST = 14

    def __init__(self, steps: Sequence[Step], now_ms: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._steps = steps
        self._now_ms = now_ms
        self.setFixedHeight(8)

    def widths(self) -> list[float]:
        """The width of each piece: by time, but never too thin to see."""
        stays = [max(1, (step.left_ms or self._now_ms) - step.entered_ms) for step in self._steps]
        room = self.width() - self._GAP * (len(stays) - 1)
        least = min(self._LEAST, room / max(1, len(stays)))
        spare = max(0.0, room - least * len(stays))
        return [least + spare * stay / sum(stays) for stay in stays]

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - small
        look = theme()
        painter = QPainter(self)
        mirroring.mirror(painter, QRectF(self.rect()))
        painter.setOpacity(look.thread_opacity)
        x = 0.0
        for step, width in zip(self._steps, self.widths(), strict=True):
            colour = look.department_colour(step.department)
            painting.fill_rounded(painter, QRectF(x, 0, width, 8), 3, colour)
            x += width + self._GAP
        painter.end()


class Chip(QAbstractButton):
    """A tag that can be pressed, in a little more height than is painted."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(f"Tag {text}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def width_within(self, room: int) -> int:
        line = theme_line(self.text(), "caption", 500)
        return min(room, line.width + 2 * _CHIP_PAD)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - small
        look = theme()
        painter = QPainter(self)
        mirroring.mirror(painter, QRectF(self.rect()))
        high = look.scaled(_CHIP)
        box = QRectF(0, (self.height() - high) / 2, self.width(), high)
        ground = "pressed" if self.underMouse() or self.isDown() else "hover"
        painting.fill_rounded(painter, box, 5, look.colour(ground))
        line = theme_line(self.text(), "caption", 500, self.width() - 2 * _CHIP_PAD + 1)
        painter.setPen(look.colour("text-2"))
        draw_line(painter, line, QPointF(_CHIP_PAD, (self.height() - line.height) / 2))
        if self.hasFocus():
            painting.draw_focus_ring(painter, box, 5)
        if line.text != self.text():
            self.setToolTip(plain_tip(self.text()))
        painter.end()


class Chips(QWidget):
    """Tags in as many lines as they need."""

    pressed = Signal(str)

    def __init__(self, tags: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._chips = [Chip(tag, self) for tag in tags]
        for chip in self._chips:
            chip.clicked.connect(self._chip_clicked)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(width, move=False)

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(max(60, self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self.width(), move=True)

    def _arrange(self, width: int, *, move: bool) -> int:
        high = max(LEAST_HIT, theme().scaled(_CHIP))
        apart = theme().scaled(_CHIP) + _CHIP_GAP - high
        x = y = 0
        for chip in self._chips:
            wide = chip.width_within(width)
            if x and x + wide > width:
                x, y = 0, y + high + max(0, apart)
            if move:
                place = mirroring.mirrored_rect(QRectF(x, y, wide, high), 0, width)
                chip.setGeometry(place.toRect())
            x += wide + _CHIP_GAP
        return y + high if self._chips else 0

    def _chip_clicked(self) -> None:
        chip = self.sender()
        if isinstance(chip, Chip):
            self.pressed.emit(chip.text())


def icon_mark(name: str, ink: Ink, stroke: float = 1.75) -> Mark:
    def paint(painter: QPainter, box: QRectF) -> None:
        icons.draw(painter, name, box, colour_of(ink, theme()), stroke=stroke)

    return paint


def ring_mark(used: float, ink: Ink) -> Mark:
    def paint(painter: QPainter, box: QRectF) -> None:
        painting.draw_ring(painter, box, used, colour_of(ink, theme()))

    return paint
