"""What the paths of a customer are folded from, read from few ranges of indexes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from app.domain.ids import CaseId, IdentityId, InteractionKey
from app.domain.journeys import SALE_KINDS
from app.store.events import json_ids
from app.store.quick_rows import quick_rows

_LOOKED_AT: Final = 200
"""So many of the customer's touches after something began are looked through."""
_KINDS: Final = ", ".join(str(sign * kind) for kind in SALE_KINDS for sign in (1, -1))
_TOUCHES: Final = (
    "SELECT json_group_array(t.key) AS keys, json_group_array(abs(t.touch)) AS kinds"  # noqa: S608
    " FROM json_each(:ids) AS who JOIN timeline AS t ON t.identity = who.value"
    f" WHERE t.touch IN ({_KINDS})"  # numbers of ours
)
_ASKED: Final = (
    "SELECT m.key FROM (SELECT t.key FROM json_each(:ids) AS who JOIN timeline AS t"
    "  ON t.identity = who.value AND t.key > :since WHERE t.touch IS NOT NULL"
    "  ORDER BY t.key LIMIT :most) AS k JOIN interaction AS m ON m.key = k.key"
    " WHERE m.direction = 1 AND m.deleted_ms IS NULL"
    " AND (instr(m.text, '?') OR instr(m.text, char(65311)) OR instr(m.text, char(1567)))"
    " ORDER BY m.key LIMIT 1"
)
_CASE: Final = (
    "SELECT id, identity, conversation, opened_ms, last_key FROM case_state WHERE id = :case"
)
_LATEST: Final = (
    "SELECT c.id, c.identity, c.conversation, c.opened_ms, c.last_key FROM json_each(:ids) AS who"
    " JOIN case_state AS c ON c.identity = who.value WHERE c.status < 4"
    " AND c.conversation <> c.id"  # what departments ask of each other is no path of theirs
    " ORDER BY c.opened_ms DESC, c.id LIMIT 1"
)
_REPLY: Final = (
    "SELECT m.key FROM (SELECT key FROM timeline WHERE identity = :party AND key > :since"
    "  AND touch IS NOT NULL ORDER BY key LIMIT :most) AS k"
    " JOIN interaction AS m ON m.key = k.key"
    " WHERE m.conversation = :conversation AND m.direction = 2 AND m.deleted_ms IS NULL"
    " ORDER BY m.key LIMIT 1"
)


def touches(
    conn: sa.Connection, identities: Sequence[IdentityId]
) -> list[tuple[InteractionKey, int]]:
    """All touches that a sale is made of and their kinds, in no order."""
    (row,) = quick_rows(conn, _TOUCHES, {"ids": json_ids(identities)})
    keys, kinds = (msgspec.json.decode(each) for each in (row.keys, row.kinds))
    return list(zip(keys, kinds, strict=True))


def asked(
    conn: sa.Connection, identities: Sequence[IdentityId], since: InteractionKey
) -> InteractionKey | None:
    """The first question of the customer after a touch; None where there is none soon."""
    wanted = {"ids": json_ids(identities), "since": since, "most": _LOOKED_AT}
    return next((row.key for row in quick_rows(conn, _ASKED, wanted)), None)


def case_of(
    conn: sa.Connection, identities: Sequence[IdentityId], case: CaseId | None
) -> Any | None:
    """The case, or the customer's latest; a row of id, identity, conversation, opened_ms and
    last_key."""
    if case is not None:
        found = quick_rows(conn, _CASE, {"case": case})
    else:
        found = quick_rows(conn, _LATEST, {"ids": json_ids(identities)})
    return found[0] if found else None


def first_reply(
    conn: sa.Connection, conversation: int, party: IdentityId, since: InteractionKey
) -> InteractionKey | None:
    """Our first answer to the customer in the thread after a moment."""
    wanted = {"conversation": conversation, "party": party, "since": since, "most": _LOOKED_AT}
    return next((row.key for row in quick_rows(conn, _REPLY, wanted)), None)
