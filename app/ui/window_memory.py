"""How large a window stands on this machine: numbers alone, in a file of its own.

Where somebody was in the workspace is not here but inside the workspace, encrypted: an id of a
customer could be guessed from a handle.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
from pathlib import Path
from typing import Any

from app.domain.records import dataclass

_FILE = "window.json"
_LARGEST = 4_096
"""Bytes; a file larger than this is none of ours."""


@dataclass(frozen=True, slots=True)
class WindowShape:
    """``geometry``: what Qt's ``saveGeometry`` gave; ``list_width`` in pixels at text size 1."""

    geometry: bytes
    list_width: int


class WindowMemory:
    """Reads and writes the shape; what cannot be read or written is as if there were none."""

    def __init__(self, folder: Path) -> None:
        """``folder``: where this machine keeps a program's state; made when first written."""
        self._path = folder / _FILE

    def read(self) -> WindowShape | None:
        try:
            if self._path.stat().st_size > _LARGEST:
                return None
            kept: Any = json.loads(self._path.read_text(encoding="ascii"))
            return WindowShape(
                base64.b64decode(kept["geometry"], validate=True), int(kept["list_width"])
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, shape: WindowShape) -> None:
        """Atomic, and for this user's eyes alone."""
        geometry = base64.b64encode(shape.geometry).decode()
        text = json.dumps({"geometry": geometry, "list_width": shape.list_width})
        beside = self._path.with_name(f"{_FILE}.{os.getpid()}")
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            descriptor = os.open(beside, flags, 0o600)
            try:
                os.write(descriptor, text.encode())
            finally:
                os.close(descriptor)
            beside.replace(self._path)
