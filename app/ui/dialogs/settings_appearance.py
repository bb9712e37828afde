"""Settings of appearance: theme, text size, contrast, motion. They count for every window."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot

from app.ui.dialogs.controls import Segmented
from app.ui.dialogs.parts import keys_text, text_label
from app.ui.dialogs.settings_section import SettingsSection
from app.ui.dialogs.slider import Slider
from app.ui.theme import theme, theme_manager
from app.ui.theme.manager import LARGEST_SCALE, SMALLEST_SCALE

SCHEMES = ("light", "dark", "system")
CONTRASTS = ("usual", "high", "system")
MOTIONS = ("usual", "reduced", "system")
_SYSTEM = "As the system"
_STEP = 5
_REST_MS = 120
"""The whole window is laid out again for every size, so it waits for the slider to rest."""


class AppearanceSection(SettingsSection):
    """What is chosen is shown at once; the window keeps it for the next start."""

    title = "Appearance"
    icon = "sun-moon"

    def build(self) -> None:
        look = theme_manager()
        self.scheme = self._choices("Theme", ("Light", "Dark", _SYSTEM))
        self.scheme.choose(SCHEMES.index(look.wish))
        keys = keys_text("Ctrl Shift L")
        self.add_row("Theme", self.scheme, f"{keys} changes between light and dark.")
        self._percent = text_label("", "body", weight=500, colour="text-2", parent=self)
        self.size_slider = Slider(
            round(SMALLEST_SCALE * 100),
            round(LARGEST_SCALE * 100),
            name="Text size in percent",
            parent=self,
        )
        self.size_slider.setSingleStep(_STEP)
        self.size_slider.setValue(round(theme().scale * 100))
        self.add_row(
            "Text size",
            self.size_slider,
            "Rows, messages and what you write grow along.",
            value=self._percent,
        )
        self.contrast = self._choices("Contrast", ("Usual", "High", _SYSTEM))
        self.contrast.choose(CONTRASTS.index(look.contrast))
        self.add_row(
            "Contrast", self.contrast, "High contrast draws lines and stitches more strongly."
        )
        self.motion = self._choices("Motion", ("Usual", "Reduced", _SYSTEM))
        self.motion.choose(MOTIONS.index(look.motion))
        self.add_row("Motion", self.motion, "Reduced motion shows every change at once.")
        self._soon = QTimer(self, singleShot=True, interval=_REST_MS)
        self._soon.timeout.connect(self._resize)
        self._show_percent()
        self.scheme.group.idClicked.connect(self._scheme_chosen)
        self.contrast.group.idClicked.connect(self._contrast_chosen)
        self.motion.group.idClicked.connect(self._motion_chosen)
        self.size_slider.valueChanged.connect(self._moved)

    @Slot()
    def settle(self) -> None:
        """Show the size where the slider came to rest."""
        if self._soon.isActive():
            self._soon.stop()
            self._resize()

    @Slot()
    def _resize(self) -> None:
        theme_manager().set_text_scale(self._chosen_percent() / 100)

    def _choices(self, name: str, choices: tuple[str, ...]) -> Segmented:
        return Segmented([(choice, "") for choice in choices], name=name, parent=self)

    def _chosen_percent(self) -> int:
        return _STEP * round(self.size_slider.value() / _STEP)

    def _show_percent(self) -> None:
        self._percent.setText(f"{self._chosen_percent()} %")

    @Slot(int)
    def _moved(self, _value: int) -> None:
        self._show_percent()
        self._soon.start()

    @Slot(int)
    def _scheme_chosen(self, choice: int) -> None:
        theme_manager().set_scheme(SCHEMES[choice])

    @Slot(int)
    def _contrast_chosen(self, choice: int) -> None:
        theme_manager().set_contrast(CONTRASTS[choice])

    @Slot(int)
    def _motion_chosen(self, choice: int) -> None:
        theme_manager().set_motion(MOTIONS[choice])
