"""What stands above the footer of a composer: the strip of the guard, the remarks on the text,
how much the account promotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.checks import Concern
from app.ui.dialogs.parts import TextLabel, announce, button
from app.ui.plain_tip import plain_tip
from app.ui.views.composer_parts import Strip

if TYPE_CHECKING:  # for the types alone: the database comes with it
    from app.services.guidance import Guidance

_MOST = 3


class GuardStrip(Strip):
    """What has to wait, with the two ways to go on.

    ``answered``  send it without; ``anyway``  send it as it is, and say why.
    """

    anyway = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._anyway = button("Send anyway…", kind="quiet", small=True, parent=self)
        self._anyway.clicked.connect(self.anyway)
        row = self.layout()
        assert row is not None
        row.addWidget(self._anyway)

    def hold_back(self, sentence: str, without: str) -> None:
        """``without``: the words of the first way, "" where nothing would be left to send."""
        self.say(sentence, tone="warn", action=without)


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
