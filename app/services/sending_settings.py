"""How messages leave: how long each can be taken back, and whether its thread is looked at again.

Kept in the workspace; what is changed holds for the next message.
"""

from __future__ import annotations

from concurrent.futures import Future

from app.domain.errors import BadInput
from app.domain.outbox import MOST_UNDO_S
from app.services.directory import Directory
from app.sync.second_look import ASK, SEND
from app.sync.second_look import SETTING as SECOND_LOOK

UNDO_SECONDS = "undo_seconds"
USUAL_UNDO_S = 6


class SendingSettings:
    """Read at once on any thread; written through futures."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def undo_seconds(self) -> int:
        """How long a message can be taken back, 0 to 30 seconds."""
        try:
            seconds = int(self._directory.setting(UNDO_SECONDS, str(USUAL_UNDO_S)))
        except ValueError:
            seconds = USUAL_UNDO_S
        return min(max(seconds, 0), MOST_UNDO_S)

    def set_undo_seconds(self, seconds: int) -> Future[None]:
        """Raises BadInput outside 0 to 30."""
        if not 0 <= seconds <= MOST_UNDO_S:
            raise BadInput(
                f"A message cannot wait {seconds} seconds.",
                hint=f"Choose from 0 to {MOST_UNDO_S}.",
            )
        return self._directory.set_setting(UNDO_SECONDS, str(seconds))

    def asks_first(self) -> bool:
        """Whether an agent is asked when a thread has changed since its reply was written."""
        return self._directory.setting(SECOND_LOOK, ASK) == ASK

    def set_asks_first(self, *, asks: bool) -> Future[None]:
        return self._directory.set_setting(SECOND_LOOK, ASK if asks else SEND)
