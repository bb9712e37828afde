"""Which keys do what: presets, what a person changed, and what collides with what.

Keys are portable sequences of up to two strokes, as QKeySequence writes them: "Ctrl+K", "G, W".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import cache
from typing import Any, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

from app.domain.records import dataclass

Keys = tuple[str, ...]

SEAMLINE = "seamline"
PRESETS: Final[dict[str, tuple[str, dict[str, Keys]]]] = {
    SEAMLINE: ("Seamline", {}),
    "gmail": (
        "Like Gmail",
        {
            "palette": ("/", "Ctrl+K"),
            "close": ("E",),
            "escalate": ("H",),
            "tag": ("L",),
            "by-hand": ("Shift+L",),
            "snooze": ("B",),
            "return": ("Shift+B",),
            "undo": ("Z", "Ctrl+Z"),
            "go-snoozed": ("G, B",),
            "go-outbox": ("G, T",),
        },
    ),
    "zendesk": (
        "Like Zendesk",
        {
            "reply": ("Ctrl+Alt+R", "R"),
            "note": ("Ctrl+Alt+C", "N"),
            "assign": ("Ctrl+Alt+A", "A"),
            "tag": ("Ctrl+Alt+T", "T"),
            "snooze": ("Ctrl+Alt+P", "S"),
            "escalate": ("Ctrl+Alt+E", "E"),
            "reopen": ("Ctrl+Alt+O", "O"),
            "close": ("Ctrl+Alt+S", "C"),
        },
    ),
}
"""Preset to its name and the keys in which it differs from Seamline's own."""

FIXED: Final = (
    "Tab", "Shift+Tab", "Return", "Enter", "Space", "Esc", "Backspace", "Del", "Up", "Down",
    "Left", "Right", "Home", "End", "PgUp", "PgDown", "Ctrl+Return", "Ctrl+C", "Ctrl+V", "Ctrl+X",
)  # fmt: skip
"""Keys that fields, lists and sheets cannot do without."""


def collide(one: str, other: str) -> bool:
    """Whether two sequences are the same, or one begins as the whole other one."""
    first, second = QKeySequence(one), QKeySequence(other)
    none = QKeySequence.SequenceMatch.NoMatch
    return first.matches(second) is not none or second.matches(first) is not none


def is_fixed(keys: str) -> bool:
    """Whether the console itself needs a stroke of these keys."""
    strokes = keys.split(", ") if ", " in keys else [keys]
    return any(stroke in FIXED for stroke in strokes)


@dataclass(frozen=True, slots=True)
class Keymap:
    """A preset and what was changed of it: action id to its keys, () for none."""

    preset: str = SEAMLINE
    changes: Mapping[str, Keys] = field(default_factory=dict)

    def in_force(self, usual: Mapping[str, Keys]) -> dict[str, Keys]:
        """Every action of ``usual`` with the keys it has now.

        Where two want the same, a change wins over the preset, and that over what is usual.
        """
        if not self.changes and not PRESETS[self.preset][1]:
            return dict(usual)  # in which nothing collides, as a test holds it to
        result: dict[str, Keys] = {}
        given: list[str] = []
        for layer in (self.changes, PRESETS[self.preset][1], usual):
            for name, wanted in layer.items():
                if name in usual and name not in result:
                    free = tuple(each for each in wanted if not _among(each, given))
                    result[name] = free
                    given.extend(free)
        return {name: result[name] for name in usual}

    def with_keys(self, name: str, keys: Keys) -> Keymap:
        """The action has these keys now, and whoever else was given one of them has lost it."""
        others = {
            other: tuple(each for each in held if not _among(each, keys))
            for other, held in self.changes.items()
            if other != name
        }
        return Keymap(self.preset, others | {name: keys})

    def without_change(self, name: str) -> Keymap:
        """The action has the keys of the preset again."""
        kept = {other: held for other, held in self.changes.items() if other != name}
        return Keymap(self.preset, kept)

    def written(self) -> str:
        """To be kept; ``read_keymap`` reads it."""
        return json.dumps({"preset": self.preset, "changes": dict(self.changes)})


def read_keymap(written: str) -> Keymap:
    """What ``written`` wrote; what cannot be read is left out."""
    try:
        kept: Any = json.loads(written)
        preset, changes = kept["preset"], kept["changes"].items()
    except (ValueError, KeyError, TypeError, AttributeError):
        return Keymap()
    readable = {
        str(name): tuple(each for each in keys if _is_sequence(each))
        for name, keys in changes
        if isinstance(keys, list)
    }
    return Keymap(preset if preset in PRESETS else SEAMLINE, readable)


class KeysInForce(QObject):
    """The keymap of the whole program; every window follows it."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.keymap = Keymap()

    def use(self, keymap: Keymap) -> None:
        if keymap != self.keymap:
            self.keymap = keymap
            self.changed.emit()


@cache
def keys_in_force() -> KeysInForce:
    return KeysInForce()


def _among(keys: str, others: Iterable[str]) -> bool:
    return any(collide(keys, other) for other in others)


def _is_sequence(keys: object) -> bool:
    """Whether Qt makes keys of it; what it does not know, it calls an unknown key."""
    return isinstance(keys, str) and bool(keys) and QKeySequence(keys).toString() == keys
