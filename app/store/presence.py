"""Who has a workspace open.

Any number of programs may work in one workspace at once. What replaces the file itself (restoring a
backup, changing the key) must be alone: a program that still held the old file would go on writing
to something that no longer has a name.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.domain.errors import WorkspaceError

LOCK = "workspace.lock"


class Presence:
    """A mark that the system takes away when its program dies. Not for several threads."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK
        self._descriptor: int | None = None

    def share(self) -> None:
        """Be one of those who have it open; raises WorkspaceError while somebody must be alone."""
        if not self._mark(alone=False):
            raise WorkspaceError(
                "Another program is restoring this workspace or changing its key.",
                hint="Try again when it has finished.",
            )

    def be_alone(self) -> None:
        """Be the only one; raises WorkspaceError while another program has it open."""
        if not self._mark(alone=True):
            raise WorkspaceError(
                "The workspace is open in another program.",
                hint="Close it there, then try again.",
            )

    def leave(self) -> None:
        """Be gone; one need not have been there."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _mark(self, *, alone: bool) -> bool:
        self.leave()
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise WorkspaceError(
                f"The workspace’s folder cannot be written to: {error.strerror}.",
                hint=f"Check the permissions of {self._path.parent}.",
            ) from error
        try:
            _mark(descriptor, alone=alone)
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True


if sys.platform == "win32":

    def _mark(_descriptor: int, *, alone: bool) -> None:
        """Windows itself refuses to replace a file that is open anywhere."""

else:
    import fcntl

    def _mark(descriptor: int, *, alone: bool) -> None:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
