"""Draws every sheet in a process of its own for each scale, because Qt reads it once, at the start.

``python -m scripts.screens.drawing FOLDER [SHEET …]`` is such a process; ``draw_all`` starts them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from scripts.screens.surroundings import FONTS_FILE

ROOT = Path(__file__).resolve().parents[2]
SCALES = (1, 2)
ZONE = "Europe/Stockholm"
_UNCOMPRESSED = 100
"""Qt’s word for the fastest compression of a PNG, which is none: it is read once and forgotten."""
_PASSPHRASE = "a sample is no secret"
_FOREIGN = ("QT_", "SEAMLINE_", "XDG_", "LC_", "LANG", "DBUS_", "FONTCONFIG_")
"""Whatever a machine or a person has set of these must not be seen in a picture."""


class CouldNotDraw(Exception):
    """A process that should have drawn ended otherwise; says what it complained of."""


def start(folder: Path, scale: int, *sheets: str) -> subprocess.Popen[str]:
    """Begin to draw sheets, all by default, at one scale into a folder; ``finish`` waits for it."""
    folder.mkdir(parents=True, exist_ok=True)
    state = folder / f".state-{scale}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    surroundings = kept | {
        "FONTCONFIG_FILE": str(FONTS_FILE),
        "HOME": str(state),
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "QT_QPA_PLATFORM": "offscreen",
        "QT_SCALE_FACTOR": str(scale),
        "SEAMLINE_PASSPHRASE": _PASSPHRASE,
        "SEAMLINE_WORKSPACE": str(state / "workspace"),
        "TZ": ZONE,
    }
    state.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "scripts.screens.drawing", str(folder), *sheets],
        env=surroundings,
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def finish(process: subprocess.Popen[str]) -> None:
    """Wait until it has drawn; raises CouldNotDraw."""
    said, _ = process.communicate()
    if process.returncode:
        raise CouldNotDraw(f"The pictures could not be drawn:\n{said}")


def draw_all(folder: Path) -> None:
    """Draw every sheet at every scale, two at a time."""
    for process in [start(folder, scale) for scale in SCALES]:
        finish(process)


def picture_name(sheet: str, scheme: str, scale: int) -> str:
    """ "console-dark@2x.png"."""
    return f"{sheet}-{scheme}{'' if scale == 1 else f'@{scale}x'}.png"


def main(folder: Path, sheets: tuple[str, ...]) -> None:
    from scripts.screens.studio import SHEETS, Studio

    time.tzset()
    scale = int(os.environ["QT_SCALE_FACTOR"])
    studio = Studio(Path(os.environ["SEAMLINE_WORKSPACE"]))
    try:
        for sheet, scheme, picture in studio.pictures(sheets or SHEETS):
            path = folder / picture_name(sheet, scheme, scale)
            if not picture.save(str(path), quality=_UNCOMPRESSED):
                raise OSError(f"{path} could not be written.")
    finally:
        studio.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), tuple(sys.argv[2:]))
