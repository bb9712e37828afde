"""Taking pictures into a reply: chosen, pasted or dropped, read off the main thread."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from app.domain.errors import SeamlineError
from app.domain.ids import CaseId
from app.ui.views.composer_attachments import AttachmentStrip
from app.ui.views.composer_edit import GrowingEdit
from app.ui.views.composer_parts import Strip
from app.ui.views.composer_pictures import Picture, most_pictures, read_picture

if TYPE_CHECKING:
    from app.services.replies import ComposerView
    from app.ui.bridge import UiBridge

_KINDS = "Pictures (*.jpg *.jpeg *.png *.gif *.webp *.bmp *.tiff)"


class Attaching(QObject):
    """Puts pictures under the text they were given to.

    ``for_another``  (CaseId, Picture) it was read after its case had been left.
    ``failed``       (SeamlineError) it is no picture, or cannot be made to fit.
    """

    for_another = Signal(object, object)
    failed = Signal(object)

    def __init__(
        self, edit: GrowingEdit, attachments: AttachmentStrip, strip: Strip, bridge: UiBridge
    ) -> None:
        super().__init__(edit)
        self._edit = edit
        self._attachments = attachments
        self._strip = strip
        self._bridge = bridge
        self._case: CaseId | None = None
        self._setup: ComposerView | None = None
        edit.pictures.connect(self.attach)

    def attach_to(self, case: CaseId | None, setup: ComposerView | None) -> None:
        """The case that pictures are for from now on, and what its account takes."""
        self._case, self._setup = case, setup

    @Slot()
    def choose_files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self._edit, "Attach pictures", "", _KINDS)
        self.attach([Path(name) for name in names])

    @Slot(list)
    def attach(self, sources: list[Path | QImage]) -> None:
        """Read them, as many as the channel takes in one message."""
        if self._setup is None:
            return
        most = self._setup.capabilities.max_attachments
        room = max(0, most - len(self._attachments.pictures()))
        if len(sources) > room:
            self._strip.say(most_pictures(self._setup.channel, most), tone="warn")
        for source in sources[:room]:
            picture = read_picture(source, self._setup.limits)
            self._bridge.ask("", picture, partial(self._on_picture, self._case), self._on_error)

    def _on_picture(self, case: CaseId | None, picture: Picture) -> None:
        """It belongs to the case it was attached to, whatever is shown by now."""
        if case == self._case:
            self._attachments.add(picture)
        elif case is not None:
            self.for_another.emit(case, picture)

    def _on_error(self, error: SeamlineError) -> None:
        self.failed.emit(error)
