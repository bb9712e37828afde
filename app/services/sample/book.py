"""The sample workspace as values: what a company and its customers said, and what was decided.

``book()`` makes it out of ``resources/sample`` and one seed, the same at every run and on every
machine; it knows nothing of the store. ``app.services.sample.install`` puts it into a workspace.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

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
from app.domain.events import Event
from app.domain.ids import AccountId, AgentId, CaseId, DepartmentId
from app.domain.interactions import Channel, InteractionFact
from app.domain.narrowing import Narrowing
from app.domain.outbox import OutboxItem
from app.domain.records import dataclass
from app.domain.saved_views import SavedView, Shown
from app.domain.views import QueueName, QueueRef, QueueSort

NAME = "Halden Coffee"
NOW = datetime(2026, 11, 19, 10, 45, tzinfo=UTC)
"""The moment the story ends: 11:45 in Gothenburg."""
BEGIN = datetime(2023, 11, 20, 7, 0, tzinfo=UTC)

AGENTS: tuple[Agent, ...] = (
    Agent(AgentId("ines"), "Ines Duarte", PR),
    Agent(AgentId("samuel"), "Samuel Adeyemi", PR),
    Agent(AgentId("nadia"), "Nadia Klein", CARE),
    Agent(AgentId("amir"), "Amir Haddad", CARE),
    Agent(AgentId("lotta"), "Lotta Berg", CARE),
    Agent(AgentId("theo"), "Theo Marsh", MARKETING),
    Agent(AgentId("yuki"), "Yuki Tanabe", MARKETING),
    Agent(AgentId("camille"), "Camille Roux", ADVERTISING),
    Agent(AgentId("jonas"), "Jonas Weber", IT),
    Agent(AgentId("oskar"), "Oskar Lind", IT),
    Agent(AgentId("greta"), "Greta Halden", LEADERSHIP),
)
ME = AGENTS[0]
VIEWS: tuple[SavedView, ...] = (
    SavedView(
        "reach", "Reach over 10k", "star",
        Shown(QueueRef(QueueName.ALL), narrowing=Narrowing(reach=10_000)),
    ),
    SavedView(
        "ads", "Under our ads", "megaphone",
        Shown(QueueRef(QueueName.RESPOND, ADVERTISING), sort=QueueSort.NEWEST),
    ),
    SavedView(
        "firmware", "Firmware 3.2", "hash",
        Shown(QueueRef(QueueName.ALL), narrowing=Narrowing(tags=("firmware-3.2",))),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SampleAccount:
    """A login of the brand; ``owner`` is the department its messages go to first."""

    id: AccountId
    channel: Channel
    server: str
    native_id: str
    handle: str
    name: str
    owner: DepartmentId


@dataclass(frozen=True, slots=True)
class SampleSearch:
    """A saved search and the department whose reach-out queue it feeds."""

    account: AccountId
    query: str
    department: DepartmentId


@dataclass(frozen=True, slots=True)
class Opening:
    """A case that the rules open when the facts arrive: what the events refer to."""

    case: CaseId
    department: DepartmentId
    queue: Queue
    at: datetime


@dataclass(frozen=True, slots=True)
class SampleBook:
    """Everything the sample consists of.

    ``facts``    per account in time order, each native id once, as first written.
    ``edits``    facts as they read after a later edit, per account: to be taken in after
                 ``facts``, so that the earlier text is kept.
    ``deleted``  (account, native id) of what its author took away later.
    ``found``    native id of a find to the department whose saved search found it.
    ``events``   in ledger order; the opening of a case is none of them, rules decide it.
    ``outbox``   sent replies (so that their author is known), and what has not left.
    ``unread``   cases with something the agent has not seen; all others are read.
    ``drafts``   what is half written, per case.
    """

    me: Agent
    agents: tuple[Agent, ...]
    accounts: tuple[SampleAccount, ...]
    searches: tuple[SampleSearch, ...]
    facts: Mapping[AccountId, tuple[InteractionFact, ...]]
    edits: Mapping[AccountId, tuple[InteractionFact, ...]]
    deleted: tuple[tuple[AccountId, str], ...]
    found: Mapping[str, DepartmentId]
    openings: Mapping[CaseId, Opening]
    events: tuple[Event, ...]
    outbox: tuple[OutboxItem, ...]
    unread: frozenset[CaseId]
    drafts: Mapping[CaseId, str]


def book() -> SampleBook:
    """The whole sample; takes about a fifth of a second."""
    from app.services.sample.making import make_book

    return make_book()
