"""When an idle console locks itself. Kept in the workspace; a change counts at once."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING

from app.domain.errors import BadInput

if TYPE_CHECKING:  # for the types alone
    from app.services.directory import Directory

LOCK_AFTER = "lock-after-minutes"
MINUTES = (0, 5, 15, 60)
"""What can be chosen; 0 is never."""
USUAL_MINUTES = 15


class LockSettings:
    """Read at once on any thread; written through futures."""

    def __init__(self, directory: Directory, unlocked_by: str) -> None:
        """``unlocked_by``: "passphrase", "keyring" or "nothing", as the workspace's manifest says.

        Only a passphrase keeps anybody out who sits at the unlocked desktop, and locking stops
        pulling and sending: so only there it happens unless somebody says otherwise.
        """
        self._directory = directory
        self._usual = USUAL_MINUTES if unlocked_by == "passphrase" else 0

    def minutes(self) -> int:
        """After how many minutes without a key or the pointer; 0 is never."""
        try:
            minutes = int(self._directory.setting(LOCK_AFTER, str(self._usual)))
        except ValueError:
            minutes = self._usual
        return minutes if minutes in MINUTES else self._usual

    def set_minutes(self, minutes: int) -> Future[None]:
        """Raises BadInput for what is not among ``MINUTES``."""
        if minutes not in MINUTES:
            known = ", ".join(str(each) for each in MINUTES)
            raise BadInput(
                f"The console cannot lock after {minutes} minutes.", hint=f"Choose one of {known}."
            )
        return self._directory.set_setting(LOCK_AFTER, str(minutes))
