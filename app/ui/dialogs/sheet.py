"""A sheet: a card over a scrim inside the window, which keeps the keyboard until it closes.

It is a child of the window rather than a window of its own, so that it dims and follows what it
belongs to, looks the same everywhere, and never hides behind it.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import (
    QEvent,
    QObject,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QRegion,
)
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from app.ui.access.focus_order import tab_stops
from app.ui.dialogs.parts import TextLabel, announce, button, icon_button, text_label
from app.ui.dialogs.shadow import draw_sheet_shadow
from app.ui.theme import icons, mirroring, painting, theme, theme_manager

_GROUND = QWidget.RenderFlag.DrawWindowBackground
_WHOLE = _GROUND | QWidget.RenderFlag.DrawChildren
_RADIUS = 16.0
_MARGIN = 24
_TOP = 94
_SUBMIT_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _Card(QWidget):
    """The raised paper of a sheet; its children stay clear of the rounded corners."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painting.fill_rounded(painter, QRectF(self.rect()), _RADIUS, theme().colour("raised"))


def _let_go(attributes: dict[str, object]) -> None:
    """Forget all that a sheet held once it is gone.

    Of a sheet that was closed by an answer PySide 6.11 keeps the empty Python object about every
    fourth time, and would keep with it the picture of the window and every widget it ever had.
    """
    attributes.clear()


class Sheet(QDialog):
    """The base of all sheets.

    While it is open Tab stays inside, shortcuts of the window rest, and a click on the scrim does
    nothing (what was typed is not lost by a slip). Esc closes. Closing gives the keyboard back to
    whoever had it, and deletes the sheet. A QDialog only so that screen readers call it one.
    """

    closed = Signal()

    def __init__(self, parent: QWidget, *, title: str, width: int, height: int = 0) -> None:
        super().__init__(parent.window())
        self.setWindowFlags(Qt.WindowType.Widget)  # the constructor makes every dialog a window
        self._wanted = QSize(width, height)
        self._came_from: QWidget | None = None
        self._last_focus: QWidget | None = None
        self._close: QWidget | None = None
        self._is_closed = False
        self.setAccessibleName(title)
        self.setVisible(False)
        self.card = _Card(self)
        self.column = QVBoxLayout(self.card)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._behind: QPixmap | None = None
        self._again = QTimer(self, singleShot=True, interval=0)  # once the window is laid out
        self._again.timeout.connect(self._look_again)
        theme_manager().changed.connect(self._again.start)
        self.destroyed.connect(partial(_let_go, vars(self)))

    # opening and closing

    def open(self) -> None:
        """Show the sheet over its window and take the keyboard."""
        self._came_from = QApplication.focusWidget()
        self.card.installEventFilter(self)
        self.window().installEventFilter(self)
        self._place()
        self.show()
        self.raise_()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._keep_focus)
        stops = [stop for stop in self._stops() if stop is not self._close]
        first = self.first_focus() or next(iter(stops), self._close)
        (first or self).setFocus(Qt.FocusReason.PopupFocusReason)

    def first_focus(self) -> QWidget | None:
        """Where the keyboard goes on opening; None for the first control."""
        return None

    def submit(self) -> None:
        """Do what the main button does; Ctrl+Enter calls it."""

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if not event.isAccepted() or self._is_closed:
            return  # the answer to what it asked may come after Esc, and closes it once more
        self._is_closed = True
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.disconnect(self._keep_focus)
        self.hide()
        back = self._came_from
        if back is not None and isValid(back) and back.isVisible():
            back.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()
        self.deleteLater()

    # the keyboard stays inside

    def focusNextPrevChild(self, forward: bool) -> bool:
        stops = self._stops()
        if stops:
            here = QApplication.focusWidget()
            index = stops.index(here) if here in stops else (-1 if forward else 0)
            target = stops[(index + (1 if forward else -1)) % len(stops)]
            reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
            target.setFocus(reason)
            self._reveal(target)
        return True

    def _stops(self) -> list[QWidget]:
        """The controls Tab visits, as they are read; of a group of tiles only the chosen one."""
        return tab_stops([self.card])

    def _reveal(self, widget: QWidget) -> None:
        parent = widget.parentWidget()
        while parent is not None and parent is not self:
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(widget)
            parent = parent.parentWidget()

    @Slot(QWidget, QWidget)
    def _keep_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Something behind the sheet asked for the keyboard (a refresh): it does not get it."""
        if new is None or not self.isVisible() or new.window() is not self.window():
            return
        if new is self or self.isAncestorOf(new):
            self._last_focus = new
        elif self._is_topmost():
            back = self._last_focus
            usable = back is not None and isValid(back) and back.isVisibleTo(self)
            (back if usable and back is not None else self).setFocus()

    def _is_topmost(self) -> bool:
        sheets = [
            child for child in self.window().children()
            if isinstance(child, Sheet) and child.isVisible()
        ]  # fmt: skip
        return bool(sheets) and sheets[-1] is self

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride:
            if isinstance(event, QKeyEvent) and self._locks(event):
                return False  # locking is for whoever has to leave at once
            # Unclaimed keys reach this sheet last: taking them keeps the window's shortcuts out.
            event.accept()
            return True
        return super().event(event)

    def _locks(self, event: QKeyEvent) -> bool:
        lock = self.window().findChild(QAction, "lock")
        pressed = QKeySequence(event.keyCombination())
        return lock is not None and pressed in lock.shortcuts()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif (
            event.key() in _SUBMIT_KEYS and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.submit()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    # place and look

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        window = self.window().rect()
        if self.geometry() != window:
            self.setGeometry(window)
            self._again.start()
        width = min(theme().scaled(self._wanted.width()), window.width() - 2 * _MARGIN)
        wanted = theme().scaled(self._wanted.height()) or self._natural_height(width)
        height = min(wanted, window.height() - 2 * _MARGIN)
        top = max(_MARGIN, min(_TOP, (window.height() - height) // 2))
        geometry = QRect((window.width() - width) // 2, top, width, height)
        if geometry != self.card.geometry():
            self.card.setGeometry(geometry)
            self._again.start()

    def _natural_height(self, width: int) -> int:
        layout = self.column
        if layout.hasHeightForWidth():
            return layout.totalHeightForWidth(width)
        return layout.totalSizeHint().height()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._behind is None:
            self._behind = self._picture()
        ratio = self._behind.devicePixelRatio()
        area = QRectF(event.rect())
        source = QRectF(area.topLeft() * ratio, area.size() * ratio)
        QPainter(self).drawPixmap(area, self._behind, source)

    def _picture(self) -> QPixmap:
        """What lies behind, dimmed, with the shadow of the card on it.

        Taken once: under a translucent sheet every blink of a caret would paint the window again.
        """
        window, ratio = self.window(), self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(theme().colour("window"))
        painter = QPainter(picture)
        window.render(painter, QPoint(), QRegion(), _GROUND)
        for child in window.children():
            if child is self:
                break  # what stands above this sheet is not behind it
            if isinstance(child, QWidget) and child.isVisible() and not child.isWindow():
                child.render(painter, child.pos(), QRegion(), _WHOLE)
        painter.fillRect(self.rect(), theme().colour("scrim"))
        draw_sheet_shadow(painter, self.card.geometry(), ratio)
        painter.end()
        return picture

    @Slot()
    def _look_again(self) -> None:
        self._behind = None
        self.update()

    # the two parts nearly every sheet has

    def add_header(self, title: str, detail: str = "") -> tuple[TextLabel, TextLabel]:
        """The title line with its close button; returns the title and the grey detail."""
        header = _Band(52, self.card)
        row = QHBoxLayout(header)
        row.setContentsMargins(*mirroring.sides(22, 0, 12, 0))
        row.setSpacing(10)
        heading = text_label(title, "title", weight=600, parent=header)
        extra = text_label(detail, "body", colour="text-3", parent=header)
        close = icon_button("x", "Close", header)
        close.clicked.connect(self.close)
        self._close = close
        row.addWidget(heading)
        row.addWidget(extra, 1)
        row.addWidget(close)
        self.column.addWidget(header)
        return heading, extra

    def add_footer(self, main: str, *, keys: str = "", cancel: str = "Cancel") -> Footer:
        """The line with Cancel and the one filled button."""
        footer = Footer(self.card, main=main, keys=keys, cancel=cancel)
        footer.main.clicked.connect(self.submit)
        footer.cancel.clicked.connect(self.close)
        self.column.addWidget(footer)
        return footer


class _Band(QWidget):
    """A line of a sheet, whose height grows with the text."""

    def __init__(self, height: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._usual = height
        self._dress()
        theme_manager().changed.connect(self._dress)

    @Slot()
    def _dress(self) -> None:
        self.setFixedHeight(theme().scaled(self._usual))


class Footer(_Band):
    """A hairline, a quiet hint at the left, Cancel and the main button at the right."""

    def __init__(self, parent: QWidget, *, main: str, keys: str, cancel: str) -> None:
        super().__init__(60, parent)
        self._icon = ""
        self.is_wrong = False
        row = QHBoxLayout(self)
        row.setContentsMargins(*mirroring.sides(22, 0, 16, 0))
        row.setSpacing(8)
        self.hint = text_label("", "small", colour="text-2", parent=self)
        self.hint.setWordWrap(True)
        self.cancel = button(cancel, parent=self)
        self.main = button(main, kind="main", keys=keys, parent=self)
        row.addWidget(self.hint, 1)
        row.addWidget(self.cancel)
        row.addWidget(self.main)

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Replace the hint; ``wrong`` shows it as a failure and says it to screen readers."""
        self.is_wrong = wrong
        self.hint.setText(text)
        self.hint.set_colour("danger" if wrong else "text-2")
        if wrong:
            announce(self.hint, text)

    def set_icon(self, name: str) -> None:
        """Stand an icon before the hint."""
        self._icon = name
        self.hint.setContentsMargins(*mirroring.sides(21, 0, 0, 0))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        mirroring.mirror(painter, QRectF(self.rect()))
        painter.setPen(QPen(theme().colour("line"), 1))
        painter.drawLine(QPointF(0, 0.5), QPointF(self.width(), 0.5))
        if self._icon and self.hint.text():
            box = QRectF(22, (self.height() - 14) / 2, 14, 14)
            icons.draw(painter, self._icon, box, theme().colour("text-3"))
