"""Settings of goals: how much an account promotes, and how sure matching must be to join."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QShowEvent

from app.domain.ids import AccountId
from app.domain.setup import Goals
from app.domain.views import AccountView
from app.ui.dialogs.choosing import OneBox
from app.ui.dialogs.controls import Segmented
from app.ui.dialogs.parts import TextLabel, button, text_label
from app.ui.dialogs.settings_section import SettingsSection
from app.ui.dialogs.slider import Slider
from app.ui.theme.formats import grouped

if TYPE_CHECKING:
    from app.domain.errors import SeamlineError
    from app.services.match_preview import SurePairs
    from app.services.matching import Match
    from app.store.promotions import Share

_SAVE_AFTER_MS = 300
_CHOICES = ((1.01, "Never"), (0.99, "99 %"), (0.95, "95 %"), (0.9, "90 %"))
"""A score above 1 is never reached."""


class GoalsSection(SettingsSection):
    """The share of promotion of all accounts, or of one that differs, with what it is now; and
    from which score on two identities are joined without asking."""

    title = "Goals"
    icon = "target"

    def build(self) -> None:
        self._goals = self._kept = self.services.directory.setup().goals
        self._pairs: SurePairs | None = None
        self._counting = False
        self._of_all: Mapping[AccountId | None, str] = {None: "All accounts"}
        self.account = OneBox("Account", self._of_all, self)
        self.add_row("Account", self.account, "One follows the goal of all until it has its own.")
        self._share = text_label("", "body", weight=500, colour="text-2", parent=self)
        self.promotions = Slider(0, 100, name="Share of promotion in percent", parent=self)
        self.add_row(
            "Conversation to promotion",
            self.promotions,
            "Of a hundred posts so many may promote; shown where one writes.",
            value=self._share,
        )
        self.now = self._told()
        self.match = Segmented(
            [(words, "") for _, words in _CHOICES], name="Join without asking", parent=self
        )
        match = self._goals.match
        self.match.choose(min(range(len(_CHOICES)), key=lambda at: abs(_CHOICES[at][0] - match)))
        self.add_row(
            "Join two identities without asking where it is so sure",
            self.match,
            "What speaks for one person adds up. Joining can always be taken back.",
        )
        self.pairs = self._told()
        self.join = button("", parent=self)
        self.join.clicked.connect(self._look_at_pairs)
        self._rows.addWidget(self.join)
        self._soon = QTimer(self, singleShot=True, interval=_SAVE_AFTER_MS)
        self._soon.timeout.connect(self.settle)
        self._show()
        self.account.activated.connect(self._show)
        self.promotions.valueChanged.connect(self._moved)
        self.match.group.idClicked.connect(self._chosen)
        self._bridge.ask("goals-accounts", self.services.accounts.list(), self._on_accounts)

    def showEvent(self, event: QShowEvent) -> None:
        """Nothing is counted for whoever came for another section."""
        super().showEvent(event)
        if self._pairs is None:
            self._count()

    def _count(self) -> None:
        self._pairs = None
        self._counting = True
        self._show_pairs()
        found = self.services.insights.sure_pairs()
        self._bridge.ask("goals-pairs", found, self._on_pairs, self._not_counted)

    def _not_counted(self, error: SeamlineError) -> None:
        self._counting = False
        self._show_pairs()
        self._failed(error)

    @Slot()
    def settle(self) -> None:
        """Save where the slider came to rest; what another section settled stays."""
        self._soon.stop()
        if self._goals == self._kept:
            return
        self._kept = self._goals
        present = self.services.directory.setup().goals
        goals = replace(self._goals, noise=present.noise)
        self.save(lambda: self.services.directory.settle(goals=goals))

    def _told(self) -> TextLabel:
        label = text_label("", "small", colour="text-2", parent=self)
        label.setWordWrap(True)
        self._rows.addWidget(label)
        return label

    def _on_accounts(self, held: tuple[AccountView, ...]) -> None:
        named = {one.account: one.label for one in held}
        self.account.offer({**self._of_all, **named})

    def _on_pairs(self, pairs: SurePairs) -> None:
        self._pairs = pairs
        self._show_pairs()

    @Slot()
    def _show(self) -> None:
        account: AccountId | None = self.account.taken()
        goal = self._goals.promotions
        if account is not None:
            goal = self._goals.of_accounts.get(account, goal)
            asked = self.services.guiding.share(account)
            self._bridge.ask("goals-share", asked, self._on_share, self._failed)
        else:
            self._bridge.forget("goals-share")
            self.now.setText("Choose an account to see what it is now.")
        self.promotions.blockSignals(True)
        self.promotions.setValue(round(goal * 100))
        self.promotions.blockSignals(False)
        self._show_share()

    def _on_share(self, share: Share) -> None:
        self.now.setText(share_told(share))

    @Slot()
    def _moved(self) -> None:
        self._goals = with_share(self._goals, self.account.taken(), self.promotions.value() / 100)
        self._show_share()
        self._soon.start()

    @Slot(int)
    def _chosen(self, choice: int) -> None:
        self._goals = replace(self._goals, match=_CHOICES[choice][0])
        self._show_pairs()
        self.settle()

    def _show_share(self) -> None:
        percent = self.promotions.value()
        self._share.setText(f"{100 - percent}/{percent}")

    @Slot()
    def _look_at_pairs(self) -> None:
        """What is as sure today, with its reasons, to be joined on request."""
        from app.ui.dialogs.settings_pairs import PairsSheet

        sheet = PairsSheet(self.services, self._bridge, self.window(), self._sure())
        sheet.joined.connect(self._count)
        sheet.open()

    def _sure(self) -> tuple[Match, ...]:
        return self._pairs.from_(self._goals.match) if self._pairs is not None else ()

    def _show_pairs(self) -> None:
        threshold = self._goals.match
        sure = self._sure()
        self.join.setText("Look at this pair…" if len(sure) == 1 else "Look at these pairs…")
        self.join.setVisible(bool(sure))
        if threshold > 1:
            self.pairs.setText("Nothing is joined but by an agent.")
        elif self._pairs is not None:
            self.pairs.setText(self._pairs.told(threshold))
        else:
            self.pairs.setText("Counting…" if self._counting else "")


def with_share(goals: Goals, account: AccountId | None, share: float) -> Goals:
    """The goals with another share of promotion, of all accounts or of one; one that is given what
    holds for all follows it again."""
    if account is None:
        return replace(goals, promotions=share)
    others = {one: kept for one, kept in goals.of_accounts.items() if one != account}
    own = {} if share == goals.promotions else {account: share}
    return replace(goals, of_accounts=others | own)


def share_told(share: Share) -> str:
    """“In the last 30 days 12 of 41 posts promoted: 71/29.”"""
    if not share.posts:
        return "In the last 30 days nothing was posted from it."
    percent = round(share.of_all * 100)
    posts = "1 post" if share.posts == 1 else f"{grouped(share.posts)} posts"
    return (
        f"In the last 30 days {grouped(share.promotional)} of {posts} promoted: "
        f"{100 - percent}/{percent}."
    )
