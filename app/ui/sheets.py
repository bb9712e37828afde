"""Opens the sheets over the window; each is imported when first wanted, not at the start."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.domain.departments import Agent
from app.domain.events import Event
from app.domain.ids import CaseId, CustomerId, OutboxId
from app.ui.bridge import UiBridge

if TYPE_CHECKING:  # for the types alone: the database comes with them
    from app.services.services import Services
    from app.ui.dialogs.settings import SettingsSheet


class Sheets:
    """``decided`` is called with the event of any decision made in a sheet, ``show`` with the
    customer and the case that a sheet leads to."""

    def __init__(
        self,
        services: Services,
        bridge: UiBridge,
        window: QWidget,
        decided: Callable[[Event], None],
        show: Callable[[CustomerId, CaseId], None],
    ) -> None:
        self._services = services
        self._bridge = bridge
        self._window = window
        self._decided = decided
        self._show = show

    # On a case --------------------------------------------------------------------------------

    def assign(self, case: CaseId) -> None:
        from app.ui.dialogs.assign import AssignSheet

        sheet = AssignSheet(self._services, self._bridge, self._window, case)
        sheet.assigned.connect(self._decided)
        sheet.open()

    def owner(self, customer: CustomerId, owned: Callable[[str, tuple[Event, ...]], None]) -> None:
        from app.ui.dialogs.assign import OwnerSheet

        sheet = OwnerSheet(self._services, self._bridge, self._window, customer)
        sheet.owned.connect(owned)
        sheet.open()

    def tag(self, case: CaseId) -> None:
        from app.ui.dialogs.tags import TagSheet

        sheet = TagSheet(self._services, self._bridge, self._window, case)
        sheet.tagged.connect(self._decided)
        sheet.open()

    def snooze(self, case: CaseId) -> None:
        from app.ui.dialogs.snooze import SnoozeSheet

        sheet = SnoozeSheet(self._services, self._bridge, self._window, case)
        sheet.snoozed.connect(self._decided)
        sheet.open()

    def promise(self, case: CaseId, written: str = "") -> None:
        from app.ui.dialogs.promise import PromiseSheet

        sheet = PromiseSheet(self._services, self._bridge, self._window, case, written)
        sheet.decided.connect(self._decided)
        sheet.open()

    def escalate(self, case: CaseId) -> None:
        from app.ui.dialogs.escalate import EscalateSheet

        sheet = EscalateSheet(self._services, self._bridge, self._window, case)
        sheet.escalated.connect(self._decided)
        sheet.open()

    def give_back(self, case: CaseId, origin: str) -> None:
        from app.ui.dialogs.escalate import ReturnSheet

        sheet = ReturnSheet(self._services, self._bridge, self._window, case, origin)
        sheet.returned.connect(self._decided)
        sheet.open()

    def uncertain(self, item: OutboxId) -> None:
        from app.ui.dialogs.uncertain import UncertainSheet

        UncertainSheet(self._services, self._bridge, self._window, item).open()

    # On the workspace -------------------------------------------------------------------------

    def connect_account(self) -> None:
        from app.ui.dialogs.connect import ConnectSheet

        ConnectSheet(self._services, self._bridge, self._window).open()

    def accounts(self) -> None:
        from app.ui.dialogs.accounts import AccountsSheet

        AccountsSheet(self._services, self._bridge, self._window).open()

    def me(self, saved: Callable[[Agent], None]) -> None:
        from app.ui.views.me_sheet import MeSheet

        sheet = MeSheet(self._services, self._bridge, self._window)
        sheet.saved.connect(saved)
        sheet.open()

    def away(self, said: Callable[[str], None]) -> None:
        from app.ui.dialogs.away import AwaySheet

        sheet = AwaySheet(self._services, self._bridge, self._window)
        sheet.said.connect(said)
        sheet.open()

    def settings(self) -> None:
        self.settings_of()

    def campaign(self, name: str) -> None:
        """Write what service reads of a campaign."""
        from app.ui.dialogs.settings_campaigns import CampaignsSection

        sheet = self.settings_of(CampaignsSection.title)
        for section in sheet.sections:
            if isinstance(section, CampaignsSection):
                section.choose(name)

    def settings_of(self, section: str = "") -> SettingsSheet:
        """``section``: the title of the one that is shown, "" for the first."""
        from app.ui.dialogs.settings import SettingsSheet

        sheet = SettingsSheet(self._services, self._bridge, self._window, section)
        sheet.open_case.connect(self._show)
        sheet.open()
        return sheet

    def keys(self) -> None:
        from app.ui.actions import key_table
        from app.ui.dialogs.keys_help import KeysHelp

        KeysHelp(self._window, key_table()).open()

    def shortcuts(self) -> None:
        from app.ui.dialogs.shortcuts import ShortcutsSheet

        ShortcutsSheet(self._window).open()

    def about(self) -> None:
        from app.ui.dialogs.about import AboutSheet

        AboutSheet(self._window, self._services.folder).open()
