"""Settings as a person writes them: names for numbers, “09:00–17:00” for minutes, “1 h” for a time.

What stands as it comes is left out of the file, and what is left out stands as it comes. A word
that nothing knows is refused: a condition with a typing error would otherwise hold for everything.
"""

from __future__ import annotations

import re
import types
import unicodedata
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from datetime import date
from enum import Enum, IntEnum
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from app.domain.errors import BadInput
from app.domain.hours import BusinessHours, Span
from app.domain.ids import AccountId, AgentId, DepartmentId
from app.store.holidays import bare, closing

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TOGETHER = {"every_day": _DAYS, "weekdays": _DAYS[:5]}
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
_UNITS = {"d": 86_400_000, "h": 3_600_000, "min": 60_000, "s": 1_000, "ms": 1}
_WRITTEN = ("h", "min", "s", "ms")
"""No days: a promise is counted in hours at work, and a day of those is not 24."""
_AMOUNT = re.compile(r"(\d+)\s*(d|h|min|ms|s)")
_TIME = "_ms"
"""How the name of a field ends that holds milliseconds; the file leaves it out."""


@dataclass(frozen=True, slots=True)
class Names:
    """How a workspace calls what its settings name; ``departments`` are their ids."""

    departments: frozenset[str] = frozenset()
    accounts: Mapping[AccountId, str] = field(default_factory=dict)
    agents: Mapping[AgentId, str] = field(default_factory=dict)


def written(value: Any, kind: Any, names: Names) -> Any:
    """The plain data of a value of this kind, in words where there are words for it."""
    kind = _present(kind)
    if kind is AccountId:
        return names.accounts.get(value, str(value))
    if kind is AgentId:
        return names.agents.get(value, value)
    if isinstance(value, BusinessHours):
        return _hours_written(value)
    if isinstance(value, Enum):
        return value.name.lower() if isinstance(value, IntEnum) else value.value
    if is_dataclass(value):
        return _fields_written(value, names)
    if isinstance(value, Mapping):
        keys, values = get_args(kind)
        return {written(k, keys, names): written(v, values, names) for k, v in value.items()}
    if isinstance(value, frozenset):
        return sorted(written(one, get_args(kind)[0], names) for one in value)
    if isinstance(value, tuple):
        return [written(one, get_args(kind)[0], names) for one in value]
    return value


def read(data: Any, kind: Any, names: Names, where: str) -> Any:
    """The value of this kind that was written so. Raises BadInput that says where it is not as it
    should be."""
    kind = _present(kind)
    named = {AccountId: _account, AgentId: _agent, DepartmentId: _department}.get(kind)
    if named is not None:
        return named(_is(data, str, where), names, where)
    if kind is BusinessHours:
        return _hours_read(_is(data, dict, where), where)
    if is_dataclass(kind):
        assert isinstance(kind, type)
        return _fields_read(_is(data, dict, where), kind, names, where)
    shape = get_origin(kind)
    if shape in (tuple, frozenset):
        inner = get_args(kind)[0]
        listed = enumerate(_is(data, list, where))
        return shape(read(one, inner, names, f"{where}[{place}]") for place, one in listed)
    if shape is not None:
        keys, values = get_args(kind)
        return {
            read(key, keys, names, where): read(one, values, names, f"{where}.{key}")
            for key, one in _is(data, dict, where).items()
        }
    if issubclass(kind, Enum):
        return _choice(data, kind, where)
    return _is(data, kind, where)


def slug(name: str) -> str:
    """An id for something that was given a name alone."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return re.sub(r"\W+", "-", re.sub(r"[\u0300-\u036f]", "", letters)).strip("-")


def departments_in(value: Any, kind: Any) -> set[DepartmentId]:
    """The departments that a value names, wherever in it they stand."""
    kind = _present(kind)
    if value is None:
        return set()
    if kind is DepartmentId:
        return {value}
    found: set[DepartmentId] = set()
    if is_dataclass(value):
        hints = get_type_hints(type(value))
        for name in (one.name for one in fields(value)):
            found |= departments_in(getattr(value, name), hints[name])
    elif isinstance(value, Mapping):
        keys, values = get_args(kind)
        for key, one in value.items():
            found |= departments_in(key, keys) | departments_in(one, values)
    elif isinstance(value, tuple | frozenset):
        for one in value:
            found |= departments_in(one, get_args(kind)[0])
    return found


def _fields_written(value: Any, names: Names) -> dict[str, Any]:
    kinds, told = get_type_hints(type(value)), {}
    for one in fields(value):
        held = getattr(value, one.name)
        if held is None or held == _usual(one):
            continue
        if one.name.endswith(_TIME):
            told[one.name.removesuffix(_TIME)] = duration_written(held)
        else:
            told[one.name] = written(held, kinds[one.name], names)
    return told


def _fields_read(data: dict[str, Any], kind: type[Any], names: Names, where: str) -> Any:
    kinds, given = get_type_hints(kind), dict(data)
    told: dict[str, Any] = {}
    for one in fields(kind):
        key = one.name.removesuffix(_TIME)
        place = f"{where}.{key}"
        if key in given:
            value = given.pop(key)
            if key != one.name:
                told[one.name] = duration_read(_is(value, str, place), place)
            else:
                told[one.name] = read(value, kinds[one.name], names, place)
        elif key == "id" and isinstance(data.get("name"), str) and slug(data["name"]):
            told["id"] = slug(data["name"])
        elif _may_be_none(kinds[one.name]):
            told[one.name] = None
        elif _usual(one) is MISSING:
            raise BadInput(f"The settings have no “{key}” at {where}.")
    if given:
        known = ", ".join(one.name.removesuffix(_TIME) for one in fields(kind))
        raise BadInput(
            f"The settings have a “{next(iter(given))}” at {where}, where it means nothing.",
            hint=f"Known there: {known}.",
        )
    return kind(**told)


def duration_written(ms: int) -> str:
    """“1 h 30 min”."""
    told = []
    for unit in _WRITTEN:
        count, ms = divmod(ms, _UNITS[unit])
        if count:
            told.append(f"{count} {unit}")
    return " ".join(told) or "0 min"


def duration_read(text: str, where: str) -> int:
    """Milliseconds of “1 h 30 min”, “2 d” (48 hours) or “90 s”."""
    if not re.fullmatch(rf"\s*(?:{_AMOUNT.pattern}\s*)+", text):
        raise BadInput(
            f"The settings have “{text}” at {where}, which is no length of time.",
            hint="Write it like “1 h 30 min”.",
        )
    return sum(int(count) * _UNITS[unit] for count, unit in _AMOUNT.findall(text))


def spans_written(spans: tuple[Span, ...]) -> str:
    """“09:00–12:00, 13:00–17:00”."""
    return ", ".join(f"{_clock(span.opens)}–{_clock(span.closes)}" for span in spans)


def spans_read(text: str, where: str) -> tuple[Span, ...]:
    """The spans of “09:00–12:00, 13:00–17:00”; none of “”."""
    spans = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = _SPAN.fullmatch(part)
        if match is None:
            raise BadInput(
                f"The settings have “{part}” at {where}, which is no span of a day.",
                hint="Write it like “09:00–17:00”.",
            )
        first, second, third, fourth = (int(number) for number in match.groups())
        spans.append(Span(first * 60 + second, third * 60 + fourth))
    return tuple(spans)


def _hours_written(hours: BusinessHours) -> dict[str, Any]:
    week = dict(zip(_DAYS, hours.week, strict=True))
    told: dict[str, Any] = {"zone": hours.zone}
    for word, days in _TOGETHER.items():
        first = week.get(days[0])
        if first and all(week.get(day) == first for day in days):
            told[word] = spans_written(first)
            week = {day: spans for day, spans in week.items() if day not in days}
    told |= {day: spans_written(spans) for day, spans in week.items() if spans}
    if hours.holidays:
        told["holidays"] = hours.holidays
    if closed := bare(hours).closed:
        told["closed"] = sorted(closed)
    return told


def _hours_read(data: dict[str, Any], where: str) -> BusinessHours:
    week: dict[str, tuple[Span, ...]] = {}
    zone, closed, holidays = "UTC", frozenset[date](), ""
    for key, value in data.items():
        place = f"{where}.{key}"
        if key == "zone":
            zone = _is(value, str, place)
        elif key == "holidays":
            holidays = _is(value, str, place)
        elif key == "closed":
            closed = frozenset(_is(day, date, place) for day in _is(value, list, place))
        elif key in _TOGETHER or key in _DAYS:
            spans = spans_read(_is(value, str, place), place)
            week |= dict.fromkeys(_TOGETHER.get(key, (key,)), spans)
        else:
            raise BadInput(
                f"The settings have a “{key}” at {where}, where it means nothing.",
                hint=f"Known there: zone, {', '.join((*_TOGETHER, *_DAYS))}, holidays, closed.",
            )
    try:
        whole = tuple(week.get(day, ()) for day in _DAYS)
        return closing(BusinessHours(zone, whole, closed, holidays))
    except BadInput as error:
        raise BadInput(f"{error.message} They stand at {where}.", hint=error.hint) from None


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _account(text: str, names: Names, where: str) -> AccountId:
    for number, name in names.accounts.items():
        if text in (name, str(number)):
            return number
    if text.isdecimal():
        return AccountId(int(text))  # one that was removed, or is connected elsewhere
    raise _unknown("account", text, where, names.accounts.values())


def _agent(text: str, names: Names, where: str) -> AgentId:
    for number, name in names.agents.items():
        if text in (name, number):
            return number
    try:
        return AgentId(str(UUID(text)))  # one that another laptop knows
    except ValueError:
        raise _unknown("agent", text, where, names.agents.values()) from None


def _department(text: str, names: Names, where: str) -> DepartmentId:
    if text not in names.departments:
        raise _unknown("department", text, where, names.departments)
    return DepartmentId(text)


def _choice(data: Any, kind: type[Enum], where: str) -> Enum:
    words = {one.name.lower() if isinstance(one, IntEnum) else str(one.value): one for one in kind}
    if data not in words:
        raise _unknown("choice", str(data), where, words)
    return words[data]


def _unknown(what: str, text: str, where: str, known: Any) -> BadInput:
    return BadInput(
        f"The settings name “{text}” at {where}, and there is no such {what}.",
        hint=f"There are: {', '.join(sorted(known)) or 'none'}.",
    )


_WORDS = {
    str: "words in quotes",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "a table",
    date: "a date",
}


def _is(data: Any, kind: type[Any], where: str) -> Any:
    if kind is float and type(data) is int:
        return float(data)
    if type(data) is not kind:
        raise BadInput(f"The settings should have {_WORDS[kind]} at {where}.")
    return data


def _usual(one: Field[Any]) -> Any:
    if one.default is not MISSING:
        return one.default
    return one.default_factory() if one.default_factory is not MISSING else MISSING


def _may_be_none(kind: Any) -> bool:
    return get_origin(kind) in (Union, types.UnionType) and type(None) in get_args(kind)


def _present(kind: Any) -> Any:
    """A kind without None, and what a name of ours stands for where it means nothing here."""
    if _may_be_none(kind):
        kind = next(one for one in get_args(kind) if one is not type(None))
    if hasattr(kind, "__supertype__") and kind not in (AccountId, AgentId, DepartmentId):
        return kind.__supertype__
    return kind
