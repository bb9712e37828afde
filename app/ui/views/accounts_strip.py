"""The foot of the sidebar: how every account is doing, exceptions in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.domain.interactions import Channel
from app.domain.views import AccountState, AccountView
from app.ui.delegates.chips import draw_text
from app.ui.plain_tip import plain_tip
from app.ui.theme import formats, glyphs, icons, mirroring, painting, theme

_ORDER = tuple(Channel)
_DISC = 18
_STEP = 24
_LEFT = 16
_MOST_LINES = 3
_LINE = 22
_HEAD = 27
_STRIP = 30
_GOOD = frozenset({AccountState.UP_TO_DATE, AccountState.SAMPLE})
_MARKS: dict[AccountState, tuple[str, str]] = {
    AccountState.UP_TO_DATE: ("ok", "check"),
    AccountState.SYNCING: ("service", "refresh-cw"),
    AccountState.RESTING: ("warn-mark", "hourglass"),
    AccountState.OFFLINE: ("text-3", "wifi-off"),
    AccountState.SIGN_IN: ("danger", "key-round"),
    AccountState.FAILED: ("danger", "circle-alert"),
    AccountState.SAMPLE: ("text-3", "check"),
}
"""State to (colour of its dot, icon of its line)."""


class AccountsStrip(QWidget):
    """Painted, because it changes with every pull; ``activated`` asks for the accounts sheet."""

    activated = Signal()

    def __init__(self, now_ms: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now_ms = now_ms
        self._accounts: tuple[AccountView, ...] = ()
        self._narrow = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMouseTracking(True)

    def show_accounts(self, accounts: Sequence[AccountView]) -> None:
        self._accounts = tuple(sorted(accounts, key=_place))
        self.setAccessibleName(f"Accounts, {self._summary()}")
        self.setAccessibleDescription(". ".join(self._lines_text()))
        self.updateGeometry()
        self.update()

    def set_narrow(self, *, narrow: bool) -> None:
        self._narrow = narrow
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if self._narrow:
            return QSize(56, 12 + _STEP * len(self._accounts))
        return QSize(200, _HEAD + _STRIP + _LINE * len(self._exceptions()) + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        mirroring.mirror(painter, QRectF(self.rect()))
        painter.fillRect(QRectF(10, 0, self.width() - 20, 1), look.colour("line"))
        if self._narrow:
            for number, account in enumerate(self._accounts):
                self._paint_disc(painter, (self.width() - _DISC) / 2, 10 + number * _STEP, account)
        else:
            self._paint_wide(painter)
        if self.hasFocus():
            painting.draw_focus_ring(painter, QRectF(self.rect()).adjusted(8, 3, -8, -3), 7)
        painter.end()

    def _step(self) -> float:
        """From disc to disc; many accounts stand closer, so that none is cut off."""
        room = self.width() - 2 * _LEFT - _DISC
        return min(_STEP, room / max(1, len(self._accounts) - 1))

    def _paint_wide(self, painter: QPainter) -> None:
        look = theme()
        head = QRectF(_LEFT, 9, self.width() - 2 * _LEFT, 18)
        draw_text(painter, head, "Accounts", look.font("caption", 600), look.colour("text-3"))
        font = look.font("caption", 500)
        painter.setFont(font)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        title = painting.metrics(look.font("caption", 600)).horizontalAdvance("Accounts")
        summary = painting.elided(self._summary(), font, head.width() - title - 8)
        mirroring.draw_words(painter, head, right, summary)
        for number, account in enumerate(self._accounts):
            self._paint_disc(painter, _LEFT + number * self._step(), _HEAD + 5, account)
        top = _HEAD + _STRIP
        for account in self._exceptions():
            token, symbol = _MARKS[account.state]
            mark = QRectF(_LEFT, top + (_LINE - 13) / 2, 13, 13)
            icons.draw(painter, symbol, mark, look.colour(token))
            font = look.font("small")
            box = QRectF(_LEFT + 21, top, self.width() - _LEFT * 2 - 21, _LINE)
            words = painting.elided(self._line(account), font, box.width())
            draw_text(painter, box, words, font, look.colour("text-2"))
            top += _LINE

    @staticmethod
    def _paint_disc(painter: QPainter, left: float, top: float, account: AccountView) -> None:
        look = theme()
        quiet = account.state is AccountState.OFFLINE
        painter.setOpacity(0.5 if quiet else 1.0)
        glyphs.draw_channel(painter, QRectF(left, top, _DISC, _DISC), account.channel)
        painter.setOpacity(1.0)
        spot = QPointF(left + _DISC - 1, top + _DISC - 1)
        painting.draw_dot(painter, spot, 9, look.colour("window"))
        painting.draw_dot(painter, spot, 6, look.colour(_MARKS[account.state][0]))

    def _exceptions(self) -> tuple[AccountView, ...]:
        odd = [account for account in self._accounts if account.state not in _GOOD]
        odd.sort(
            key=lambda account: account.state not in (AccountState.SIGN_IN, AccountState.FAILED)
        )
        return tuple(odd[:_MOST_LINES])

    def _summary(self) -> str:
        if not self._accounts:
            return "none yet"
        if all(account.state is AccountState.SAMPLE for account in self._accounts):
            return "sample, nothing leaves"
        if all(account.state is AccountState.OFFLINE for account in self._accounts):
            synced = [account.synced_ms for account in self._accounts if account.synced_ms]
            return (
                f"as of {formats.list_time(max(synced), self._now_ms())}" if synced else "offline"
            )
        good = sum(account.state in _GOOD for account in self._accounts)
        return f"{good} of {len(self._accounts)} up to date"

    def _line(self, account: AccountView) -> str:
        name = account.channel.label
        match account.state:
            case AccountState.RESTING if account.until_ms:
                return f"{name}: resting until {formats.clock_time(account.until_ms)}"
            case AccountState.SYNCING:
                count = formats.grouped(account.fetched)
                return f"{name}: {count} fetched" if account.fetched else f"{name}: fetching"
            case AccountState.OFFLINE:
                return f"{name}: offline"
            case AccountState.SIGN_IN:
                return f"{name}: sign in again"
            case _:
                return f"{name}: {account.message or account.state.value}"

    def _lines_text(self) -> list[str]:
        return [self._line(account) for account in self._accounts if account.state not in _GOOD]

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            account = self._account_at(event.pos().x(), event.pos().y())
            tip = f"{account.handle} · {account.message or account.state.value}" if account else ""
            QToolTip.showText(event.globalPos(), plain_tip(tip), self)
            return True
        return super().event(event)

    def _account_at(self, x: int, y: int) -> AccountView | None:
        number = (y - 10) // _STEP if self._narrow else int((x - _LEFT) // self._step())
        inside = self._narrow or _HEAD <= y < _HEAD + _STRIP
        if inside and 0 <= number < len(self._accounts):
            return self._accounts[number]
        return None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self.activated.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.activated.emit()
        else:
            super().keyPressEvent(event)


def _place(account: AccountView) -> tuple[int, str]:
    """The channels always stand in the same order."""
    return _ORDER.index(account.channel), account.handle
