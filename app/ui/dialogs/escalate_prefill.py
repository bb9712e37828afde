"""What an escalation says before the agent has said anything, taken from the timeline."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.ids import CaseId
from app.domain.interactions import Direction
from app.domain.views import CaseView, InteractionItem, TimelineItem

_LONGEST = 280


def brief_of(view: CaseView, items: Iterable[TimelineItem]) -> str:
    """What the case is about, then the customer's latest words in it."""
    said = _texts(view.case, items, Direction.INBOUND)
    about = _whole(view.title.strip(), said)
    latest = _shortened(said[-1]) if said else ""
    if not latest or latest == about:
        return about
    quoted = "“" + latest.replace("“", "‘").replace("”", "’") + "”"
    stop = "." if about[-1:].isalnum() else ""
    return f"{about}{stop}\n{quoted}" if about else latest


def told_of(view: CaseView, items: Iterable[TimelineItem]) -> str:
    """The last thing we wrote to the customer in this case; "" when we have not yet."""
    said = _texts(view.case, items, Direction.OUTBOUND)
    return _shortened(said[-1]) if said else ""


def _whole(title: str, said: list[str]) -> str:
    """The message a title was cut from, where it was; a title given by a person otherwise."""
    start = title.removesuffix("…").rstrip()
    cut = title.endswith("…") and bool(start)
    found = (text for text in map(_shortened, said) if cut and text.startswith(start))
    return next(found, title)


def _texts(case: CaseId, items: Iterable[TimelineItem], direction: Direction) -> list[str]:
    return [
        item.text
        for item in items
        if isinstance(item, InteractionItem)
        and item.direction is direction
        and item.case == case
        and item.kind.has_text
        and item.deleted_ms is None
        and item.text.strip()
    ]


def _shortened(text: str) -> str:
    """On one line, cut at a word where it is long."""
    plain = " ".join(text.split())
    if len(plain) <= _LONGEST:
        return plain
    cut = plain[:_LONGEST].rsplit(" ", 1)[0] or plain[:_LONGEST]
    return f"{cut}…"
