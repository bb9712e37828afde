"""The paths of a customer, through the case at hand and through a sale."""

from __future__ import annotations

from concurrent.futures import Future

from app.domain.ids import CaseId, CustomerId, IdentityId, key_floor
from app.domain.journeys import (
    Journeys,
    Recovery,
    Station,
    issue_path,
    recovery_of,
    sale_path,
    with_question,
)
from app.services.mood import felt_in
from app.store import journeys, moods
from app.store.database import Connection, Workspace
from app.store.events import events_of
from app.store.timelines import identities_of

_EVER = 1 << 62
_A_LITTLE_BEFORE_MS = 1_000
"""A case is opened by a message that was sent before."""


class Paths:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def of(self, customer: CustomerId, case: CaseId | None) -> Future[Journeys]:
        """Through this case, or else the customer's latest; over their whole history."""

        def look(conn: Connection) -> Journeys:
            identities = identities_of(conn, customer)
            issue, recovery = _issue(conn, identities, case)
            return Journeys(issue, _sale(conn, identities), recovery)

        return self._workspace.read(look)


def _issue(
    conn: Connection, identities: list[IdentityId], case: CaseId | None
) -> tuple[tuple[Station, ...], Recovery | None]:
    row = journeys.case_of(conn, identities, case)
    if row is None:
        return (), None
    since = key_floor(row.opened_ms - _A_LITTLE_BEFORE_MS)
    reply = journeys.first_reply(conn, row.conversation, row.identity, since)
    said = moods.said_in(conn, row.conversation, row.identity, until=_EVER, since=since)
    events = events_of(conn, [row.id]).get(row.id, [])
    felt = felt_in(said, row.identity)
    return issue_path(events, reply, felt), recovery_of(felt)


def _sale(conn: Connection, identities: list[IdentityId]) -> tuple[Station, ...]:
    path = sale_path(journeys.touches(conn, identities))
    if not path:
        return ()
    begun = key_floor(min(station.at_ms for station in path))
    return with_question(path, journeys.asked(conn, identities, begun))
