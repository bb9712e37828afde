"""Emoji by name: what Unicode calls them, and the short names people know."""

from __future__ import annotations

import threading
import unicodedata
from functools import cache
from typing import Final

from app.domain.records import dataclass

_BLOCKS: Final = (range(0x203C, 0x3300), range(0x1F004, 0x1FB00))
_COLOURED: Final = r"\p{Emoji_Presentation}"
_PLAIN: Final = r"(?V1)[\p{Emoji}--\p{Emoji_Presentation}]"
_AS_EMOJI = "\ufe0f"
"""Asks for the coloured look of what is a plain sign by itself."""

_KNOWN_AS: Final = {
    "+1": "👍", "-1": "👎", "thumbsup": "👍", "thumbsdown": "👎", "ok": "👌", "clap": "👏",
    "wave": "👋", "pray": "🙏", "thanks": "🙏", "muscle": "💪", "handshake": "🤝", "eyes": "👀",
    "heart": "❤️", "broken_heart": "💔", "hearts": "💕", "smile": "😄", "smiley": "😃",
    "grin": "😁", "joy": "😂", "laughing": "😆", "rofl": "🤣", "wink": "😉", "blush": "😊",
    "heart_eyes": "😍", "thinking": "🤔", "sweat_smile": "😅", "cry": "😢", "sob": "😭",
    "angry": "😠", "scream": "😱", "shrug": "🤷", "facepalm": "🤦", "sunglasses": "😎",
    "relieved": "😌", "hug": "🤗", "tada": "🎉", "party": "🎉", "fire": "🔥", "star": "⭐",
    "sparkles": "✨", "rocket": "🚀", "check": "✅", "cross": "❌", "warning": "⚠️",
    "question": "❓", "bulb": "💡", "phone": "📞", "mail": "✉️", "package": "📦", "truck": "🚚",
    "gift": "🎁", "coffee": "☕", "tea": "🍵", "cake": "🍰", "sun": "☀️", "rain": "🌧️",
    "bug": "🐛", "wrench": "🔧", "hourglass": "⌛", "calendar": "📅", "hundred": "💯",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Emoji:
    """``name`` as it is typed between colons: lower case, words joined by underscores."""

    name: str
    text: str


@cache
def emoji() -> tuple[Emoji, ...]:
    """All of them, the short names first; made once, in some 6 ms.

    Of one code point, with its variation selector where it needs one; flags of countries, skin
    tones and families are not among them.
    """
    import regex  # 21 ms, which the start need not wait for

    signs = "".join(chr(point) for block in _BLOCKS for point in block)
    found = [(sign, sign) for sign in regex.findall(_COLOURED, signs)]
    found += [(sign, sign + _AS_EMOJI) for sign in regex.findall(_PLAIN, signs)]
    by_unicode = (
        Emoji(_typed(unicodedata.name(sign)), text)
        for sign, text in found
        if unicodedata.name(sign, "") and not "\U0001f1e6" <= sign <= "\U0001f1ff"
    )
    return (*(Emoji(name, text) for name, text in _KNOWN_AS.items()), *by_unicode)


def well_known() -> tuple[Emoji, ...]:
    """Those with a short name, each emoji once."""
    once = {text: Emoji(name, text) for name, text in reversed(_KNOWN_AS.items())}
    return tuple(reversed(once.values()))


def make_ready() -> None:
    """Have them made on another thread, so that the first colon typed waits for nothing."""
    if not emoji.cache_info().currsize:
        threading.Thread(target=emoji, name="emoji", daemon=True).start()


def emoji_named(name: str) -> str:
    """The emoji of exactly this name; "" where there is none."""
    return next((one.text for one in emoji() if one.name == name), "")


def emoji_like(typed: str, most: int = 7) -> tuple[Emoji, ...]:
    """Those whose name, or a word of it, begins as typed, each emoji once.

    A whole name comes first, then beginnings; short names come before those of Unicode.
    """
    wanted = typed.casefold()
    if not wanted:
        return ()
    ranked = [
        ((rank, number >= len(_KNOWN_AS), len(one.name), number), one)
        for number, one in enumerate(emoji())
        if (rank := _rank(one.name, wanted)) is not None
    ]
    found: dict[str, Emoji] = {}
    for _, one in sorted(ranked, key=lambda each: each[0]):
        found.setdefault(one.text, one)
    return tuple(found.values())[:most]


def _rank(name: str, wanted: str) -> int | None:
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    return 2 if f"_{wanted}" in name else None


def _typed(name: str) -> str:
    return name.casefold().replace(" ", "_").replace("-", "_")
