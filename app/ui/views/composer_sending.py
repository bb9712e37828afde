"""Sending what stands in the composer, or saying what stands against it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QWidget

from app.domain.errors import SeamlineError
from app.domain.events import Event
from app.domain.ids import CaseId
from app.domain.outbox import OutboxItem
from app.domain.replies import Draft
from app.domain.templates import unfilled
from app.ui.dialogs.attempt import attempt
from app.ui.theme.formats import grouped
from app.ui.views.composer_parts import Mode
from app.ui.views.composer_words import SAMPLE, WENT_ON, text_without
from app.ui.views.composer_writing import ComposerWriting

if TYPE_CHECKING:
    from app.services.services import Services
    from app.ui.bridge import UiBridge


class ComposerSending(ComposerWriting):
    """Hands the reply to the outbox and the note to the ledger; promotions that wait are asked
    about first.

    ``sent``   a reply is in the outbox (its undo window runs).
    ``noted``  a note is in the ledger.
    ``kept``   a reply waits until the case is closed: the event in the ledger that says so.
    """

    sent = Signal(object)
    noted = Signal(object)
    kept = Signal(object)

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget | None = None) -> None:
        super().__init__(services, bridge, parent)
        self._edit.submitted.connect(self._send)
        self._send_button.clicked.connect(self._send)
        self._guard_strip.without.connect(self._send_without)
        self._guard_strip.anyway.connect(self._ask_for_reason)
        self._guard_strip.later.connect(self.send_when_closed)

    @Slot()
    def send_when_closed(self) -> None:
        """Keep what is written until the cases of the customer are closed."""
        case = self._case
        if case is None:
            return
        if self._tabs.mode() is Mode.NOTE:
            self._strip.object_to("A note is kept at once. Only a reply can wait.")
            return
        if obstacle := self._obstacle() or self._blocked():
            self._strip.object_to(obstacle)
            return
        if self._services.directory.is_sample():
            self._strip.say(SAMPLE)
            return
        self._busy = True
        self._drafts.leaves(case)
        draft = self._draft(self._edit.text.strip())
        kept = attempt(lambda: self._services.replies.send_when_closed(case, draft))
        self._bridge.ask("", kept, self._on_postponed, partial(self._not_sent, case))
        self._refresh()

    @Slot()
    def _send(self) -> None:
        """Send, unless something stands against it; promotions that wait are asked about."""
        obstacle = self._obstacle() or self._blocked()
        if self._case is None or obstacle:
            self._strip.object_to(obstacle)
        elif self._tabs.mode() is Mode.REPLY and (crossed := self._crossed()):
            self._strip.object_to(crossed)
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
            can_wait = self._guarding.can_wait
            sheet = PromotionSheet(
                self.window(), text, found, held, reasons=reasons, can_wait=can_wait
            )
            still = partial(self._still, self._case)
            sheet.later.connect(partial(still, self.send_when_closed))
            sheet.without.connect(partial(still, self._send_text))
            sheet.anyway.connect(partial(still, self._send_anyway))
            sheet.open()

    def _still(self, case: CaseId | None, send: Callable[..., None], *said: str) -> None:
        """What a sheet was told is for the case that it was asked on; the list may have gone on."""
        if case == self._case:
            send(*said)
        else:
            self._strip.object_to(WENT_ON)

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
        assert item.case is not None, "a reply belongs to a case"
        self._gone(item.case)
        self.sent.emit(item)

    @Slot(object)
    def _on_postponed(self, event: Event) -> None:
        self._gone(CaseId(event.subject))
        self.kept.emit(event)

    def _gone(self, case: CaseId) -> None:
        """The reply stands no longer here."""
        self._busy = False
        left = self._drafts.sent(case)
        if case == self._case:
            self._fill(left)
            self._strip.say("")
            self._answer_latest()
        self._saved.setText("")
        self._refresh()

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
