"""What readers of files share: a line that could not be read, in one sentence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that was left out. ``number`` counts from 1; ``words`` never quote what it says."""

    number: int
    words: str

    def __str__(self) -> str:
        return f"Line {self.number}: {self.words}"
