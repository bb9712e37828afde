"""Takes the pictures of docs/tour: ``python -m scripts.tour [FOLDER]``.

Tells ``tests/stories/tour.py`` to the real window on an X server of its own, with the type that
``docs/screens`` is drawn with. The pictures show what time it is, so they are never compared.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PySide6.QtGui import QImage

from scripts.display import hidden_display
from scripts.screens import packing
from scripts.screens.drawing import ZONE
from scripts.screens.surroundings import FONTS_FILE

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "tour"
STORIES = ROOT / "tests" / "stories" / "tour.py"
_FOREIGN = ("PYTEST_", "WAYLAND_", "QT_", "SEAMLINE_", "XDG_", "LC_", "LANG", "DBUS_")


def main(folder: Path = FOLDER) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        ended = _tell(Path(place))
        if ended:
            print("The tour did not come to its end, so its pictures stay.", file=sys.stderr)
            return ended
        taken = sorted(Path(place).glob("*.png"))
        for picture in taken:
            packing.save(QImage(str(picture)), folder / picture.name)
    for stray in {path.name for path in folder.glob("*.png")} - {path.name for path in taken}:
        (folder / stray).unlink()
    print(f"Took {len(taken)} pictures into {folder}.")
    return 0


def _tell(pictures: Path) -> int:
    """Tell the stories with the album open; returns how pytest ended."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    with hidden_display() as display:
        if not display:
            print("Xvfb is not installed: “make setup” says how.", file=sys.stderr)
            return 1
        surroundings = {
            "FONTCONFIG_FILE": str(FONTS_FILE),
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            "QT_QPA_PLATFORM": "xcb",
            "SEAMLINE_TOUR": str(pictures),
            "TZ": ZONE,
        }
        command = [sys.executable, "-m", "pytest", str(STORIES), "-q", "-p", "no:cacheprovider"]
        return subprocess.run(
            command, cwd=ROOT, env=kept | display | surroundings, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))
