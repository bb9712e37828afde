"""Positions in a list that grows at its top, whose newest entries may still appear out of order.

A server with several workers makes ids in one order and shows the entries in another, so
“everything above the highest id seen” loses some. A window remembers the latest ids; a pull starts
again well below its top, and the window tells which of what comes back is new.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from app.connectors.channels.mastodon.facts import id_order
from app.domain.records import dataclass

OVERLAP = 30
"""How many entries below the newest are always read again. With eight writers at 28 posts a second,
20 were enough to lose none of 1,000; without any, 78 were lost."""
_KEPT = 160


@dataclass(frozen=True, slots=True)
class Window:
    """The latest ids seen, newest first."""

    ids: tuple[str, ...] = ()

    @classmethod
    def parse(cls, cursor: str | None) -> Window | None:
        """A stored cursor; None when there is none or another version of Seamline wrote it."""
        if not cursor:
            return None
        try:
            return cls(tuple(msgspec.json.decode(cursor, type=list[str])))
        except msgspec.DecodeError:
            return None

    @property
    def cursor(self) -> str:
        return msgspec.json.encode(self.ids).decode()

    @property
    def floor(self) -> str | None:
        """From here upwards everything is read again; None when nothing was seen yet."""
        return self.ids[min(OVERLAP, len(self.ids)) - 1] if self.ids else None

    def knows(self, native_id: str) -> bool:
        """Whether an entry was handled before: seen, or older than what is still remembered."""
        if native_id in self.ids:
            return True
        full = len(self.ids) >= _KEPT
        return full and id_order(native_id) < id_order(self.ids[-1])

    def grown(self, ids: Iterable[str]) -> Window:
        latest = sorted({*self.ids, *ids}, key=id_order, reverse=True)
        return Window(tuple(latest[:_KEPT]))
