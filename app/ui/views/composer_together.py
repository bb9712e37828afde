"""Writing together: asking another department, and using what it drafts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QWidget

from app.domain.changes import ChangeSet
from app.domain.departments import IT, MARKETING, Department
from app.domain.guard import named
from app.domain.ids import CaseId, DepartmentId, EventId
from app.domain.replies import Draft
from app.domain.requests import CoDraft, Request
from app.ui.views.composer_co_draft import Along
from app.ui.views.composer_parts import Mode
from app.ui.views.composer_sending import ComposerSending
from app.ui.views.composer_words import asked_words, promotion_question

if TYPE_CHECKING:
    from app.services.services import Services
    from app.ui.bridge import UiBridge
    from app.ui.dialogs.asking import AskSheet, Words


class ComposerTogether(ComposerSending):
    """A case may have asked other departments, and then shows what they drafted.

    ``acted_on``  (CaseId) something was asked on it, or answered there.
    """

    acted_on = Signal(object)

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget | None = None) -> None:
        super().__init__(services, bridge, parent)
        self._requests: tuple[Request, ...] = ()
        self._guard_strip.answered.connect(self.ask_for_help)
        self._co_draft.used.connect(self._use_draft)
        self._co_draft.commented.connect(self._comment_on)

    # what others call

    @Slot()
    def ask_for_help(self) -> None:
        """Ask another department to write along; where a promotion waits, about that."""
        case, helper = self._case, self._helper()
        if case is None or self._is_asked():
            return
        from app.ui.dialogs.asking import HELP

        held = bool(self._guarding.held)
        question = promotion_question(named(self._guarding.found), self._edit.text)
        self._ask(
            HELP,
            partial(self._services.requests.ask_help, case),
            helper if held else None,
            question if held else "",
        )

    def ask_for_content(self) -> None:
        """Ask another department for something to send or show."""
        if self._case is not None and not self._is_asked():
            from app.ui.dialogs.asking import CONTENT

            ask = partial(self._services.requests.ask_content, self._case)
            self._ask(CONTENT, ask, self._helper())

    def ask_for_access(self) -> None:
        """Ask IT, or another department, to be let into a tool, or for one."""
        case = self._case
        if case is None or self._is_asked():
            return
        from app.ui.dialogs.asking import ACCESS, AccessSheet

        def ask(department: DepartmentId, wish: str) -> Future[Request]:
            assert isinstance(sheet, AccessSheet)
            requests = self._services.requests
            return requests.ask_access(case, department, wish, tool=sheet.is_tool)

        sheet = self._ask(ACCESS, ask, self._other(IT), kind=AccessSheet)

    def _ask(
        self,
        words: Words,
        ask: Callable[[DepartmentId, str], Future[Request]],
        chosen: Department | None,
        text: str = "",
        kind: type[AskSheet] | None = None,
    ) -> AskSheet:
        from app.ui.dialogs.asking import AskSheet

        self._edit.setFocus()  # the sheet gives the keyboard back to it
        sheet = (kind or AskSheet)(
            self._bridge,
            self.window(),
            words,
            ask,
            departments=self._others(),
            chosen=chosen.id if chosen is not None else None,
            text=text,
        )
        sheet.handed_on.connect(self._asked)
        sheet.open()
        return sheet

    def use_draft(self) -> None:
        """Take over what another department drafted."""
        along = self._newest(self._task())
        if along is not None and along.usable:
            self._use_draft(along)
        else:
            self._strip.object_to("No draft of another department waits here.")

    def comment_on_draft(self) -> None:
        """Say something of the draft that is shown."""
        along = self._newest(self._task())
        if along is not None:
            self._comment_on(along)
        else:
            self._strip.object_to("No draft of another department waits here.")

    # what is asked

    def _is_asked(self) -> bool:
        """Whether this case only asks something; says so, for nothing more is asked on it."""
        task = self._task()
        if task is not None:
            self._strip.object_to("This case asks something itself. Ask on the customer’s case.")
        return task is not None

    def _ask_view(self, case: CaseId) -> None:
        super()._ask_view(case)
        asked = self._services.requests.of_case(case)
        found = partial(self._on_requests, case)
        self._bridge.ask("composer-requests", asked, found, self._on_error)

    @Slot(object)
    def _on_commit(self, changes: ChangeSet) -> None:
        super()._on_commit(changes)
        task = self._task()
        if task is not None and task.case in changes.cases and self._case is not None:
            self._ask_view(self._case)  # what is asked stands in the other case

    def _on_requests(self, case: CaseId, found: tuple[Request, ...]) -> None:
        if case == self._case:
            self._requests = found
            self._refresh()

    def _about(self) -> tuple[Request, ...]:
        """What was asked on this very case, or to open it."""
        return tuple(one for one in self._requests if self._case in (one.case, one.opened))

    def _task(self) -> Request | None:
        """What this case was opened to ask; None where it is a customer’s."""
        return next((one for one in self._about() if one.opened == self._case), None)

    def _others(self) -> tuple[Department, ...]:
        """Who may be asked: everybody but one’s own."""
        directory = self._services.directory
        here = directory.me().department
        return tuple(one for one in directory.departments() if one.id != here)

    def _other(self, number: DepartmentId) -> Department | None:
        """A department; None where one is in it oneself, or it is no more."""
        return next((one for one in self._others() if one.id == number), None)

    def _helper(self) -> Department | None:
        """Who knows how to promote."""
        return self._other(MARKETING)

    @Slot(object)
    def _asked(self, request: Request) -> None:
        if request.case == self._case:
            name = self._department(request.department).name
            self._strip.say(asked_words(request.ask, name))
        self.acted_on.emit(request.case)

    def _department(self, number: DepartmentId) -> Department:
        return self._services.directory.department(number)

    # taking over what was drafted

    def _draft(self, text: str) -> Draft:
        return replace(super()._draft(text), co_draft=self._current().co_draft)

    @Slot(object)
    def _use_draft(self, along: Along) -> None:
        """One step of undo, so that Ctrl+Z in the field brings back what stood there."""
        self._tabs.choose(Mode.REPLY)
        self._edit.setFocus()
        cursor = self._edit.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(along.text)
        self._current().co_draft = along.event
        self._refresh()

    @Slot(object)
    def _comment_on(self, along: Along) -> None:
        from app.ui.dialogs.asking import Words, WordsSheet

        words = Words(
            f"Comment on {along.department.name}’s draft",
            "Comment",
            "What should be different, or what is good",
            "Comment",
        )
        comment = partial(self._services.requests.comment, along.event)
        sheet = WordsSheet(self._bridge, self.window(), words, comment)
        sheet.open()

    # how it looks now

    def _show_together(self, *, note: bool) -> None:
        """The newest draft."""
        self._co_draft.show_draft(None if note else self._newest(self._task()))

    def _newest(self, task: Request | None) -> Along | None:
        """The newest draft that no reply has taken up; not the one that is being sent."""
        asked = self._about() if task is None else (task,)
        drafts = [draft for one in asked for draft in one.drafts if draft.outbox is None]
        newest = max(drafts, key=lambda draft: draft.at_ms, default=None)
        taken: EventId | None = self._current().co_draft
        if newest is None or newest.event == taken:
            return None
        return self._along(newest, usable=task is None)

    def _along(self, draft: CoDraft, *, usable: bool) -> Along:
        name_of = self._services.directory.name_of
        return Along(
            draft.event,
            self._department(draft.department),
            name_of(draft.agent),
            draft.text,
            tuple(f"{name_of(one.agent)}: {one.text}" for one in draft.comments),
            usable,
        )
