"""Runs pytest in the environment: no window on the screen, an X server where a test asks for one.

Qt draws offscreen. Tests marked ``display`` open a real window in a process of their own; for
them the whole run has a hidden X server, where Xvfb is installed. The whole suite runs on as many
cores as there are, up to four; with arguments of one’s own pytest is as it comes.
"""

from __future__ import annotations

import os
import subprocess
import sys

from scripts.display import hidden_display
from scripts.environment import ROOT, venv_python

_MOST_AT_ONCE = 4


def main(arguments: list[str]) -> int:
    """The exit status of pytest."""
    at_once = min(_MOST_AT_ONCE, os.cpu_count() or 1)
    chosen = arguments or ["--numprocesses", str(at_once), "--dist", "loadgroup"]
    command = [str(venv_python()), "-m", "pytest", *chosen]
    with hidden_display() as display:
        variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **display}
        return subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
