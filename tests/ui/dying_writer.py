"""A console that is killed while an agent writes: run as ``python -m tests.ui.dying_writer``.

Arguments: the folder of the workspace, the picture to attach. It types a note and a reply with a
content warning and a picture, rests, says "kept" once the rest is over, and waits for its end.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QMimeData, Qt, QTimer, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from app.domain.clock import FakeClock
from app.ui.bridge import UiBridge
from app.ui.runtime import prepare
from app.ui.views.composer import Composer
from app.ui.views.composer_edit import GrowingEdit
from app.ui.views.composer_parts import Mode, Tabs
from tests.services.desk import open_desk
from tests.ui.consoles import ListedAccounts, StillSyncing, make_services
from tests.ui.driving import button, child, write

TEXT, NOTE, WARNING = "Is it the tray?", "She called twice", "Water"


def main(folder: Path, picture: Path) -> None:
    prepare("light")
    desk = open_desk(folder, FakeClock(datetime.now(UTC)))
    composer = Composer(make_services(desk, StillSyncing(), ListedAccounts()), UiBridge())
    composer.resize(620, 360)
    composer.show()
    case = desk.only_case()
    composer.show_case(case)
    patience = QDeadlineTimer(20_000)
    while "Marta" not in child(composer, GrowingEdit).placeholderText():
        assert not patience.hasExpired(), "the case was never shown"
        QTest.qWait(10)
    composer.focus_note()
    write(child(composer, GrowingEdit), NOTE)
    composer.focus_reply()
    write(child(composer, GrowingEdit), TEXT)
    QTest.mouseClick(button(composer, "Content warning"), Qt.MouseButton.LeftButton)
    write(child(composer, QLineEdit, "Content warning"), WARNING)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(picture))])
    child(composer, GrowingEdit).insertFromMimeData(mime)
    assert child(composer, Tabs).mode() is Mode.REPLY

    def look() -> None:
        if desk.replies.draft(case).result().pictures:
            print("kept", flush=True)  # noqa: T201 - the parent waits for it

    timer = QTimer(interval=50)
    timer.timeout.connect(look)
    timer.start()
    QTimer.singleShot(20_000, QApplication.quit)  # what is not kept by then never is
    QApplication.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
