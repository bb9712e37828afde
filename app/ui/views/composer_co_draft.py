"""What another department wrote along: the strip that says what is asked, the draft that came."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.departments import Department
from app.domain.ids import EventId
from app.domain.records import dataclass
from app.ui.dialogs.parts import announce, button, text_label
from app.ui.plain_tip import plain_tip
from app.ui.theme import mirroring, painting, theme

_MOST: Final = 260
"""Letters of a draft that are shown; the whole of it stands in the timeline."""
_SIDE: Final = 13


class Dot(QWidget):
    """The dot of a department, beside words that name it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(8, 8)
        self._department: Department | None = None
        self.hide()

    def show_department(self, department: Department | None) -> None:
        self._department = department
        self.setVisible(department is not None)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._department is not None:
            colour = theme().department_colour(self._department.id)
            painting.draw_dot(QPainter(self), QRectF(self.rect()).center(), 7, colour)


@dataclass(frozen=True, slots=True)
class Along:
    """A draft as it is shown: ``comments`` are whole lines; ``usable`` where a reply is written."""

    event: EventId
    department: Department
    writer: str
    text: str
    comments: tuple[str, ...]
    usable: bool


class CoDraftCard(QWidget):
    """“Marketing drafted this”, its words, what was said of it, and what to do with it.

    ``used``, ``commented``  (an ``Along``) its button was pressed.
    """

    used = Signal(object)
    commented = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._along: Along | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(*mirroring.sides(_SIDE, 5, 6, 7))
        outer.setSpacing(3)
        head = QHBoxLayout()
        head.setSpacing(8)
        self._dot = Dot(self)
        self._head = text_label("", "snippet", weight=600, elide=True, parent=self)
        self.use = button("Use it", small=True, parent=self)
        self.use.clicked.connect(self._use)
        self.comment = button("Comment…", kind="quiet", small=True, parent=self)
        self.comment.setAccessibleName("Comment on the draft")
        self.comment.clicked.connect(self._comment)
        head.addWidget(self._dot)
        head.addWidget(self._head, 1)
        head.addWidget(self.use)
        head.addWidget(self.comment)
        outer.addLayout(head)
        self._text = text_label("", "snippet", parent=self)
        self._comments = text_label("", "small", colour="text-2", parent=self)
        for label in (self._text, self._comments):
            label.setWordWrap(True)
            outer.addWidget(label)
        self.hide()

    def show_draft(self, along: Along | None) -> None:
        """None hides it."""
        if along == self._along:
            return
        before, self._along = self._along, along
        self.setVisible(along is not None)
        if along is None:
            return
        said = f"{along.department.name} drafted this"
        self._dot.show_department(along.department)
        self._head.setText(said)
        self._head.setToolTip(plain_tip(f"Written by {along.writer}"))
        self._text.setText(shortened(along.text))
        self._text.setToolTip(plain_tip(along.text))
        self._comments.setText("\n".join(along.comments))
        self._comments.setVisible(bool(along.comments))
        self.use.setVisible(along.usable)
        self.use.setAccessibleName(f"Use the draft of {along.department.name}")
        if before is None or before.event != along.event:
            announce(self._head, f"{said}: {along.text}")
        self.updateGeometry()
        self.update()

    @Slot()
    def _use(self) -> None:
        if self._along is not None:
            self.used.emit(self._along)

    @Slot()
    def _comment(self) -> None:
        if self._along is not None:
            self.commented.emit(self._along)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), theme().colour("hover"))


def shortened(text: str) -> str:
    """The beginning of a text, whole words, with a sign that there is more."""
    if len(text) <= _MOST:
        return text
    return f"{text[:_MOST].rsplit(maxsplit=1)[0]} …"
