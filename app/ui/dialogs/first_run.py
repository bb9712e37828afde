"""The first run: connect an account, or look around in the sample workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.ids import AccountId
from app.domain.interactions import Channel
from app.ui.dialogs.connect import ConnectSheet
from app.ui.dialogs.controls import ScrollBody
from app.ui.dialogs.first_run_art import FirstRunArt
from app.ui.dialogs.parts import TextLabel, button, draw_focus, text_label
from app.ui.theme import glyphs, icons, mirroring, painting, set_type, theme, theme_manager
from app.ui.theme.icons import rendered

if TYPE_CHECKING:
    from app.services.services import Services
    from app.ui.bridge import UiBridge

_LEAST = 520
_GAPS = (64, 84, 20)
"""Above the mark, the greeting and the tiles: what gives way first when the window is low."""
_LEAST_SHARE = 0.2
_ART_FROM = 1000
"""Narrower than this the picture steps back."""
_COLUMNS = 4
_MEANWHILE = "You can look around the sample meanwhile."
_MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 26 26">'
    '<rect width="26" height="26" rx="7.2" fill="#0A6A64"/>'
    '<path d="M13 0h5.8A7.2 7.2 0 0 1 26 7.2v11.6a7.2 7.2 0 0 1-7.2 7.2H13z" fill="#138A80"/>'
    '<g stroke="#fff" stroke-width="2.3" stroke-linecap="round">'
    '<path d="m8.8 8.3 8.4-2.1M8.8 14.05l8.4-2.1M8.8 19.8l8.4-2.1"/></g></svg>'
)


class FirstRun(QWidget):
    """Fills the window until there is something to show in it.

    ``explore_sample``  the sample workspace is wanted.
    ``connected``       an account was connected and its sheet is closed: the account's id.
    ``open_workspace``  the folder of another workspace was chosen.
    """

    explore_sample = Signal()
    connected = Signal(object)
    open_workspace = Signal(str)

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self._account: AccountId | None = None
        self.setAccessibleName("Welcome to Seamline")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._left = QWidget(self)
        self._gaps: list[QSpacerItem] = []
        self._column = QVBoxLayout(self._left)
        self._build_left(self._column)
        self._scrolled = ScrollBody(self._left, self)
        row.addWidget(self._scrolled, 4)
        self._art = FirstRunArt(self)
        row.addWidget(self._art, 5)
        theme_manager().changed.connect(self._fit)

    def _build_left(self, column: QVBoxLayout) -> None:
        column.setContentsMargins(*mirroring.sides(84, 0, 76, 34))
        column.setSpacing(0)
        self._add_gap()
        head = QHBoxLayout()
        head.setSpacing(11)
        head.addWidget(_Mark(self._left))
        head.addWidget(text_label("Seamline", "query", weight=600, parent=self._left), 1)
        column.addLayout(head)
        self._add_gap()
        for line in ("Every customer,", "one thread."):
            column.addWidget(_HeroLine(line, "hero", weight=600, parent=self._left))
        column.addSpacing(12)
        said = text_label(
            "Mentions, messages and campaigns in a single timeline,"
            " whoever in your company picks them up.",
            "title",
            colour="text-2",
            line_height=23,
            parent=self._left,
        )
        said.setWordWrap(True)
        said.setMaximumWidth(430)
        column.addWidget(said)
        column.addSpacing(14)
        self._add_gap()
        column.addWidget(
            text_label("Connect your first account", "body", weight=600, parent=self._left)
        )
        column.addSpacing(10)
        column.addLayout(self._build_tiles())
        column.addSpacing(8)
        self._remark = text_label(self._missing(), "small", colour="text-3", parent=self._left)
        self._remark.setWordWrap(True)
        column.addWidget(self._remark)
        column.addSpacing(16)
        column.addWidget(_Or("or look around first", self._left))
        column.addSpacing(16)
        column.addWidget(self._build_sample())
        column.addStretch(1)
        column.addSpacing(12)
        column.addLayout(self._build_foot())

    def _build_tiles(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(10)
        connectable = self._services.accounts.connectable()
        self._tiles: dict[Channel, ChannelTile] = {}
        for place, channel in enumerate(Channel):
            tile = ChannelTile(channel, self._left, there=channel in connectable)
            tile.clicked.connect(self._tile_clicked)
            self._tiles[channel] = tile
            grid.addWidget(tile, place // _COLUMNS, place % _COLUMNS)
        return grid

    def _missing(self) -> str:
        """Which channels cannot be connected, said in plain words."""
        connectable = self._services.accounts.connectable()
        names = [channel.label for channel in Channel if channel not in connectable]
        if not names:
            return ""
        listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
        verb = "are" if len(names) > 1 else "is"
        return f"{listed} {verb} not in this version yet."

    def _build_sample(self) -> QWidget:
        box = _SampleBox(self._left)
        row = QHBoxLayout(box)
        row.setContentsMargins(*mirroring.sides(70, 14, 14, 14))
        row.setSpacing(14)
        words = QVBoxLayout()
        words.setSpacing(0)
        title = text_label("Explore the sample workspace", "body", weight=600, parent=box)
        title.setWordWrap(True)
        words.addWidget(title)
        detail = text_label(
            "A coffee brand, its customers, three busy years. Nothing is sent.",
            "small",
            colour="text-2",
            line_height=17,
            parent=box,
        )
        detail.setWordWrap(True)
        words.addWidget(detail)
        row.addLayout(words, 1)
        explore = button("Explore", kind="main", parent=box)
        explore.clicked.connect(self.explore_sample)
        row.addWidget(explore)
        return box

    def _build_foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(_Drive(self._left))
        keeps = text_label(
            "Everything stays on this computer, sign-ins in its keychain.",
            "small",
            colour="text-3",
            elide=True,
            parent=self._left,
        )
        row.addWidget(keeps, 1)
        link = _Link("Open a workspace…", self._left)
        link.clicked.connect(self._choose_workspace)
        row.addWidget(link)
        return row

    @Slot()
    def _tile_clicked(self) -> None:
        tile = self.sender()
        if not isinstance(tile, ChannelTile):
            return
        if not tile.there:
            self._remark.setText(f"{tile.channel.label} is not in this version yet.")
            return
        sheet = ConnectSheet(self._services, self._bridge, self, tile.channel, meanwhile=_MEANWHILE)
        sheet.connected.connect(self._on_connected)
        sheet.closed.connect(self._sheet_closed)
        sheet.open()

    @Slot(object)
    def _on_connected(self, account: AccountId) -> None:
        self._account = account

    @Slot()
    def _sheet_closed(self) -> None:
        """Only now: whoever hears of it may replace this view, and the sheet with it."""
        if self._account is not None:
            self.connected.emit(self._account)

    @Slot()
    def _choose_workspace(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Open a workspace")
        if folder:
            self.open_workspace.emit(folder)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _add_gap(self) -> None:
        gap = QSpacerItem(0, 0)
        self._gaps.append(gap)
        self._column.addSpacerItem(gap)

    @Slot()
    def _fit(self) -> None:
        """The picture steps back in a narrow window, the gaps in a low one; only then is there
        something to scroll."""
        self._art.setVisible(self.width() >= _ART_FROM)
        needed = min(self.width(), max(_LEAST, self._column.minimumSize().width()))
        self._scrolled.setMinimumWidth(needed)
        wide = max(needed, self.width() * 4 // 9) if self._art.isVisibleTo(self) else self.width()
        self._set_gaps(0)
        spare = self.height() - self._column.totalHeightForWidth(wide)
        self._set_gaps(min(1.0, max(_LEAST_SHARE, spare / sum(_GAPS))))

    def _set_gaps(self, share: float) -> None:
        for gap, height in zip(self._gaps, _GAPS, strict=True):
            tall = round(height * share)
            gap.changeSize(0, tall, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self._column.invalidate()

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme().colour("surface"))


class _HeroLine(TextLabel):
    """As high as the style says: two of them read as one saying."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme().line_height("hero"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class ChannelTile(QAbstractButton):
    """A channel to connect; ``there`` tells whether this version can."""

    def __init__(self, channel: Channel, parent: QWidget, *, there: bool) -> None:
        super().__init__(parent)
        self.setText(channel.label)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.channel = channel
        self.there = there
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme_manager().changed.connect(self.updateGeometry)
        absent = "" if there else "Not in this version yet"
        self.setToolTip(absent or f"Connect {channel.label}")
        self.setAccessibleName(f"{channel.label}, {absent.lower()}" if absent else channel.label)

    def sizeHint(self) -> QSize:
        words = painting.metrics(theme().font("body", 500)).horizontalAdvance(self.text())
        return QSize(max(92, round(words) + 24), theme().scaled(78))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = theme()
        box = QRectF(self.rect())
        if self.there and (self.underMouse() or self.isDown()):
            ground = look.colour("pressed" if self.isDown() else "hover")
            painting.fill_rounded(painter, box, 11, ground)
        painting.outline_rounded(
            painter, box, 11, look.colour("line-strong" if self.there else "line")
        )
        if self.hasFocus():
            draw_focus(painter, box, 11)
        painter.setOpacity(1 if self.there else 0.45)
        glyphs.draw_channel(painter, QRectF(box.center().x() - 13, 13, 26, 26), self.channel)
        painter.setOpacity(1)
        painter.setFont(look.font("body", 500))
        painter.setPen(look.colour("text" if self.there else "text-3"))
        words = QRectF(0, 43, box.width(), box.height() - 43 - 7)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())


class _Link(QAbstractButton):
    """Words to press, in the accent colour."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        width = painting.metrics(theme().font("small", 500)).horizontalAdvance(self.text())
        return QSize(round(width) + 4, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            draw_focus(painter, QRectF(self.rect()), 5)
        painter.setPen(theme().colour("accent-hover" if self.underMouse() else "accent"))
        painter.setFont(theme().font("small", 500))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


class _Mark(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(32, 32)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, rendered(_MARK, 32, self.devicePixelRatioF()))


class _Drive(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(14, 14)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.draw(painter, "hard-drive", QRectF(self.rect()), theme().colour("text-3"))


class _Or(QWidget):
    """Words between two hairlines."""

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = words
        self.setFixedHeight(16)
        set_type(self, "small")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = theme()
        font = look.font("small")
        half = painting.metrics(font).horizontalAdvance(self._words) / 2 + 14
        middle = self.width() / 2
        painter.setPen(QPen(look.colour("line"), 1))
        y = self.height() // 2
        painter.drawLine(0, y, round(middle - half), y)
        painter.drawLine(round(middle + half), y, self.width(), y)
        painter.setPen(look.colour("text-3"))
        painter.setFont(font)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._words)


class _SampleBox(QWidget):
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = theme()
        mirroring.mirror(painter, QRectF(self.rect()))
        painting.fill_rounded(painter, QRectF(self.rect()), 12, look.colour("accent-tint"))
        square = QRectF(16, (self.height() - 40) / 2, 40, 40)
        painting.fill_rounded(painter, square, 10, look.colour("surface"))
        icons.draw(painter, "play", square.adjusted(11, 11, -11, -11), look.colour("accent"))
