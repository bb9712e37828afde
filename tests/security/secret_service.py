"""A real Secret Service: gnome-keyring under a D-Bus of its own, with a throw-away password."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.buses import end, running_bus
from tests.peers.bluesky_network import wait_for

_WITHIN_S = 20.0
PROGRAM = "gnome-keyring-daemon"


@dataclass
class SecretService:
    """The running service; ``variables`` lead a program to it."""

    keyring: subprocess.Popen[bytes]
    address: str

    @property
    def variables(self) -> dict[str, str]:
        return {"DBUS_SESSION_BUS_ADDRESS": self.address}

    def lock(self) -> None:
        """Lock it, as a desktop does that locks its screen."""
        with self._collection() as collection:
            collection.lock()
            assert collection.is_locked()

    def labels(self) -> list[str]:
        """What it holds, by the names a keyring manager shows."""
        with self._collection() as collection:
            return sorted(item.get_label() for item in collection.get_all_items())

    def end(self) -> None:
        """Stop the keyring; the bus goes on."""
        end(self.keyring)

    @contextmanager
    def _collection(self) -> Iterator[Any]:
        import secretstorage
        from jeepney.io.blocking import open_dbus_connection

        with closing(open_dbus_connection(self.address)) as connection:
            yield secretstorage.get_default_collection(connection)


@contextmanager
def running_secret_service(folder: Path) -> Iterator[SecretService]:
    """Start bus and keyring in a folder of their own, and end both; skips where they are missing.

    The path of a socket may have at most 107 characters, so ``folder`` should be a short one.
    """
    if shutil.which(PROGRAM) is None:
        pytest.skip(f"{PROGRAM} is not installed; “python -m scripts.system keyring” does that")
    home = folder / "home"
    home.mkdir(mode=0o700)
    with running_bus(folder) as address, (folder / "log").open("wb") as log:
        keyring = subprocess.Popen(
            [PROGRAM, "--unlock", "--foreground", "--components=secrets"],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(home),
                "XDG_RUNTIME_DIR": str(home),
                "DBUS_SESSION_BUS_ADDRESS": address,
            },
            stdin=subprocess.PIPE, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            assert keyring.stdin is not None
            keyring.stdin.write(b"throw-away")
            keyring.stdin.close()
            service = SecretService(keyring, address)
            wait_for(lambda: _answers(service) or keyring.poll() is not None, _WITHIN_S)
            assert keyring.poll() is None, (folder / "log").read_text("utf-8")
            yield service
        finally:
            end(keyring)


def _answers(service: SecretService) -> bool:
    from secretstorage.exceptions import SecretStorageException

    try:
        service.labels()
    except (SecretStorageException, OSError):
        return False
    return True
