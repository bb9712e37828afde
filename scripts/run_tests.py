"""Runs pytest in the environment: no window on the screen, an X server where a test asks for one.

Qt draws offscreen. Tests marked ``display`` open a real window in a process of their own; for
them the whole run has a hidden X server, where Xvfb is installed.
"""

from __future__ import annotations

import os
import subprocess
import sys

from scripts.display import hidden_display
from scripts.environment import ROOT, venv_python


def main(arguments: list[str]) -> int:
    """The exit status of pytest."""
    command = [str(venv_python()), "-m", "pytest", *arguments]
    with hidden_display() as display:
        variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **display}
        return subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
