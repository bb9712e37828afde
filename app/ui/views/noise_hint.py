"""A quiet line over the timeline: this may need no answer, and why it is thought so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from app.domain.cases import Status
from app.domain.noise import Judgement
from app.domain.views import CaseView
from app.ui.actions import Actions
from app.ui.bridge import UiBridge
from app.ui.dialogs.parts import text_label
from app.ui.theme import theme

if TYPE_CHECKING:  # for the types alone: the database comes with them
    from app.services.services import Services

_HEIGHT = 38


class NoiseHint(QWidget):
    """Shown for an open case that nobody answered, where the classifier thinks of noise and no
    person has said anything yet. Both answers teach it."""

    def __init__(
        self, services: Services, bridge: UiBridge, actions: Actions, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self._topic = f"noise-hint-{id(self)}"
        self._view: CaseView | None = None
        self.setFixedHeight(_HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 0, 10, 1)
        row.setSpacing(8)
        self.words = text_label("", "small", colour="text-2", parent=self)
        row.addWidget(self.words, 1)
        self.mark = _button(actions, "noise", "Mark as noise", self)
        self.keep = _button(actions, "not-noise", "It isn’t", self)
        row.addWidget(self.mark)
        row.addWidget(self.keep)
        self.hide()

    def show_case(self, view: CaseView | None) -> None:
        """Ask about a case as it stands now, or about none."""
        if view is None or self._view is None or view.case != self._view.case:
            self.hide()
        self._view = view
        if view is None or view.state.status is not Status.OPEN or view.first_reply_ms is not None:
            self._bridge.forget(self._topic)
            self.hide()
            return
        self._bridge.ask(self._topic, self._services.noise.suggestion(view.case), self._take)

    def _take(self, found: Judgement | None) -> None:
        if found is not None:
            self.words.setText(sentence(found))
        self.setVisible(found is not None)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme().colour("surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme().colour("line"))
        painter.end()


def sentence(judgement: Judgement) -> str:
    """ "Looks like noise: “giveaway”, “win”", with what speaks for it most."""
    why = ", ".join(f"“{reason}”" for reason in judgement.reasons[:2])
    return f"Looks like noise: {why}" if why else "Looks like noise"


def _button(actions: Actions, name: str, text: str, parent: QWidget) -> QToolButton:
    action = actions[name]
    button = QToolButton(parent)
    button.setText(text)
    button.setAccessibleName(text)
    button.setIconSize(QSize(14, 14))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setProperty("kind", "quiet")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(action.trigger)

    def follow() -> None:
        """The keys and the colours of the action, as they are now."""
        button.setToolTip(action.toolTip())
        button.setIcon(action.icon())

    action.changed.connect(follow)
    follow()
    return button
