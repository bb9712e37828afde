"""What stands above the footer of a composer: the strip of the guard, the remarks on the text,
how much the account promotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.domain.checks import Concern
from app.domain.departments import Department
from app.ui.dialogs.parts import TextLabel, announce, icon_button
from app.ui.plain_tip import plain_tip
from app.ui.theme import mirroring, painting, theme, theme_manager
from app.ui.views.composer_parts import Strip
from app.ui.views.composer_words import WHEN_CLOSED

if TYPE_CHECKING:  # for the types alone: the database comes with it
    from app.services.guidance import Guidance

_MOST = 3
_DOT, _GAP = 8, 4


class GuardStrip(Strip):
    """What has to wait, with the ways to go on.

    ``answered``  another department is to write along.
    ``without``   send what is left without it; ``anyway`` send it as it is, and say why.
    ``later``     keep it until the case is closed.
    """

    without = Signal()
    anyway = Signal()
    later = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._left = ""
        self._later = False
        self._helper: Department | None = None
        self.action.setIconSize(QSize(_DOT + _GAP, _DOT))
        theme_manager().changed.connect(self._dress)
        self.ways = icon_button("ellipsis", "Other ways to send this", self)
        self.ways.setProperty("small", True)
        self.ways.clicked.connect(self._offer_ways)
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.addWidget(self.ways)

    def hold_back(
        self, sentence: str, without: str, helper: Department | None = None, *, later: bool = False
    ) -> None:
        """``without``: the words of that way, "" where nothing would be left to send; ``helper``:
        who may be asked to write along; ``later``: whether a closed case would let it leave."""
        self._left, self._later = without, later
        self._helper = helper
        self._dress()
        self.say(sentence, tone="warn", action=f"Ask {helper.short} to co-draft" if helper else "")

    @Slot()
    def _dress(self) -> None:
        """The dot of who is asked stands in the button."""
        if self._helper is None:
            self.action.setIcon(QIcon())
            return
        ratio = self.devicePixelRatioF()
        dot = QPixmap(round((_DOT + _GAP) * ratio), round(_DOT * ratio))
        dot.setDevicePixelRatio(ratio)
        dot.fill(Qt.GlobalColor.transparent)
        painter = QPainter(dot)
        mirroring.mirror(painter, QRectF(0, 0, _DOT + _GAP, _DOT))
        colour = theme().department_colour(self._helper.id)
        painting.draw_dot(painter, QPointF(_DOT / 2, _DOT / 2), _DOT, colour)
        painter.end()
        self.action.setIcon(QIcon(dot))

    def menu(self) -> QMenu:
        """The other ways."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._left:
            menu.addAction(self._left).triggered.connect(self.without)
        if self._later:
            menu.addAction(WHEN_CLOSED).triggered.connect(self.later)
        menu.addAction("Send anyway…").triggered.connect(self.anyway)
        return menu

    @Slot()
    def _offer_ways(self) -> None:
        self.menu().popup(self.ways.mapToGlobal(QPoint(0, self.ways.height() + 2)))


class Remarks(TextLabel):
    """What a colleague would mention about the text; hidden where there is nothing."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("", "small", colour="text-2", parent=parent)
        self.setWordWrap(True)
        self.setContentsMargins(14, 2, 14, 2)
        self.hide()

    def show_concerns(self, concerns: tuple[Concern, ...]) -> None:
        lines = [one.sentence for one in concerns[:_MOST]]
        if len(concerns) > _MOST:
            lines.append(f"And {len(concerns) - _MOST} more.")
        text = " ".join(lines)
        if text == self.text():
            return
        self.set_colour("danger" if any(one.blocks for one in concerns) else "text-2")
        self.setText(text)
        self.setVisible(bool(text))
        announce(self, text)


class ShareLabel(TextLabel):
    """ "8 % promotion": how much of what the account says promotes, against its goal."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("", "small", colour="text-3", parent=parent)
        self.hide()

    def show_share(self, beside: Guidance | None) -> None:
        """Nothing while nothing is known, or nothing was said in the days that are counted."""
        counted = beside is not None and beside.share.posts > 0
        if beside is None or not counted:
            self.hide()
            return
        share, goal = beside.share, beside.goal
        part, aim = round(100 * share.of_all), round(100 * goal)
        self.set_colour("warn" if share.of_all > goal else "text-3")
        self.setText(f"{part} % promotion")
        tip = (
            f"Conversation to promotion over 30 days: {100 - part}/{part},"
            f" {share.promotional} of {share.posts} posts. The goal is {100 - aim}/{aim}."
        )
        self.setToolTip(plain_tip(tip))
        self.setAccessibleName(tip)
        self.show()  # with its words, or it is given no room for them
