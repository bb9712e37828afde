"""What stands in the fields of the composer: of which case, in which tab, kept as it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QTextCursor
from PySide6.QtWidgets import QWidget

from app.domain.changes import ChangeSet
from app.domain.ids import CaseId
from app.domain.templates import unfilled
from app.ui.views.composer_attaching import Attaching
from app.ui.views.composer_case import ComposerCase
from app.ui.views.composer_completing import Completing
from app.ui.views.composer_edit import in_units
from app.ui.views.composer_guard import Guarding
from app.ui.views.composer_offers import Offer, Offers, offers
from app.ui.views.composer_overrun import Overrun
from app.ui.views.composer_parts import Mode
from app.ui.views.composer_pictures import Picture
from app.ui.views.composer_spelling import Spelling
from app.ui.views.composer_unsent import Unsent

if TYPE_CHECKING:
    from app.connectors.base import Length
    from app.services.replies import ComposerView
    from app.services.services import Services
    from app.ui.bridge import UiBridge


class ComposerWriting(ComposerCase):
    """Fills the fields, keeps what is written in them, and looks at it while it is written."""

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
        self._tabs.changed.connect(self._mode_changed)
        self._warning.textChanged.connect(self._changed)
        self._warning_button.toggled.connect(self._toggle_warning)
        self._edit.textChanged.connect(self._changed)
        self._completing.taken.connect(self._on_taken)
        self._attachments.changed.connect(self._changed)
        self._attach_button.clicked.connect(self._attaching.choose_files)
        self._attaching.for_another.connect(self._keep_picture)
        self._attaching.failed.connect(self._on_error)
        self._drafts.read.connect(self._on_draft_read)
        self._drafts.kept.connect(self._on_draft_kept)
        self._drafts.arrived.connect(self._on_restored)
        self._drafts.failed.connect(self._on_error)

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
                unsent.template = unsent.co_draft = None
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

    @Slot(object)
    def _on_commit(self, changes: ChangeSet) -> None:
        """Where nothing is begun, what came back to the draft of the case is shown."""
        super()._on_commit(changes)
        case, unsent = self._case, self._current()
        nothing = unsent.visibility is None and unsent.written().is_empty
        if case in changes.cases and case is not None and nothing and not self._busy:
            self._drafts.open(case)

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

    # how long it is

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
