"""Services for the tests of dialogs and composer: answers at hand, everything asked recorded."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, TypeVar, cast

from app.connectors.base import Capabilities, Length, Limits
from app.domain.cases import CaseState, Step
from app.domain.checks import Guidelines
from app.domain.clock import FakeClock, to_ms
from app.domain.departments import CARE, IT, PR, SEEDED, Agent
from app.domain.errors import SeamlineError
from app.domain.events import Event, EventType
from app.domain.ids import (
    AccountId,
    AgentId,
    CaseId,
    ConversationId,
    CustomerId,
    DeviceId,
    EventId,
    IdentityId,
    InteractionKey,
    InteractionUid,
    OutboxId,
)
from app.domain.interactions import Channel, Direction, Kind, Side, Visibility
from app.domain.outbox import Act, OutboxItem
from app.domain.replies import Draft, Written
from app.domain.setup import Setup
from app.domain.views import (
    AccountState,
    AccountView,
    CaseHit,
    CasePage,
    CaseRow,
    CaseView,
    CustomerCard,
    CustomerHit,
    IdentityView,
    InteractionItem,
    MessageHit,
    SavedSearch,
    SearchResults,
    TimelinePage,
)
from app.services.guidance import Guidance
from app.services.replies import ComposerView
from app.store.promotions import Share

T = TypeVar("T")

NOW = datetime(2026, 11, 19, 10, 45, tzinfo=UTC)
NOW_MS = to_ms(NOW)
MINUTE = 60_000
CASE = CaseId(4_817_000_000_000_000)
OTHER_CASE = CaseId(5_000_000_000_000_000)
MARTA = CustomerId(11)
ACCOUNT = AccountId(7)
INES = Agent(AgentId("ines"), "Ines Duarte", PR)
JONAS = Agent(AgentId("jonas"), "Jonas Weber", IT)
NADIA = Agent(AgentId("nadia"), "Nadia Klein", CARE)


def done(value: T) -> Future[T]:
    """A future that has its answer."""
    future: Future[T] = Future()
    future.set_result(value)
    return future


def failed(error: SeamlineError) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_exception(error)
    return future


def message(
    number: int, text: str, *, ours: bool = False, name: str = "Marta Lindqvist", at: int = 0
) -> InteractionItem:
    """An interaction of the timeline, ``at`` minutes before now."""
    return InteractionItem(
        key=InteractionKey(number),
        uid=InteractionUid(number),
        at_ms=NOW_MS - at * MINUTE,
        kind=Kind.REPLY if ours else Kind.MENTION,
        side=Side.SERVICE,
        direction=Direction.OUTBOUND if ours else Direction.INBOUND,
        channel=Channel.MASTODON,
        account=ACCOUNT,
        conversation=ConversationId(3),
        native_id=f"n{number}",
        identity=IdentityId(1),
        party=IdentityId(1),
        author="Halden Coffee" if ours else name,
        handle="@halden" if ours else "@marta@mastodon.social",
        text=text,
        subject="",
        warning="",
        visibility=Visibility.PUBLIC,
        media=(),
        url="",
        likes=0,
        boosts=0,
        edited_ms=None,
        deleted_ms=None,
        revisions=0,
        in_reply_to="",
        case=CASE,
        by_agent=INES.id if ours else AgentId(""),
        department=PR if ours else None,
    )


TIMELINE = (
    message(1, "My Duo shows E14 since the 3.2 update. Three days without coffee.", at=120),
    message(2, "Keep it plugged in for ten minutes. I’ll check back at 12:30.", ours=True, at=20),
    message(3, "It has been plugged in all night, and your chat says “turn it off and on”.", at=5),
)


def case_view(case: CaseId = CASE) -> CaseView:
    return CaseView(
        case=case,
        ref="4817AB",
        title="Duo stuck on E14 after 3.2",
        customer=MARTA,
        identity=IdentityId(1),
        conversation=ConversationId(3),
        account=ACCOUNT,
        channel=Channel.MASTODON,
        state=CaseState(
            department=PR,
            title="Duo stuck on E14 after 3.2",
            steps=(
                Step(PR, NOW_MS - 180 * MINUTE, NOW_MS - 140 * MINUTE),
                Step(IT, NOW_MS - 140 * MINUTE, NOW_MS - 4 * MINUTE),
                Step(PR, NOW_MS - 4 * MINUTE),
            ),
            tags=frozenset({"firmware-3.2", "complaint"}),
            assignee=INES.id,
            opened_ms=NOW_MS - 180 * MINUTE,
        ),
        first_reply_ms=NOW_MS - 170 * MINUTE,
        waiting_since_ms=NOW_MS - 5 * MINUTE,
        deadline=None,
        resolution=None,
        answer_to="n3",
        answer_visibility=Visibility.DIRECT,
        answer_handle="@marta@mastodon.social",
        last_undoable=None,
    )


def customer_card(customer: CustomerId) -> CustomerCard:
    return CustomerCard(
        customer=customer,
        name="Marta Lindqvist",
        identities=(
            IdentityView(
                IdentityId(1), customer, Channel.MASTODON, "1", "@marta@mastodon.social",
                "Marta Lindqvist", 46_100,
            ),
        ),
        reach=48_210,
        since_ms=NOW_MS,
        interactions=41,
        boosts=3,
        likes=2,
        cases=(case_view(),),
        tags=("firmware-3.2",),
        notes=(),
    )  # fmt: skip


def case_row() -> CaseRow:
    """Marta's case as a list shows it."""
    view = case_view()
    return CaseRow(
        case=view.case,
        ref=view.ref,
        customer=view.customer,
        identity=view.identity,
        conversation=view.conversation,
        account=view.account,
        channel=view.channel,
        name="Marta Lindqvist",
        handle="@marta@mastodon.social",
        reach=48_210,
        title=view.title,
        snippet=TIMELINE[-1].text,
        snippet_ours=False,
        last_ms=NOW_MS - 5 * MINUTE,
        unread=False,
        status=view.state.status,
        queue=view.state.queue,
        department=view.state.department,
        assignee=INES.id,
        urgency=view.state.urgency,
        tags=("complaint", "firmware-3.2"),
        deadline=None,
        snoozed_until_ms=None,
        pending_from=None,
        outbox_failed=False,
        outbox_waiting=False,
        has_draft=False,
        cursor=(0, 0),
    )


def event(case: CaseId, type_: EventType, **data: object) -> Event:
    return Event(EventId("e1"), type_, case, INES.id, DeviceId("laptop"), NOW_MS << 16, dict(data))


def setup(
    case: CaseId = CASE,
    *,
    channel: Channel = Channel.MASTODON,
    limits: Limits | None = None,
    capabilities: Capabilities | None = None,
) -> ComposerView:
    """What a composer is told about a direct message of Marta’s."""
    return ComposerView(
        case=case,
        channel=channel,
        handle="@halden",
        customer="@marta@mastodon.social",
        limits=limits or Limits(500),
        capabilities=capabilities or Capabilities(tuple(Visibility), content_warning=True),
        visibility=Visibility.DIRECT,
        undo_seconds=6,
    )


def guidance(case: CaseId = CASE, **other: Any) -> Guidance:
    """What stands beside a reply to Marta: nothing, unless something is given."""
    values = {"customer": "Marta"}
    nothing = Guidance(case, (), values, Guidelines(), False, None, (), Share(0, 0), 0.2)
    return replace(nothing, **other)


def account(number: int = 7, state: AccountState = AccountState.UP_TO_DATE) -> AccountView:
    return AccountView(
        account=AccountId(number),
        channel=Channel.MASTODON,
        server="https://mastodon.example",
        native_id="1",
        handle="@halden@mastodon.example",
        name="Halden Coffee",
        owner=CARE,
        state=state,
        message="",
        until_ms=None,
        synced_ms=NOW_MS,
        history_since_ms=None,
        fetched=0,
    )


class Recorder:
    """A service: answers from ``answers`` (a value, an error, or a function), records the calls."""

    def __init__(self, **answers: object) -> None:
        self.answers = answers
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_") or name not in self.answers:
            raise AttributeError(name)

        def call(*args: Any, **keywords: Any) -> Any:
            self.calls.append((name, args, keywords))
            answer = self.answers[name]
            if callable(answer):
                answer = answer(*args, **keywords)
            if isinstance(answer, Future):
                return answer
            return failed(answer) if isinstance(answer, SeamlineError) else done(answer)

        return call

    def asked(self, name: str) -> list[tuple[Any, ...]]:
        """The arguments of every call of one method."""
        return [args for called, args, _ in self.calls if called == name]


class FakeDirectory:
    """Plain answers, as the real one gives them."""

    def __init__(self) -> None:
        self.sample = False

    def setup(self) -> Setup:
        return Setup()

    def departments(self) -> Any:
        return SEEDED

    def department(self, wanted: object) -> Any:
        return next(d for d in SEEDED if d.id == wanted)

    def agents(self) -> tuple[Agent, ...]:
        return (INES, JONAS, NADIA)

    def me(self) -> Agent:
        return INES

    def workspace_name(self) -> str:
        return "Halden Coffee"

    def is_sample(self) -> bool:
        return self.sample

    def setting(self, _name: str, default: str = "") -> str:
        return default


class FakeAccounts(Recorder):
    """Two channels to connect, one account connected."""

    def __init__(self) -> None:
        super().__init__(
            list=(account(),),
            searches=(SavedSearch(1, ACCOUNT, "halden coffee", CARE),),
            set_owner=None,
            remove=None,
            remove_search=None,
            add_search=lambda acct, query, dept: SavedSearch(2, acct, query, dept),
            connect_mastodon_token=lambda *_: account(),
            connect_mastodon_oauth=lambda *_: account(),
            connect_bluesky=lambda *_: replace(
                account(), channel=Channel.BLUESKY, handle="@halden.example"
            ),
        )

    def connectable(self) -> tuple[Channel, ...]:
        return (Channel.MASTODON, Channel.BLUESKY)


class FakeSyncing(Recorder):
    def __init__(self) -> None:
        super().__init__(fetch_history=None)
        self.online = True
        self.stopped: list[AccountId] = []
        self.tries = 0

    def connection(self) -> Any:
        return SimpleNamespace(online=self.online, since_ms=None, waiting=0, next_try_ms=None)

    def try_now(self) -> tuple[str, ...]:
        self.tries += 1
        return ()

    def stop_history(self, account_id: AccountId) -> None:
        self.stopped.append(account_id)


def outbox_item(case: CaseId, draft: Draft) -> OutboxItem:
    return OutboxItem(
        id=OutboxId("o1"),
        act=Act.REPLY,
        account=ACCOUNT,
        channel=Channel.MASTODON,
        lane=ConversationId(3),
        target="n3",
        record_key="k",
        agent=INES.id,
        created_at=NOW,
        not_before=NOW,
        case=case,
        text=draft.text,
        warning=draft.warning,
        visibility=draft.visibility or Visibility.DIRECT,
        attachments=draft.attachments,
    )


def _measure(
    _channel: Channel, text: str, limits: Limits, *, mention: str = "", warning: str = ""
) -> Length:
    used = len(warning) + len(text)
    return Length(used, limits.max_length - used)


class FakeReplies(Recorder):
    def __init__(self) -> None:
        super().__init__(reply=outbox_item, save_draft=None, draft=Written(), composer=setup)

    measure = staticmethod(_measure)


def results(query: str = "e14") -> SearchResults:
    """Two customers, one case and three messages, of a large workspace."""
    hits = tuple(
        MessageHit(
            key=InteractionKey(n),
            uid=InteractionUid(n),
            customer=MARTA,
            case=CASE,
            name="Marta Lindqvist",
            channel=Channel.MASTODON,
            kind=Kind.MENTION,
            side=Side.SERVICE,
            at_ms=NOW_MS - n * 60 * MINUTE,
            snippet=f"My Duo shows E14 since the 3.2 update, day {n}",
            marks=((13, 16),),
        )
        for n in (1, 2, 3)
    )
    people = tuple(
        CustomerHit(CustomerId(n), name, handle, channel, n, reach, None, NOW_MS - n * MINUTE)
        for n, name, handle, channel, reach in (
            (11, "Marta Lindqvist", "@marta@mastodon.social", Channel.MASTODON, 48_210),
            (12, "Petter Holm", "petter.holm", Channel.FACEBOOK, 120),
        )
    )
    case = case_view()
    case_hit = CaseHit(
        case.case, case.ref, MARTA, "Marta Lindqvist", Channel.MASTODON, case.title,
        case.state.status, PR, NOW_MS,
    )  # fmt: skip
    return SearchResults(query, people, (case_hit,), hits, 3, False, None, 1_048_211, 9.1)


@dataclass
class FakeServices:
    """Has the members of ``Services`` that dialogs use."""

    directory: FakeDirectory = field(default_factory=FakeDirectory)
    syncing: FakeSyncing = field(default_factory=FakeSyncing)
    replies: FakeReplies = field(default_factory=FakeReplies)
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW))
    absences: Recorder = field(default_factory=lambda: Recorder(loads=lambda: {JONAS.id: 4}))
    cases: Recorder = field(
        default_factory=lambda: Recorder(
            view=case_view,
            note=lambda case, text: event(case, EventType.CASE_NOTED, text=text),
            assign=lambda case, who: event(case, EventType.CASE_ASSIGNED, assignee=who),
            tag=lambda case, *_: event(case, EventType.CASE_TAGGED),
            snooze=lambda case, until: event(case, EventType.CASE_SNOOZED, until=to_ms(until)),
            escalate=lambda case, _: event(case, EventType.CASE_HANDED_OFF),
            give_back=lambda case, reason: event(case, EventType.CASE_RETURNED, reason=reason),
            pick_up_times=lambda: {
                d.id: (minutes * MINUTE if minutes else None, n)
                for d, minutes, n in zip(
                    SEEDED, (9, 12, 22, 18, 6, 100), (41, 14, 5, 8, 6, 2), strict=True
                )
            },
        )
    )
    drifting: Recorder = field(
        default_factory=lambda: Recorder(found=dict, let_rest=lambda _: None)
    )
    customers: Recorder = field(
        default_factory=lambda: Recorder(
            card=customer_card, list=lambda *_, **__: results().customers
        )
    )
    timelines: Recorder = field(
        default_factory=lambda: Recorder(
            conversation=lambda _: TIMELINE,
            page=lambda customer, **_: TimelinePage(customer, TIMELINE, None, ()),
            around=lambda customer, *_, **__: TimelinePage(customer, TIMELINE, None, ()),
        )
    )
    queues: Recorder = field(
        default_factory=lambda: Recorder(page=lambda *_, **__: CasePage((case_row(),), more=False))
    )
    search: Recorder = field(
        default_factory=lambda: Recorder(find=lambda query, **_: results(query))
    )
    accounts: FakeAccounts = field(default_factory=FakeAccounts)
    guiding: Recorder = field(default_factory=lambda: Recorder(beside=guidance))
    requests: Recorder = field(
        default_factory=lambda: Recorder(
            of_case=lambda _: (), needs_approval=lambda _: None, ask_help=lambda *_: None
        )
    )

    def real(self) -> Any:
        """Typed as what the widgets expect."""
        return cast("Any", self)
