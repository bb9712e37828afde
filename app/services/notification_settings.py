"""Of what the desktop tells an agent who is not looking, and when it keeps quiet.

Kept in the workspace; a change counts from the next look on.
"""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from app.domain.errors import BadInput

if TYPE_CHECKING:  # for the types alone
    from app.services.directory import Directory

QUIET = "notify-quiet"
NEVER: Final = (0, 0)
QUIET_HOURS: Final = (NEVER, (18, 8), (20, 8), (22, 7))
"""What can be chosen: from this hour to that one, by the clock of this computer."""


class About(StrEnum):
    """What may be told; the values are the names of the settings."""

    MESSAGE = "notify-message"
    DUE = "notify-due"
    FAILED = "notify-failed"


class NotificationSettings:
    """Read at once on any thread; written through futures."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def wants(self, about: About) -> bool:
        """Everything is told unless somebody says otherwise."""
        return self._directory.setting(about, "1") == "1"

    def set_wants(self, about: About, *, wants: bool) -> Future[None]:
        return self._directory.set_setting(about, "1" if wants else "0")

    def quiet_hours(self) -> tuple[int, int]:
        """From which hour to which; ``NEVER`` where it is never quiet."""
        kept = self._directory.setting(QUIET)
        return next((hours for hours in QUIET_HOURS if _written(hours) == kept), NEVER)

    def set_quiet_hours(self, hours: tuple[int, int]) -> Future[None]:
        """Raises BadInput for what is not among ``QUIET_HOURS``."""
        if hours not in QUIET_HOURS:
            known = ", ".join(_written(each) for each in QUIET_HOURS)
            raise BadInput(
                f"Quiet hours cannot be {_written(hours)}.", hint=f"Choose one of {known}."
            )
        return self._directory.set_setting(QUIET, _written(hours))

    def is_quiet(self, now: datetime) -> bool:
        """Whether nothing is told at this moment, ``now`` being by the clock on the wall."""
        first, last = self.quiet_hours()
        if first <= last:
            return first <= now.hour < last
        return now.hour >= first or now.hour < last


def _written(hours: tuple[int, int]) -> str:
    return f"{hours[0]}-{hours[1]}"
