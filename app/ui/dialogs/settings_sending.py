"""Settings of sending: the undo window, and what happens when a conversation moved on."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer, Slot

from app.domain.outbox import MOST_UNDO_S
from app.services.sending_settings import SendingSettings
from app.ui.dialogs.controls import Segmented
from app.ui.dialogs.parts import keys_text, text_label
from app.ui.dialogs.settings_section import SettingsSection
from app.ui.dialogs.slider import Slider

_SAVE_AFTER_MS = 300
_ASK, _SEND = 0, 1


class SendingSection(SettingsSection):
    """0 to 30 seconds to take a message back; ask or send when its conversation has changed."""

    title = "Sending"
    icon = "send"

    def build(self) -> None:
        self._settings = SendingSettings(self.services.directory)
        self._kept = self._settings.undo_seconds()
        self._seconds = text_label("", "body", weight=500, colour="text-2", parent=self)
        self.window_slider = Slider(0, MOST_UNDO_S, name="Undo window in seconds", parent=self)
        self.window_slider.setValue(self._kept)
        self.add_row(
            "Undo window",
            self.window_slider,
            "Every message waits this long before it leaves, so that you can take it back with "
            f"{keys_text('Ctrl Z')}.",
            value=self._seconds,
        )
        self.asking = Segmented(
            [("Ask me first", ""), ("Send without asking", "")],
            name="When the conversation has changed",
            parent=self,
        )
        self.asking.choose(_ASK if self._settings.asks_first() else _SEND)
        self.add_row(
            "When the conversation has changed",
            self.asking,
            "A colleague answered meanwhile, or the customer edited or deleted what you answer.",
        )
        self._soon = QTimer(self, singleShot=True, interval=_SAVE_AFTER_MS)
        self._soon.timeout.connect(self.settle)
        self._show_seconds(self._kept)
        self.window_slider.valueChanged.connect(self._moved)
        self.asking.group.idClicked.connect(self._asked)

    @Slot()
    def settle(self) -> None:
        """Save where the slider came to rest."""
        self._soon.stop()
        seconds = self.window_slider.value()
        if seconds != self._kept:
            self._kept = seconds
            self.save(partial(self._settings.set_undo_seconds, seconds))

    @Slot(int)
    def _moved(self, seconds: int) -> None:
        self._show_seconds(seconds)
        self._soon.start()

    @Slot(int)
    def _asked(self, choice: int) -> None:
        self.save(partial(self._settings.set_asks_first, asks=choice == _ASK))

    def _show_seconds(self, seconds: int) -> None:
        self._seconds.setText(f"{seconds} s" if seconds else "None, it leaves at once")
