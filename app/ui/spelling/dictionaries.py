"""Where this computer keeps dictionaries, and which of them fits a text."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

_FIXED: Final = {
    "linux": (
        "~/.local/share/hunspell",
        "~/.config/enchant/hunspell",
        "/usr/local/share/hunspell",
        "/usr/share/hunspell",
        "/usr/share/myspell",
        "/usr/share/myspell/dicts",
    ),
    "darwin": (
        "~/Library/Spelling",
        "/Library/Spelling",
        "/opt/homebrew/share/hunspell",
        "/usr/local/share/hunspell",
    ),
    "win32": ("~/AppData/Local/enchant/hunspell", "~/AppData/Roaming/hunspell"),
}
_OFFICE: Final = {
    "linux": (
        "/usr/lib/libreoffice/share/extensions",
        "/usr/lib64/libreoffice/share/extensions",
        "/opt/libreoffice*/share/extensions",
        "~/.config/libreoffice/4/user/uno_packages/cache/uno_packages",
    ),
    "darwin": ("/Applications/LibreOffice.app/Contents/Resources/extensions",),
    "win32": (
        "C:/Program Files/LibreOffice/share/extensions",
        "C:/Program Files (x86)/LibreOffice/share/extensions",
    ),
}
_SCRIPTS: Final = {
    "ru": "CYRILLIC", "uk": "CYRILLIC", "be": "CYRILLIC", "bg": "CYRILLIC", "mk": "CYRILLIC",
    "mn": "CYRILLIC", "kk": "CYRILLIC", "el": "GREEK", "ar": "ARABIC", "fa": "ARABIC",
    "ur": "ARABIC", "ckb": "ARABIC", "he": "HEBREW", "hi": "DEVANAGARI", "ne": "DEVANAGARI",
    "mr": "DEVANAGARI", "bn": "BENGALI", "te": "TELUGU", "ta": "TAMIL", "gu": "GUJARATI",
    "pa": "GURMUKHI", "si": "SINHALA", "th": "THAI", "lo": "LAO", "ko": "HANGUL",
    "hy": "ARMENIAN", "ka": "GEORGIAN",
}  # fmt: skip
_USUAL_COUNTRY: Final = {"en": "US", "pt": "PT", "sv": "SE", "da": "DK", "cs": "CZ", "el": "GR"}


def folders() -> tuple[Path, ...]:
    """Every folder that dictionaries may lie in, the ones named in ``DICPATH`` first.

    ``DICPATH`` is Hunspell’s own variable; where it is set, no other folder counts.
    """
    if named := os.environ.get("DICPATH"):
        return tuple(Path(each).expanduser() for each in named.split(os.pathsep) if each)
    platform = "linux" if sys.platform not in _FIXED else sys.platform
    fixed = tuple(Path(each).expanduser() for each in _FIXED[platform])
    return (*fixed, *_of_office(_OFFICE[platform]))


def _of_office(patterns: Iterable[str]) -> Iterable[Path]:
    """LibreOffice keeps each language in a folder ``dict-<language>`` of its extensions."""
    for pattern in patterns:
        place = Path(pattern).expanduser()
        root = Path(place.anchor)
        for extensions in sorted(root.glob(str(place.relative_to(root)))):
            yield from sorted(extensions.glob("dict-*"))
            yield from sorted(extensions.glob("*/*.oxt"))


def installed(places: Iterable[Path] | None = None) -> dict[str, Path]:
    """The dictionaries there are: "de_DE" to the path of its ``.dic``, beside which is its
    ``.aff``; the first one found of a name counts."""
    found: dict[str, Path] = {}
    for place in folders() if places is None else places:
        try:
            files = sorted(place.glob("*.dic"))
        except OSError:
            continue  # a folder nobody may read holds none
        for file in files:
            name = file.stem.replace("-", "_")
            if not name.startswith("hyph_") and file.with_suffix(".aff").is_file():
                found.setdefault(name, file)
    return found


def fitting(names: Collection[str], language: str, here: str) -> str:
    """The dictionary for a language as a service tells it ("de", "pt-BR"); "" where none fits.

    ``here`` is this computer’s own locale ("de_AT"), which decides between the countries of one
    language.
    """
    wanted = language.replace("-", "_")
    base = wanted.partition("_")[0].casefold()
    if not base:
        return ""
    by_name = {name.casefold(): name for name in names}
    country = _USUAL_COUNTRY.get(base, base.upper())
    local = here if here.partition("_")[0].casefold() == base else ""
    for each in (wanted, local, f"{base}_{country}", base):
        if each.casefold() in by_name:
            return by_name[each.casefold()]
    return min((name for name in names if name.partition("_")[0].casefold() == base), default="")


def script_of(name: str) -> str:
    """The script of a dictionary’s words as Unicode names it: "LATIN", "CYRILLIC"."""
    if "cyrl" in name.casefold():
        return "CYRILLIC"
    if name.casefold() == "sr" or name.casefold() == "sr_rs":
        return "CYRILLIC"
    return _SCRIPTS.get(name.partition("_")[0].casefold(), "LATIN")
