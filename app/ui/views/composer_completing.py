"""The list of offers over the caret, worked by the keys of the field it belongs to."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QWidget

from app.ui.dialogs.parts import announce
from app.ui.theme import mirroring, painting, theme
from app.ui.views.composer_edit import GrowingEdit, in_units
from app.ui.views.composer_offers import Offers
from app.ui.views.emoji import make_ready

_ROW, _PAD, _WIDTH, _SIGN = 28, 5, 272, 28
_GAP = 4
_ACCEPT = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)

Ask = Callable[[str], "Offers | None"]


class OfferList(QWidget):
    """The rows, painted; it never takes the keyboard, so that typing goes on."""

    def __init__(self, parent: QWidget, take: Callable[[], None]) -> None:
        super().__init__(parent)
        self._take = take
        self.offers: Offers | None = None
        self.at = 0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.hide()

    def show_offers(self, offers: Offers) -> None:
        same = self.offers is not None and self.offers.rows == offers.rows and self.isVisible()
        self.offers = offers
        if not same:
            self.at = 0
            self._tell()
        self.resize(self.sizeHint())
        self.show()
        self.raise_()
        self.update()

    def step(self, by: int) -> None:
        """To the next or previous row, around the ends."""
        if self.offers is not None and self.offers.rows:
            self.at = (self.at + by) % len(self.offers.rows)
            self._tell()
            self.update()

    def _tell(self) -> None:
        """The list as a screen reader hears it: what is chosen, and how many there are."""
        assert self.offers is not None
        rows = self.offers.rows
        words = self.offers.empty
        if rows:
            words = f"{rows[self.at].label}, {self.at + 1} of {len(rows)}"
        self.setAccessibleName(f"{self.offers.name}: {words}")
        announce(self, self.accessibleName())

    def sizeHint(self) -> QSize:
        count = len(self.offers.rows) if self.offers is not None else 0
        look = theme()
        return QSize(look.scaled(_WIDTH), look.scaled(_ROW) * max(1, count) + 2 * _PAD)

    def _row_at(self, y: float) -> int:
        return int((y - _PAD) // theme().scaled(_ROW))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().y())
        if self.offers is not None and 0 <= row < len(self.offers.rows) and row != self.at:
            self.step(row - self.at)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)
        self._take()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.offers is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, box = theme(), QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painting.fill_rounded(painter, box, 9, look.colour("raised"))
        painter.setPen(look.colour("line-field"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 9, 9)
        mirroring.mirror(painter, QRectF(self.rect()))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        high, wide = look.scaled(_ROW), self.width() - 2 * _PAD
        if not self.offers.rows:
            painter.setFont(look.font("snippet"))
            painter.setPen(look.colour("text-2"))
            box = QRectF(_PAD + 10, _PAD, wide - 20, high)
            mirroring.draw_words(painter, box, middle, self.offers.empty)
        for number, offer in enumerate(self.offers.rows):
            row = QRectF(_PAD, _PAD + number * high, wide, high)
            if number == self.at:
                painting.fill_rounded(painter, row, 6, look.colour("accent-tint"))
            left = 10
            if offer.sign:
                painter.setFont(look.font("title"))
                painter.setPen(look.colour("text"))
                mirroring.draw_words(painter, row.adjusted(left, 0, 0, 0), middle, offer.sign)
                left += look.scaled(_SIGN)
            font = look.font("snippet", 500 if number == self.at else 400)
            painter.setFont(font)
            painter.setPen(look.colour("text"))
            shown = painting.elided(offer.label, font, wide - left - 10)
            mirroring.draw_words(painter, row.adjusted(left, 0, -10, 0), middle, shown)


class Completing(QObject):
    """Offers what ``ask`` has for the text before the caret of a field.

    ↓ and ↑ choose, Enter and Tab put in, Esc closes until something else is typed.
    ``taken``  (Offer, the place in the text where it begins) it has been put in.
    """

    taken = Signal(object, int)

    def __init__(self, edit: GrowingEdit, ask: Ask) -> None:
        super().__init__(edit)
        self._edit = edit
        self._ask = ask
        self._refused = ""
        self.list: OfferList | None = None
        edit.installEventFilter(self)
        edit.textChanged.connect(self._look)
        edit.cursorPositionChanged.connect(self._follow)

    @property
    def is_open(self) -> bool:
        return self.list is not None and self.list.isVisible()

    @Slot()
    def _look(self) -> None:
        before = self._before()
        offers = self._ask(before) if self._edit.hasFocus() and before else None
        if offers is None or before == self._refused:
            self.close()
            return
        self._refused = ""
        if offers.at_once:
            self._put_in(offers)
        else:
            self._show(offers)

    @Slot()
    def _follow(self) -> None:
        """The caret went elsewhere without a letter: what was offered there is over."""
        shown = self.list.offers if self.is_open and self.list is not None else None
        if shown is not None and self._ask(self._before()) != shown:
            self.close()

    def offer(self, offers: Offers) -> None:
        """Open the list at the caret without anything typed."""
        self._edit.setFocus()
        self._show(offers)

    def close(self) -> None:
        if self.list is not None:
            self.list.hide()

    def _before(self) -> str:
        """The text before the caret; nothing while something is selected."""
        cursor = self._edit.textCursor()
        if cursor.hasSelection():
            return ""
        units = self._edit.text.encode("utf-16-le", "surrogatepass")
        return units[: 2 * cursor.position()].decode("utf-16-le", "surrogatepass")

    def _show(self, offers: Offers) -> None:
        if self.list is None:
            self.list = OfferList(self._edit.window(), self.take)
        self.list.show_offers(offers)
        caret = self._edit.cursorRect()
        window = self._edit.window()
        above = self._edit.viewport().mapTo(window, caret.topLeft())
        x = max(_GAP, min(above.x() - 10, window.width() - self.list.width() - _GAP))
        y = above.y() - self.list.height() - _GAP
        if y < _GAP:
            y = above.y() + caret.height() + _GAP
        self.list.move(QPoint(x, y))

    @Slot()
    def take(self) -> None:
        """Put in what is chosen."""
        if self.is_open and self.list is not None and self.list.offers is not None:
            self._put_in(self.list.offers, self.list.at)
            self.close()

    def _put_in(self, offers: Offers, at: int = 0) -> None:
        if not offers.rows:
            return
        cursor, before = self._edit.textCursor(), self._before()
        begins = in_units(before, len(before) - offers.typed)
        cursor.setPosition(begins, QTextCursor.MoveMode.KeepAnchor)
        cursor.beginEditBlock()  # one step of undo
        cursor.insertText(offers.rows[at].text)
        cursor.endEditBlock()
        self._edit.setTextCursor(cursor)
        self.taken.emit(offers.rows[at], len(before) - offers.typed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusIn:
            make_ready()
        if self.is_open and self.list is not None:
            if event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
                self.close()
            elif isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
                return self._key(event, self.list)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent, shown: OfferList) -> bool:
        """Whether the key was for the list."""
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if not plain:
            return False
        if event.key() == Qt.Key.Key_Escape:
            self._refused = self._before()
            self.close()
            return True
        if shown.offers is None or not shown.offers.rows:
            return False
        if event.key() in _ACCEPT:
            self.take()
            return True
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            shown.step(1 if event.key() == Qt.Key.Key_Down else -1)
            return True
        return False
