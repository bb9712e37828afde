"""A small sheet with a field and a list: type a little, press Enter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListView, QVBoxLayout, QWidget

from app.domain.errors import SeamlineError
from app.ui.dialogs.parts import announce, text_label
from app.ui.dialogs.pick_model import ROW, PickDelegate, PickModel, PickRow
from app.ui.dialogs.sheet import Sheet
from app.ui.theme import icons, mirroring, theme

_WIDTH = 400
_MOST_ROWS = 9


class PickSheet(Sheet):
    """The base of assign, tag and snooze: subclasses give the rows and act on the one picked."""

    def __init__(self, parent: QWidget, *, title: str, hint: str) -> None:
        super().__init__(parent, title=title, width=_WIDTH)
        head = QWidget(self.card)
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 12, 16, 4)
        self.heading = text_label(title, "small", weight=600, colour="text-2", parent=head)
        row.addWidget(self.heading)
        self.column.addWidget(head)
        line = _FieldLine(self.card)
        row = QHBoxLayout(line)
        row.setContentsMargins(16, 0, 16, 0)
        self.field = QLineEdit(line)
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(hint)
        self.field.setTextMargins(*mirroring.sides(22, 0, 0, 0))
        self.field.setFixedHeight(34)
        self.field.textChanged.connect(self.refresh)
        self.field.installEventFilter(self)
        row.addWidget(self.field)
        line.setFixedHeight(40)
        self.column.addWidget(line)
        self.model = PickModel(self)
        self.list = _List(self.card)
        self.list.setModel(self.model)
        self._delegate = PickDelegate(self)
        self.list.setItemDelegate(self._delegate)
        self.list.setAccessibleName(title)
        self.list.clicked.connect(self._clicked)
        body = QVBoxLayout()
        body.setContentsMargins(8, 4, 8, 8)
        body.addWidget(self.list)
        self.column.addLayout(body)
        self.note = text_label("", "small", colour="text-3", parent=self.card)
        self.note.setContentsMargins(16, 0, 16, 12)
        self.note.setWordWrap(True)
        self.note.setVisible(False)
        self.column.addWidget(self.note)

    # for subclasses

    def rows(self, typed: str) -> Sequence[PickRow]:
        """The choices for what is typed."""
        raise NotImplementedError

    def pick(self, row: PickRow) -> None:
        """Do what a choice means."""
        raise NotImplementedError

    def first_focus(self) -> QWidget:
        return self.field

    @Slot()
    def refresh(self) -> None:
        """List the choices again; the first is at hand, or the one that was."""
        here = self.list.currentIndex()
        value = self.model.row(here.row()).value if here.isValid() else None
        rows = self.rows(self.field.text().strip())
        self.model.show(rows)
        again = next((n for n, row in enumerate(rows) if row.value == value), 0)
        if rows:
            self.list.setCurrentIndex(self.model.index(again))
        self.list.updateGeometry()

    def say(self, sentence: str, *, wrong: bool = False) -> None:
        """A sentence under the list; "" for none."""
        self.note.setText(sentence)
        self.note.set_colour("danger" if wrong else "text-3")
        self.note.setVisible(bool(sentence))
        if wrong:
            announce(self.note, sentence)

    @Slot(object)
    def refused(self, error: SeamlineError) -> None:
        """Say why a decision was not taken, and stay open."""
        self.say(str(error), wrong=True)

    # keys and pointer

    def submit(self) -> None:
        self._pick_current()

    @Slot(QModelIndex)
    def _clicked(self, _index: QModelIndex) -> None:
        self._pick_current()

    def _pick_current(self) -> None:
        index = self.list.currentIndex()
        if index.isValid():
            self.pick(self.model.row(index.row()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.field
            and event.type() is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
        ):
            here, count = self.list.currentIndex().row(), self.model.rowCount()
            if event.key() == Qt.Key.Key_Down and count:
                self.list.setCurrentIndex(self.model.index((here + 1) % count))
                return True
            if event.key() == Qt.Key.Key_Up and count:
                self.list.setCurrentIndex(self.model.index((here - 1) % count))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._pick_current()
                return True
        return super().eventFilter(watched, event)


class _List(QListView):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the field keeps the keyboard
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)

    def sizeHint(self) -> QSize:
        model = self.model()
        rows = min(_MOST_ROWS, model.rowCount()) if model is not None else 0
        return QSize(200, theme().scaled(ROW) * rows)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class _FieldLine(QWidget):
    """Holds the field; the lens is painted over its left margin by the field's parent."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._lens = _Lens(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        place = mirroring.mirrored_rect(QRectF(26, 12, 16, 16), 0, self.width())
        self._lens.move(place.topLeft().toPoint())

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]  # handed on as it came
        self._lens.raise_()


class _Lens(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(16, 16)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.draw(painter, "search", QRectF(self.rect()), theme().colour("text-3"))
