"""Keeps what is being written at every pause in typing, so that it outlives the program."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.domain.errors import SeamlineError
from app.domain.ids import CaseId
from app.domain.outbox import Attachment
from app.domain.replies import Written
from app.ui.views.composer_pictures import Picture, restore_picture
from app.ui.views.composer_unsent import Unsent

if TYPE_CHECKING:
    from app.services.replies import Replies
    from app.ui.bridge import UiBridge

PAUSE_MS = 600


class DraftKeeper(QObject):
    """What is unsent, case by case; it goes into the workspace when the typing rests.

    ``read``     (CaseId) a kept draft has been put before what was typed.
    ``kept``     (CaseId) what is written for a case is in the workspace.
    ``arrived``  (CaseId, Picture) the preview of a kept picture has been made.
    ``failed``   (SeamlineError) it could not be kept or read.
    """

    read = Signal(object)
    kept = Signal(object)
    arrived = Signal(object, object)
    failed = Signal(object)

    def __init__(self, replies: Replies, bridge: UiBridge, parent: QObject) -> None:
        super().__init__(parent)
        self._replies = replies
        self._bridge = bridge
        self._unsent: dict[CaseId, Unsent] = {}
        self._leaving: dict[CaseId, bool] = {}
        self._keeping: Counter[CaseId] = Counter()
        self._to_read: set[CaseId] = set()
        self._touched: CaseId | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._paused)

    def of(self, case: CaseId) -> Unsent:
        return self._unsent.setdefault(case, Unsent())

    def open(self, case: CaseId) -> Unsent:
        """What is unsent of a case that is turned to; the kept draft follows as ``read``.

        Nothing in hand means that the workspace is asked again: a reply may have been taken back
        elsewhere since.
        """
        unsent = self.of(case)
        if unsent.read and not unsent.written().is_empty:
            return unsent
        unsent.read = False
        self.read_kept(case)
        return unsent

    def read_kept(self, case: CaseId) -> None:
        """Ask the workspace for the draft of a case; a newer question replaces an older one.

        Not before it has what is on its way there: what was sent or deleted would come back.
        """
        if self._keeping[case]:
            self._to_read.add(case)
            return
        asked = self._replies.draft(case)
        self._bridge.ask("composer-draft", asked, partial(self._take, case), self._fail)

    def touch(self, case: CaseId) -> None:
        """Something was written: it is kept when the typing rests."""
        self._touched = case
        self._pause.start()

    def leave(self, case: CaseId) -> None:
        """The case is left: keep now what the pause would have kept."""
        if self._pause.isActive() and self._touched == case:
            self.keep(case)
        self._to_read.discard(case)
        if not self.of(case).read:
            self.forget(case)

    def keep(self, case: CaseId) -> None:
        """Hand what is written to the workspace."""
        if self._touched == case:
            self._pause.stop()
            self._touched = None
        if case in self._leaving:
            self._leaving[case] = True
            return
        unsent = self.of(case)
        written = unsent.written()
        saved = self._replies.save_draft(case, written, seen=unsent.read, known=unsent.known)
        unsent.known = written.words if unsent.read else None
        self._keeping[case] += 1
        self._bridge.ask("", saved, partial(self._kept, case), partial(self._not_kept, case))

    def leaves(self, case: CaseId) -> None:
        """What is written is about to be sent: it is kept first, for it may not get away.

        Until ``sent`` or ``stays`` nothing more is: written behind the message, its text would be
        a draft again when it has left.
        """
        if self._pause.isActive() and self._touched == case:
            self.keep(case)
        self._leaving.setdefault(case, False)

    def stays(self, case: CaseId) -> None:
        """It did not get away, or not all of it: keep what had to wait."""
        if self._leaving.pop(case, False):
            self.keep(case)

    def forget(self, case: CaseId) -> None:
        """Ask the workspace when the case is shown again; what it has is newer."""
        self._unsent.pop(case, None)

    def sent(self, case: CaseId) -> Unsent:
        """The reply is in the outbox, and its draft gone with it."""
        self._leaving.pop(case, None)
        if self._touched == case:
            self._pause.stop()
            self._touched = None
        self._unsent[case] = Unsent(note=self.of(case).note, read=True)
        return self._unsent[case]

    def take_before(self, case: CaseId, earlier: Written) -> None:
        """Let something stand before what is unsent, and make the previews of its pictures."""
        unsent = self.of(case)
        coming = unsent.coming
        unsent.take_before(earlier)
        unsent.known = None
        for picture in unsent.coming:
            if picture not in coming:
                done = partial(self._previewed, case, picture)
                self._bridge.ask("", restore_picture(picture), done, self._fail)

    def _take(self, case: CaseId, kept: Written) -> None:
        unsent = self.of(case)
        if unsent.read:
            return
        self.take_before(case, kept)
        unsent.read, unsent.known = True, kept.words
        self.read.emit(case)

    def _previewed(self, case: CaseId, attachment: Attachment, picture: Picture) -> None:
        unsent = self._unsent.get(case)
        if unsent is None or attachment not in unsent.coming:
            return
        unsent.coming = tuple(one for one in unsent.coming if one != attachment)
        unsent.pictures = (*unsent.pictures, picture)
        self.arrived.emit(case, picture)

    @Slot()
    def _paused(self) -> None:
        case = self._touched
        if case is None:
            return
        if self.of(case).read:
            self.keep(case)
        else:
            self._pause.start()  # the kept draft is on its way, and has to be known first

    def _fail(self, error: SeamlineError) -> None:
        self.failed.emit(error)

    def _kept(self, case: CaseId, theirs: Written | None) -> None:
        self._no_longer_kept(case)
        if theirs is None:
            self.kept.emit(case)
            return
        # Another window has kept something else meanwhile: both stand here now, theirs first.
        unsent = self.of(case)
        self.take_before(case, theirs)
        unsent.read, unsent.known = True, theirs.words
        self.read.emit(case)
        self.keep(case)

    def _not_kept(self, case: CaseId, error: SeamlineError) -> None:
        self._no_longer_kept(case)
        self.of(case).known = None
        self._fail(error)

    def _no_longer_kept(self, case: CaseId) -> None:
        self._keeping[case] -= 1
        if not self._keeping[case] and case in self._to_read:
            self._to_read.remove(case)
            self.read_kept(case)
