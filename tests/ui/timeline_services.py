"""Services that answer from memory, at once, and remember what they were asked to do."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from app.domain.cases import CaseState, Step, Urgency
from app.domain.clock import FakeClock
from app.domain.clocks import CaseClock, ClockKind, Deadline
from app.domain.departments import IT, PR, SEEDED
from app.domain.errors import NotFound
from app.domain.excerpt import WHOLE, Excerpt
from app.domain.guard import Hold, Standing
from app.domain.ids import (
    AccountId,
    ConversationId,
    CustomerId,
    IdentityId,
    InteractionKey,
    case_ref,
)
from app.domain.interactions import Channel, Visibility
from app.domain.views import (
    CaseView,
    CustomerCard,
    IdentityView,
    InteractionItem,
    MonthCount,
    NoteView,
    Revision,
    TimelinePage,
)
from tests.ui.timeline_pages import CASE, MARTA, MINUTE, NAMES, NOW, NOW_MS, at

if TYPE_CHECKING:
    from app.services.services import Services


def done(value: Any) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_result(value)
    return future


class FakeTimelines:
    """Pages cut from one whole page by key, as the store cuts them."""

    def __init__(self, whole: TimelinePage) -> None:
        self.whole = whole
        self.asked: list[tuple[CustomerId, int | None, int]] = []
        self.held: list[Future[Any]] | None = None
        """Answers are kept back here while it is a list; give them with ``release``."""
        self._kept: list[tuple[Future[Any], TimelinePage]] = []

    def page(
        self,
        customer: CustomerId,
        *,
        before: int | None = None,
        limit: int = 60,
        excerpt: Excerpt = WHOLE,
    ) -> Future[TimelinePage]:
        assert not excerpt, "what an excerpt shows is for the store to say"
        self.asked.append((customer, before, limit))
        facts = [item for item in self.whole.items if isinstance(item, InteractionItem)]
        older = [item for item in facts if before is None or item.key < before]
        shown = older[-limit:]
        more = len(older) > len(shown)
        from_ms = shown[0].at_ms if more else 0
        until_ms = NOW_MS * 2
        if before is not None:
            until_ms = next(item.at_ms for item in facts if item.key >= before)
        items = tuple(i for i in self.whole.items if from_ms <= i.at_ms < until_ms)
        answer = replace(self.whole, customer=customer, items=items,
                         before=shown[0].key if more else None)  # fmt: skip
        if self.held is None:
            return done(answer)
        future: Future[TimelinePage] = Future()
        self._kept.append((future, answer))
        return future

    def release(self) -> None:
        """Give the answers that were kept back."""
        kept, self._kept = self._kept, []
        for future, answer in kept:
            future.set_result(answer)

    def revisions(self, key: InteractionKey) -> Future[tuple[Revision, ...]]:
        return done((Revision("It is lout.", at(8, 5)),))

    def months(
        self, customer: CustomerId, excerpt: Excerpt = WHOLE
    ) -> Future[tuple[MonthCount, ...]]:
        return done((MonthCount(2026, 11, 14, 8), MonthCount(2026, 1, 2, 3)))


class FakePictures:
    """Nobody has chosen anything, and nothing is kept."""

    def choices(self) -> Future[Any]:
        return done({})

    def held(self) -> Future[Any]:
        return done(frozenset())


class Recorder:
    """Any method: remembers its name and arguments and answers None."""

    def __init__(self, did: list[tuple[Any, ...]]) -> None:
        self._did = did

    def __getattr__(self, name: str) -> Callable[..., Future[Any]]:
        def call(*args: Any, **kwargs: Any) -> Future[Any]:
            self._did.append((name, *args, *kwargs.values()))
            return done(None)

        return call


class FakeCustomers(Recorder):
    def __init__(self, did: list[tuple[Any, ...]], card: CustomerCard | None) -> None:
        super().__init__(did)
        self.shown = card

    def card(self, customer: CustomerId) -> Future[CustomerCard]:
        if self.shown is None:
            future: Future[CustomerCard] = Future()
            future.set_exception(NotFound("No customer matches."))
            return future
        return done(self.shown)

    def list(self, query: str = "", **_more: Any) -> Future[Any]:
        return done(())


class FakeMatching(Recorder):
    """Nobody is suggested, until a test says otherwise."""

    found: tuple[Any, ...] = ()

    def suggestions(self, customer: CustomerId) -> Future[Any]:
        return done(self.found)


class FakeServices:
    """What the views are given: ``services`` for them, the rest for the test."""

    def __init__(self, whole: TimelinePage, card: CustomerCard | None = None) -> None:
        self.did: list[tuple[Any, ...]] = []
        self.timelines = FakeTimelines(whole)
        self.customers = FakeCustomers(self.did, card)
        self.matching = FakeMatching(self.did)
        self.clock = FakeClock(NOW)
        recorder = Recorder(self.did)
        directory = SimpleNamespace(
            departments=lambda: SEEDED,
            agents=lambda: tuple(NAMES.agents.values()),
            me=lambda: next(iter(NAMES.agents.values())),
        )
        self.services = cast(
            "Services",
            SimpleNamespace(
                timelines=self.timelines, customers=self.customers, clock=self.clock,
                directory=directory, cases=recorder, replies=recorder, pictures=FakePictures(),
                accounts=SimpleNamespace(connectable=lambda: (Channel.MASTODON,)),
                syncing=recorder, matching=self.matching, by_hand=recorder,
            ),
        )  # fmt: skip


def identity(number: int, channel: Channel, handle: str, reach: int = 0) -> IdentityView:
    return IdentityView(IdentityId(number), MARTA, channel, str(number), handle,
                        "Marta Lindqvist", reach, f"https://example.org/{number}")  # fmt: skip


def open_case() -> CaseView:
    """The case of the design: PR, IT, PR again, and the customer waits."""
    steps = (Step(PR, at(7, 52), at(8, 31)), Step(IT, at(8, 31), at(10, 41)),
             Step(PR, at(10, 41)))  # fmt: skip
    state = CaseState(PR, title="Duo stuck on E14 after 3.2", urgency=Urgency.HIGH, steps=steps,
                      tags=frozenset({"firmware-3.2", "complaint"}), opened_ms=at(7, 52),
                      hand_offs=2)  # fmt: skip
    reply = Deadline(NOW_MS - 62 * MINUTE, NOW_MS + 18 * MINUTE)
    solution = Deadline(at(7, 52), NOW_MS + 315 * MINUTE, kind=ClockKind.RESOLUTION)
    return CaseView(
        case=CASE, ref=case_ref(CASE), title=state.title, customer=MARTA, identity=IdentityId(1),
        conversation=ConversationId(1), account=AccountId(1), channel=Channel.MASTODON, state=state,
        first_reply_ms=at(8, 14), waiting_since_ms=NOW_MS - 62 * MINUTE,
        deadline=reply, resolution=solution, answer_to="3",
        answer_visibility=Visibility.PUBLIC, answer_handle="@marta@mastodon.social",
        last_undoable=None,
        clocks=(
            CaseClock(ClockKind.FIRST_REPLY, 30 * MINUTE, 22 * MINUTE, met=True),
            CaseClock(ClockKind.NEXT_REPLY, 80 * MINUTE, 0, reply),
            CaseClock(ClockKind.RESOLUTION, 24 * 60 * MINUTE, 0, solution),
        ),
    )  # fmt: skip


def marta_card() -> CustomerCard:
    return CustomerCard(
        customer=MARTA, name="Marta Lindqvist",
        identities=(
            identity(1, Channel.MASTODON, "@marta@mastodon.social", 46_100),
            identity(2, Channel.FACEBOOK, "Marta Lindqvist", 1_200),
            identity(3, Channel.EMAIL, "marta@lindqvist.se"),
            identity(4, Channel.INSTAGRAM, "marta.brygger.with.a.name.that.goes.on.and.on", 900),
        ),
        reach=48_200, since_ms=at(7, 0, days=5 * 365), interactions=61, boosts=41, likes=7,
        cases=(open_case(),), tags=("complaint", "duo-owner", "firmware-3.2", "subscriber"),
        notes=(NoteView("Writes Swedish or English. Runs the Malmö home-barista meetup, next one "
                        "28 Nov.", "Ines Duarte", at(9, 0, days=16)),),
        hold=Hold(Standing.WELCOME, case=open_case().case),
    )  # fmt: skip
