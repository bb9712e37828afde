"""What of a machine is seen in its pictures: who rasterises, and which version the type has.

Inter and Qt come with the program and are the same everywhere. FreeType and Noto are the
system’s.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import os
import shutil
import subprocess
from pathlib import Path

FONTS_FILE = Path(__file__).with_name("fonts.conf")
_NAME = "drawn-with.json"
_SEEN = ("NotoSans-Regular.ttf", "NotoSansCJK-Regular.ttc", "NotoSansDevanagari-Regular.ttf",
         "NotoColorEmoji.ttf")  # fmt: skip
"""The files of the type that occurs in the pictures."""
_WHOLE = 65_536
"""Fontconfig counts versions in parts of this."""

Surroundings = dict[str, str]


def here() -> Surroundings:
    """Name to version, of this machine; "" for what is not there."""
    return {"FreeType": _freetype()} | _fonts()


def read(folder: Path) -> Surroundings:
    """What the pictures in a folder were drawn with; nothing where nobody has said."""
    try:
        told: Surroundings = json.loads((folder / _NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return told


def write(folder: Path) -> None:
    text = json.dumps(here(), indent=2) + "\n"
    (folder / _NAME).write_text(text, encoding="utf-8")


def differing(folder: Path) -> str:
    """How this machine’s type differs from that of the pictures, in words; "" when it does not."""
    kept, now = read(folder), here()
    return ", ".join(
        f"{name} {now.get(name) or 'missing'} for {version}"
        for name, version in kept.items()
        if now.get(name) != version
    )


def _freetype() -> str:
    name = ctypes.util.find_library("freetype")
    if name is None:
        return ""
    library = ctypes.CDLL(name)
    handle, numbers = ctypes.c_void_p(), [ctypes.c_int() for _ in range(3)]
    if library.FT_Init_FreeType(ctypes.byref(handle)):
        return ""
    library.FT_Library_Version(handle, *(ctypes.byref(number) for number in numbers))
    library.FT_Done_FreeType(handle)
    return ".".join(str(number.value) for number in numbers)


def _fonts() -> Surroundings:
    found = dict.fromkeys(_SEEN, "")
    if shutil.which("fc-list") is None:
        return found
    listed = subprocess.run(
        ["fc-list", "--format", "%{file}\t%{fontversion}\n"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"FONTCONFIG_FILE": str(FONTS_FILE)},
    ).stdout
    for line in listed.splitlines():
        file, _, version = line.partition("\t")
        if Path(file).name in found and version.isdigit():
            found[Path(file).name] = f"{int(version) / _WHOLE:.3f}"
    return found
