"""At scales between the whole ones nothing is left unpainted, and scrolling leaves no traces."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("scale", ["1.25", "1.5"])
def test_what_is_scrolled_is_what_is_painted(sample_folder: Path, scale: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "tests.ui.scrolled_pictures", str(sample_folder)],
        cwd=_ROOT,
        env=os.environ | {"QT_SCALE_FACTOR": scale, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (result.returncode, result.stdout) == (0, ""), result.stderr
