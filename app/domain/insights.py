"""What the measures of a workspace are made of."""

from __future__ import annotations

from app.domain.records import dataclass


@dataclass(frozen=True, slots=True)
class Beginnings:
    """Since when a workspace holds what its measures count.

    Milliseconds since 1970 in UTC; None for what has never happened here.
    """

    interaction_ms: int | None = None
    case_ms: int | None = None
    hand_off_ms: int | None = None
