"""Times, spans and counts in words, as the design writes them. Times are milliseconds since 1970.

Days and months are English whatever the desktop speaks, like all other text of the program; the
order, the separators and the hours are those of ``use_habits``.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.domain.clocks import ClockKind, Deadline, Due
from app.ui.theme.habits import Habits

_MINUTE = 60_000
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SHORT_DAYS = 7
_MINUTES_AN_HOUR = 60
_HOURS_A_DAY = 24
_WITHOUT_DECIMALS = 100
_ROUNDS_UP = 0.9995
"""From here on three figures show the next unit: 999,960 is 1M, not 1000k."""
_NOON = 12
_habits = Habits()


def use_habits(habits: Habits) -> None:
    """Write numbers, times and dates so from now on. Called before the first window is made."""
    global _habits  # noqa: PLW0603 - one for the whole program, like the locale it comes from
    _habits = habits


def local(ms: int) -> datetime:
    """The moment in the zone of this machine."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone()


def clock_time(ms: int) -> str:
    """ "09:31", or "9:31 am"."""
    at = local(ms)
    if not _habits.twelve_hours:
        return f"{at.hour:02d}:{at.minute:02d}"
    half = "am" if at.hour < _NOON else "pm"
    return f"{at.hour % _NOON or _NOON}:{at.minute:02d} {half}"


def short_date(ms: int, now: int) -> str:
    """ "3 Nov" or "Nov 3", with the year when it is another one."""
    at = local(ms)
    month = _MONTHS[at.month - 1][:3]
    return _day_of(at, month) if at.year == local(now).year else _full_day_of(at, month)


def month_label(year: int, month: int) -> str:
    """ "November 2026"."""
    return f"{_MONTHS[month - 1]} {year}"


def day_label(ms: int, now: int) -> str:
    """A separator: "Today, Thursday 19 November", "Yesterday", "Monday 16 November"."""
    at, today = local(ms), local(now)
    month = _MONTHS[at.month - 1]
    comma = "," if _habits.month_first else ""
    text = f"{_WEEKDAYS[at.weekday()]}{comma} {_day_of(at, month)}"
    if at.date() == today.date():
        return f"Today, {text}"
    if at.date() == (today - timedelta(days=1)).date():
        return "Yesterday"
    return text if at.year == today.year else _full_day_of(at, month)


def list_time(ms: int, now: int) -> str:
    """When, as a row has room for: "11:43" today, "Wed" this week, "3 Nov", "3 Nov 2024"."""
    at, today = local(ms), local(now)
    days = (today.date() - at.date()).days
    if days == 0:
        return clock_time(ms)
    if 0 < days < _SHORT_DAYS:
        return _WEEKDAYS[at.weekday()][:3]
    return short_date(ms, now)


def relative(ms: int, now: int) -> str:
    """How long ago or until: "just now", "4 min ago", "in 2 h 10", "3 Nov" beyond a day."""
    gap = now - ms
    if abs(gap) < _MINUTE:
        return "just now" if gap >= 0 else "in a moment"
    if abs(gap) >= _DAY:
        return short_date(ms, now)
    return f"{duration(gap)} ago" if gap > 0 else f"in {duration(-gap)}"


def duration(ms: int) -> str:
    """ "39 min", "2 h", "2 h 10", "3 d 4 h"; less than a minute counts as one."""
    minutes = max(1, ms // _MINUTE)
    if minutes < _MINUTES_AN_HOUR:
        return f"{minutes} min"
    hours, rest = divmod(minutes, _MINUTES_AN_HOUR)
    if hours < _HOURS_A_DAY:
        return f"{hours} h {rest:02d}" if rest else f"{hours} h"
    days, hours = divmod(hours, _HOURS_A_DAY)
    return f"{days} d {hours} h" if hours else f"{days} d"


def spoken_duration(ms: int) -> str:
    """ "18 minutes", "2 hours 10 minutes", "3 days 4 hours": for a screen reader."""
    minutes = max(1, ms // _MINUTE)
    hours, rest = divmod(minutes, _MINUTES_AN_HOUR)
    days, hours_left = divmod(hours, _HOURS_A_DAY)
    parts: tuple[tuple[int, str], ...]
    if days:
        parts = ((days, "day"), (hours_left, "hour"))
    elif hours:
        parts = ((hours, "hour"), (rest, "minute"))
    else:
        parts = ((minutes, "minute"),)
    return " ".join(f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in parts if n)


def compact_number(count: int) -> str:
    """ "412", "1.2k", "48.2k", "212k", "1.4M"."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if count >= size * _ROUNDS_UP:
            value = count / size
            text = (
                f"{value:.0f}" if value >= _WITHOUT_DECIMALS else f"{value:.1f}".removesuffix(".0")
            )
            return f"{text.replace('.', _habits.point)}{letter}"
    return str(count)


def grouped(count: int) -> str:
    """ "1,048,211"."""
    return f"{count:,}".replace(",", _habits.group)


def deadline_text(deadline: Deadline, now: int) -> tuple[str, Due]:
    """What the chip says and how it looks: ("18 min", DUE), ("12 min late", LATE)."""
    due = deadline.due(now)
    if due is Due.LATE:
        return f"{duration(now - deadline.due_ms)} late", due
    return duration(deadline.due_ms - now), due


def clock_text(deadline: Deadline, now: int) -> tuple[str, Due]:
    """As ``deadline_text``, naming a promise where it stands alone: ("promised in 12 min", DUE)."""
    words, due = deadline_text(deadline, now)
    if deadline.kind is not ClockKind.PROMISE:
        return words, due
    return f"promise {words}" if due is Due.LATE else f"promised in {words}", due


def _day_of(at: datetime, month: str) -> str:
    return f"{month} {at.day}" if _habits.month_first else f"{at.day} {month}"


def _full_day_of(at: datetime, month: str) -> str:
    comma = "," if _habits.month_first else ""
    return f"{_day_of(at, month)}{comma} {at.year}"
