"""The rows of a small list to pick from, and how they are painted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.domain.ids import DepartmentId
from app.domain.records import dataclass
from app.ui.dialogs.palette_delegate import draw_marked
from app.ui.dialogs.palette_model import Marks, marks_of
from app.ui.models.listed_rows import ROW_ROLE, ListedRows
from app.ui.theme import icons, mirroring, painting, theme

Index = QModelIndex | QPersistentModelIndex

ROW = 36
_AVATAR = 24
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class PickRow:
    """One choice. ``value`` is what picking it means; ``checked`` None where nothing is ticked.

    What stands before the text: an avatar for ``person``, a tick box, or an icon.
    """

    value: object
    text: str
    detail: str = ""
    icon: str = ""
    person: str = ""
    department: DepartmentId | None = None
    checked: bool | None = None
    marks: Marks = ()

    @property
    def shown(self) -> str:
        return self.text

    @property
    def spoken(self) -> str:
        ticked = {None: "", True: "ticked", False: "not ticked"}[self.checked]
        return ", ".join(part for part in (self.text, self.detail, ticked) if part)


class PickModel(ListedRows[PickRow]):
    """The choices that fit what is typed: replaced as one types, changed in place when ticked."""

    def show(self, rows: Sequence[PickRow]) -> None:
        if [row.value for row in rows] == [row.value for row in self._rows]:
            self._rows = list(rows)
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        super().show(rows)


class PickDelegate(QStyledItemDelegate):
    """Paints ``PickRow`` values."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(100, theme().scaled(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: PickRow = index.data(ROW_ROLE)
        look = theme()
        box = QRectF(option.rect)
        painter.save()
        mirroring.mirror(painter, box)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if chosen or hovered:
            ground = look.colour("accent-tint" if chosen else "hover")
            painting.fill_rounded(painter, box, 7, ground)
        lead = QRectF(box.left() + 10, box.center().y() - _AVATAR / 2, _AVATAR, _AVATAR)
        self._paint_lead(painter, lead, row)
        right = box.right() - 12
        if row.detail:
            font = look.font("small", tabular=True)
            right -= painting.metrics(font).horizontalAdvance(row.detail)
            painter.setFont(font)
            painter.setPen(look.colour("text-3"))
            place = QRectF(right, box.top(), box.right() - right, box.height())
            mirroring.draw_words(painter, place, _MIDDLE, row.detail)
            if row.department is not None:
                right -= 12
                at = QPointF(right + 3.5, box.center().y())
                painting.draw_dot(painter, at, 7, look.department_colour(row.department))
        left = lead.right() + 10
        area = QRectF(left, box.top(), right - 10 - left, box.height())
        draw_marked(painter, area, row.text, row.marks, weight=400, colour=look.colour("text"))
        painter.restore()

    @staticmethod
    def _paint_lead(painter: QPainter, place: QRectF, row: PickRow) -> None:
        look = theme()
        if row.person:
            painting.draw_avatar(painter, place, row.person)
        elif row.checked is not None:
            tick = place.adjusted(4, 4, -4, -4)
            if row.checked:
                painting.fill_rounded(painter, tick, 4.5, look.colour("accent"))
                inner = tick.adjusted(2, 2, -2, -2)
                icons.draw(painter, "check", inner, look.colour("on-accent"), stroke=3)
            else:
                painting.outline_rounded(painter, tick, 4.5, look.colour("line-field"), 1.25)
        elif row.icon:
            icons.draw(painter, row.icon, place.adjusted(4, 4, -4, -4), look.colour("text-2"))


def fits(text: str, typed: str) -> bool:
    """Whether every typed word begins a word of the text."""
    words = text.lower().split()
    return all(any(word.startswith(part) for word in words) for part in typed.lower().split())


def typed_marks(typed: str, text: str) -> Marks:
    return marks_of(typed, text) if typed.strip() else ()
