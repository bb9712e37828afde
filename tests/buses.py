"""A D-Bus of a test's own: what is said on it, nobody else hears, and nothing else answers."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.peers.bluesky_network import wait_for

_WITHIN_S = 20.0

# No service is started because somebody asks for it: what runs is what the test has started.
_SETTINGS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
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


@contextmanager
def running_bus(folder: Path) -> Iterator[str]:
    """Start a session bus in a folder, and end it; its address. Skips where there is no D-Bus.

    The path of a socket may have at most 107 characters, so ``folder`` should be a short one.
    """
    if shutil.which("dbus-daemon") is None:
        pytest.skip("dbus-daemon is not installed; “python -m scripts.system keyring” does that")
    place, settings = folder / "bus", folder / "bus.conf"
    settings.write_text(_SETTINGS.format(socket=place), "utf-8")
    with (folder / "bus.log").open("wb") as log:
        daemon = subprocess.Popen(
            ["dbus-daemon", f"--config-file={settings}", "--nofork"],
            env={"PATH": os.environ["PATH"]}, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            wait_for(lambda: _listens(place) or daemon.poll() is not None, _WITHIN_S)
            yield f"unix:path={place}"
        finally:
            end(daemon)


def _listens(path: Path) -> bool:
    """Whether somebody answers there; the file is made a moment earlier."""
    with socket.socket(socket.AF_UNIX) as caller:
        return caller.connect_ex(str(path)) == 0


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a program to end, and wait until it has."""
    process.terminate()
    process.wait(10)
