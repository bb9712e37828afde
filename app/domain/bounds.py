"""What a search is narrowed by: typed as “since: Monday”, shown as chips.

A bound is a word and a value. ``typed`` takes those out of a line that are finished, and tells of
the one that is still being written; ``choices`` says what can stand for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from operator import itemgetter

from app.domain.clock import to_ms
from app.domain.departments import Department
from app.domain.ids import DepartmentId
from app.domain.interactions import Channel, Side
from app.domain.records import dataclass

SINCE, CHANNEL, DEPARTMENT, SIDE = "since", "channel", "department", "side"
WORDS = (SINCE, CHANNEL, DEPARTMENT, SIDE)
"""What can be written before the colon."""
_TODAY, _YESTERDAY = "today", "yesterday"
_FIRST_YEAR = 1970
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_TYPED = re.compile(rf"(?:^|(?<=\s))({'|'.join(WORDS)}):[^\S\n]?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is empty asks for nothing; all else has to hold.

    ``since``        "today", "yesterday", a day of the week (the last one that began), or a date,
                     a month or a year: "2026-11-02", "2026-11", "2026".
    ``channels``     any of them.
    ``departments``  the case it belongs to is held by any of them.
    """

    since: str = ""
    channels: tuple[Channel, ...] = ()
    departments: tuple[DepartmentId, ...] = ()
    side: Side | None = None

    def __bool__(self) -> bool:
        return self != UNBOUND


UNBOUND = Bounds()


@dataclass(frozen=True, slots=True)
class Choice:
    """``value`` in words, and the bounds with it; ``short`` is another name that can be typed."""

    word: str
    value: str
    bounds: Bounds
    short: str = ""

    def begins(self, begun: str) -> bool:
        """Whether one of its names does."""
        return any(name.casefold().startswith(begun.casefold()) for name in self._names())

    def named(self, line: str) -> int:
        """How much of a line is one of its names, whole and before a space or the end; 0: none."""
        return max(_beginning(line, name.casefold()) for name in self._names())

    def _names(self) -> tuple[str, str]:
        return self.value, self.short

    @property
    def text(self) -> str:
        """ "since: Monday"."""
        return f"{self.word}: {self.value}"


@dataclass(frozen=True, slots=True)
class Typed:
    """``words`` are what is looked for; ``open_word`` and ``open_value`` the bound that is still
    being written at the end of the line, "" for none."""

    words: str
    bounds: Bounds
    open_word: str = ""
    open_value: str = ""

    @property
    def line(self) -> str:
        """What is left to stand in the line."""
        return f"{self.words}{self.open_word}: {self.open_value}" if self.open_word else self.words


def typed(line: str, held: Bounds, departments: Sequence[Department]) -> Typed:
    """Take the finished bounds out of what was typed; what names nothing stays as words."""
    words, bounds = line, held
    place = 0
    while (found := _TYPED.search(words, place)) is not None:
        word, rest = found[1].lower(), words[found.end() :]
        done = _finished(word, rest, bounds, departments)
        if done is not None:
            bounds, length = done
            words = words[: found.start()] + rest[length:].lstrip()
            place = found.start()
        elif choices(word, rest, bounds, departments):  # it is still being written
            return Typed(words[: found.start()], bounds, word, rest)
        else:
            place = found.end()
    return Typed(words, bounds)


def choices(
    word: str, value: str, bounds: Bounds, departments: Sequence[Department]
) -> tuple[Choice, ...]:
    """What can stand after ``word`` and begins with ``value``, each with the bounds it makes."""
    begun = value.strip()
    offered = _offered(word, bounds, departments)
    if word == SINCE and _DATE.fullmatch(begun) and begins(begun, datetime.now(UTC)) is not None:
        offered = (Choice(SINCE, begun, replace(bounds, since=begun)),)
    return tuple(one for one in offered if one.begins(begun))


def chips(bounds: Bounds, departments: Sequence[Department]) -> tuple[Choice, ...]:
    """Each bound that is held; its ``bounds`` are what is left without it."""
    names = {department.id: department.name for department in departments}
    held = []
    if bounds.since:
        held.append(Choice(SINCE, since_words(bounds.since), replace(bounds, since="")))
    for channel in bounds.channels:
        rest = tuple(one for one in bounds.channels if one is not channel)
        held.append(Choice(CHANNEL, channel.label, replace(bounds, channels=rest)))
    for department in bounds.departments:
        left = tuple(one for one in bounds.departments if one != department)
        name = names.get(department, str(department))
        held.append(Choice(DEPARTMENT, name, replace(bounds, departments=left)))
    if bounds.side is not None:
        held.append(Choice(SIDE, bounds.side.name.lower(), replace(bounds, side=None)))
    return tuple(held)


def since_words(since: str) -> str:
    """As it is shown: "Monday", "today", "2026-11-02"."""
    return since.capitalize() if since in _DAYS else since


def begins(since: str, now: datetime) -> datetime | None:
    """When that began, in the zone of ``now``, or naive as it is; None for what names no day."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if since == _TODAY:
        return midnight
    if since == _YESTERDAY:
        return midnight - timedelta(days=1)
    if since in _DAYS:
        return midnight - timedelta(days=(now.weekday() - _DAYS.index(since)) % 7)
    date = _DATE.fullmatch(since)
    if date is None:
        return None
    year, month, day = (int(part) if part else 1 for part in date.groups())
    try:
        return midnight.replace(year=year, month=month, day=day)
    except ValueError:
        return None


def since_ms(since: str, now: datetime) -> int:
    """When that began here, in milliseconds since 1970; 0 for no bound."""
    here = now.astimezone()
    # By the clock on the wall: the offset of today is not that of July.
    moment = begins(since, here.replace(tzinfo=None)) if since else None
    if moment is None or moment.year <= _FIRST_YEAR:
        return 0
    try:
        return to_ms(moment.astimezone())
    except (OverflowError, OSError, ValueError):  # a year that the system’s zones do not reach
        return to_ms(moment.replace(tzinfo=here.tzinfo))


def _beginning(line: str, folded: str) -> int:
    """How much of a line is this name, whole and before a space or the end; 0: none. “ß” may have
    been written as two letters, so the name itself does not tell."""
    for end in range(1, len(line) + 1 if folded else 1):
        begun = line[:end].casefold()
        if begun == folded and line[end : end + 1] in ("", " "):
            return end
        if len(begun) > len(folded):
            break
    return 0


def _offered(word: str, bounds: Bounds, departments: Sequence[Department]) -> tuple[Choice, ...]:
    if word == SINCE:
        return tuple(
            Choice(word, since_words(since), replace(bounds, since=since))
            for since in (_TODAY, _YESTERDAY, *_DAYS)
        )
    if word == CHANNEL:
        return tuple(
            Choice(word, one.label, replace(bounds, channels=(*bounds.channels, one)))
            for one in Channel
            if one not in bounds.channels
        )
    if word == DEPARTMENT:
        return tuple(
            Choice(
                word,
                one.name,
                replace(bounds, departments=(*bounds.departments, one.id)),
                one.short,
            )
            for one in departments
            if one.id not in bounds.departments
        )
    return tuple(Choice(word, one.name.lower(), replace(bounds, side=one)) for one in Side)


def _finished(
    word: str, rest: str, bounds: Bounds, departments: Sequence[Department]
) -> tuple[Bounds, int] | None:
    """The bounds with what ``rest`` begins with, and how long that is; None while it is open.

    A name is finished by the space after it; its beginning too, where only one has it.
    """
    whole = [(one.named(rest), one.bounds) for one in choices(word, "", bounds, departments)]
    length, bounded = max(whole, key=itemgetter(0), default=(0, bounds))
    if 0 < length < len(rest):  # there is a space after it
        return bounded, length
    begun, space, _ = rest.partition(" ")
    if not begun or not space:
        return None
    fitting = choices(word, begun, bounds, departments)
    return (fitting[0].bounds, len(begun)) if len(fitting) == 1 else None
