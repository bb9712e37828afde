"""What the workspace has settled for itself, read from the decisions of the ledger.

Each part of the setup is filed under a subject of its own, so that reading one touches a handful of
rows. The writer keeps what it read until another decision comes.
"""

from __future__ import annotations

from functools import cache
from typing import Any, get_type_hints

import msgspec
import sqlalchemy as sa

from app.domain.errors import BadInput
from app.domain.events import EventType, in_force
from app.domain.ids import rules_subject
from app.domain.setup import PARTS, Setup
from app.store.database import Tx
from app.store.events import events_of
from app.store.holidays import with_holidays, without_holidays

_MEMO = "setup"


def setup_of(conn: sa.Connection) -> Setup:
    """What holds now; a part that cannot be read (it is of a newer version) is as it comes."""
    documents: dict[str, Any] = {
        str(event.data["name"]): event.data["document"]
        for events in events_of(conn, [rules_subject(part) for part in PARTS]).values()
        for event in in_force(events)
        if event.type is EventType.RULES_SET
    }
    parts: dict[str, Any] = {}
    for name, document in documents.items():
        try:
            parts[name] = part_of(name, document)
        except BadInput:
            continue
    return Setup(**parts)


def settled(tx: Tx) -> Setup:
    """The same, from the writer's memory."""
    held = tx.memo.get(_MEMO)
    if held is None:
        held = tx.memo[_MEMO] = setup_of(tx.conn)
    assert isinstance(held, Setup)
    return held


def forget(tx: Tx) -> None:
    """Another decision has come."""
    tx.memo.pop(_MEMO, None)


def part_of(name: str, document: Any) -> Any:
    """A part from its plain data. Raises BadInput that says where it is not as it should be."""
    if name not in PARTS:
        known = ", ".join(PARTS)
        raise BadInput(f"There is no part “{name}” of the settings.", hint=f"There are: {known}.")
    try:
        return with_holidays(msgspec.convert(document, _types()[name], strict=False))
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        place = where.strip("`$").lstrip(".")
        at = f"{name}: {place}" if place else name
        raise BadInput(f"The settings cannot be read at {at}: {what}.") from error


def document_of(part: Any) -> Any:
    """The plain data of a part: what JSON and TOML can hold."""
    return msgspec.to_builtins(without_holidays(part), str_keys=True)


@cache
def _types() -> dict[str, Any]:
    return get_type_hints(Setup)
