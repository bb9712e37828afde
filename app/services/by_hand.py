"""What no service tells of: a call, a meeting, a letter, a visit, written down by an agent."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime

from app.domain.clock import Clock
from app.domain.departments import usual_side
from app.domain.errors import BadInput, NotFound
from app.domain.ids import (
    CustomerId,
    DepartmentId,
    InteractionUid,
    account_id,
    interaction_uid,
    uuid7,
)
from app.domain.interactions import (
    Channel,
    Direction,
    IdentityFact,
    InteractionFact,
    Kind,
    Side,
)
from app.services.directory import Directory
from app.store import customers
from app.store.archiving import BY_HAND, put_archive
from app.store.database import Tx, Workspace
from app.store.ingest import ingest

_NAME = "by-hand"
_ACCOUNT = account_id(Channel.EMAIL, BY_HAND, _NAME)


class ByHand:
    def __init__(self, workspace: Workspace, directory: Directory, clock: Clock) -> None:
        self._workspace = workspace
        self._directory = directory
        self._clock = clock

    def log(
        self,
        customer: CustomerId,
        kind: Kind,
        text: str,
        *,
        at: datetime | None = None,
        direction: Direction = Direction.INBOUND,
        side: Side | None = None,
        department: DepartmentId | None = None,
    ) -> Future[InteractionUid]:
        """Write down what was between a customer and us; it stands in their timeline and opens no
        case. ``at`` None: now. ``direction``: who called, wrote or came to whom. ``department``:
        whose it was, None: that of the agent, whom it names too. ``side`` None: the usual one of
        that department. Raises BadInput, NotFound.
        """
        if not kind.by_hand:
            raise BadInput("This cannot be logged by hand.", hint="Log a call, meeting or letter.")
        if not text.strip():
            raise BadInput("Nothing is written down.", hint="Say in a line what it was about.")
        now = self._clock.now()
        at = at or now
        if at > now:
            raise BadInput("This is still to come.", hint="Log it once it has been.")
        me = self._directory.me()
        whose = self._directory.department(department or me.department)

        def op(tx: Tx) -> InteractionUid:
            views = customers.identities(tx.conn, customer)
            if not views:
                raise NotFound("This customer is not in this workspace.", hint="List customers.")
            who = IdentityFact(views[0].channel, views[0].native_id, views[0].handle)
            ours = IdentityFact(Channel.EMAIL, f"agent:{me.id}", me.name, me.name)
            inbound = direction is Direction.INBOUND
            fact = InteractionFact(
                native_id=uuid7(),
                kind=kind,
                direction=direction,
                author=who if inbound else ours,
                party=who,
                occurred_at=at,
                text=text.strip(),
                subject=f"Logged by {me.name}, {whose.name}",
                side=usual_side(whose.id) if side is None else side,
            )
            put_archive(
                tx,
                _ACCOUNT,
                channel=Channel.EMAIL,
                native_id=_NAME,
                name="Logged by hand",
                owner=me.department,
                server=BY_HAND,
            )
            ingest(tx, _ACCOUNT, [fact])
            return interaction_uid(_ACCOUNT, fact.native_id)

        return self._workspace.write(op)
