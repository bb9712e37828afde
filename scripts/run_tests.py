"""Runs pytest in the environment: no window on the screen, an X server where a test asks for one.

Qt draws offscreen. Tests marked ``display`` open a real window in a process of their own; for
them the whole run stands under ``xvfb-run`` where there is one.
"""

from __future__ import annotations

import os
import shutil
import sys

from scripts.environment import ROOT, venv_python


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    command = [str(venv_python()), "-m", "pytest", *arguments]
    if shutil.which("xvfb-run"):
        command = ["xvfb-run", "--auto-servernum", "--server-args=-screen 0 1600x1000x24", *command]
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    sys.stdout.flush()
    os.execvp(command[0], command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
