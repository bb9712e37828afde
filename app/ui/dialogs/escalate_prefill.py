"""What an escalation says before the agent has said anything, taken from the timeline."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.ids import CaseId
from app.domain.interactions import Direction
from app.domain.views import CaseView, InteractionItem, TimelineItem

_LONGEST = 280


def brief_of(view: CaseView, items: Iterable[TimelineItem]) -> str:
    """The title of the case, then the customer's latest words in it."""
    said = _latest(view.case, items, Direction.INBOUND)
    title = view.title.strip()
    if not said or _shortened(said).startswith(title.rstrip("…")):
        return _shortened(said) or title
    quoted = "“" + _shortened(said).replace("“", "‘").replace("”", "’") + "”"
    stop = "." if title[-1:].isalnum() else ""
    return f"{title}{stop}\n{quoted}" if title else quoted


def told_of(view: CaseView, items: Iterable[TimelineItem]) -> str:
    """The last thing we wrote to the customer in this case; "" when we have not yet."""
    return _shortened(_latest(view.case, items, Direction.OUTBOUND))


def _latest(case: CaseId, items: Iterable[TimelineItem], direction: Direction) -> str:
    texts = [
        item.text
        for item in items
        if isinstance(item, InteractionItem)
        and item.direction is direction
        and item.case == case
        and item.kind.has_text
        and item.deleted_ms is None
        and item.text.strip()
    ]
    return texts[-1] if texts else ""


def _shortened(text: str) -> str:
    """On one line, cut at a word where it is long."""
    plain = " ".join(text.split())
    if len(plain) <= _LONGEST:
        return plain
    cut = plain[:_LONGEST].rsplit(" ", 1)[0] or plain[:_LONGEST]
    return f"{cut}…"
