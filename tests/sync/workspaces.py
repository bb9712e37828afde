"""Empty workspaces by the hundred: made once, then copied, so that a test pays milliseconds."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from app.domain.clock import Clock
from app.store.connection import FileKey
from app.store.database import Workspace
from app.store.migrating import upgrade

KEY = FileKey(raw=bytes(range(32)))


@cache
def _template() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        upgrade(path, KEY, fresh=True)  # closing the last connection empties the journal
        return path.read_bytes()


def make_workspace(folder: Path, clock: Clock) -> Workspace:
    """A new, empty, open workspace in ``folder``; whoever asks for it closes it."""
    path = folder / "seamline.db"
    path.write_bytes(_template())
    return Workspace(path, KEY, clock)


def reopen(workspace: Workspace) -> Workspace:
    """The file as the next start of the program finds it."""
    return Workspace(workspace.path, KEY, workspace.clock)


@contextmanager
def scratch_workspace(clock: Clock) -> Iterator[Workspace]:
    """A workspace outside of pytest's own folders, for generated examples."""
    folder = Path(tempfile.mkdtemp())
    workspace = make_workspace(folder, clock)
    try:
        yield workspace
    finally:
        workspace.close()
        shutil.rmtree(folder)
