"""The sections of the settings by name, for whoever offers them before they are imported."""

from __future__ import annotations

from typing import Final

from app.domain.records import dataclass


@dataclass(frozen=True, slots=True)
class SectionName:
    """``title`` and ``icon`` as in the sheet; ``words`` where more is said of it."""

    title: str
    icon: str
    words: str = ""

    @property
    def id(self) -> str:
        """Of the command that opens it."""
        return f"settings:{self.title}"

    @property
    def told(self) -> str:
        """“Settings: Routing rules”."""
        return f"Settings: {self.words or self.title}"


SECTION_NAMES: Final = (
    SectionName("Sending", "send"),
    SectionName("Appearance", "sun-moon"),
    SectionName("Writing", "spell-check"),
    SectionName("Departments", "building-2"),
    SectionName("Rules", "route", "Routing rules"),
    SectionName("Promises", "clock", "Promises and working hours"),
    SectionName("Senders", "user-check", "Senders and approvals"),
    SectionName("Goals", "target", "Goals and joining identities"),
    SectionName("Noise", "funnel-x"),
    SectionName("Notifications", "bell"),
    SectionName("Privacy", "lock", "Privacy and locking"),
    SectionName("Templates", "layout-template"),
    SectionName("Guidelines", "book-marked", "Guidelines and playbook"),
    SectionName("Campaigns", "megaphone", "Campaigns and their briefs"),
)
"""In the order of the list."""


def named(command: str) -> SectionName | None:
    """The section that a command opens."""
    return next((one for one in SECTION_NAMES if one.id == command), None)
