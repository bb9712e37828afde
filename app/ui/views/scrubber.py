"""All years on one thread: how much happened each month, and where the reader is."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QToolTip, QWidget

from app.domain.views import MonthCount
from app.ui.dialogs.parts import announce
from app.ui.theme import formats, painting, theme, theme_manager
from app.ui.views.scrubber_legend import HEIGHT as _TOP
from app.ui.views.scrubber_legend import Legend

WIDTH = 46
MONTHS = 36
"""So many at the least, up to this one."""
_MOST_MONTHS = 120
"""A longer history stands by years: its months would be too thin to point at."""
_YEAR = 12
_BOTTOM = 6
_MOST = 19.0
"""Pixels a month swells to each side at the most."""
_LEAST = 0.8
_DIMMED = 0.3
"""How much is left of a side that the timeline does not show."""


def swell(count: int) -> float:
    """How far a month of so many interactions reaches from the thread, in pixels."""
    return min(_MOST, 2.5 + count**0.8 * 2.3) if count else _LEAST


def month_of(at_ms: int) -> tuple[int, int]:
    at = formats.local(at_ms)
    return at.year, at.month


class Scrubber(QAbstractSlider):
    """Service swells to the left, marketing to the right; the newest month is at the bottom. A
    history of more than ten years stands by years.

    A slider for screen readers: its value is a place among ``months``, its name says which month
    that is, its description how much happened. A value set through the accessibility bus goes to
    that month. Without the keyboard it follows what the timeline shows.
    """

    month_chosen = Signal(int, int)
    """year, month"""

    def __init__(self, now_ms: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now_ms = now_ms
        self._by_years = False
        self._counts: tuple[MonthCount, ...] = _months_between(None, month_of(now_ms()))
        self._in_sight = (now_ms(), now_ms())
        self._window = (MONTHS - 1, MONTHS - 1)
        self._hover = -1
        self._dims_service = self._dims_marketing = False
        self.legend = Legend(self)
        """The head of the two sides; pressed, it offers what to show."""
        self.legend.resize(WIDTH, _TOP)
        self.setRange(0, MONTHS - 1)
        self.setPageStep(_YEAR)
        self.setValue(MONTHS - 1)
        self.setFixedWidth(WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.valueChanged.connect(self._value_set)
        self._still: QPixmap | None = None
        theme_manager().changed.connect(self._draw_again)
        self._describe()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 400)

    def show_months(self, counts: Iterable[MonthCount]) -> None:
        """Counts of any months up to this one, oldest first; missing ones are empty."""
        known = {(count.year, count.month): count for count in counts}
        empty = _months_between(min(known, default=None), month_of(self._now_ms()))
        months = tuple(known.get((count.year, count.month), count) for count in empty)
        self._by_years = len(months) > _MOST_MONTHS
        self._counts = _years(months) if self._by_years else months
        with QSignalBlocker(self):
            self.setRange(0, len(self._counts) - 1)
        self._window = self._places()
        if not self.hasFocus():
            self._stand_at(self._window[0])
        self._describe()
        self._draw_again()

    def dim(self, *, service: bool, marketing: bool) -> None:
        """Which sides the timeline does not show."""
        if (service, marketing) != (self._dims_service, self._dims_marketing):
            self._dims_service, self._dims_marketing = service, marketing
            self.legend.dim(service=service, marketing=marketing)
            self._draw_again()

    def set_window(self, first_ms: int, last_ms: int) -> None:
        """The stretch of time that the timeline shows now."""
        self._in_sight = (first_ms, last_ms)
        window = self._places()
        if window != self._window:
            self._window = window
            if not self.hasFocus():
                self._stand_at(window[0])
            self.update()

    @property
    def months(self) -> tuple[MonthCount, ...]:
        return self._counts

    @property
    def window_months(self) -> tuple[int, int]:
        """The first and the last month in sight, as places among ``months``."""
        return self._window

    def label(self, place: int) -> str:
        """“November 2026: 14 service, 8 marketing”."""
        count = self._counts[place]
        return f"{self._name(count)}: {count.service} service, {count.marketing} marketing"

    def _name(self, count: MonthCount) -> str:
        return str(count.year) if self._by_years else formats.month_label(count.year, count.month)

    def month_at(self, y: float) -> int:
        """The place of the month at that height."""
        return max(0, min(len(self._counts) - 1, int((y - _TOP) / self._step)))

    def y_of(self, place: int) -> float:
        """The middle of a month."""
        return _TOP + (place + 0.5) * self._step

    @property
    def _step(self) -> float:
        return max(MONTHS, self.height() - _TOP - _BOTTOM) / len(self._counts)

    def _places(self) -> tuple[int, int]:
        first_ms, last_ms = self._in_sight
        return self._place_of(first_ms), self._place_of(last_ms)

    def _place_of(self, at_ms: int) -> int:
        year, month = month_of(at_ms)
        last = self._counts[-1]
        back = last.year - year
        if not self._by_years:
            back = back * _YEAR + last.month - month
        return min(len(self._counts) - 1, max(0, len(self._counts) - 1 - back))

    def _stand_at(self, place: int) -> None:
        """Mark a month without going there."""
        with QSignalBlocker(self):
            self.setValue(place)
        self._describe()
        self.update()

    def _describe(self) -> None:
        what = "Years" if self._by_years else "Months"
        name = self._name(self._counts[self.value()])
        self.setAccessibleName(f"{what} of the timeline, {name}")
        self.setAccessibleDescription(self.label(self.value()))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - always the whole
        still = self._still
        if still is None or still.devicePixelRatio() != self.devicePixelRatioF():
            still = self._still = self._drawn()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, still)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_window(painter)
        self._paint_pointed_at(painter)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._draw_again()

    def _draw_again(self) -> None:
        self._still = None
        self.update()

    def _drawn(self) -> QPixmap:
        """All that stays as it is while one scrolls: two curves of a hundred bends take longer to
        fill than the rows beside them."""
        look = theme()
        ratio = self.devicePixelRatioF()
        still = QPixmap(self.size() * ratio)
        still.setDevicePixelRatio(ratio)
        still.fill(look.colour("surface"))
        painter = QPainter(still)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(0, 0, 1, self.height()), look.colour("line"))
        middle = self.width() / 2
        span = _YEAR if self._by_years else 1
        services = [-swell(-(-count.service // span)) for count in self._counts]
        marketing = [swell(-(-count.marketing // span)) for count in self._counts]
        for reaches, colour, alpha, dims in (
            (services, "service", 0.42, self._dims_service),
            (marketing, "marketing", 0.36, self._dims_marketing),
        ):
            if any(reaches):  # a curve without a swell takes as long and shows nothing
                faint = _faint(colour, alpha * _DIMMED if dims else alpha)
                painter.fillPath(self._curve(reaches), faint)
        thread = QLineF(middle, _TOP, middle, self.height() - _BOTTOM)
        painter.setPen(QPen(look.colour("surface"), 3))
        painter.drawLine(thread)
        painter.setPen(painting.stitched_pen(look.colour("stitch")))
        painter.drawLine(thread)
        self._paint_years(painter)
        painter.end()
        return still

    def _curve(self, reaches: list[float]) -> QPainterPath:
        middle = self.width() / 2
        path = QPainterPath(QPointF(middle, _TOP))
        at = QPointF(middle + reaches[0], _TOP)
        path.lineTo(at)
        points = [QPointF(middle + reach, self.y_of(i)) for i, reach in enumerate(reaches)]
        points.append(QPointF(middle + reaches[-1], self.height() - _BOTTOM))
        for to in points:
            half = (at.y() + to.y()) / 2
            path.cubicTo(QPointF(at.x(), half), QPointF(to.x(), half), to)
            at = to
        path.lineTo(middle, self.height() - _BOTTOM)
        path.closeSubpath()
        return path

    def _paint_years(self, painter: QPainter) -> None:
        look = theme()
        painter.setFont(look.font("micro", 600, tabular=True))
        middle = self.width() / 2
        wide, high = look.scaled(30), look.scaled(16)
        above = -float(high)
        for place, count in enumerate(self._counts):
            if count.month != 1 or self.y_of(place) - above < high:
                continue  # where years are narrow some keep their numbers
            above = self.y_of(place)
            box = QRectF(middle - wide / 2, self.y_of(place) - high / 2 - 2, wide, high)
            painting.fill_rounded(painter, box, 8, look.colour("surface"))
            painter.setPen(look.colour("text-3"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(count.year))

    def _paint_window(self, painter: QPainter) -> None:
        first, last = self._window
        top = _TOP + first * self._step - 3
        height = (last - first + 1) * self._step + 6
        height = min(height, self.height() - 1 - top)
        box = QRectF(2.5, top, self.width() - 5, height)
        painting.fill_rounded(painter, box, 6, _faint("accent", 0.1))
        painting.outline_rounded(painter, box.adjusted(-0.75, -0.75, 0.75, 0.75), 6,
                                 theme().colour("accent"), 1.5)  # fmt: skip

    def _paint_pointed_at(self, painter: QPainter) -> None:
        place = self.value() if self.hasFocus() else self._hover
        if place < 0:
            return
        y = self.y_of(place)
        box = QRectF(4, y - self._step / 2, self.width() - 8, self._step)
        painting.fill_rounded(painter, box, 4, _faint("text", 0.1))
        if self.hasFocus():
            painting.draw_focus_ring(painter, box.adjusted(-2, -3, 2, 3), 5)

    # Pointer and keys

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._tooltip(event.pos().y()), self)
            return True
        return super().event(event)

    def _tooltip(self, y: float) -> str:
        return self.label(self.month_at(y))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        y = event.position().y()
        self._point_at(self.month_at(y) if y >= _TOP else -1)
        if event.buttons() & Qt.MouseButton.LeftButton:
            QToolTip.showText(event.globalPosition().toPoint(), self._tooltip(y), self)
            if self.month_at(y) != self.value():
                self._choose(self.month_at(y))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and event.position().y() >= _TOP:
            self._choose(self.month_at(event.position().y()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(-1)

    def _point_at(self, place: int) -> None:
        if place != self._hover:
            self._hover = place
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -_YEAR,
            Qt.Key.Key_PageDown: _YEAR, Qt.Key.Key_Home: -len(self._counts),
            Qt.Key.Key_End: len(self._counts),
        }  # fmt: skip
        key = Qt.Key(event.key())
        if key in moves:
            self._stand_at(self.value() + moves[key])
            announce(self, self.label(self.value()))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self.value())
        else:
            event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel belongs to the timeline."""
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._stand_at(self._window[0])

    @Slot(int)
    def _value_set(self, place: int) -> None:
        """Somebody on the accessibility bus moved it."""
        self._choose(place)

    def _choose(self, place: int) -> None:
        self._stand_at(place)
        count = self._counts[place]
        self.month_chosen.emit(count.year, count.month)


def _months_between(first: tuple[int, int] | None, last: tuple[int, int]) -> tuple[MonthCount, ...]:
    """The months from the first to the last, 36 at the least, without anything in them."""
    newest = last[0] * 12 + last[1] - 1
    oldest = newest - MONTHS + 1
    if first is not None:
        oldest = min(oldest, first[0] * 12 + first[1] - 1)
    numbers = range(oldest, newest + 1)
    return tuple(MonthCount(number // 12, number % 12 + 1, 0, 0) for number in numbers)


def _years(months: Iterable[MonthCount]) -> tuple[MonthCount, ...]:
    """The years of these months, as if each were its January."""
    sums: dict[int, tuple[int, int]] = {}
    for count in months:
        service, marketing = sums.get(count.year, (0, 0))
        sums[count.year] = service + count.service, marketing + count.marketing
    return tuple(MonthCount(year, 1, *counts) for year, counts in sums.items())


def _faint(token: str, opacity: float) -> QColor:
    colour = QColor(theme().colour(token))
    colour.setAlphaF(opacity)
    return colour
