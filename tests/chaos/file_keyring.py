"""A keyring that several programs share and a kill cannot tear: a file beside the workspaces."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.keyrings import MemoryKeyring

PLACE = "SEAMLINE_CHAOS_KEYRING"
"""The environment variable that names the file, for the programs that are started."""


class FileKeyring(MemoryKeyring):
    """As durable as a system's keyring service, which no kill of its client harms."""

    def __init__(self, path: Path | None = None) -> None:
        super().__init__()
        # keyring makes one of each backend it can find, also where this one is not used.
        self._path = path or Path(os.environ.get(PLACE, os.devnull))

    @property
    def name(self) -> str:
        return "file"

    def get_password(self, service: str, username: str) -> str | None:
        self._load()
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._load()
        super().set_password(service, username, password)
        self._keep()

    def delete_password(self, service: str, username: str) -> None:
        self._load()
        super().delete_password(service, username)
        self._keep()

    def names(self, service: str) -> set[str]:
        """What the values of a service are called."""
        self._load()
        return {name for of, name in self.values if of == service}

    def _load(self) -> None:
        if self._path.exists():
            kept = json.loads(self._path.read_text("utf-8"))
            self.values = {(service, name): value for service, name, value in kept}

    def _keep(self) -> None:
        new = self._path.with_suffix(f".{os.getpid()}")
        rows = [[service, name, value] for (service, name), value in self.values.items()]
        new.write_text(json.dumps(rows), "utf-8")
        new.replace(self._path)
