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

from tests.peers.bluesky_network import wait_for

_WITHIN_S = 20.0
PROGRAMS = ("dbus-daemon", "gnome-keyring-daemon")

# No service is started because somebody asks for it: the keyring runs as long as the test says,
# and where a desktop would ask its user to unlock it, nobody is there to be asked.
_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow own="*"/>
    <allow eavesdrop="true"/>
  </policy>
</busconfig>
"""


@dataclass
class SecretService:
    """The running service; ``variables`` lead a program to it."""

    bus: subprocess.Popen[bytes]
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
        _end(self.keyring)

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
    for program in PROGRAMS:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed; “python -m scripts.system keyring” does that")
    home = folder / "home"
    home.mkdir(mode=0o700)
    socket, settings = folder / "bus", folder / "bus.conf"
    settings.write_text(_BUS.format(socket=socket), "utf-8")
    address = f"unix:path={socket}"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "DBUS_SESSION_BUS_ADDRESS": address,
    }
    with (folder / "log").open("wb") as log:
        bus = subprocess.Popen(
            ["dbus-daemon", f"--config-file={settings}", "--nofork"],
            env=environment, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            wait_for(lambda: socket.exists() or bus.poll() is not None, _WITHIN_S)
            keyring = subprocess.Popen(
                ["gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets"],
                env=environment, stdin=subprocess.PIPE, stdout=log, stderr=log,
            )  # fmt: skip
            try:
                assert keyring.stdin is not None
                keyring.stdin.write(b"throw-away")
                keyring.stdin.close()
                service = SecretService(bus, keyring, address)
                wait_for(lambda: _answers(service) or keyring.poll() is not None, _WITHIN_S)
                assert keyring.poll() is None, (folder / "log").read_text("utf-8")
                yield service
            finally:
                _end(keyring)
        finally:
            _end(bus)


def _answers(service: SecretService) -> bool:
    from secretstorage.exceptions import SecretStorageException

    try:
        service.labels()
    except (SecretStorageException, OSError):
        return False
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(10)
