"""What an agent has written outlives the program, however it ends."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.ids import CaseId
from app.store import outbox
from app.ui.bridge import UiBridge
from app.ui.runtime import prepare
from app.ui.views.composer import Composer
from app.ui.views.composer_attachments import AttachmentStrip
from app.ui.views.composer_drafts import PAUSE_MS
from app.ui.views.composer_edit import GrowingEdit
from tests.services.desk import Desk, make_desk, open_desk
from tests.store.building import said
from tests.ui.consoles import ListedAccounts, StillSyncing, make_services
from tests.ui.driving import CONTROL, child, main_button, press, write
from tests.ui.dying_writer import NOTE, TEXT, WARNING

_ROOT = Path(__file__).parents[2]


def test_a_killed_program_loses_no_draft(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> None:
    desk = make_desk(tmp_path, clock)
    desk.take(said("1", "marta", "It leaks."))
    desk.workspace.close()
    image = QImage(16, 12, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkCyan)
    file = tmp_path / "tray.png"
    assert image.save(str(file))

    _write_and_kill(tmp_path, file)

    prepare("light")
    desk = open_desk(tmp_path, clock)
    case = desk.only_case()
    assert desk.queues.rows([case]).result()[0].has_draft, "it is marked in the list"
    composer = Composer(make_services(desk, StillSyncing(), ListedAccounts()), UiBridge())
    qtbot.addWidget(composer)
    composer.show()
    composer.show_case(case)
    edit, pictures = child(composer, GrowingEdit), child(composer, AttachmentStrip)
    qtbot.waitUntil(lambda: edit.text == TEXT)
    assert child(composer, QLineEdit, "Content warning").text() == WARNING
    qtbot.waitUntil(lambda: len(pictures.pictures()) == 1)
    (attachment,) = pictures.attachments()
    assert (attachment.name, attachment.body) == ("tray.png", file.read_bytes())
    composer.focus_note()
    assert edit.text == NOTE
    composer.close()
    desk.workspace.close()


Writing = tuple[Desk, Composer, CaseId]


@pytest.fixture
def writing(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Writing]:
    """A composer that stands open on the one case of a workspace, and knows it."""
    prepare("light")
    desk = make_desk(tmp_path, clock)
    desk.take(said("1", "marta", "It leaks."))
    case = desk.only_case()
    composer = Composer(make_services(desk, StillSyncing(), ListedAccounts()), UiBridge())
    qtbot.addWidget(composer)
    composer.show()
    composer.show_case(case)
    edit = child(composer, GrowingEdit)
    qtbot.waitUntil(lambda: "Marta" in edit.placeholderText())
    yield desk, composer, case
    composer.close()
    desk.workspace.close()


def test_what_was_deleted_does_not_come_back(writing: Writing, qtbot: QtBot) -> None:
    """The case is opened again before a writer that is busy has heard of it."""
    desk, composer, case = writing
    edit = child(composer, GrowingEdit)
    write(edit, TEXT)
    qtbot.waitUntil(lambda: desk.replies.draft(case).result().text == TEXT)
    busy = Event()
    desk.workspace.write(lambda _tx: busy.wait(30.0))
    edit.clear()
    composer.show_case(None)
    composer.show_case(case)
    qtbot.wait(100)  # what must not happen has no sign of its own
    assert edit.text == ""
    busy.set()
    qtbot.waitUntil(lambda: desk.replies.draft(case).result().is_empty)
    write(edit, TEXT)
    qtbot.waitUntil(lambda: desk.replies.draft(case).result().text == TEXT)


@pytest.mark.parametrize("then", ["another case", "the pause", "more typing"])
def test_what_was_sent_is_no_draft_again(writing: Writing, qtbot: QtBot, then: str) -> None:
    """Whatever happens between Ctrl+Enter and the answer of a writer that is busy."""
    desk, composer, case = writing
    edit = child(composer, GrowingEdit)
    busy = Event()
    desk.workspace.write(lambda _tx: busy.wait(30.0))
    write(edit, TEXT)
    qtbot.waitUntil(main_button(composer).isEnabled)
    with qtbot.waitSignal(composer.sent):
        press(Qt.Key.Key_Return, CONTROL, edit)
        if then == "another case":
            composer.show_case(None)
        elif then == "the pause":
            qtbot.wait(PAUSE_MS + 100)  # what must not happen has no sign of its own
        else:
            write(edit, "Nobody sees this leave")
            assert edit.text == TEXT
        busy.set()
    assert [item.text for item in desk.workspace.read(outbox.unfinished).result()] == [TEXT]
    assert desk.replies.draft(case).result().is_empty
    assert edit.text == ""
    assert not edit.isReadOnly()


def _write_and_kill(folder: Path, picture: Path) -> None:
    """Let a console write, and kill it once the pause has come."""
    command = [sys.executable, "-m", "tests.ui.dying_writer", str(folder), str(picture)]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said_so = process.stdout.readline()
        process.kill()
    assert said_so == b"kept\n"


def test_two_windows_on_one_case_keep_what_both_have_written(
    tmp_path: Path, clock: FakeClock, qtbot: QtBot
) -> None:
    prepare("light")
    desk = make_desk(tmp_path, clock)
    desk.take(said("1", "marta", "It leaks."))
    case = desk.only_case()
    services = make_services(desk, StillSyncing(), ListedAccounts())
    here, there = Composer(services, UiBridge()), Composer(services, UiBridge())
    for composer in (here, there):
        qtbot.addWidget(composer)
        composer.show()
        composer.show_case(case)
        qtbot.waitUntil(child(composer, GrowingEdit).isEnabled)
    first, second = child(here, GrowingEdit), child(there, GrowingEdit)
    write(first, "A long careful answer")
    qtbot.waitUntil(lambda: desk.replies.draft(case).result().text == "A long careful answer")
    write(second, "And a question")
    qtbot.waitUntil(lambda: "question" in desk.replies.draft(case).result().text)
    both = "A long careful answer\n\nAnd a question"
    assert desk.replies.draft(case).result().text == both
    qtbot.waitUntil(lambda: second.text == both)
    here.close()
    there.close()
    desk.workspace.close()
