"""The composer: where an agent answers a customer or leaves a note for the company."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QTextCursor
from PySide6.QtWidgets import QWidget

from app.domain.errors import SeamlineError
from app.domain.events import Event
from app.domain.ids import CaseId
from app.domain.outbox import OutboxItem
from app.domain.replies import Draft, taken_back
from app.domain.templates import unfilled
from app.ui.dialogs.attempt import attempt
from app.ui.theme.formats import grouped
from app.ui.views.composer_attaching import Attaching
from app.ui.views.composer_case import ComposerCase
from app.ui.views.composer_completing import Completing
from app.ui.views.composer_edit import in_units
from app.ui.views.composer_guard import Guarding
from app.ui.views.composer_offers import Offer, Offers, offers, templates
from app.ui.views.composer_overrun import Overrun
from app.ui.views.composer_parts import Mode
from app.ui.views.composer_pictures import Picture
from app.ui.views.composer_spelling import Spelling
from app.ui.views.composer_unsent import Unsent
from app.ui.views.composer_visibility import wider_warning
from app.ui.views.composer_words import (
    BOTH,
    SAMPLE,
    earlier_remark,
    hint,
    text_without,
    without_words,
)

if TYPE_CHECKING:
    from app.connectors.base import Length
    from app.services.replies import ComposerView
    from app.services.services import Services
    from app.ui.bridge import UiBridge


class Composer(ComposerCase):
    """Writes replies and notes for one case at a time.

    ``sent``   a reply is in the outbox (its undo window runs).
    ``noted``  a note is in the ledger.
    """

    sent = Signal(object)
    noted = Signal(object)

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget | None = None) -> None:
        super().__init__(services, bridge, parent)
        self._busy = False
        self._filling = False
        self._overrun = Overrun(self._edit, self._fits)
        self._completing = Completing(self._edit, self._offers)
        self._attaching = Attaching(self._edit, self._attachments, self._strip, bridge)
        self._spelling = Spelling(self._edit, services.directory, bridge)
        self._guarding = Guarding(self._edit)
        self.setAcceptDrops(True)
        self._connect()
        self._refresh()

    def _connect(self) -> None:
        self._tabs.changed.connect(self._mode_changed)
        self._warning.textChanged.connect(self._changed)
        self._edit.textChanged.connect(self._changed)
        self._edit.submitted.connect(self._send)
        self._completing.taken.connect(self._on_taken)
        self._guarding.looked.connect(self._show_found)
        self._guard_strip.answered.connect(self._send_without)
        self._guard_strip.anyway.connect(self._ask_for_reason)
        self._attachments.changed.connect(self._changed)
        self._attach_button.clicked.connect(self._attaching.choose_files)
        self._attaching.for_another.connect(self._keep_picture)
        self._attaching.failed.connect(self._on_error)
        self._templates_button.clicked.connect(self.offer_templates)
        self._emoji_button.clicked.connect(self.choose_emoji)
        self._guide_button.clicked.connect(self.open_guide)
        self._warning_button.toggled.connect(self._toggle_warning)
        self._send_button.clicked.connect(self._send)
        self._drafts.read.connect(self._on_draft_read)
        self._drafts.kept.connect(self._on_draft_kept)
        self._drafts.arrived.connect(self._on_restored)
        self._drafts.failed.connect(self._on_error)
        self._bridge.connection_changed.connect(self._refresh)

    # what others call

    def show_case(self, case: CaseId | None) -> None:
        """Turn to another case; what was written for the last one is kept."""
        if case == self._case:
            return
        self._leave()
        self._case = case
        self._view, self._setup, self._beside = None, None, None
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
        what was typed a moment ago is added here.
        """
        if item.case is None:
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

    # writing

    def _put(self, text: str) -> None:
        self._filling = True
        self._edit.set_text(text)
        self._filling = False

    def _fill(self, unsent: Unsent) -> None:
        reply = self._tabs.mode() is Mode.REPLY
        text = unsent.text if reply else unsent.note
        if text != self._edit.text:
            self._put(text)
        self._filling = True
        self._set_warning(unsent.warning)
        self._attachments.set_pictures(unsent.pictures)
        self._filling = False

    def _keep(self) -> None:
        """Remember what stands in the fields for the case they belong to."""
        unsent = self._current()
        if self._tabs.mode() is Mode.NOTE:
            unsent.note = self._edit.text
        else:
            unsent.text = self._edit.text
            if not unsent.text.strip():
                unsent.template = None
        unsent.warning = self._warning.text() if self._warning_button.isChecked() else ""
        unsent.pictures = self._attachments.pictures()

    @Slot()
    def _changed(self) -> None:
        if self._filling:
            return
        self._strip.withdraw()
        self._keep()
        self._touch()
        self._refresh()

    def _offers(self, before: str) -> Offers | None:
        """What can be put in at the caret; nothing while the program fills the field."""
        if self._filling or self._busy:
            return None
        note = self._tabs.mode() is Mode.NOTE
        beside = self._beside
        return offers(
            before,
            note=note,
            colleagues=self._services.directory.agents(),
            versions=beside.templates if beside is not None else (),
            values=beside.values if beside is not None else None,
        )

    @Slot(object, int)
    def _on_taken(self, offer: Offer, begins: int) -> None:
        """Of a template, choose the first place nothing was known for, so that it is noticed."""
        if offer.template is None:
            return
        self._current().template = offer.template
        gap = next(iter(unfilled(offer.text)), None)
        if gap is not None:
            text, cursor = self._edit.text, self._edit.textCursor()
            cursor.setPosition(in_units(text, begins + gap[0]))
            cursor.setPosition(in_units(text, begins + gap[1]), QTextCursor.MoveMode.KeepAnchor)
            self._edit.setTextCursor(cursor)
        self._refresh()
        self._guarding.look()

    @Slot(object)
    def _on_draft_read(self, case: CaseId) -> None:
        if case == self._case:
            self._fill(self._current())
            self._offer()
            self._refresh()

    @Slot(object)
    def _on_draft_kept(self, case: CaseId) -> None:
        if case == self._case:
            self._saved.setText("Draft kept" if self._edit.text.strip() else "")

    def _leave(self) -> None:
        if self._case is not None:
            self._keep()
            self._drafts.leave(self._case)
        self._saved.setText("")

    @Slot(Mode)
    def _mode_changed(self, mode: Mode) -> None:
        """The field is shared: what stood in it belongs to the other mode."""
        unsent = self._current()
        if mode is Mode.NOTE:
            unsent.text = self._edit.text
        else:
            unsent.note = self._edit.text
        self._put(unsent.note if mode is Mode.NOTE else unsent.text)
        self._saved.setText("")
        self._edit.setFocus()
        self._refresh()
        self.update()

    @Slot(bool)
    def _toggle_warning(self, on: bool) -> None:
        self._warning.setVisible(on)
        if on and not self._filling:
            self._warning.setFocus()
        self._changed()

    def _set_warning(self, text: str) -> None:
        self._warning.setText(text)
        self._warning_button.setChecked(bool(text))

    def hideEvent(self, event: QHideEvent) -> None:
        self._leave()
        super().hideEvent(event)

    # pictures

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Pictures may be dropped anywhere on the composer, not only on its text."""
        if self._edit.canInsertFromMimeData(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self._edit.insertFromMimeData(event.mimeData())
        event.acceptProposedAction()

    @Slot(object, object)
    def _on_restored(self, case: CaseId, picture: Picture) -> None:
        """It is among what is unsent already; here it is only shown."""
        if case == self._case:
            self._filling = True
            self._attachments.add(picture)
            self._filling = False
            self._refresh()

    @Slot(object, object)
    def _keep_picture(self, case: CaseId, picture: Picture) -> None:
        """It was attached to a case that has been left since, and belongs to that one."""
        unsent = self._drafts.of(case)
        unsent.pictures = (*unsent.pictures, picture)
        self._drafts.keep(case)

    # sending

    @Slot()
    def _send(self) -> None:
        """Send, unless something stands against it; promotions that wait are asked about."""
        obstacle = self._obstacle() or self._blocked()
        if self._case is None or obstacle:
            self._strip.object_to(obstacle)
        elif self._guarding.held:
            self._ask_without()
        else:
            self._hand_over()

    def _blocked(self) -> str:
        """Why the department does not send it like this, looked at anew."""
        self._guarding.look()
        return self._guarding.blocked

    def _hand_over(self, promotion_reason: str = "") -> None:
        case, text = self._case, self._edit.text.strip()
        if case is None:
            return
        if self._tabs.mode() is Mode.NOTE:
            self._busy = True
            self._drafts.leaves(case)
            noted = attempt(lambda: self._services.cases.note(case, text))
            self._bridge.ask("", noted, self._on_noted, partial(self._not_sent, case))
        elif self._services.directory.is_sample():
            self._strip.say(SAMPLE)
        else:
            self._busy = True
            self._drafts.leaves(case)
            draft = replace(self._draft(text), promotion_reason=promotion_reason)
            sent = attempt(lambda: self._services.replies.reply(case, draft))
            self._bridge.ask("", sent, self._on_sent, partial(self._not_sent, case))
        self._refresh()

    def _draft(self, text: str) -> Draft:
        """The reply as it is shown: to whom and how wide is said, not left to be looked up."""
        answered = self._answered()
        return Draft(
            text=text,
            visibility=self._picker.chosen(),
            warning=self._current().warning.strip(),
            attachments=self._attachments.attachments(),
            answer_to=answered.native_id if answered is not None else "",
            template=self._current().template,
        )

    @Slot()
    def _ask_for_reason(self) -> None:
        self._ask_without(reasons=True)

    def _ask_without(self, *, reasons: bool = False) -> None:
        from app.ui.dialogs.promotion import PromotionSheet

        self._guarding.look()
        found, held, text = self._guarding.found, self._guarding.held, self._edit.text
        if held:
            self._edit.setFocus()  # the sheet gives the keyboard back to it
            sheet = PromotionSheet(self.window(), text, found, held, reasons=reasons)
            sheet.without.connect(self._send_text)
            sheet.anyway.connect(self._send_anyway)
            sheet.open()

    @Slot()
    def _send_without(self) -> None:
        """The strip’s own answer."""
        self._guarding.look()
        if left := text_without(self._edit.text, self._guarding.found):
            self._send_text(left)

    @Slot(str)
    def _send_text(self, text: str) -> None:
        """Put what is left in place of what was written, as one step of undo, and send it."""
        cursor = self._edit.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self._send()

    @Slot(str)
    def _send_anyway(self, reason: str) -> None:
        obstacle = self._obstacle() or self._blocked()
        if obstacle:
            self._strip.object_to(obstacle)
        else:
            self._hand_over(reason)

    @Slot(object)
    def _on_sent(self, item: OutboxItem) -> None:
        self._busy = False
        case = item.case
        if case is not None:
            left = self._drafts.sent(case)
            if case == self._case:
                self._fill(left)
                self._strip.say("")
                self._answer_latest()
        self._saved.setText("")
        self._refresh()
        self.sent.emit(item)

    def _not_sent(self, case: CaseId, error: SeamlineError) -> None:
        """What could not be sent stays, and is kept."""
        self._busy = False
        self._drafts.stays(case)
        if case == self._case:
            self._touch()
        self._on_error(error)

    @Slot(object)
    def _on_noted(self, event: Event) -> None:
        self._busy = False
        case = CaseId(event.subject)
        self._drafts.of(case).note = ""
        self._drafts.stays(case)
        if case == self._case and self._tabs.mode() is Mode.NOTE:
            self._put("")
            self._strip.say("")
        self._refresh()
        self.noted.emit(event)

    # how it looks now

    def _length(self) -> Length | None:
        if self._setup is None or self._tabs.mode() is Mode.NOTE:
            return None
        return self._measured(self._setup, self._edit.text)

    def _measured(self, setup: ComposerView, beginning: str) -> Length:
        """The length of the message if it ended here; whom the whole of it names is not added."""
        named = setup.customer.casefold() in self._edit.text.casefold()
        return self._services.replies.measure(
            setup.channel,
            beginning.strip(),
            setup.limits,
            mention="" if named else setup.customer,
            warning=self._warning.text() if self._warning_button.isChecked() else "",
        )

    def _fits(self, beginning: str) -> bool:
        return self._setup is None or self._measured(self._setup, beginning).fits

    def _obstacle(self) -> str:
        """Why the main button cannot be used now; "" when it can."""
        if self._case is None:
            return "Choose a conversation first."
        note = self._tabs.mode() is Mode.NOTE
        if self._busy or (not note and (self._setup is None or self._answered() is None)):
            return "Just a moment."
        if not note and (self._wanted or self._current().coming):
            return "Just a moment."
        length = self._length()
        if length is not None and not length.fits:
            return f"Too long by {grouped(-length.left)}. Shorten it to send it."
        if not self._edit.text.strip() and (note or not self._attachments.pictures()):
            return "Write something first."
        gap = next(iter(unfilled(self._edit.text)), None) if not note else None
        if gap is not None:
            return f"Write what belongs in place of {self._edit.text[slice(*gap)]}."
        return ""

    @Slot()
    def _refresh(self) -> None:
        note = self._tabs.mode() is Mode.NOTE
        online = self._services.syncing.connection().online
        setup = self._setup
        self._edit.setEnabled(self._case is not None)
        if self._edit.isReadOnly() != self._busy:
            self._edit.setReadOnly(self._busy)  # what leaves is what stands there
        self._templates_button.setVisible(not note)
        self._templates_button.setEnabled(self._case is not None)
        self._emoji_button.setEnabled(self._case is not None)
        self._guide_button.setVisible(self._view is not None and not note)
        self._edit.takes_pictures = setup is not None and not note
        self._attaching.attach_to(self._case, setup)
        self._edit.setAccessibleName("Internal note" if note else "Reply")
        self._edit.setPlaceholderText(
            hint(case=self._case, name=self._name, note=note, online=online)
        )
        self._picker.setVisible(setup is not None and not note)
        can = setup.capabilities if setup is not None and not note else None
        self._attach_button.setVisible(can is not None and can.max_attachments > 0)
        warns = can is not None and can.content_warning
        self._warning_button.setVisible(warns)
        self._warning.setVisible(warns and self._warning_button.isChecked())
        self._attachments.setVisible(not note and bool(self._attachments.pictures()))
        self._show_spelling(note=note)
        self._show_voice(note=note)
        self._show_remarks(note=note)
        self._show_guidance(note=note)
        length = self._length()
        self._counter.show_length(length, setup.limits.unit if setup is not None else "")
        self._overrun.show(over=length is not None and not length.fits)
        self._send_button.setText("Add note" if note else "Send" if online else "Queue")
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
        self._guard_strip.hold_back(held, without_words(found) if left else "")
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
