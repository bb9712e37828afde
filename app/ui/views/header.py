"""The head of the timeline: which case, who holds it, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QWidget

from app.domain.cases import Status
from app.domain.departments import Department
from app.domain.ids import AgentId, DepartmentId
from app.domain.views import CaseRow, CaseView
from app.ui.actions import Actions
from app.ui.delegates.chips import draw_text
from app.ui.dialogs.parts import announce, icon_button
from app.ui.plain_tip import plain_tip
from app.ui.theme import formats, icons, mirroring, painting, theme

HEIGHT = 52
_LEAST_HOLDER = 48
"""With less room than this, who else is here stands in the place of who holds the case."""
_BUTTONS_BELOW = 540
"""Narrower than this, the labelled buttons keep only their icons."""


class CaseHeader(QWidget):
    """Buttons are the window's actions; which of them fit the case is decided here."""

    def __init__(
        self,
        actions: Actions,
        department: Callable[[DepartmentId], Department],
        agent_name: Callable[[AgentId], str],
        me: Callable[[], AgentId],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._department = department
        self._agent_name = agent_name
        self._me = me
        self._title = _Title(self)
        self.setFixedHeight(HEIGHT)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 0, 10, 1)
        layout.setSpacing(2)
        self.back = icon_button("arrow-left", "Back to the list (Esc)", self)
        self.back.hide()
        layout.addWidget(self.back)
        layout.addWidget(self._title, 1)
        self._icons = {
            name: _icon_button(actions, name) for name in ("assign", "tag", "snooze", "panel")
        }
        for symbol in self._icons.values():
            layout.addWidget(symbol)
        self._labelled = {
            name: _ActionButton(actions[name], kind)
            for name, kind in (
                ("return", "plain"),
                ("escalate", "plain"),
                ("accept", "main"),
                ("close", "plain"),
                ("reopen", "plain"),
            )
        }
        labelled = QHBoxLayout()  # of its own, so that hidden buttons leave no gaps
        labelled.setContentsMargins(6, 0, 0, 0)
        labelled.setSpacing(8)
        for button in self._labelled.values():
            labelled.addWidget(button)
        layout.addLayout(labelled)
        self.set_panel_button(shown=False)
        self.show_nothing()

    def show_nothing(self) -> None:
        self._title.show_text("", "", None)
        self._offer(())

    def show_row(self, row: CaseRow) -> None:
        """What the list knows already, until the whole case is read."""
        department = self._department(row.department)
        self._title.show_text(
            row.title or row.name, f"Case #{row.ref}", department.id, f"With {department.name}"
        )
        self._offer(_fitting(row.status, handed_to_us=row.pending_from is not None))

    def show_customer(self, name: str) -> None:
        """A customer without a case at hand."""
        self._title.show_text(name, "No open case", None)
        self._offer(())

    def show_case(self, view: CaseView) -> None:
        state = view.state
        department = self._department(state.department)
        holder = f"With {department.name}"
        if state.status is Status.CLOSED:
            holder = f"Closed by {department.name}"
        elif state.pending is not None:
            origin = self._department(state.pending.origin)
            holder = f"Handed to {department.name} by {origin.name}"
        elif state.assignee and state.assignee != self._me():
            holder = f"With {department.name}, {self._agent_name(state.assignee)}"
        if state.status is Status.SNOOZED and state.snoozed_until_ms is not None:
            holder += f", asleep until {_until(state.snoozed_until_ms)}"
        self._title.show_text(view.title or "Untitled", f"Case #{view.ref}", department.id, holder)
        self._offer(_fitting(state.status, handed_to_us=state.pending is not None))

    def show_others(self, sentence: str) -> None:
        """Who else is at the case, behind who holds it, where it moves nothing; "" for nobody."""
        self._title.show_others(sentence)

    def set_panel_button(self, *, shown: bool) -> None:
        """The customer panel is a drawer, and this opens it."""
        self._icons["panel"].setVisible(shown)

    def set_compact(self, *, compact: bool) -> None:
        for button in self._labelled.values():
            button.set_compact(compact=compact)

    def resizeEvent(self, _event: object) -> None:
        self.set_compact(compact=self.width() < _BUTTONS_BELOW)

    def _offer(self, names: tuple[str, ...]) -> None:
        for name, button in self._labelled.items():
            button.setVisible(name in names)
        for name, symbol in self._icons.items():
            if name != "panel":
                symbol.setVisible(bool(names))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour("surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme().colour("line"))
        painter.end()


def _fitting(status: Status, *, handed_to_us: bool) -> tuple[str, ...]:
    if status is Status.CLOSED:
        return ("reopen",)
    if handed_to_us:
        return ("return", "accept")
    return ("escalate", "close")


def _until(ms: int) -> str:
    at = formats.local(ms)
    return f"{at:%a} {at.day} {at:%b} {formats.clock_time(ms)}"


class _Title(QWidget):
    """Two painted lines that elide; the whole text is the tooltip."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = self._case = self._holder = self._others = ""
        self._department: DepartmentId | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def show_text(
        self, title: str, case: str, department: DepartmentId | None, holder: str = ""
    ) -> None:
        self._title, self._case = title, case
        self._department, self._holder = department, holder
        self._name()

    def show_others(self, sentence: str) -> None:
        self._others = sentence
        self._name()
        announce(self, sentence)

    def _name(self) -> None:
        parts = (self._title, self._case, self._holder, self._others)
        whole = ". ".join(part for part in parts if part)
        self.setAccessibleName(whole)
        self.setToolTip(plain_tip(whole if self._others else self._title))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        mirroring.mirror(painter, QRectF(self.rect()))
        room = self.width() - 8
        font = look.font("title", 600)
        first, second = look.scaled(19), look.scaled(15)
        top = (self.height() - first - second) / 2
        title = painting.elided(self._title, font, room)
        draw_text(painter, QRectF(0, top, room, first), title, font, look.colour("text"))
        font = look.font("small", tabular=True)
        measure = painting.metrics(font)
        top += first
        draw_text(painter, QRectF(0, top, room, second), self._case, font, look.colour("text-2"))
        if self._holder:
            left = measure.horizontalAdvance(self._case) + 6
            draw_text(painter, QRectF(left, top, 8, second), "·", font, look.colour("text-3"))
            left += 13
            dot = QPointF(left, top + second / 2)
            painting.draw_dot(painter, dot, 7, look.department_colour(self._department))
            left += 9
            others = f"  ·  {self._others}" if self._others else ""
            spare = room - left - measure.horizontalAdvance(others)
            fits = not others or spare > _LEAST_HOLDER
            holder = painting.elided(self._holder, font, max(0.0, spare)) if fits else ""
            box = QRectF(left, top, room - left, second)
            draw_text(painter, box, holder, font, look.colour("text-2"))
            left += measure.horizontalAdvance(holder)
            others = painting.elided(others if fits else self._others, font, room - left)
            box = QRectF(left, top, room - left, second)
            draw_text(painter, box, others, font, look.colour("accent"))
        painter.end()


def _icon_button(actions: Actions, name: str) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(actions[name])
    button.setProperty("square", True)
    button.setProperty("kind", "quiet")
    button.setIconSize(QSize(17, 17))
    return button


class _ActionButton(QPushButton):
    """A push button that looks and acts like a QAction; Qt gives that to tool buttons alone."""

    def __init__(self, action: QAction, kind: str) -> None:
        super().__init__()
        self._action = action
        self._is_main = kind == "main"
        self._compact = False
        self.setProperty("kind", kind)
        self.setIconSize(QSize(15, 15))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def set_compact(self, *, compact: bool) -> None:
        self._compact = compact
        self._follow()

    def _follow(self) -> None:
        action = self._action
        name = action.text().rstrip("…")
        self.setText("" if self._compact else name)
        self.setAccessibleName(name)
        self.setIcon(
            icons.icon(str(action.data()), "on-accent", 15) if self._is_main else action.icon()
        )
        self.setToolTip(action.toolTip())
        self.setEnabled(action.isEnabled())
