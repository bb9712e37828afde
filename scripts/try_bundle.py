"""Tries the program that PyInstaller made, the way a person would: doctor, sample, first window."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.display import hidden_display

TIME_LIMIT_S = 180


def run(program: Path, *arguments: str) -> None:
    print("$", program.name, *arguments, flush=True)
    command = [str(program), *arguments]
    subprocess.run(command, check=True, timeout=TIME_LIMIT_S, stdin=subprocess.DEVNULL)


def ask_about_words(program: Path) -> None:
    """The bundle is also the process that holds the dictionaries."""
    print("$", program.name, "--spelling", flush=True)
    question = b'{"id": 1, "ask": "list", "about": {}}\n'
    answered = subprocess.run(
        [str(program), "--spelling"], input=question, capture_output=True, check=True,
        timeout=TIME_LIMIT_S,
    )  # fmt: skip
    if json.loads(answered.stdout)["id"] != 1:
        sys.exit(f"The bundle does not answer about words: {answered.stdout!r}")


def main(folder: Path) -> int:
    program = folder / ("seamline.exe" if os.name == "nt" else "seamline")
    os.environ["SEAMLINE_PASSPHRASE"] = "trying the bundle"
    # A bundle must not lean on the environment that made it.
    for name in ("PYTHONPATH", "PYTHONHOME", "QT_QPA_PLATFORM", "QT_PLUGIN_PATH", "VIRTUAL_ENV"):
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory() as home:
        place = ("--workspace", str(Path(home) / "workspace"))
        run(program, "--version")
        run(program, *place, "sample")
        run(program, *place, "doctor")
        ask_about_words(program)
        with hidden_display() as display:
            os.environ.update(display)
            run(program, *place, "--quit-after-first-paint")
    files = (path.lstat() for path in folder.rglob("*"))
    size = sum(each.st_size for each in files if stat.S_ISREG(each.st_mode))
    print(f"{folder} works; it takes {size / 1_000_000:.0f} MB")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(Path(sys.argv[1]).resolve()))
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        sys.exit(f"The bundle does not work: {error}")
