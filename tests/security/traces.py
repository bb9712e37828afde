"""Looking for words in files, in whatever clothes they may have been written."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

import zstandard

_MOST = 64 * 1024 * 1024
_PACKED = re.compile(rb"\x28\xb5\x2f\xfd|\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")


def clothes(marker: bytes) -> dict[str, bytes]:
    """What the bytes of a marker look like in a file, by the name of the way."""
    found = {"plain": marker, "hex": marker.hex().encode()}
    for shift in range(3):
        # Of base64 the middle is always the same, wherever in a longer text the marker stands.
        text = base64.b64encode(bytes(shift) + marker)[4 if shift else 0 :]
        whole = text[: len(text) // 4 * 4 - 4]
        found[f"base64+{shift}"] = whole
        found[f"urlsafe base64+{shift}"] = whole.translate(bytes.maketrans(b"+/", b"-_"))
    try:
        words = marker.decode()
    except UnicodeDecodeError:
        return found
    found["utf-16-le"] = words.encode("utf-16-le")
    found["utf-16-be"] = words.encode("utf-16-be")
    found["percent"] = quote(words, safe="").encode()
    found["json"] = json.dumps(words)[1:-1].encode()
    return found


def unpacked(data: bytes) -> Iterator[bytes]:
    """The bytes, and whatever in them is packed by zlib, gzip or zstd, unpacked once."""
    yield data
    for match in _PACKED.finditer(data):
        piece = data[match.start() :]
        try:
            if match[0].startswith(b"\x28"):
                yield zstandard.ZstdDecompressor().decompressobj().decompress(piece)
            else:
                yield zlib.decompressobj(wbits=47).decompress(piece, _MOST)
        except (zlib.error, zstandard.ZstdError):
            continue  # the same bytes by chance


def files(folder: Path) -> list[Path]:
    """Every file below a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def traces(paths: Iterable[Path], markers: dict[str, bytes]) -> set[tuple[str, str, str]]:
    """(name of the file, name of the marker, how it is written) for whatever is found."""
    worn = {name: clothes(marker) for name, marker in markers.items()}
    found = set()
    for path in paths:
        for piece in unpacked(path.read_bytes()):
            for name, ways in worn.items():
                found |= {(path.name, name, way) for way, seen in ways.items() if seen in piece}
    return found
