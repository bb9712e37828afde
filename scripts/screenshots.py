"""Draws the console anew and writes the gallery: ``python -m scripts.screenshots [FOLDER]``.

Needs no display. A picture that is still the same picture is left as it is, so that only what
changed is seen as changed. The pictures are those that the tests compare with.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PySide6.QtGui import QImage

from scripts.screens import gallery, packing, surroundings
from scripts.screens.comparing import difference
from scripts.screens.drawing import CouldNotDraw, draw_all

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screens"


def main(folder: Path = FOLDER) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        drawn = Path(place)
        try:
            draw_all(drawn)
        except CouldNotDraw as trouble:
            print(trouble, file=sys.stderr)
            return 1
        same_type = surroundings.read(folder) == surroundings.here()
        renewed = [name for name in gallery.names() if _renew(drawn, folder, name, same_type)]
    for stray in set(folder.glob("*.png")) - {folder / name for name in gallery.names()}:
        stray.unlink()
    gallery.write(folder)
    surroundings.write(folder)
    print(f"Drew {len(gallery.names())} pictures into {folder}, {len(renewed)} of them new.")
    return 0


def _renew(drawn: Path, folder: Path, name: str, same_type: bool) -> bool:
    """Keep the picture drawn now, unless it is the one that is there."""
    path = folder / name
    picture = QImage(str(drawn / name))
    kept = QImage(str(path))
    if same_type and not kept.isNull() and difference(kept, picture) is None:
        return False
    packing.save(picture, path)
    return True


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))
