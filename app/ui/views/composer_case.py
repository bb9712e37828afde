"""Which case the composer is open on: what is answered there, and who sees the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.domain.changes import ChangeSet
from app.domain.errors import SeamlineError
from app.domain.ids import CaseId, OutboxId
from app.domain.interactions import Visibility
from app.domain.views import CaseView, InteractionItem
from app.ui.views.composer_drafts import DraftKeeper
from app.ui.views.composer_frame import ComposerFrame
from app.ui.views.composer_unsent import Answered, Unsent, as_wide_as

if TYPE_CHECKING:
    from app.services.guidance import Guidance
    from app.services.replies import ComposerView
    from app.services.services import Services
    from app.ui.bridge import UiBridge


CROSSED = "Another reply left while you wrote. Read it first, or send again to send yours too."


class ComposerCase(ComposerFrame):
    """The case, its customer and its account, read from the workspace; the message answered.

    A subclass shows what has changed in ``_refresh``.

    ``typed``  what is written has changed.
    """

    typed = Signal()

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self._case: CaseId | None = None
        self._view: CaseView | None = None
        self._setup: ComposerView | None = None
        self._beside: Guidance | None = None
        self._name = ""
        self._wanted = ""
        self.replied_elsewhere: Callable[[CaseId], frozenset[OutboxId]] = _nothing
        """What left for a case from elsewhere, as far as that is known."""
        self._drafts = DraftKeeper(services.replies, bridge, self)
        self._drafts.read.connect(self._begin)
        self._picker.picked.connect(self._visibility_picked)
        self._strip.answered.connect(self._narrow)
        self._answering.answered.connect(self._answer_latest)
        self._bridge.committed.connect(self._on_commit)

    @Slot()
    def _refresh(self) -> None:
        """Show what holds now."""
        raise NotImplementedError

    @Slot(object)
    def _on_error(self, error: SeamlineError) -> None:
        self._strip.say(str(error), tone="danger")
        self._refresh()

    def _current(self) -> Unsent:
        """What is written for the case shown; without one, something to be thrown away."""
        if self._case is None:
            return Unsent()
        return self._drafts.of(self._case)

    def _touch(self) -> None:
        """What is written has changed: it is kept when the typing rests."""
        if self._case is not None:
            self._drafts.touch(self._case)
            self._begin(self._case)
            self.typed.emit()

    @Slot(object)
    def _begin(self, case: CaseId) -> None:
        """A reply is begun, or gone again: whatever left before it is known to who writes it."""
        unsent = self._drafts.of(case)
        if not unsent.is_begun:
            unsent.others = None
        elif unsent.others is None:
            unsent.others = self.replied_elsewhere(case)

    def _crossed(self) -> str:
        """What is said where another reply left since this one was begun; once for each."""
        unsent = self._current()
        if self._case is None or unsent.others is None:
            return ""
        left = self.replied_elsewhere(self._case)
        new = left - unsent.others
        unsent.others |= left
        return CROSSED if new else ""

    def _read_case(self, case: CaseId) -> None:
        """Ask for the case and its account; both are shown as they come."""
        self._ask_view(case)
        setup = self._services.replies.composer(case)
        self._bridge.ask("composer-setup", setup, self._on_setup, self._on_error)

    # answers of the workspace

    def _ask_view(self, case: CaseId) -> None:
        view = self._services.cases.view(case)
        self._bridge.ask("composer-case", view, self._on_view, self._on_error)

    @Slot(object)
    def _on_commit(self, changes: ChangeSet) -> None:
        if self._case is None:
            return
        if self._case in changes.cases:
            self._ask_view(self._case)
        elif changes.settings or self._may_promote_otherwise(changes):
            self._ask_beside(self._case)

    def _may_promote_otherwise(self, changes: ChangeSet) -> bool:
        """Whether promotions to this customer may wait, or wait no more, after these changes."""
        hold = self._beside.hold if self._beside is not None else None
        if hold is not None and hold.case in changes.cases:
            return True
        return self._view is not None and self._view.customer in changes.customers

    def _ask_beside(self, case: CaseId) -> None:
        beside = self._services.guiding.beside(case)
        self._bridge.ask("composer-beside", beside, self._on_beside, self._on_error)

    @Slot(object)
    def _on_beside(self, beside: Guidance) -> None:
        if beside.case == self._case:
            self._beside = beside
            self._name = beside.values["customer"]
            self._refresh()

    @Slot(object)
    def _on_view(self, view: CaseView) -> None:
        if view.case != self._case:
            return
        self._view = view
        unsent = self._current()
        if unsent.answered is None or not (unsent.answered.chosen or unsent.is_begun):
            unsent.answered = _latest(view)
        self._offer()
        self._find_wanted()
        self._ask_beside(view.case)
        self._refresh()

    @Slot(object)
    def _on_setup(self, setup: ComposerView) -> None:
        self._setup = setup
        self._attachments.set_longest_description(setup.limits.max_description)
        self._offer()
        self._refresh()

    # what is answered, and who sees the answer

    def _answered(self) -> Answered | None:
        return self._current().answered

    def _offer(self) -> None:
        """Show what can be chosen once both the case and its account are known."""
        answered, setup = self._answered(), self._setup
        if answered is None or setup is None:
            return
        offered = setup.capabilities.visibilities
        self._picker.offer(
            setup.channel,
            setup.handle,
            offered,
            answered=answered.visibility,
            chosen=self._current().visibility or as_wide_as(answered.visibility, offered),
        )

    def _find_wanted(self) -> None:
        """How wide the wanted message was, the thread tells; nothing is sent before it did."""
        if self._wanted and self._view is not None:
            thread = self._services.timelines.conversation(self._view.conversation)
            self._bridge.ask("composer-answer", thread, self._on_thread, self._on_error)

    @Slot(object)
    def _on_thread(self, thread: tuple[InteractionItem, ...]) -> None:
        if self._view is None or not self._wanted:
            return
        found = next((item for item in thread if item.native_id == self._wanted), None)
        width = found.visibility if found is not None else self._view.answer_visibility
        latest = self._wanted == self._view.answer_to
        unsent = self._current()
        unsent.answered = Answered(self._wanted, width, chosen=not latest)
        self._wanted = ""
        self._offer()
        self._refresh()

    @Slot()
    def _answer_latest(self) -> None:
        if self._view is not None:
            unsent = self._current()
            unsent.answered, unsent.visibility = _latest(self._view), None
            self._offer()
            self._touch()
            self._refresh()

    @Slot(Visibility)
    def _visibility_picked(self, visibility: Visibility) -> None:
        self._current().visibility = visibility
        self._touch()
        self._refresh()

    @Slot()
    def _narrow(self) -> None:
        """The warning's own answer: as wide as the message and no wider."""
        self._current().visibility = None
        self._offer()
        self._touch()
        self._refresh()


def _nothing(_case: CaseId) -> frozenset[OutboxId]:
    return frozenset()


def _latest(view: CaseView) -> Answered:
    return Answered(view.answer_to, view.answer_visibility)
