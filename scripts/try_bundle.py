"""Tries the program that PyInstaller made, the way a person would: doctor, sample, first window."""

from __future__ import annotations

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
