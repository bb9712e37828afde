"""What is written together, and what is kept, on the thread of a real console."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.departments import LEADERSHIP, MARKETING, PR
from app.domain.excerpt import WHOLE, Excerpt, Strand
from app.domain.ids import OutboxId
from app.domain.replies import Draft
from app.domain.setup import Sender
from app.services.requests import Requests
from app.store import outbox
from app.ui.access.timeline_places import timeline_places
from app.ui.runtime import prepare
from app.ui.timeline.entries import Shape
from tests.store.building import ACCOUNT, rows
from tests.ui.consoles import Console, on_screen, one_question
from tests.ui.driving import CONTROL, main_button, press
from tests.ui.together_page import (
    PAYS,
    ask_leadership,
    asked,
    field,
    hand_over,
    show,
    sit_down,
    strips,
)

LATER = "All good again, Marta."


@pytest.fixture
def console(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Console]:
    """Ines of PR & Community, with one conversation open and the keyboard in its reply."""
    prepare("light")
    with one_question(tmp_path, clock) as desk, on_screen(desk, qtbot) as made:
        show(made, qtbot, desk.only_case())
        yield made


def heard(console: Console, shape: Shape) -> list[str]:
    """The rows of a shape, as a screen reader says them."""
    model = console.window.desk.timeline.model
    role = Qt.ItemDataRole.AccessibleTextRole
    found = (row for row in range(len(model)) if model.entry(row).shape is shape)
    return [str(model.index(row).data(role)) for row in found]


def shapes(console: Console) -> list[Shape]:
    return [entry.shape for entry in console.window.desk.timeline.model.entries]


def wishes(console: Console) -> list[tuple[str, str]]:
    return [
        (row[0], row[1]) for row in rows(console.desk.workspace, "SELECT text, state FROM outbox")
    ]


def keep(console: Console, qtbot: QtBot) -> None:
    console.desk.replies.send_when_closed(console.desk.only_case(), Draft(LATER)).result()
    qtbot.waitUntil(lambda: Shape.KEPT in shapes(console))


def test_a_kept_reply_is_stitched_until_it_is_delivered(console: Console, qtbot: QtBot) -> None:
    keep(console, qtbot)
    (kept,) = heard(console, Shape.KEPT)
    assert kept.startswith("Ines Duarte, reply, ")
    assert kept.endswith(f"Leaves when the case is closed: {LATER}")
    case = console.desk.only_case()
    console.desk.cases.close(case).result()
    qtbot.waitUntil(lambda: console.window.case_list.model.rowCount() == 0)
    show(console, qtbot, case)  # it has left the list, and the list shows nobody
    qtbot.waitUntil(lambda: Shape.WAITING in shapes(console) and Shape.KEPT not in shapes(console))
    ((item,),) = rows(console.desk.workspace, "SELECT id FROM outbox")
    workspace = console.desk.workspace
    console.desk.replies.send_now(OutboxId(item)).result()
    workspace.write(lambda tx: outbox.claim(tx, OutboxId(item))).result()
    workspace.write(lambda tx: outbox.sent(tx, OutboxId(item), "9", None)).result()
    qtbot.waitUntil(lambda: Shape.WAITING not in shapes(console))
    assert Shape.KEPT not in shapes(console), "its stitches are gone"


def test_by_the_keys_alone_a_kept_reply_is_a_draft_again(console: Console, qtbot: QtBot) -> None:
    keep(console, qtbot)
    canvas = console.window.desk.timeline.canvas
    canvas.setFocus()
    press(Qt.Key.Key_End, at=canvas)
    row = canvas.currentIndex().row()
    assert console.window.desk.timeline.model.entry(row).shape is Shape.KEPT
    press(Qt.Key.Key_Return, at=canvas)
    menu = console.window.desk.timeline.findChildren(QMenu)[-1]
    assert [one.text() for one in menu.actions() if one.text()] == ["Take back", "Copy text"]
    press(Qt.Key.Key_Down, at=menu)
    press(Qt.Key.Key_Return, at=menu)
    qtbot.waitUntil(lambda: field(console).text == LATER)
    qtbot.waitUntil(lambda: console.window.focusWidget() is field(console))
    qtbot.waitUntil(lambda: Shape.KEPT not in shapes(console))
    assert wishes(console) == []


def test_the_way_out_of_a_kept_reply_is_a_place_for_a_screen_reader(
    console: Console, qtbot: QtBot
) -> None:
    keep(console, qtbot)
    canvas = console.window.desk.timeline.canvas
    place = next(one for one in timeline_places(canvas) if one.name == "Take back")
    assert LATER in place.about
    place.press()
    qtbot.waitUntil(lambda: field(console).text == LATER)


def test_a_co_draft_is_a_note_with_what_was_said_of_it(console: Console, qtbot: QtBot) -> None:
    desk, case = console.desk, console.desk.only_case()
    requests = Requests(desk.workspace, desk.directory, desk.replies)
    request = requests.ask_help(case, MARKETING, "How do we say it?").result()
    sit_down(console, "Theo Brandt", MARKETING)
    draft = requests.write_draft(request.event, "It is the seal.").result()
    sit_down(console, "Ines Duarte", PR)
    qtbot.waitUntil(lambda: len(heard(console, Shape.NOTE)) == 1)
    assert heard(console, Shape.NOTE)[0].startswith("Draft by Marketing, Theo Brandt, ")
    assert heard(console, Shape.NOTE)[0].endswith(", not used yet: It is the seal.")
    requests.comment(draft.event, "Say which day.").result()
    told = "another one was asked for: It is the seal.\nInes Duarte commented: Say which day."
    qtbot.waitUntil(lambda: heard(console, Shape.NOTE)[0].endswith(told))


def test_undoing_an_approval_lets_nothing_leave(console: Console, qtbot: QtBot) -> None:
    """Whoever approved takes it back by the key of undo: it waits as before, for them to decide
    again; its author sees it wait."""
    case = ask_leadership(console, qtbot)
    hand_over(console, qtbot, "Approve")
    qtbot.waitUntil(lambda: not asked(console, case).is_open)
    qtbot.waitUntil(lambda: wishes(console) == [(PAYS, "queued")])
    qtbot.waitUntil(lambda: Shape.WAITING in shapes(console))
    qtbot.waitUntil(lambda: field(console).text == "")
    press(Qt.Key.Key_Escape, at=field(console))
    press(Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: asked(console, case).is_open)
    assert wishes(console) == [(PAYS, "cancelled")]
    qtbot.waitUntil(lambda: Shape.KEPT in shapes(console))
    assert Shape.WAITING not in shapes(console)
    qtbot.waitUntil(lambda: field(console).text == PAYS)
    qtbot.waitUntil(lambda: main_button(console.window.desk.composer).text() == "Approve")

    sit_down(console, "Ines Duarte", PR)
    show(console, qtbot, case)
    waits = f"Waits for approval by Leadership: “{PAYS}”"
    qtbot.waitUntil(lambda: waits in strips(console))
    assert field(console).text == ""


def test_what_was_taken_back_is_approved_again(console: Console, qtbot: QtBot) -> None:
    case = ask_leadership(console, qtbot)
    hand_over(console, qtbot, "Approve")
    qtbot.waitUntil(lambda: not asked(console, case).is_open)
    qtbot.waitUntil(lambda: field(console).text == "")
    console.window.named_actions["undo"].trigger()
    qtbot.waitUntil(lambda: asked(console, case).is_open)
    qtbot.waitUntil(lambda: field(console).text == PAYS)
    hand_over(console, qtbot, "Approve")
    qtbot.waitUntil(lambda: not asked(console, case).is_open)
    states = sorted(state for _, state in wishes(console))
    assert states == ["cancelled", "queued"]


def test_its_author_taking_it_back_leaves_no_second_draft(console: Console, qtbot: QtBot) -> None:
    """It waits for its approval again, and there alone."""
    desk, case = console.desk, console.desk.only_case()
    desk.directory.settle(senders=(Sender(ACCOUNT, approval=LEADERSHIP),)).result()
    requests = Requests(desk.workspace, desk.directory, desk.replies)
    request = requests.ask_approval(case, Draft(PAYS)).result()
    waits = f"Waits for approval by Leadership: “{PAYS}”"
    qtbot.waitUntil(lambda: waits in strips(console))
    sit_down(console, "Lea Ko", LEADERSHIP)
    requests.approve(request.event).result()
    sit_down(console, "Ines Duarte", PR)
    show(console, qtbot, case)
    qtbot.waitUntil(lambda: Shape.WAITING in shapes(console))
    qtbot.waitUntil(lambda: Shape.KEPT not in shapes(console))
    qtbot.waitUntil(lambda: waits not in strips(console))
    console.window.named_actions["undo"].trigger()
    qtbot.waitUntil(lambda: Shape.KEPT in shapes(console))
    qtbot.waitUntil(lambda: waits in strips(console))
    assert wishes(console) == [(PAYS, "cancelled")]
    assert field(console).text == ""
    kept = rows(desk.workspace, "SELECT case_id, text FROM draft WHERE text <> ''")
    assert kept == [(request.opened, PAYS)]


def test_a_kept_reply_stands_with_service_and_is_shown_when_it_is_kept(
    console: Console, qtbot: QtBot
) -> None:
    timeline = console.window.desk.timeline
    timeline.show_excerpt(Excerpt((Strand.MARKETING,)))
    qtbot.waitUntil(lambda: not timeline.is_loading)
    case = console.desk.only_case()
    event = console.desk.replies.send_when_closed(case, Draft(LATER)).result()
    console.window.desk.composer.kept.emit(event)
    qtbot.waitUntil(lambda: timeline.excerpt == WHOLE and Shape.KEPT in shapes(console))
    timeline.show_excerpt(Excerpt((Strand.SERVICE,)))
    qtbot.waitUntil(lambda: shapes(console) == [Shape.INBOUND, Shape.KEPT])
