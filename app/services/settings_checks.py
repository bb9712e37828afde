"""What a part of the settings must be, whoever wrote it: the console or a person in a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, get_type_hints

from app.domain.campaigns import Campaign, checked
from app.domain.errors import BadInput
from app.domain.ids import DepartmentId
from app.domain.setup import PARTS, Goals, Setup
from app.services.settings_text import departments_in
from app.store.database import Connection
from app.store.departments import held_by

_KINDS = get_type_hints(Setup)
_KEYS = ("id", "account", "name")


def check_part(name: str, part: Any) -> None:
    """Raises BadInput that says what is wrong where."""
    if isinstance(part, tuple):
        _check_entries(name, part)
    if name == "approvals":
        _check_approvals(part)
    if name == "goals":
        _check_goals(part)
    if name == "campaigns":
        _check_campaigns(part)


def _check_entries(name: str, part: tuple[Any, ...]) -> None:
    for key in doubled(keys_of(part)):
        raise BadInput(f"The settings have “{key}” in {name} more than once.")
    for place, entry in enumerate(part):
        if not str(getattr(entry, "name", "-")).strip():
            raise BadInput(f"The settings have an empty name at {name}[{place}].")
    if name == "departments" and not part:
        raise BadInput("The settings have no department.", hint="Keep at least one.")


def _check_approvals(asked: Mapping[DepartmentId, DepartmentId]) -> None:
    for department, approver in asked.items():
        if department == approver:
            raise BadInput(
                f"The settings have {department} approve its own replies at approvals.",
                hint="Name another department, or leave it out.",
            )


def _check_goals(goals: Goals) -> None:
    shares = {f"of_accounts.{one}": share for one, share in goals.of_accounts.items()}
    for goal, share in ({"promotions": goals.promotions} | shares).items():
        if not 0 <= share <= 1:
            raise BadInput(
                f"The settings have no share at goals.{goal}.", hint="Write 0.2 for 20 %."
            )


def _check_campaigns(part: tuple[Campaign, ...]) -> None:
    for place, campaign in enumerate(part):
        try:
            checked(campaign)
        except BadInput as error:
            message = f"{error.message} It stands at campaigns[{place}]."
            raise BadInput(message, hint=error.hint) from None


def refuse_homeless(conn: Connection, setup: Setup, parts: Mapping[str, Any]) -> None:
    """Raises BadInput where ``parts`` would take a department away that something hangs on."""
    if "departments" not in parts:
        return
    kept = {department.id for department in parts["departments"]}
    gone = {one.id: one.name for one in setup.departments if one.id not in kept}
    for department, held in held_by(conn, gone).items():
        what, count = next(iter(held.items()))
        noun = what.removesuffix("s") if count == 1 else what
        raise BadInput(
            f"The department “{gone[department]}” cannot go: it holds {count:,} {noun}.",
            hint="Hand over what it holds, or keep it.",
        )
    for name in PARTS:
        part = parts.get(name, getattr(setup, name))
        for department in departments_in(part, _KINDS[name]) & gone.keys():
            raise BadInput(
                f"The department “{gone[department]}” cannot go: {name} still name it.",
                hint="Take it out there first.",
            )


def keys_of(part: Iterable[Any]) -> list[Any]:
    """What the entries of a part are known by."""
    return [next(getattr(one, key) for key in _KEYS if hasattr(one, key)) for one in part]


def doubled(values: Iterable[Any]) -> list[Any]:
    """Those that occur more than once."""
    return [value for value, count in Counter(values).items() if count > 1]
