"""The settings of noise: what is asked of the classifier, and what it is measured to be."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.noise import Measured
from app.ui.dialogs.settings_noise import NoiseSection, told
from app.ui.runtime import prepare
from tests.services.desk import make_desk
from tests.ui.consoles import make_console


def test_what_is_asked_is_kept_and_the_measure_follows(
    tmp_path: Path, clock: FakeClock, qtbot: QtBot
) -> None:
    prepare("light")
    desk = make_desk(tmp_path, clock)
    console = make_console(desk)
    qtbot.addWidget(console.window)
    section = NoiseSection(console.window.services, console.bridge, console.window)
    console.window.show()
    section.show()
    qtbot.waitUntil(lambda: section.told.text().startswith("0 marks so far"))
    buttons = section.least.group.buttons()
    assert [button.text() for button in buttons if button.isChecked()] == ["95 %"]
    section.least.group.button(1).click()
    qtbot.waitUntil(lambda: desk.directory.setup().goals.noise == 0.99)
    console.window.close()
    desk.workspace.close()


def test_the_measure_is_told_in_numbers() -> None:
    assert told(Measured(0.93, 0.975, 0.61, 412)) == (
        "On 412 marks it had not seen, 98% of what it would set aside is noise, and it would find "
        "61% of the noise."
    )
    assert "nothing is set aside by itself" in told(Measured(None, marks=1))
