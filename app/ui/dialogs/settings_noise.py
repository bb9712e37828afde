"""Settings of noise: how sure the classifier must be to set aside by itself, and how sure it is."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent

from app.domain.noise import Measured
from app.ui.dialogs.controls import Segmented
from app.ui.dialogs.parts import text_label
from app.ui.dialogs.settings_section import SettingsSection
from app.ui.theme.formats import grouped

_CHOICES = ((2.0, "Never"), (0.99, "99 %"), (0.95, "95 %"), (0.9, "90 %"))
"""A share above 1 is never reached."""


class NoiseSection(SettingsSection):
    """The precision that is asked for, and what is measured on the marks of this workspace."""

    title = "Noise"
    icon = "funnel-x"

    def build(self) -> None:
        wanted = self.services.directory.setup().goals.noise
        self.least = Segmented(
            [(words, "") for _, words in _CHOICES], name="Set aside by itself", parent=self
        )
        nearest = min(range(len(_CHOICES)), key=lambda one: abs(_CHOICES[one][0] - wanted))
        self.least.choose(nearest)
        self.add_row(
            "Set aside by itself where so many are right",
            self.least,
            "Learnt only from what you and your colleagues marked. Whatever is set aside stays in "
            "Noise, and one key takes it back.",
        )
        self.told = text_label("", "small", colour="text-2", parent=self)
        self.told.setWordWrap(True)
        self._rows.addWidget(self.told)
        self.least.group.idClicked.connect(self._chosen)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._measure()

    @Slot(int)
    def _chosen(self, choice: int) -> None:
        directory = self.services.directory
        goals = replace(directory.setup().goals, noise=_CHOICES[choice][0])
        self.save(lambda: directory.settle(goals=goals))

    def _saved(self, answer: object) -> None:
        super()._saved(answer)
        self._measure()

    def _measure(self) -> None:
        measured = self.services.noise.measured()
        self._bridge.ask("noise-measured", measured, self._show, self._failed)

    def _show(self, measured: Measured) -> None:
        self.told.setText(told(measured))


def told(measured: Measured) -> str:
    """How good the classifier is, in a sentence or two."""
    marks = "1 mark" if measured.marks == 1 else f"{grouped(measured.marks)} marks"
    if measured.threshold is None:
        return f"{marks} so far: not enough to be as sure, so nothing is set aside by itself."
    return (
        f"On {marks} it had not seen, {measured.precision:.0%} of what it would set aside is "
        f"noise, and it would find {measured.recall:.0%} of the noise."
    )
