"""The settings of the workspace: a list of sections at the left, the chosen one beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.ids import CaseId, CustomerId
from app.ui.dialogs.controls import Choice, ScrollBody
from app.ui.dialogs.parts import draw_focus
from app.ui.dialogs.settings_appearance import AppearanceSection
from app.ui.dialogs.settings_campaigns import CampaignsSection
from app.ui.dialogs.settings_departments import DepartmentsSection
from app.ui.dialogs.settings_goals import GoalsSection
from app.ui.dialogs.settings_guidelines import GuidelinesSection
from app.ui.dialogs.settings_noise import NoiseSection
from app.ui.dialogs.settings_notifications import NotificationsSection
from app.ui.dialogs.settings_privacy import PrivacySection
from app.ui.dialogs.settings_promises import PromisesSection
from app.ui.dialogs.settings_rules import RulesSection
from app.ui.dialogs.settings_section import SettingsSection
from app.ui.dialogs.settings_senders import SendersSection
from app.ui.dialogs.settings_sending import SendingSection
from app.ui.dialogs.settings_templates import TemplatesSection
from app.ui.dialogs.settings_writing import WritingSection
from app.ui.dialogs.sheet import Sheet
from app.ui.theme import icons, mirroring, painting, theme, theme_manager

if TYPE_CHECKING:
    from app.services.services import Services
    from app.ui.bridge import UiBridge

SECTIONS: tuple[type[SettingsSection], ...] = (
    SendingSection,
    AppearanceSection,
    WritingSection,
    DepartmentsSection,
    RulesSection,
    PromisesSection,
    SendersSection,
    GoalsSection,
    NoiseSection,
    NotificationsSection,
    PrivacySection,
    TemplatesSection,
    GuidelinesSection,
    CampaignsSection,
)
"""In the order of the list; how one is added, ``settings_section.py`` says."""

_WIDTH, _HEIGHT = 640, 600
_SAVED = (CampaignsSection, DepartmentsSection, SendersSection, TemplatesSection)
"""What means something only as a whole."""
_AT_ONCE, _ONCE_SAVED = "Changes count at once", "Changes count once they are saved"
_LIST = 168
_BAR = 10
"""Room for the bar of the list, where the window is low."""
_ROW = 30


class SettingsSheet(Sheet):
    """``sections``: the pages, in the order of ``SECTIONS``; the one with the title ``first`` is
    shown first. The head says whether what is changed there counts at once.

    ``open_case``  (customer, case): a section wants a case shown; the sheet is closed then.
    """

    open_case = Signal(object, object)

    def __init__(
        self, services: Services, bridge: UiBridge, parent: QWidget, first: str = ""
    ) -> None:
        super().__init__(parent, title="Settings", width=_WIDTH, height=_HEIGHT)
        _, self._when = self.add_header("Settings", _AT_ONCE)
        self.tabs = QButtonGroup(self)
        listing = QWidget(self.card)
        listed = QVBoxLayout(listing)
        listed.setContentsMargins(*mirroring.sides(12, 2, _BAR, 12))
        listed.setSpacing(2)
        for number, kind in enumerate(SECTIONS):
            tab = _SectionTab(kind, listing)
            self.tabs.addButton(tab, number)
            listed.addWidget(tab)
        listed.addStretch(1)
        self._pages = QStackedWidget(self.card)
        self.sections = tuple(kind(services, bridge, self._pages) for kind in SECTIONS)
        for section in self.sections:
            self._pages.addWidget(ScrollBody(section, self._pages))
            if isinstance(section, TemplatesSection):
                section.open_case.connect(self._go)
        self.tabs.idToggled.connect(self._turn)
        titles = [kind.title for kind in SECTIONS]
        self.tabs.button(titles.index(first) if first else 0).setChecked(True)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        scrolled = ScrollBody(listing, self.card)
        scrolled.setFixedWidth(listing.sizeHint().width())
        middle.addWidget(scrolled)
        middle.addWidget(self._pages, 1)
        self.column.addLayout(middle, 1)

    def first_focus(self) -> QWidget | None:
        return self.tabs.checkedButton()

    def closeEvent(self, event: QCloseEvent) -> None:
        for section in self.sections:
            section.settle()
        super().closeEvent(event)

    @Slot(object, object)
    def _go(self, customer: CustomerId, case: CaseId) -> None:
        self.close()
        self.open_case.emit(customer, case)

    @Slot(int, bool)
    def _turn(self, number: int, on: bool) -> None:
        if on:
            self._pages.setCurrentIndex(number)
            saved = isinstance(self.sections[number], _SAVED)
            self._when.setText(_ONCE_SAVED if saved else _AT_ONCE)


class _SectionTab(Choice):
    """A row of the list, painted like a queue of the sidebar."""

    def __init__(self, section: type[SettingsSection], parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(section.title)
        self.setAccessibleName(section.title)
        self._icon = section.icon
        self._dress()
        theme_manager().changed.connect(self._dress)

    @Slot()
    def _dress(self) -> None:
        self.setFixedSize(theme().scaled(_LIST), theme().scaled(_ROW))

    def sizeHint(self) -> QSize:
        return self.size()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, box = theme(), QRectF(self.rect())
        mirroring.mirror(painter, box)
        if self.isChecked() or self.underMouse():
            ground = "accent-tint" if self.isChecked() else "hover"
            painting.fill_rounded(painter, box, 7, look.colour(ground))
        if self.hasFocus():
            draw_focus(painter, box, 7)
        ink = look.colour("accent" if self.isChecked() else "text-2")
        icons.draw(painter, self._icon, QRectF(10, (box.height() - 16) / 2, 16, 16), ink)
        painter.setPen(look.colour("text"))
        painter.setFont(look.font("body", 600 if self.isChecked() else 500))
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        mirroring.draw_words(painter, box.adjusted(36, 0, -6, 0), left, self.text())
