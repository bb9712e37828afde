"""What tests of writing together do and see: who sits there, what is asked, the reply’s field."""

from __future__ import annotations

from itertools import count

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.departments import LEADERSHIP
from app.domain.ids import CaseId, DepartmentId
from app.domain.requests import Request
from app.domain.setup import Sender
from app.services.known import ME
from app.services.requests import Requests
from app.ui.views.composer_edit import GrowingEdit
from app.ui.views.composer_parts import Strip
from tests.store.building import ACCOUNT
from tests.ui.consoles import Console
from tests.ui.driving import CONTROL, child, main_button, press, write

_AGAIN = 50
"""Looks between two openings; one that is under way already is not begun anew."""
PAYS = "We pay the repair."


def show(console: Console, qtbot: QtBot, case: CaseId) -> None:
    """Open a case, and go to its reply once everything of it is known.

    It is opened again where the list, whose row has just left, goes on to another meanwhile, or to
    nothing.
    """
    window = console.window
    customer = console.desk.cases.view(case).result().customer
    looks = count()

    def is_there() -> bool:
        view = window.desk.view
        if view is not None and view.case == case:
            return True
        if next(looks) % _AGAIN == 0:
            window.open_customer(customer, case)
        return False

    qtbot.waitUntil(is_there)
    window.desk.composer.focus_reply()
    qtbot.waitUntil(field(console).isEnabled)


def field(console: Console) -> GrowingEdit:
    return child(console.window.desk.composer, GrowingEdit)


def sit_down(console: Console, name: str, department: DepartmentId) -> None:
    """Somebody else works here from now on."""
    directory = console.desk.directory
    known = next((one for one in directory.agents() if one.name == name), None)
    agent = known or directory.add_agent(name, department).result()
    directory.set_setting(ME, agent.id).result()


def asked(console: Console, case: CaseId) -> Request:
    requests = Requests(console.desk.workspace, console.desk.directory, console.desk.replies)
    return requests.of_case(case).result()[0]


def strips(console: Console) -> list[str]:
    found = console.window.desk.composer.findChildren(Strip)
    return [one.label.text() for one in found if one.isVisible()]


def ask_leadership(console: Console, qtbot: QtBot) -> CaseId:
    """Where Leadership lets replies leave, the main button asks it; Lea opens what it asked."""
    desk = console.desk
    case = desk.only_case()
    desk.directory.settle(senders=(Sender(ACCOUNT, approval=LEADERSHIP),)).result()
    write(field(console), PAYS)
    hand_over(console, qtbot, "Ask Leadership to approve")
    waits = f"Waits for approval by Leadership: “{PAYS}”"
    qtbot.waitUntil(lambda: waits in strips(console))
    qtbot.waitUntil(lambda: field(console).text == "")
    sit_down(console, "Lea Ko", LEADERSHIP)
    show(console, qtbot, asked(console, case).opened)
    qtbot.waitUntil(lambda: field(console).text == PAYS)
    qtbot.waitUntil(lambda: main_button(console.window.desk.composer).text() == "Approve")
    return case


def hand_over(console: Console, qtbot: QtBot, says: str) -> None:
    """Press Ctrl+Return once the main button says so and can be pressed.

    It may say so while what the composer knows of the request is still the state before.
    """
    main = main_button(console.window.desk.composer)
    qtbot.waitUntil(lambda: main.text() == says and main.isEnabled())
    press(Qt.Key.Key_Return, CONTROL, field(console))
