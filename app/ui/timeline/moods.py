"""The mood of a message: a word in its meta line, why, and the menu that corrects it.

Quiet: only clear anger or joy is told, and a message that nobody can judge says nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtWidgets import QMenu

from app.domain.interactions import Direction
from app.domain.mood import Feeling, Mood
from app.domain.views import InteractionItem
from app.ui.theme import formats, icons
from app.ui.timeline.run import Run

WORDS: Final = {Mood.ANGRY: "Angry", Mood.NEUTRAL: "Neutral", Mood.GLAD: "Glad"}
ICONS: Final = {Mood.ANGRY: "frown", Mood.NEUTRAL: "meh", Mood.GLAD: "smile"}
AS_ITS_WORDS: Final = "As its words say"
_RECOVERED: Final = "heart-handshake"


def has_mood(item: InteractionItem) -> bool:
    """Whether a customer wrote it: what is ours, textless or written down by hand has none."""
    said = item.kind.has_text and not item.kind.by_hand and bool(item.text)
    return said and item.direction is Direction.INBOUND


def add_mood(meta: Run, item: InteractionItem) -> None:
    """The word in the meta line; where anger turned to thanks, how long it had lasted."""
    feeling = item.feeling
    if feeling is None or feeling.mood is Mood.NEUTRAL or item.deleted_ms is not None:
        return
    icon = ICONS[feeling.mood] if feeling.lasted_ms is None else _RECOVERED
    meta.sep().icon(icon, 11).text(mood_words(feeling))


def mood_words(feeling: Feeling) -> str:
    """“Angry”, “Glad”, “Thanks, after 2 h 10”."""
    if feeling.lasted_ms is not None:
        return f"Thanks, after {formats.duration(feeling.lasted_ms)}"
    return WORDS[feeling.mood]


def spoken(item: InteractionItem) -> str:
    """As a screen reader says it among the states of a message; "" where it is no news."""
    feeling = item.feeling
    if feeling is None or feeling.mood is Mood.NEUTRAL or item.deleted_ms is not None:
        return ""
    if feeling.lasted_ms is not None:
        return f"thanks, {formats.spoken_duration(feeling.lasted_ms)} after anger"
    return WORDS[feeling.mood].lower()


def why(item: InteractionItem) -> str:
    """“Angry, by “awful” and “refuse””, for whoever asks; "" where nothing is shown."""
    feeling = item.feeling
    if feeling is None or not spoken(item):
        return ""
    if feeling.corrected:
        return f"{WORDS[feeling.mood]}, as a colleague said"
    reasons = [f"“{reason}”" for reason in feeling.reasons]
    listed = " and ".join([", ".join(reasons[:-1]), reasons[-1]] if reasons[1:] else reasons)
    return f"{WORDS[feeling.mood]}, by {listed}" if listed else WORDS[feeling.mood]


def fill_mood_menu(
    menu: QMenu, item: InteractionItem, correct: Callable[[InteractionItem, Mood | None], None]
) -> None:
    """Every mood, the present one checked, and back to what the words say."""
    feeling = item.feeling
    for mood, word in WORDS.items():
        action = menu.addAction(icons.icon(ICONS[mood]), word)
        action.setCheckable(True)
        action.setChecked(feeling is not None and feeling.mood is mood)
        # The menu lives on the main thread, where its actions fire.
        action.triggered.connect(partial(_chosen, correct, item, mood))
    menu.addSeparator()
    back = menu.addAction(AS_ITS_WORDS)
    back.setEnabled(feeling is not None and feeling.corrected)
    back.triggered.connect(partial(_chosen, correct, item, None))


def _chosen(
    correct: Callable[[InteractionItem, Mood | None], None],
    item: InteractionItem,
    mood: Mood | None,
    _checked: bool = False,
) -> None:
    correct(item, mood)
