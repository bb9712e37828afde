"""What a restore brought back and what it could not, in sentences for a person."""

from __future__ import annotations

from datetime import datetime, tzinfo

from app.store.restoring import Restored
from app.store.salvaging import Salvaged

# Not by strftime: Qt sets the locale, and the sentences around a month are English.
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def told(done: Restored, zone: tzinfo | None = None) -> tuple[str, ...]:
    """The sentences, most important first. ``zone`` None: times as this computer shows them."""
    sentences = [f"The workspace is as it was on {day_and_time(done.since, zone)}."]
    if done.salvaged is not None:
        sentences += _recovered(done.salvaged, _span(done, zone))
    elif done.decisions_lost:  # from a file that is whole: whoever restores it wants to go back
        lost = _plural(done.decisions_lost, "decision")
        sentences.append(f"{lost} since the backup stayed behind.")
    if done.held:
        held = _plural(done.held, "message")
        look = "look whether it left before sending it"
        if done.held > 1:
            look = "look which left before sending any"
        sentences.append(f"{held} held back in the outbox: {look}.")
    if done.kept_aside is not None:
        kept = "What was there" if done.salvaged is None else "The damaged file"
        sentences.append(f"{kept} is kept as {done.kept_aside}.")
    return tuple(sentences)


def _recovered(salvaged: Salvaged, span: str) -> list[str]:
    sentences = []
    counts = (
        (salvaged.decisions, "decision"),
        (salvaged.drafts, "draft"),
        (salvaged.messages, "unsent message"),
    )
    found = [_plural(count, what) for count, what in counts if count]
    if found:
        sentences.append(f"{_listed(found)} made since came over from the damaged file.")
    if salvaged.missing is None:
        further = "Further decisions" if salvaged.decisions else "Decisions"
        sentences.append(f"{further} made {span} could not be recovered.")
    elif salvaged.missing:
        lost = _plural(salvaged.missing, "decision")
        sentences.append(f"Up to {lost} made {span} could not be recovered.")
    if not salvaged.whole:
        sentences.append(f"Drafts and unsent messages written {span} may be missing.")
    if salvaged.missing == 0 and salvaged.whole:
        sentences.append("Nothing that was decided or written since is missing.")
    return sentences


def _span(done: Restored, zone: tzinfo | None) -> str:
    """From the backup until the damaged file was last written to."""
    since = done.since.astimezone(zone)
    until = (done.until or done.since).astimezone(zone)
    if until <= since:
        return f"since {day_and_time(since, zone)}"
    if until.date() == since.date():
        return f"between {since:%H:%M} and {until:%H:%M} on {_day(until)}"
    return f"between {day_and_time(since, zone)} and {day_and_time(until, zone)}"


def day_and_time(at: datetime, zone: tzinfo | None = None) -> str:
    """“21 November, 09:12”."""
    local = at.astimezone(zone)
    return f"{_day(local)}, {local:%H:%M}"


def _day(at: datetime) -> str:
    return f"{at.day} {_MONTHS[at.month - 1]}"


def _plural(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
