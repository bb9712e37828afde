"""A company at work: who sits where, what comes in, what each of them sees.

Everything is what the program itself opens, over a workspace of its own; only the clock is moved
by hand and the services outside are made up. What arrives goes in where connectors hand it in, and
what leaves is carried by the real outbox runner.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from app.container import Container, open_container
from app.domain.clock import FakeClock, to_ms
from app.domain.departments import (
    ADVERTISING,
    CARE,
    IT,
    LEADERSHIP,
    MARKETING,
    PR,
    Agent,
    Queue,
)
from app.domain.ids import AccountId, CaseId, CustomerId, DepartmentId
from app.domain.interactions import Channel, Direction, IdentityFact, InteractionFact, Kind
from app.domain.outbox import OutboxItem
from app.domain.views import CaseRow, CaseView, EventItem, QueueName, QueueRef, Seam
from app.services.known import ME
from app.services.services import Services
from app.store.accounts import all_accounts, put_account
from app.store.ingest import ingest
from app.sync.outbox_runner import OutboxRunner
from app.sync.pause import Pauses
from app.ui.timeline.entries import entry_of
from app.ui.timeline.names import Names
from app.ui.timeline.wording import accessible_name
from tests.days.outside import Outside

STAFF = {
    "Ines Duarte": PR,
    "Nadia Klein": CARE,
    "Amir Haddad": CARE,
    "Theo Marsh": MARKETING,
    "Camille Roux": ADVERTISING,
    "Jonas Weber": IT,
    "Greta Halden": LEADERSHIP,
}
MY_WORK = QueueRef(QueueName.MY_WORK)
NOISE = QueueRef(QueueName.NOISE)


def respond(department: DepartmentId) -> QueueRef:
    return QueueRef(QueueName.RESPOND, department)


def reach_out(department: DepartmentId) -> QueueRef:
    return QueueRef(QueueName.REACH_OUT, department)


def person(
    name: str, channel: Channel = Channel.MASTODON, *, followers: int = 40, **profile: Any
) -> IdentityFact:
    """Somebody outside; the handle is the first name."""
    handle = name.split(maxsplit=1)[0].casefold()
    return IdentityFact(
        channel, f"{handle}@{channel}", f"@{handle}", name, followers=followers, **profile
    )


class Office:
    """Halden Coffee. Whoever was told to sit down last is who acts and looks."""

    def __init__(self, folder: Path, clock: FakeClock) -> None:
        self._container: Container = open_container(folder, clock=clock)
        self._clock = clock
        self._numbers = count(1)
        self.services: Services = self._container.services
        self.outside = Outside(clock)
        self.account = self.connects(Channel.MASTODON, CARE)
        me = self.services.directory.set_me("Ines Duarte", PR).result()
        self.staff = {me.name: me}
        for name, department in STAFF.items():
            if name not in self.staff:
                agent = self.services.directory.add_agent(name, department).result()
                self.staff[name] = agent

    def close(self) -> None:
        self._container.close()

    # Who, where, when -------------------------------------------------------------------------

    def connects(self, channel: Channel, owner: DepartmentId) -> AccountId:
        """An account of the brand, which a department answers for."""
        record = self._container.workspace.write(
            lambda tx: put_account(
                tx,
                channel=channel,
                server=f"https://{channel}.example",
                native_id="halden",
                handle="@halden",
                display_name="Halden Coffee",
                avatar_url="",
                owner=owner,
            )
        ).result()
        return record.id

    def sits(self, name: str) -> Agent:
        """This agent has the keyboard from now on."""
        agent = self.staff[name]
        self.services.directory.set_setting(ME, agent.id).result()
        return self.services.directory.me()

    def passes(self, **time: float) -> None:
        """Time goes by, as ``timedelta`` takes it, and what it alone decides is decided."""
        self._clock.set(self._clock.now() + timedelta(**time))
        self.services.absences.return_due().result()
        self.services.cases.wake_due().result()

    @property
    def now_ms(self) -> int:
        return to_ms(self._clock.now())

    # What comes and goes ----------------------------------------------------------------------

    def hears(
        self, who: IdentityFact, text: str, *, account: AccountId | None = None, **more: Any
    ) -> str:
        """Somebody writes to the brand just now; the native id of what they wrote. ``more`` are
        further fields of ``InteractionFact``."""
        values: dict[str, Any] = {
            "native_id": f"n{next(self._numbers)}",
            "kind": Kind.REPLY if more.get("in_reply_to") else Kind.MENTION,
            "direction": Direction.INBOUND,
            "author": who,
            "occurred_at": self._clock.now(),
            "text": text,
        }
        fact = InteractionFact(**(values | more))
        self.outside.wrote(fact)
        number = account or self.account
        self._container.workspace.write(lambda tx: ingest(tx, number, [fact])).result()
        return fact.native_id

    def delivers(self) -> list[str]:
        """The undo window ends, the network is there: what is due leaves. Returns its texts."""
        self.passes(seconds=30)
        before = len(self.outside.arrived)
        pool = self.outside.pool(self._accounts())
        runner = OutboxRunner(
            self._container.workspace, pool, Pauses(self._clock), spread=lambda: 1.0
        )
        asyncio.run(runner.drain())
        return [item.text for item in self.outside.arrived[before:]]

    def _accounts(self) -> dict[AccountId, Any]:
        found = self._container.workspace.read(all_accounts).result()
        return {record.id: record for record in found}

    # What is seen -----------------------------------------------------------------------------

    def rows(self, queue: QueueRef) -> tuple[CaseRow, ...]:
        return self.services.queues.page(queue).result().rows

    def names(self, queue: QueueRef) -> list[str]:
        """Who stands in a queue, in its order."""
        return [row.name for row in self.rows(queue)]

    def row(self, queue: QueueRef, name: str) -> CaseRow:
        (found,) = (row for row in self.rows(queue) if row.name == name)
        return found

    def customer(self, who: str) -> CustomerId:
        return self.services.customers.resolve(who).result()

    def case(self, who: str) -> CaseView:
        """The newest case of a customer."""
        card = self.services.customers.card(self.customer(who)).result()
        return max(card.cases, key=lambda case: case.state.opened_ms)

    def view(self, case: CaseId) -> CaseView:
        return self.services.cases.view(case).result()

    def timeline(self, who: str) -> list[str]:
        """The rows of the customer’s timeline as the window reads them out, oldest first."""
        directory = self.services.directory
        names = Names(
            {one.id: one for one in directory.departments()},
            {one.id: one for one in directory.agents()},
        )
        page = self.services.timelines.page(self.customer(who)).result()
        return [accessible_name(entry_of(item), names, self.now_ms) for item in page.items]

    def says(self, who: str, *words: str) -> bool:
        """Whether one row of the timeline says all of this."""
        return any(all(word in row for word in words) for row in self.timeline(who))

    def seams(self, who: str) -> list[Seam]:
        page = self.services.timelines.page(self.customer(who)).result()
        return [i.seam for i in page.items if isinstance(i, EventItem) and i.seam is not None]

    def outbox(self) -> list[OutboxItem]:
        return [entry.item for entry in self.services.queues.outbox().result()]

    def everywhere(self, queue: Queue = Queue.RESPOND) -> dict[DepartmentId, list[str]]:
        """Who stands in this queue of each department that has anybody in it."""
        of = respond if queue is Queue.RESPOND else reach_out
        found = {one.id: self.names(of(one.id)) for one in self.services.directory.departments()}
        return {department: names for department, names in found.items() if names}


def texts(items: Iterable[OutboxItem]) -> list[str]:
    return [item.text for item in items]
