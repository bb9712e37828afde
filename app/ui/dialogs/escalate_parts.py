"""Pieces of the escalate sheet: the join of two departments, and a department to choose."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.domain.cases import Urgency
from app.domain.departments import Department
from app.domain.sla import USUAL, SlaPolicy, policy_for
from app.ui.dialogs.controls import Choice, Segmented
from app.ui.dialogs.parts import draw_focus
from app.ui.theme import formats, icons, mirroring, painting, theme

URGENCIES = (Urgency.NORMAL, Urgency.HIGH, Urgency.CRITICAL)
"""In the order of ``urgency_choice``."""
_STITCHES = 4
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


def urgency_choice(parent: QWidget, promises: Iterable[SlaPolicy] = USUAL) -> Segmented:
    """How soon the customer is answered, each with the time that is promised as a rule."""
    promises = tuple(promises)
    choices = []
    for urgency in URGENCIES:
        policy = policy_for(promises, department=None, channel=None, urgency=urgency)
        target = policy.next_reply_ms
        words = f"within {formats.duration(target)}" if target is not None else "no promise"
        choices.append((urgency.name.capitalize(), words))
    return Segmented(choices, name="How soon?", parent=parent)


class JoinHeader(QWidget):
    """Two departments sewn together: who lets go at the left, who takes over at the right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(theme().scaled(44))
        self._origin: Department | None = None
        self._target: Department | None = None
        self._held = ""
        self._step = ""

    def show_join(
        self, origin: Department | None, held: str, target: Department | None, step: str
    ) -> None:
        """``held``: how long so far; ``step``: which step of the case begins."""
        self._origin, self._held, self._target, self._step = origin, held, target, step
        left = origin.name if origin else ""
        right = target.name if target else "nobody yet"
        self.setAccessibleName(f"From {left}, {held}, to {right}, {step}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirroring.mirror(painter, QRectF(self.rect()))
        half = self.width() / 2
        height = float(self.height())
        self._paint_half(painter, QRectF(0, 0, half, height), self._origin, self._held)
        right = QRectF(half, 0, self.width() - half, height)
        self._paint_half(painter, right, self._target, self._step, ends=True)
        colours = theme()
        painter.setPen(QPen(colours.colour("raised"), 2))
        painter.drawLine(QPointF(half, 0), QPointF(half, height))
        pen = QPen(colours.colour("text-2"), 2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        for stitch in range(_STITCHES):
            y = height * (6 + stitch * 9.8) / 44
            painter.drawLine(QPointF(half - 6, y + 1.5), QPointF(half + 6, y - 1.5))

    @staticmethod
    def _paint_half(
        painter: QPainter,
        area: QRectF,
        department: Department | None,
        detail: str,
        *,
        ends: bool = False,
    ) -> None:
        colours = theme()
        key = department.id if department else None
        painter.fillRect(area, colours.department_tint(key))
        centre = QPointF(area.left() + (22 if ends else 27), area.center().y())
        painting.draw_dot(painter, centre, 8, colours.department_colour(key))
        left = centre.x() + 13
        name = department.name if department else "Choose a department"
        strong = colours.font("snippet", 600)
        painter.setFont(strong)
        painter.setPen(colours.colour("text" if department else "text-2"))
        width = painting.metrics(strong).horizontalAdvance(name)
        place = QRectF(left, area.top(), width + 4, area.height())
        mirroring.draw_words(painter, place, _MIDDLE, name)
        painter.setFont(colours.font("snippet"))
        painter.setPen(colours.colour("text-2"))
        if ends:
            box = area.adjusted(0, 0, -22, 0)
            right = _MIDDLE | Qt.AlignmentFlag.AlignRight
            mirroring.draw_words(painter, box, right, detail)
        else:
            box = QRectF(left + width + 8, area.top(), area.right() - left - width - 20, 0)
            box.setHeight(area.height())
            mirroring.draw_words(painter, box, _MIDDLE, detail)


class DepartmentTile(Choice):
    """One department that could take the case: how quickly it does, and how much it has."""

    def __init__(self, department: Department, parent: QWidget) -> None:
        super().__init__(parent)
        self.department = department
        self._detail = ""
        self.setText(department.name)
        self.setFixedHeight(theme().scaled(50))
        self.setToolTip(f"Responds to: {department.responds}")

    def show_load(self, median_ms: int | None, open_cases: int) -> None:
        """The median time to pick a case up (None: never yet), and the open cases."""
        pace = formats.duration(median_ms) if median_ms is not None else "no hand-off yet"
        self._say(f"{pace} · {open_cases} open")

    def show_holder(self) -> None:
        """It holds the case, so it cannot be chosen."""
        self.setEnabled(False)
        self.setCheckable(False)
        self._say("holds it now")

    def _say(self, detail: str) -> None:
        self._detail = detail
        self.setAccessibleName(f"{self.department.name}, {detail}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme().scaled(150), theme().scaled(50))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme()
        box = QRectF(self.rect())
        mirroring.mirror(painter, box)
        key = self.department.id
        if self.isChecked():
            painting.fill_rounded(painter, box, 9, colours.department_tint(key))
            painting.outline_rounded(painter, box, 9, colours.department_colour(key), 1.75)
        else:
            if self.underMouse() and self.isEnabled():
                painting.fill_rounded(painter, box, 9, colours.colour("hover"))
            edge = "line-strong" if self.isEnabled() else "line"
            painting.outline_rounded(painter, box, 9, colours.colour(edge))
        if self.hasFocus():
            inset = 2.5 if self.isChecked() else 0
            draw_focus(painter, box.adjusted(inset, inset, -inset, -inset), 9 - inset / 2)
        painter.setOpacity(1 if self.isEnabled() else 0.45)
        middle = 7 + colours.line_height("body") / 2
        painting.draw_dot(painter, QPointF(14.5, middle), 7, colours.department_colour(key))
        painter.setOpacity(1)
        painter.setPen(colours.colour("text" if self.isEnabled() else "text-3"))
        painter.setFont(colours.font("body", 600 if self.isChecked() else 500))
        name = QRectF(26, 7, box.width() - 50, 2 * middle - 14)
        mirroring.draw_words(painter, name, _MIDDLE, self.text())
        painter.setPen(colours.colour("text-2" if self.isChecked() else "text-3"))
        painter.setFont(colours.font("caption"))
        detail = QRectF(26, 2 * middle - 6, box.width() - 30, colours.line_height("caption") + 2)
        mirroring.draw_words(painter, detail, _MIDDLE, self._detail)
        if self.isChecked():
            tick = QRectF(box.right() - 24, 8, 16, 16)
            icons.draw(painter, "circle-check", tick, colours.department_colour(key), stroke=2)
