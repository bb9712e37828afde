"""Templates in the file of settings: the wording each has now, and what taking them in decides.

A template is known by its number; one written by hand without an id is the one of that name, or a
new one. Only what differs is decided: a new version, or that a template is offered no more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from app.domain import templates as wordings
from app.domain.errors import BadInput
from app.domain.events import EventType
from app.domain.ids import AgentId, DepartmentId, hash63
from app.domain.records import dataclass
from app.domain.templates import TemplateVersion
from app.services.settings_checks import check_part
from app.services.settings_text import Names, read
from app.store import ledger
from app.store import templates as kept
from app.store.database import Connection, Tx

PART = "templates"
_LONGEST_NAME = 80
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class KeptTemplate:
    """The newest version of a template, as ``TemplateVersion``; ``id`` is its number in words."""

    id: str
    name: str
    text: str
    department: DepartmentId | None = None
    language: str = ""
    owner: AgentId | None = None
    promotional: bool = False
    retired: bool = False


KIND = tuple[KeptTemplate, ...]


def templates_kept(conn: Connection, departments: Collection[str]) -> KIND:
    """All of them by their ids, the retired ones too; what belonged to a department that is not
    among these belongs to all."""
    newest = {one.version.id: one for one in kept.versions(conn)}  # a later version comes later
    return tuple(
        KeptTemplate(
            str(number),
            one.version.name,
            one.version.text,
            one.version.department if one.version.department in departments else None,
            one.version.language,
            one.version.owner,
            one.version.promotional,
            one.retired,
        )
        for number, one in sorted(newest.items())
    )


def templates_read(data: Any, names: Names, present: Sequence[KeptTemplate]) -> KIND:
    """What a file says of templates, by their ids. Raises BadInput."""
    called = Counter(one.name for one in present)
    numbers = {one.name: one.id for one in present if called[one.name] == 1}
    told: list[KeptTemplate] = []
    for place, one in enumerate(read(data, KIND, names, PART)):
        name = " ".join(one.name.split())[:_LONGEST_NAME]
        number = _number(one.id, place) if one.id.isdecimal() else numbers.get(name)
        try:
            text = wordings.checked(one.text)
        except BadInput as error:
            raise BadInput(
                f"{error.message} It stands at {PART}[{place}].", hint=error.hint
            ) from None
        identifier = number or str(hash63("template", one.id))
        told.append(replace(one, id=identifier, name=name, text=text))
    check_part(PART, tuple(told))
    return tuple(sorted(told, key=lambda one: int(one.id)))


def _number(digits: str, place: int) -> str:
    """As it is known by: one may write zeros before it."""
    shown = digits.lstrip("0") or "0"
    if len(shown) > len(str(_LARGEST)) or int(shown) > _LARGEST:
        raise BadInput(
            f"“{digits[:20]}” is no number of a template. It stands at {PART}[{place}].",
            hint="Leave the id out for a new one.",
        )
    return str(int(shown))


def still_there(present: KIND, told: KIND) -> KIND:
    """Of the present ones, those that a file can take out of use, or names."""
    named = {one.id for one in told}
    return tuple(one for one in present if not one.retired or one.id in named)


def take_templates(tx: Tx, agent: AgentId, told: KIND, departments: Collection[str]) -> None:
    """Decide what differs; what is told no more is retired. ``departments``: those there were
    when it was planned."""
    present = {one.id: one for one in templates_kept(tx.conn, departments)}
    for one in told:
        before = present.pop(one.id, None)
        is_saved = before is None or replace(before, retired=one.retired) != one
        if is_saved or (before is not None and before.retired and not one.retired):
            kept.keep_version(tx, agent, _worded(one))
            is_saved = True
        if one.retired and (is_saved or not (before and before.retired)):
            ledger.decide(tx, agent, EventType.TEMPLATE_RETIRED, int(one.id))
    for gone in present.values():
        if not gone.retired:
            ledger.decide(tx, agent, EventType.TEMPLATE_RETIRED, int(gone.id))


def _worded(one: KeptTemplate) -> TemplateVersion:
    return TemplateVersion(
        id=int(one.id),
        number=0,
        name=one.name,
        text=one.text,
        department=one.department,
        language=one.language,
        owner=one.owner,
        promotional=one.promotional,
    )
