"""One picture of a message, as large as it is kept: who sent it, what it shows, and saving it."""

from __future__ import annotations

import os
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, QSizeF, QStandardPaths, Qt, Slot
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import BadInput, SeamlineError
from app.domain.interactions import Media
from app.domain.pictures import Thumbnail
from app.domain.views import InteractionItem
from app.ui.bridge import UiBridge
from app.ui.dialogs.controls import ScrollBody
from app.ui.dialogs.parts import announce, icon_button, text_label
from app.ui.dialogs.sheet import Sheet
from app.ui.theme import formats, painting, theme
from app.ui.timeline.decoding import picture_of, workers
from app.ui.timeline.wording import full_time

if TYPE_CHECKING:
    from app.services.pictures import Pictures

_WIDTH = 860
_HEIGHT = 720
_WORDS = 76
"""The room of description and sender under the picture; a longer description scrolls."""


class PictureSheet(Sheet):
    """Shows the pictures of one message that are here, one at a time; ← and → go through them.

    Nothing is loaded from outside, no other program is started, and what is saved gets a name of
    ours.
    """

    def __init__(
        self,
        pictures: Pictures,
        bridge: UiBridge,
        parent: QWidget,
        item: InteractionItem,
        *,
        shown: tuple[Media, ...],
        start: int = 0,
    ) -> None:
        """``shown`` are the pictures of ``item`` that are here; ``start`` is the first to show."""
        super().__init__(parent, title="Picture", width=_WIDTH, height=_HEIGHT)
        self._pictures = pictures
        self._bridge = bridge
        self._item = item
        self._shown = shown
        self._at = start
        self._thumbnail: Thumbnail | None = None
        self._title, self._which = self.add_header("Picture")
        self.view = _View(self.card)
        middle = QHBoxLayout()
        middle.setContentsMargins(12, 0, 12, 0)
        self._earlier = icon_button("chevron-left", "Picture before", self.card)
        self._later = icon_button("chevron-right", "Next picture", self.card)
        self._earlier.clicked.connect(self.go_back)
        self._later.clicked.connect(self.go_on)
        middle.addWidget(self._earlier)
        middle.addWidget(self.view, 1)
        middle.addWidget(self._later)
        self.column.addLayout(middle, 1)
        self._build_words()
        self._footer = self.add_footer("Save as…", cancel="Close")
        self._show()

    def _build_words(self) -> None:
        body = QWidget(self.card)
        words = QVBoxLayout(body)
        words.setContentsMargins(22, 10, 22, 10)
        words.setSpacing(3)
        self.description = text_label("", "body", parent=body)
        self.description.setWordWrap(True)
        who = self._item.author or self._item.handle
        handle = "" if self._item.handle in ("", who) else f" · {self._item.handle}"
        sender = f"{who}{handle} · {full_time(self._item.at_ms)}"
        words.addWidget(self.description)
        words.addWidget(text_label(sender, "small", colour="text-2", elide=True, parent=body))
        words.addStretch(1)
        scroll: QScrollArea = ScrollBody(body, self.card)
        scroll.setFixedHeight(theme().scaled(_WORDS))
        self.column.addWidget(scroll)

    def first_focus(self) -> QWidget:
        return self._footer.cancel

    # Going through them

    @Slot()
    def go_on(self) -> None:
        self._go(1)

    @Slot()
    def go_back(self) -> None:
        self._go(-1)

    def _go(self, by: int) -> None:
        if len(self._shown) > 1:
            self._at = (self._at + by) % len(self._shown)
            self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._go(1 if event.key() == Qt.Key.Key_Right else -1)
            event.accept()
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        media, many = self._shown[self._at], len(self._shown)
        which = f"{self._at + 1} of {many}" if many > 1 else ""
        self._which.setText(which)
        self._earlier.setVisible(many > 1)
        self._later.setVisible(many > 1)
        described = media.description or "The sender gave no description."
        self.description.setText(described)
        self.description.set_colour("text" if media.description else "text-3")
        self.view.show_image(None, media.description or "Picture without description")
        if which:
            announce(self.view, f"{which}: {described}")
        self._thumbnail = None
        self._footer.main.setEnabled(False)
        self._footer.say("")
        made = workers().submit(_read, self._pictures.kept(media.url))
        self._bridge.ask(f"picture-{id(self)}", made, self._came, self._failed)

    @Slot(object)
    def _came(self, read: tuple[Thumbnail, QImage]) -> None:
        self._thumbnail, image = read
        self._footer.main.setEnabled(True)
        self.view.show_image(image, self.view.accessibleName())

    @Slot(object)
    def _failed(self, error: SeamlineError) -> None:
        self._footer.say(str(error), wrong=True)

    # Saving

    def submit(self) -> None:
        """Save the picture where the agent says."""
        if self._thumbnail is None:
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        suggested = Path(folder) / file_name(self._item, self._at + 1)
        chosen, _ = QFileDialog.getSaveFileName(
            self, "Save picture", str(suggested), "Pictures (*.jpg)"
        )
        if chosen:
            written = workers().submit(_write, Path(chosen), self._thumbnail.body)
            self._bridge.ask("", written, self._saved, self._failed)

    @Slot(object)
    def _saved(self, path: Path) -> None:
        self._footer.say(f"Saved as {path.name}.")
        announce(self._footer.hint, f"Saved as {path.name}.")


class _View(QWidget):
    """The picture in the middle of its room, never larger than it is."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_image(self, image: QImage | None, name: str) -> None:
        self._image = image
        self.setAccessibleName(name)
        self.update()

    @property
    def image(self) -> QImage | None:
        return self._image

    def sizeHint(self) -> QSize:
        return QSize(400, 300)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        room = QRectF(self.rect())
        painting.fill_rounded(painter, room, 9, theme().colour("window"))
        if self._image is None:
            return
        size = QSizeF(self._image.size())
        if size.width() > room.width() or size.height() > room.height():
            size.scale(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(0, 0, size.width(), size.height())
        place.moveCenter(room.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self._image)


def file_name(item: InteractionItem, number: int) -> str:
    """A name for a saved picture that owes nothing to the outside: channel, time and number."""
    at = formats.local(item.at_ms)
    return f"{item.channel.label} {at:%Y-%m-%d %H.%M} picture {number}.jpg"


def _read(kept: Future[Thumbnail | None]) -> tuple[Thumbnail, QImage]:
    """On a decoding thread: wait for the reader, then decode."""
    thumbnail = kept.result()
    if thumbnail is None:
        raise BadInput(
            "The picture had to make room for others.", hint="Close this and show it again."
        )
    return thumbnail, picture_of(thumbnail)


def _write(path: Path, body: bytes) -> Path:
    try:
        # What a customer sent is for nobody else on this machine, unless the agent says so.
        with open(path, "wb", opener=_private) as file:
            file.write(body)
    except OSError as error:
        raise BadInput(
            f"{path.name} could not be written: {error.strerror}.",
            hint="Choose another folder, then save again.",
        ) from error
    return path


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
