"""Settings of notifications: of what the desktop tells, and when it keeps quiet."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.services.notification_settings import NEVER, QUIET_HOURS, About, NotificationSettings
from app.ui.dialogs.controls import Check, Segmented
from app.ui.dialogs.settings_section import SettingsSection
from app.ui.notices import can_notify

_NAMES = {
    About.MESSAGE: "A new message in My work",
    About.DUE: "A reply that is due soon",
    About.FAILED: "A message that could not be sent",
}


class NotificationsSection(SettingsSection):
    """New messages, due replies, failed messages; quiet hours."""

    title = "Notifications"
    icon = "bell"

    def build(self) -> None:
        self._settings = NotificationSettings(self.services.directory)
        chosen = QWidget(self)
        column = QVBoxLayout(chosen)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self.checks: dict[About, Check] = {}
        for about, name in _NAMES.items():
            check = Check(name, chosen)
            check.setChecked(self._settings.wants(about))
            check.toggled.connect(partial(self._wanted, about))
            self.checks[about] = check
            column.addWidget(check)
        self.add_row("Tell me about", chosen, self._how())
        self.quiet = Segmented(
            [(_hours_text(hours), "") for hours in QUIET_HOURS], name="Quiet hours", parent=self
        )
        self.quiet.choose(QUIET_HOURS.index(self._settings.quiet_hours()))
        self.add_row(
            "Quiet hours",
            self.quiet,
            "Nothing is told between these hours of this computer’s clock; it is all in the list.",
        )
        self.quiet.group.idClicked.connect(self._quiet_chosen)

    @staticmethod
    def _how() -> str:
        if can_notify():
            return (
                "While another program is before you, where this desktop shows notifications. A"
                " click opens the conversation. While the console is locked nothing is told."
            )
        return (
            "This desktop shows no notifications of programs. What is unread is counted in the"
            " window’s title."
        )

    def _wanted(self, about: About, wants: bool) -> None:
        self.save(partial(self._settings.set_wants, about, wants=wants))

    @Slot(int)
    def _quiet_chosen(self, choice: int) -> None:
        self.save(partial(self._settings.set_quiet_hours, QUIET_HOURS[choice]))


def _hours_text(hours: tuple[int, int]) -> str:
    return "None" if hours == NEVER else f"{hours[0]} to {hours[1]}"
