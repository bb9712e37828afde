"""Asking for a reply to be let leave, where whoever writes may not send it by themselves."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.domain.changes import ChangeSet
from app.domain.departments import Department
from app.domain.ids import CaseId
from app.domain.outbox import OutboxItem
from app.domain.requests import Ask, Request
from app.ui.dialogs.attempt import attempt
from app.ui.views.composer_co_draft import shortened
from app.ui.views.composer_parts import Mode
from app.ui.views.composer_together import ComposerTogether

if TYPE_CHECKING:
    from app.services.services import Services
    from app.ui.bridge import UiBridge


class ComposerApproving(ComposerTogether):
    """The main button asks instead of sending; a strip says that it waits, or was declined."""

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget | None = None) -> None:
        super().__init__(services, bridge, parent)
        self._approver: Department | None = None

    # what is known

    def _ask_view(self, case: CaseId) -> None:
        super()._ask_view(case)
        self._ask_approver(case)

    def _ask_approver(self, case: CaseId) -> None:
        needed = self._services.requests.needs_approval(case)
        found = partial(self._on_approver, case)
        self._bridge.ask("composer-approver", needed, found, self._on_error)

    @Slot(object)
    def _on_commit(self, changes: ChangeSet) -> None:
        super()._on_commit(changes)
        if changes.settings and self._case is not None:
            self._ask_approver(self._case)

    def _on_approver(self, case: CaseId, approver: Department | None) -> None:
        if case == self._case:
            self._approver = approver
            self._refresh()

    def _on_requests(self, case: CaseId, found: tuple[Request, ...]) -> None:
        """What was declined, or not asked after all, stands in the workspace as a draft again."""
        before = _waiting(self._requests)
        super()._on_requests(case, found)
        if case == self._case and before != _waiting(self._requests):
            self._drafts.open(case)  # reads it where nothing is in hand

    def _was_approved(self, item: OutboxItem) -> bool:
        """Whether somebody let this reply leave; taken back, it is theirs again and no draft."""
        answers = (one.answer for one in self._requests)
        return any(answer is not None and answer.outbox == item.id for answer in answers)

    # asking

    def _hand_over(self, promotion_reason: str = "") -> None:
        case, text = self._case, self._edit.text.strip()
        if case is None or self._approver is None or self._tabs.mode() is Mode.NOTE:
            super()._hand_over(promotion_reason)
            return
        self._busy = True
        self._drafts.leaves(case)
        draft = replace(self._draft(text), promotion_reason=promotion_reason)
        asked = attempt(lambda: self._services.requests.ask_approval(case, draft))
        self._bridge.ask("", asked, self._on_held, partial(self._not_sent, case))
        self._refresh()

    @Slot(object)
    def _on_held(self, request: Request) -> None:
        """It waits where it is to be approved, and is no draft any more."""
        self._busy = False
        left = self._drafts.sent(request.case)
        if request.case == self._case:
            self._fill(left)
            self._strip.say("")
            self._answer_latest()
        self._saved.setText("")
        self._refresh()
        self.acted_on.emit(request.case)

    # how it looks now

    def _show_together(self, *, note: bool) -> None:
        super()._show_together(note=note)
        if self._approver is not None and not note:
            self._send_button.setText(f"Ask {self._approver.short} to approve")
        said, action = ("", "") if note else self._asks()
        self._task_strip.say(said, action=action)

    def _asks(self) -> tuple[str, str]:
        """What the strip says, and its button: what became of the latest reply that waited."""
        asked = [one for one in self._about() if one.ask is Ask.APPROVAL]
        latest = max(asked, key=lambda one: one.at_ms, default=None)
        if latest is None:
            return "", ""
        answer = latest.answer
        if answer is None:
            name = self._department(latest.department).name
            return f"Waits for approval by {name}: “{shortened(latest.text)}”", ""
        if answer.granted or self._edit.text.strip() != latest.text:
            return "", ""
        who = self._services.directory.name_of(answer.agent)
        return f"{who} declined this: “{answer.text}”", ""


def _waiting(requests: tuple[Request, ...]) -> set[str]:
    """Which replies wait for approval."""
    return {one.event for one in requests if one.ask is Ask.APPROVAL and one.is_open}
