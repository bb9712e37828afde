"""How numbers, times and dates are written here, taken from the system's locale.

The words stay English, like all text of the program, and so do the digits and the groups of three;
what changes is what a reader trips over: the separators, twelve hours or twenty-four, and whether
the day or the month comes first.
"""

from __future__ import annotations

from PySide6.QtCore import QLocale

from app.domain.records import dataclass

_SHORT = QLocale.FormatType.ShortFormat


@dataclass(frozen=True, slots=True)
class Habits:
    """The defaults are those of the design: "1,048,211", "48.2k", "09:31", "3 Nov"."""

    group: str = ","
    point: str = "."
    twelve_hours: bool = False
    month_first: bool = False


def habits_of(locale: QLocale) -> Habits:
    """What a locale does. The C locale of a bare system says nothing, so the design's hold."""
    if locale.language() is QLocale.Language.C:
        return Habits()
    date = locale.dateFormat(_SHORT)
    day, month, year = (date.find(letter) for letter in "dMy")
    return Habits(
        group=locale.groupSeparator(),
        point=locale.decimalPoint(),
        twelve_hours="H" not in locale.timeFormat(_SHORT),
        month_first=month < day < year,
    )
