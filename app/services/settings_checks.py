"""What a part of the settings must be, whoever wrote it: the console or a person in a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from app.domain.errors import BadInput


def check_part(name: str, part: Any) -> None:
    """Raises BadInput that says what is wrong where."""
    if isinstance(part, tuple):
        for key in doubled(keys_of(part)):
            raise BadInput(f"The settings have “{key}” in {name} more than once.")
        for place, entry in enumerate(part):
            if not str(getattr(entry, "name", "-")).strip():
                raise BadInput(f"The settings have an empty name at {name}[{place}].")
        if name == "departments" and not part:
            raise BadInput("The settings have no department.", hint="Keep at least one.")
    if name == "goals":
        shares = {f"of_accounts.{one}": share for one, share in part.of_accounts.items()}
        shares |= {"promotions": part.promotions, "noise": part.noise}
        for goal, share in shares.items():
            if not 0 <= share <= 1:
                raise BadInput(
                    f"The settings have no share at goals.{goal}.", hint="Write 0.2 for 20 %."
                )


def keys_of(part: Iterable[Any]) -> list[Any]:
    """What the entries of a part are known by."""
    return [one.id if hasattr(one, "id") else one.account for one in part]


def doubled(values: Iterable[Any]) -> list[Any]:
    """Those that occur more than once."""
    return [value for value, count in Counter(values).items() if count > 1]
