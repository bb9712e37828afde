"""Where workspaces are unless a person says otherwise."""

from __future__ import annotations

import os
from pathlib import Path

WORKSPACE_VARIABLE = "SEAMLINE_WORKSPACE"
PASSPHRASE_VARIABLE = "SEAMLINE_PASSPHRASE"  # noqa: S105 - the name of a variable


def data_folder() -> Path:
    """Where this platform keeps a program's data."""
    import platformdirs

    return platformdirs.user_data_path("seamline", appauthor=False)


def state_folder() -> Path:
    """Where this platform keeps what a program remembers of this machine alone."""
    import platformdirs

    return platformdirs.user_state_path("seamline", appauthor=False)


def workspace_folder(named: Path | None = None) -> Path:
    """The workspace to open: the one named, else the environment's, else the platform's."""
    if named is not None:
        return named.expanduser()
    from_environment = os.environ.get(WORKSPACE_VARIABLE, "")
    if from_environment:
        return Path(from_environment).expanduser()
    return data_folder() / "workspace"


def sample_folder() -> Path:
    """Where the sample workspace lives unless it is told to live elsewhere."""
    return data_folder() / "sample"


def passphrase_of_environment() -> str:
    """What unattended runs open a workspace with; "" where none is given."""
    return os.environ.get(PASSPHRASE_VARIABLE, "")
