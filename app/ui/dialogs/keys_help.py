"""Every key of the console, in one sheet."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.ui.dialogs.controls import ScrollBody
from app.ui.dialogs.key_strokes import draw_strokes
from app.ui.dialogs.pick_model import fits
from app.ui.dialogs.sheet import Sheet
from app.ui.theme import mirroring, painting, theme

_WIDTH = 640
_ROW = 28
_COLUMNS = 2


class KeysHelp(Sheet):
    """A table of (keys, what they do), in two columns, found by typing."""

    def __init__(self, parent: QWidget, table: Sequence[tuple[str, str]]) -> None:
        super().__init__(parent, title="All keys", width=_WIDTH)
        self.add_header("All keys", "Letters act outside text fields")
        self._field = QLineEdit(self.card)
        self._field.setPlaceholderText("Find a key")
        self._field.setAccessibleName("Find a key")
        self._field.textChanged.connect(self._filter)
        holder = QVBoxLayout()
        holder.setContentsMargins(22, 0, 22, 10)
        holder.addWidget(self._field)
        self.column.addLayout(holder)
        self._all = tuple(table)
        self._grid = _KeyGrid(self.card)
        self._grid.show_keys(self._all)
        self.column.addWidget(ScrollBody(self._grid, self.card), 1)
        self.column.addSpacing(14)

    def first_focus(self) -> QWidget:
        return self._field

    def shown(self) -> list[tuple[str, str]]:
        """What is listed now."""
        return list(self._grid.keys)

    @Slot(str)
    def _filter(self, typed: str) -> None:
        wanted = typed.strip()
        self._grid.show_keys(
            tuple(
                (keys, text)
                for keys, text in self._all
                if fits(text, wanted) or keys.lower() == wanted.lower()
            )
        )


class _KeyGrid(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.keys: tuple[tuple[str, str], ...] = ()

    def show_keys(self, keys: tuple[tuple[str, str], ...]) -> None:
        self.keys = keys
        self.setAccessibleName("; ".join(f"{text}: {key}" for key, text in keys))
        self.updateGeometry()
        self.update()

    def _rows(self) -> int:
        return -(-len(self.keys) // _COLUMNS)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, theme().scaled(_ROW) * max(1, self._rows()))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = theme()
        mirroring.mirror(painter, QRectF(self.rect()))
        height = look.scaled(_ROW)
        wide = (self.width() - 44 - 28) / _COLUMNS
        rows = max(1, self._rows())
        for number, (keys, text) in enumerate(self.keys):
            left = 22 + (number // rows) * (wide + 28)
            top = (number % rows) * height
            right = left + wide
            right = draw_strokes(painter, right, QRectF(left, top, wide, height), keys)
            font = look.font("body")
            painter.setFont(font)
            painter.setPen(look.colour("text"))
            room = right - left - 10
            box = QRectF(left, top, room, height)
            shown = painting.elided(text, font, room)
            mirroring.draw_words(painter, box, Qt.AlignmentFlag.AlignVCenter, shown)
