"""Answering in a case that another department opened: a draft, an approval, content, access."""

from __future__ import annotations

from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.domain.ids import CaseId
from app.domain.outbox import OutboxItem
from app.domain.requests import Ask, Request
from app.ui.dialogs.attempt import attempt
from app.ui.views.composer_approving import ComposerApproving
from app.ui.views.composer_parts import Mode
from app.ui.views.composer_words import TASKS

if TYPE_CHECKING:
    from app.services.services import Services
    from app.ui.bridge import UiBridge


class ComposerAnswering(ComposerApproving):
    """Where a case was opened to ask something, what is written there answers that; a strip says
    what it is, with the other way to answer."""

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget | None = None) -> None:
        super().__init__(services, bridge, parent)
        self._task_strip.answered.connect(self._answer_otherwise)

    # what others call

    @Slot()
    def file_template(self) -> None:
        """Answer a wish for content with a template; what is written here is its text."""
        task, case = self._task(), self._case
        if case is None or task is None or task.ask is not Ask.CONTENT or not task.is_open:
            self._strip.object_to("Nobody waits here for content.")
            return
        from app.ui.dialogs.filing import FilingSheet

        self._tabs.choose(Mode.REPLY)
        self._edit.setFocus()  # the sheet gives the keyboard back to it
        sheet = FilingSheet(
            self._services, self._bridge, self.window(), task, self._edit.text.strip()
        )
        sheet.handed_on.connect(partial(self._handed_in, case))
        sheet.open()

    @Slot()
    def _answer_otherwise(self) -> None:
        """The strip’s own button."""
        task = self._task()
        if task is not None and task.ask is Ask.CONTENT:
            self.file_template()
        else:
            self.decline()

    def decline(self) -> None:
        """Do not let a reply leave, and say why; whoever asked has it as a draft again. Or give no
        access."""
        task, case = self._task(), self._case
        declines = task is not None and (task.ask is Ask.APPROVAL or task.ask.is_for_work)
        if case is None or task is None or not declines or not task.is_open:
            self._strip.object_to("Nothing waits here that can be declined.")
            return
        requests = self._services.requests
        from app.ui.dialogs.asking import DECLINE, REFUSE, WordsSheet

        if task.ask.is_for_work:
            words, decline = REFUSE, partial(requests.refuse, task.event)
        else:
            words, decline = DECLINE, partial(requests.decline, task.event)
        self._tabs.choose(Mode.REPLY)
        self._edit.setFocus()  # the sheet gives the keyboard back to it
        sheet = WordsSheet(self._bridge, self.window(), words, decline)
        sheet.handed_on.connect(partial(self._handed_in, case))
        sheet.open()

    # the main button

    def _obstacle(self) -> str:
        task = self._task()
        if task is None or self._tabs.mode() is Mode.NOTE:
            return super()._obstacle()
        text = self._edit.text.strip()
        if self._busy:
            return "Just a moment."
        if not _waits(task):
            return "This has been answered."
        may_be_empty = task.ask is Ask.APPROVAL and self._attachments.pictures()
        if not text and not (may_be_empty or task.ask.is_for_work):
            return "Write something first."
        if task.ask is Ask.CONTENT and not text.startswith(("https://", "http://")):
            return "Begin the link with https://, or file the text as a template."
        return ""

    def _hand_over(self, promotion_reason: str = "") -> None:
        task, case, text = self._task(), self._case, self._edit.text.strip()
        if task is None or case is None or self._tabs.mode() is Mode.NOTE:
            super()._hand_over(promotion_reason)
            return
        self._busy = True
        self._drafts.leaves(case)
        answered = attempt(lambda: self._answer(task, text))
        failed = partial(self._not_sent, case)
        self._bridge.ask("", answered, partial(self._handed_in, case), failed)
        self._refresh()

    def _answer(self, task: Request, text: str) -> Future[Any]:
        requests = self._services.requests
        if task.ask is Ask.CONTENT:
            return requests.answer_content(task.event, link=text)
        if task.ask is Ask.APPROVAL:
            return requests.approve(task.event, text)
        if task.ask.is_for_work:
            return requests.grant(task.event, text)
        return requests.write_draft(task.event, text)

    def _handed_in(self, case: CaseId, answer: object) -> None:
        self._busy = False
        left = self._drafts.sent(case)
        self._drafts.keep(case)  # the workspace knows nothing of a reply that left
        if case == self._case:
            self._fill(left)
            self._strip.say("")
        self._saved.setText("")
        self._refresh()
        self.acted_on.emit(case)
        if isinstance(answer, OutboxItem):
            self.sent.emit(answer)

    # how it looks now

    def _show_together(self, *, note: bool) -> None:
        """What the reply and its button are called here, too."""
        super()._show_together(note=note)
        task = self._task()
        self._tabs.name_reply(self._reply_name(task), "reply" if task is None else "pencil")
        if task is None or note:
            return
        words = TASKS[task.ask]
        changed = task.ask is Ask.APPROVAL and self._edit.text.strip() not in ("", task.text)
        self._send_button.setText(words.changed if changed else words.main)
        self._edit.setPlaceholderText(
            words.hint.format(self._department(task.origin).name) if _waits(task) else ""
        )

    def _asks(self) -> tuple[str, str]:
        task = self._task()
        if task is None:
            return super()._asks()
        if not _waits(task):
            return "This has been answered.", ""
        who, words = self._services.directory.name_of(task.by), TASKS[task.ask]
        return words.asks.format(who, task.text), words.otherwise

    def _reply_name(self, task: Request | None) -> str:
        if task is None:
            return "Reply"
        return TASKS[task.ask].name.format(self._department(task.origin).name)


def _waits(task: Request) -> bool:
    """Whether an answer is of use; a draft always is, for it may be the next one."""
    return task.ask is Ask.HELP or task.is_open
