"""How high every row is and where it stands, for a list whose rows are mostly unseen.

A row that was never laid out has an estimate. Rows are kept in blocks with a running total each,
so that finding a row and inserting one cost about the square root of a plain list's work.
Heights are whole pixels: rows then meet exactly and scrolling can copy what is already painted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

from app.domain.records import dataclass

_BLOCK = 256


@dataclass(slots=True)
class _Block:
    heights: list[int] = field(default_factory=list)
    known: list[bool] = field(default_factory=list)
    total: int = 0


class HeightIndex:
    """Heights of rows 0 to ``len(self) - 1``, from the top."""

    def __init__(self) -> None:
        self._blocks: list[_Block] = []
        self._count = 0
        self._total = 0

    def __len__(self) -> int:
        return self._count

    @property
    def total(self) -> int:
        return self._total

    def clear(self) -> None:
        self._blocks.clear()
        self._count = self._total = 0

    def insert(self, row: int, estimates: Sequence[int]) -> None:
        """Make room before ``row`` for rows of these estimated heights."""
        if not estimates:
            return
        where, offset = self._locate(row)
        if where == len(self._blocks):
            self._blocks.append(_Block())
        block = self._blocks[where]
        block.heights[offset:offset] = estimates
        block.known[offset:offset] = [False] * len(estimates)
        added = sum(estimates)
        block.total += added
        self._total += added
        self._count += len(estimates)
        if len(block.heights) > 2 * _BLOCK:
            self._split(where)

    def remove(self, row: int, count: int) -> None:
        while count > 0:
            where, offset = self._locate(row)
            block = self._blocks[where]
            taken = min(count, len(block.heights) - offset)
            gone = sum(block.heights[offset : offset + taken])
            del block.heights[offset : offset + taken]
            del block.known[offset : offset + taken]
            block.total -= gone
            self._total -= gone
            self._count -= taken
            count -= taken
            if not block.heights:
                del self._blocks[where]

    def settle(self, row: int, height: int) -> int:
        """Note the true height of a row; returns by how much it grew."""
        where, offset = self._locate(row)
        block = self._blocks[where]
        grown = height - block.heights[offset]
        block.heights[offset] = height
        block.known[offset] = True
        block.total += grown
        self._total += grown
        return grown

    def doubt(self, row: int) -> None:
        """What is known of this row is from now on an estimate."""
        where, offset = self._locate(row)
        self._blocks[where].known[offset] = False

    def doubt_all(self) -> None:
        for block in self._blocks:
            block.known = [False] * len(block.known)

    def is_known(self, row: int) -> bool:
        where, offset = self._locate(row)
        return self._blocks[where].known[offset]

    def height(self, row: int) -> int:
        where, offset = self._locate(row)
        return self._blocks[where].heights[offset]

    def top(self, row: int) -> int:
        """Where the row begins; for ``len(self)``, where the last one ends."""
        where, offset = self._locate(row)
        top = sum(block.total for block in self._blocks[:where])
        if where < len(self._blocks):
            top += sum(self._blocks[where].heights[:offset])
        return top

    def row_at(self, y: int) -> int:
        """The row at that height, the nearest one outside; -1 when there are no rows."""
        if not self._count:
            return -1
        row = top = 0
        for block in self._blocks:
            if y < top + block.total:
                for height in block.heights:
                    top += height
                    if y < top:
                        return row
                    row += 1
            row += len(block.heights)
            top += block.total
        return self._count - 1

    def _locate(self, row: int) -> tuple[int, int]:
        """(block, place in it); a row just behind the last one lies in the last block."""
        for where, block in enumerate(self._blocks):
            size = len(block.heights)
            if row < size or (row == size and where == len(self._blocks) - 1):
                return where, row
            row -= size
        return len(self._blocks), 0

    def _split(self, where: int) -> None:
        block = self._blocks[where]
        parts: list[_Block] = []
        for start in range(0, len(block.heights), _BLOCK):
            heights = block.heights[start : start + _BLOCK]
            known = block.known[start : start + _BLOCK]
            parts.append(_Block(heights, known, sum(heights)))
        self._blocks[where : where + 1] = parts
