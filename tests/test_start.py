"""The program as a person starts it: a window on a real X server, or the sentence why not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
START = (sys.executable, "-m", "app", "--sample-at-first", "--quit-after-first-paint")
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def start(**variables: str) -> subprocess.CompletedProcess[str]:
    """Start the console as on a machine where neither it nor a keyring was ever used."""
    inherited = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    return subprocess.run(
        START,
        cwd=ROOT,
        env={**inherited, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.display
def test_a_newcomers_first_window_is_painted() -> None:
    if "DISPLAY" not in os.environ:
        pytest.skip("there is no X server; Xvfb is not installed")
    for _ in range(2):  # the sample is made, then found
        shown = start(DISPLAY=os.environ["DISPLAY"], QT_QPA_PLATFORM="xcb")
        assert (shown.returncode, shown.stdout, shown.stderr) == (0, "", "")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is a display")
def test_without_a_display_it_says_so_and_what_to_do() -> None:
    refused = start()
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("seamline: There is no display")
    assert "make screenshots" in refused.stderr
    assert refused.stderr.count("\n") == 1
