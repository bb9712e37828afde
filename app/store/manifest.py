"""``workspace.json``: which workspace a folder holds and how it is unlocked. Nothing secret."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from app.domain.errors import WorkspaceError
from app.domain.records import dataclass
from app.store.locking import flush_file, flush_folder

MANIFEST = "workspace.json"
DATABASE = "seamline.db"
HEAD = "0001"
"""The newest revision in ``migrations``; a test holds it to that. Alembic is imported only when a
file is not there yet, since its import costs a fifth of a second."""

Unlock = Literal["keyring", "passphrase", "nothing"]
_UNLOCKS: dict[str, Unlock] = {
    "keyring": "keyring",
    "passphrase": "passphrase",
    "nothing": "nothing",
}


@dataclass(frozen=True, slots=True)
class NextKey:
    """A change of key that has begun: how the workspace will be unlocked once it is done.

    ``accounts`` are those whose sign-ins move between the keyring and the file.
    """

    unlock: Unlock
    key: str
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """``sample``: a made-up brand, on a clock of its own, that sends nothing.

    ``key`` is what the key is called in the keyring, after the workspace's id. ``new``: its file
    has never been finished, so that an empty one is no loss.
    """

    id: str
    unlock: Unlock
    sample: bool = False
    key: str = "key"
    pending: NextKey | None = None
    new: bool = False

    def key_name(self, key: str = "") -> str:
        """What the key of the file is called in the keyring."""
        return f"{self.id}/{key or self.key}"

    def secret_name(self, account: str) -> str:
        """What the sign-in of an account is called in the keyring."""
        return f"{self.id}/{account}"


def read_manifest(folder: Path) -> Manifest:
    """Raises WorkspaceError where there is none, or none that can be read."""
    try:
        data = json.loads((folder / MANIFEST).read_text("utf-8"))
        return Manifest(
            str(data["id"]),
            _UNLOCKS[data["unlock"]],
            bool(data.get("sample")),
            str(data.get("key", "key")),
            _next_key(data.get("pending")),
            bool(data.get("new")),
        )
    except FileNotFoundError as error:
        raise WorkspaceError(
            f"There is no workspace in {folder}.", hint="Name another folder with --workspace."
        ) from error
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise WorkspaceError(
            f"{MANIFEST} in {folder} cannot be read.",
            hint=f"Copy backups/{MANIFEST} over it, if there is one.",
        ) from error


def _next_key(data: Any) -> NextKey | None:
    if data is None:
        return None
    accounts = tuple(str(account) for account in data["accounts"])
    return NextKey(_UNLOCKS[data["unlock"]], str(data["key"]), accounts)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace it in one step: whoever dies in between leaves the old one."""
    path = folder / MANIFEST
    part = folder / f"{MANIFEST}.partial"
    text = json.dumps(asdict(manifest), indent=1)
    descriptor = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    flush_file(part)
    part.replace(path)
    flush_folder(folder)
