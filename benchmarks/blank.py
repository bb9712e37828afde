"""A blank PySide6 window with one list: what starting and memory are compared with.

``python -m benchmarks.blank`` prints how much memory it holds once it is painted, in KB, and ends.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QStringListModel, QTimer
from PySide6.QtWidgets import QApplication, QListView, QMainWindow

from benchmarks.resident import resident_kb

_ROWS = 50


def main() -> int:
    application = QApplication(sys.argv)
    window = QMainWindow()
    rows = QListView(window)
    rows.setModel(QStringListModel([f"Row {number}" for number in range(_ROWS)], rows))
    window.setCentralWidget(rows)
    window.resize(1440, 900)
    window.show()
    QTimer.singleShot(0, tell)  # after the paint that is due
    return application.exec()


def tell() -> None:
    """Say so on standard output, and end."""
    sys.stdout.write(f"{resident_kb()}\n")
    sys.stdout.flush()
    QApplication.quit()


if __name__ == "__main__":
    sys.exit(main())
