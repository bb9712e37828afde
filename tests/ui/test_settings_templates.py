"""Templates and guidelines in the settings, on a real workspace."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.domain.checks import Check, Guidelines
from app.domain.departments import CARE, PR
from app.domain.replies import Draft
from app.services.templates import Templates, Wording
from app.ui.dialogs.correction import CorrectionSheet
from app.ui.dialogs.settings import SECTIONS, SettingsSheet
from app.ui.dialogs.settings_guidelines import GuidelinesSection
from app.ui.dialogs.settings_templates import TemplatesSection
from tests.services.desk import Desk
from tests.ui.consoles import Console
from tests.ui.driving import child, focused


def opened(console: Console, kind: type[TemplatesSection | GuidelinesSection]) -> SettingsSheet:
    console.window.sheets.settings()
    sheet = child(console.window, SettingsSheet)
    sheet.tabs.button(SECTIONS.index(kind)).setChecked(True)
    return sheet


def test_a_template_is_written_corrected_and_retired(
    console: Console, desk: Desk, qtbot: QtBot
) -> None:
    templates = Templates(desk.workspace, desk.directory)
    section = child(opened(console, TemplatesSection), TemplatesSection)
    section.name.setText("Leaks")
    section.text.set_text("Turn it off, {customer}.")
    section.department.setCurrentIndex(section.department.findData(CARE))
    section.keep.click()
    qtbot.waitUntil(lambda: section.which.currentText() == "Leaks")
    (kept,) = templates.all().result()
    assert (kept.now.text, kept.now.department) == ("Turn it off, {customer}.", CARE)
    section.text.set_text("Leave it on, {customer}.")
    section.corrects.setChecked(True)
    section.keep.click()
    qtbot.waitUntil(lambda: "Version 2" in section.versions.text())
    assert section.versions.text().endswith("wrong.")
    section.retire.click()
    qtbot.waitUntil(lambda: section.which.currentText() == "New template")
    assert templates.all().result()[0].retired


def test_a_place_nobody_can_fill_is_refused_with_a_sentence(console: Console, qtbot: QtBot) -> None:
    section = child(opened(console, TemplatesSection), TemplatesSection)
    section.name.setText("Leaks")
    section.text.set_text("Hello {who}")
    section.keep.click()
    qtbot.waitUntil(lambda: "{who}" in section.wrong.text())


def test_who_was_told_something_wrong_is_opened_with_a_draft(
    console: Console, desk: Desk, qtbot: QtBot
) -> None:
    templates, case = Templates(desk.workspace, desk.directory), desk.only_case()
    first = templates.save(Wording("Leaks", "Turn it off, {customer}.")).result()
    desk.replies.reply(case, Draft("Turn it off, Marta.")).result()
    templates.save(
        Wording("Leaks", "Leave it on, {customer}."), template=first.id, corrects=1
    ).result()
    section = child(opened(console, TemplatesSection), TemplatesSection)
    qtbot.waitUntil(lambda: section.which.count() > 1)
    section.which.setCurrentIndex(1)
    section.which.activated.emit(1)
    assert section.told.text().startswith("1 customer got a wrong version")
    section.told.click()
    sheet = child(console.window, CorrectionSheet)

    def write() -> QPushButton | None:
        found = [b for b in sheet.findChildren(QPushButton) if b.text() == "Write"]
        return found[0] if found else None

    qtbot.waitUntil(lambda: write() is not None)
    pressed = write()
    assert pressed is not None
    qtbot.waitUntil(lambda: focused() is pressed)
    pressed.click()
    composer = console.window.desk.composer
    qtbot.waitUntil(lambda: composer._edit.text == "Leave it on, Marta.")
    assert console.window.desk.case == case
    assert not [s for s in console.window.findChildren(SettingsSheet) if s.isVisible()]


def test_guidelines_count_once_their_department_is_left(
    console: Console, desk: Desk, qtbot: QtBot
) -> None:
    sheet = opened(console, GuidelinesSection)
    section = child(sheet, GuidelinesSection)
    assert section.department.currentData() == PR
    section.forbidden.set_text("cheap\n\ncheap\nas per")
    section.playbook.set_text("Leaks\nAsk for the serial.")
    section.blocking[Check.FORBIDDEN].setChecked(True)
    section.department.setCurrentIndex(section.department.findData(CARE))
    section.department.activated.emit(section.department.currentIndex())
    assert section.forbidden.text == ""
    section.greetings.set_text("Hello")
    sheet.close()
    wanted = {
        PR: Guidelines(
            ("cheap", "as per"),
            blocking=frozenset({Check.FORBIDDEN}),
            playbook="Leaks\nAsk for the serial.",
        ),
        CARE: Guidelines(greetings=("Hello",)),
    }
    qtbot.waitUntil(lambda: desk.directory.setup().guidelines == wanted)
