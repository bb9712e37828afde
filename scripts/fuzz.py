"""Runs ``tests.fuzz``, with atheris where it has a wheel for this Python and system."""

from __future__ import annotations

import subprocess
import sys

from scripts.environment import ROOT, pip_install, venv_python

LOCK = ROOT / "requirements" / "fuzz.txt"


def main(arguments: list[str]) -> int:
    """The exit status of the run."""
    try:
        pip_install("--require-hashes", "--only-binary", ":all:", "-r", LOCK)
    except subprocess.CalledProcessError:
        print("atheris cannot be installed here; inputs are drawn without its guidance.")
    command = [str(venv_python()), "-B", "-m", "tests.fuzz", *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
