"""Insights: what will be measured here, and since when. The measures themselves are to come.

Nothing is counted yet, so no number is shown that anybody would have to believe: every card says
what it will tell and with which day its counting begins.
"""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.domain.clock import to_ms
from app.domain.insights import Beginnings
from app.domain.interactions import Channel
from app.domain.views import AccountView
from app.services.services import Services
from app.ui.bridge import UiBridge
from app.ui.dialogs.controls import Segmented
from app.ui.dialogs.parts import button, text_label
from app.ui.later import later
from app.ui.theme import formats, icons, theme, theme_manager
from app.ui.views.header import HEIGHT
from app.ui.views.insights_cards import MeasureCard, make_cards

_SPANS = (7, 30, 90)
_USUAL_SPAN = 1
_WIDE_FROM = 860
"""Narrower than this, in pixels at a text size of 1, the cards stand one beneath the other."""
_ALL_CONTROLS_FROM = 820
_SPAN_ALONE_BELOW = 520
_COLUMNS = 24
_PLACES = ((0, 0, 24), (1, 0, 15), (1, 15, 9), (2, 0, 8), (2, 8, 16))
"""Row, first column and columns of each card, where there is room."""
_LEAST_HEIGHTS = (230, 276, 288)
_GAP = 12
_LINE = 40


class InsightsPage(QWidget):
    """The page; ``refresh`` reads since when there is something to count."""

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self.setAccessibleName("Insights")
        self.setProperty("surface", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.head = _Head(self)
        self.head.span.group.idClicked.connect(self._tell_span)
        self.cards = make_cards(services.directory.departments(), self)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QWidget(self._scroll)
        body.setProperty("surface", "window")
        self._grid = QGridLayout(body)
        self._grid.setContentsMargins(20, 1, 20, 18)
        self._grid.setSpacing(_GAP)
        self._is_wide: bool | None = None
        self._scroll.setWidget(body)
        for card in self.cards:
            card.installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self._scroll, 1)
        self.setFocusProxy(self.cards[0])
        theme_manager().changed.connect(self._arrange)
        self._arrange()

    def refresh(self) -> None:
        """Read everything again."""
        self._tell_span()
        self._bridge.ask("insights", self._services.insights.beginnings(), self.show_beginnings)
        self._bridge.ask("insights-channels", self._services.accounts.list(), self._show_accounts)

    def show_beginnings(self, begun: Beginnings) -> None:
        """Say on every card with which day its counting begins."""
        now = to_ms(self._services.clock.now())
        for card in self.cards:
            card.show_beginning(begun, now)

    def _show_accounts(self, accounts: tuple[AccountView, ...]) -> None:
        here = {account.channel for account in accounts}
        for card in self.cards:
            card.drawing.show_channels([channel for channel in Channel if channel in here])

    @Slot()
    def _tell_span(self) -> None:
        days = _SPANS[self.head.span.chosen()]
        now = self._services.clock.now()
        today = to_ms(now)
        first = formats.short_date(to_ms(now - timedelta(days=days - 1)), today)
        last = formats.short_date(today, today)
        self.head.dates.setText(
            f"Not counted yet: {first} to {last}, against the {days} days before"
        )

    # How they stand ---------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        """Side by side where there is room, otherwise one beneath the other."""
        scaled = theme().scaled
        self.head.set_room(self.width() / theme().scale)
        wide = self.width() >= scaled(_WIDE_FROM)
        for (row, *_), card in zip(_PLACES, self.cards, strict=True):
            card.setMinimumHeight(scaled(_LEAST_HEIGHTS[row]))
        if wide == self._is_wide:
            return
        self._is_wide = wide
        grid = self._grid
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1 if wide else 0)
        for number, card in enumerate(self.cards):
            grid.removeWidget(card)
            row, column, span = _PLACES[number] if wide else (number, 0, _COLUMNS)
            grid.addWidget(card, row, column, 1, span)
            grid.setRowStretch(number, 1 if wide and number == _PLACES[-1][0] else 0)

    # The keyboard -----------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A card that has the keyboard is in sight."""
        if event.type() is QEvent.Type.FocusIn and isinstance(watched, MeasureCard):
            later(0, watched, self._show_focused)
        return super().eventFilter(watched, event)

    def _show_focused(self) -> None:
        for card in self.cards:
            if card.hasFocus():
                self._scroll.ensureWidgetVisible(card, 0, _GAP)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up, Down and the page keys scroll, whichever card has the keyboard."""
        bar = self._scroll.verticalScrollBar()
        page = bar.pageStep()
        ways = {
            Qt.Key.Key_Down: _LINE,
            Qt.Key.Key_Up: -_LINE,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_Home: -bar.maximum(),
            Qt.Key.Key_End: bar.maximum(),
        }
        by = ways.get(Qt.Key(event.key()))
        if by is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        else:
            bar.setValue(bar.value() + by)


class _Head(QWidget):
    """The title, how many days are looked at, and what waits until there are numbers."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.span = Segmented([(f"{days} days", "") for days in _SPANS], name="Days", parent=self)
        self.span.choose(_USUAL_SPAN)
        self.span.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.dates = text_label("", "small", colour="text-3", parent=self)
        self._departments = button("All departments", kind="quiet", small=True, parent=self)
        self._departments.setToolTip("Departments can be told apart once there are numbers.")
        self._export = button("Export", icon="download", parent=self)
        self._export.setToolTip("Nothing is counted yet, so there is nothing to export.")
        for resting in (self._departments, self._export):
            resting.setEnabled(False)
            resting.setAccessibleDescription(resting.toolTip())
        self._departments.setLayoutDirection(_against(self))
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 20, 0)
        row.setSpacing(12)
        row.addWidget(text_label("Insights", "title", weight=600, parent=self))
        row.addWidget(self.span)
        row.addWidget(self._departments)
        row.addStretch(1)
        row.addWidget(self.dates)
        row.addWidget(self._export)
        theme_manager().changed.connect(self._dress)
        self._dress()

    @Slot()
    def _dress(self) -> None:
        self.setFixedHeight(theme().scaled(HEIGHT))
        self._export.setIcon(icons.icon("download", "text-2", 14))
        self._departments.setIcon(icons.icon("chevron-down", "text-3", 14))

    def set_room(self, width: float) -> None:
        """Leave away what there is no room for; ``width`` in pixels at a text size of 1."""
        self.dates.setVisible(width >= _ALL_CONTROLS_FROM)
        for resting in (self._departments, self._export):
            resting.setVisible(width >= _SPAN_ALONE_BELOW)


def _against(widget: QWidget) -> Qt.LayoutDirection:
    """The direction in which an icon follows its words."""
    leftwards = widget.layoutDirection() is Qt.LayoutDirection.RightToLeft
    return Qt.LayoutDirection.LeftToRight if leftwards else Qt.LayoutDirection.RightToLeft
