"""The console, which tells when its first queue is painted, and ends.

``python -m benchmarks.told FOLDER`` imports nothing before the console itself does.
"""

from __future__ import annotations

import sys
from pathlib import Path

from app.__main__ import open_console


def _tell_soon() -> None:
    from PySide6.QtCore import QTimer

    from benchmarks.blank import tell

    QTimer.singleShot(0, tell)  # after the paint that is due


if __name__ == "__main__":
    sys.exit(open_console(Path(sys.argv[1]), first_painted=_tell_soon))
