"""The composer: where an agent answers a customer or leaves a note for the company."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.domain.ids import CaseId
from app.domain.outbox import OutboxItem
from app.domain.replies import taken_back
from app.ui.views.composer_answering import ComposerAnswering
from app.ui.views.composer_offers import templates
from app.ui.views.composer_parts import Mode
from app.ui.views.composer_unsent import Unsent
from app.ui.views.composer_visibility import wider_warning
from app.ui.views.composer_words import BOTH, earlier_remark, hint, text_without, without_words

if TYPE_CHECKING:
    from app.services.services import Services
    from app.ui.bridge import UiBridge


class Composer(ComposerAnswering):
    """Writes replies and notes for one case at a time: what others ask of it, and its looks."""

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget | None = None) -> None:
        super().__init__(services, bridge, parent)
        self._guarding.looked.connect(self._show_found)
        self._templates_button.clicked.connect(self.offer_templates)
        self._emoji_button.clicked.connect(self.choose_emoji)
        self._guide_button.clicked.connect(self.open_guide)
        self._bridge.connection_changed.connect(self._refresh)
        self._refresh()

    # what others call

    def show_case(self, case: CaseId | None) -> None:
        """Turn to another case; what was written for the last one is kept."""
        if case == self._case:
            return
        self._leave()
        self._case = case
        self._view, self._setup, self._beside = None, None, None
        self._requests, self._approver = (), None
        self._name, self._wanted = "", ""
        self._fill(self._drafts.open(case) if case is not None else Unsent())
        self._strip.say("")
        if case is not None:
            self._read_case(case)
        self._refresh()

    def focus_reply(self) -> None:
        """Go to the reply and take the keyboard."""
        self._tabs.choose(Mode.REPLY)
        self._edit.setFocus()

    def written(self) -> str:
        """What stands in the composer, unsent."""
        return self._edit.text

    def focus_note(self) -> None:
        """Go to the note and take the keyboard."""
        self._tabs.choose(Mode.NOTE)
        self._edit.setFocus()

    def next_misspelt(self) -> None:
        """Go to the next word no dictionary knows, with what may have been meant."""
        if not self._spelling.next_misspelt():
            self._edit.setFocus()
            self._strip.object_to("No word is marked as misspelt.")

    @Slot()
    def offer_templates(self) -> None:
        """The list that “/” opens in an empty reply."""
        if self._case is not None:
            self._tabs.choose(Mode.REPLY)
            beside = self._beside
            known = (beside.templates, beside.values) if beside is not None else ((), {})
            self._completing.offer(templates(*known))

    @Slot()
    def choose_emoji(self) -> None:
        """An emoji by its name, put in where the caret is."""
        if self._case is not None:
            from app.ui.dialogs.emoji import EmojiSheet

            self._edit.setFocus()  # the sheet gives the keyboard back to it
            sheet = EmojiSheet(self.window())
            sheet.chosen.connect(self._edit.insertPlainText)
            sheet.open()

    @Slot()
    def open_guide(self) -> None:
        """How the department that holds the case writes, and what the channel takes."""
        if self._view is not None:
            from app.ui.dialogs.guide import GuideSheet

            department = self._services.directory.department(self._view.state.department)
            guidelines = self._beside.guidelines if self._beside is not None else None
            GuideSheet(self.window(), department, self._setup, guidelines).open()

    def restore(self, item: OutboxItem) -> None:
        """Go on writing a reply that was taken back: text, pictures, warning, who may see it.

        It stands before whatever was begun since. The workspace has put both together already;
        what was typed a moment ago is added here. One that was approved waits for that again.
        """
        if item.case is None or self._was_approved(item):
            return
        if item.case != self._case or not self._current().read:
            self._drafts.forget(item.case)
            if item.case == self._case:
                self._drafts.read_kept(item.case)
            return
        self._keep()
        since = self._current().is_begun
        self._drafts.take_before(item.case, taken_back(item))
        self._tabs.choose(Mode.REPLY)
        self._fill(self._current())
        self._edit.setFocus()
        if since:
            self._strip.say(BOTH)
        self._wanted = item.target
        self._find_wanted()
        self._offer()
        self._drafts.keep(item.case)
        self._refresh()

    def answer_to(self, native_id: str) -> None:
        """Answer this message of the case rather than the customer's latest."""
        if self._case is None:
            return
        self._wanted = native_id
        self._current().visibility = None
        self._find_wanted()
        self.focus_reply()
        self._refresh()

    # how it looks now

    @Slot()
    def _refresh(self) -> None:
        note = self._tabs.mode() is Mode.NOTE
        inside = note or self._task() is not None  # colleagues read it, no customer
        online = self._services.syncing.connection().online
        setup = self._setup
        self._edit.setEnabled(self._case is not None)
        if self._edit.isReadOnly() != self._busy:
            self._edit.setReadOnly(self._busy)  # what leaves is what stands there
        self._templates_button.setVisible(not inside)
        self._templates_button.setEnabled(self._case is not None)
        self._emoji_button.setEnabled(self._case is not None)
        self._guide_button.setVisible(self._view is not None and not inside)
        self._edit.takes_pictures = setup is not None and not inside
        self._attaching.attach_to(self._case, setup)
        self._edit.setAccessibleName("Internal note" if note else self._reply_name(self._task()))
        self._edit.setPlaceholderText(
            hint(case=self._case, name=self._name, note=note, online=online)
        )
        self._picker.setVisible(setup is not None and not inside)
        can = setup.capabilities if setup is not None and not inside else None
        self._attach_button.setVisible(can is not None and can.max_attachments > 0)
        warns = can is not None and can.content_warning
        self._warning_button.setVisible(warns)
        self._warning.setVisible(warns and self._warning_button.isChecked())
        self._attachments.setVisible(not note and bool(self._attachments.pictures()))
        self._show_spelling(note=note)
        self._show_voice(note=note)
        self._show_remarks(note=inside)
        self._show_guidance(note=inside)
        length = self._length()
        self._counter.show_length(length, setup.limits.unit if setup is not None else "")
        self._overrun.show(over=length is not None and not length.fits)
        self._send_button.setText("Add note" if note else "Send" if online else "Queue")
        self._show_together(note=note)
        obstacle = self._obstacle()
        self._send_button.setEnabled(not obstacle)
        self._send_button.setToolTip(obstacle)

    def _show_spelling(self, *, note: bool) -> None:
        """A note is for colleagues, whatever the customer speaks."""
        view = self._view
        customer = view.customer if view is not None and not note else None
        self._spelling.write_to(customer, view.answer_language if view and customer else "")

    def _show_voice(self, *, note: bool) -> None:
        if note:
            self._voice.show_note()
        elif self._view is not None:
            department = self._services.directory.department(self._view.state.department)
            self._voice.show_department(department)
        else:
            self._voice.show_department(None)

    def _show_guidance(self, *, note: bool) -> None:
        """What a reply is judged by; a note by nothing."""
        beside = self._beside if not note else None
        visibility = self._picker.chosen() if beside is not None and self._setup else None
        self._guarding.write_to(beside, visibility, self._current().template)
        self._share.show_share(beside)
        self._show_found()

    @Slot()
    def _show_found(self) -> None:
        held, found = self._guarding.held, self._guarding.found
        left = bool(held) and bool(text_without(self._edit.text, found))
        self._guard_strip.hold_back(
            held,
            without_words(found) if left else "",
            self._helper(),
            later=self._guarding.can_wait,
        )
        self._remarks.show_concerns(self._guarding.concerns)

    def _show_remarks(self, *, note: bool) -> None:
        """The two standing remarks: a wider reply, and an answer to an earlier message."""
        answered = None if note else self._answered()
        warning = earlier = ""
        if answered is not None and self._setup is not None:
            warning = wider_warning(self._picker.chosen(), answered.visibility)
        if answered is not None and self._view is not None:
            earlier = earlier_remark(answered, self._view.answer_to, self._name)
        if warning:
            self._strip.say(warning, tone="warn", action="Keep it narrow")
        elif self._strip.action.text():
            self._strip.say("")
        self._answering.say(earlier, action="Answer the latest" if earlier else "")
