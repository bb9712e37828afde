"""Who takes what comes in: rules that an agent wrote, applied in their order.

A rule looks at one message and what is known of who wrote it. Rules without ``goes_on`` end the
search; those with it add what no rule before them has said. The same message, rules and knowledge
give the same decision on every laptop.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum

from app.domain.cases import Urgency
from app.domain.hours import BusinessHours
from app.domain.ids import AccountId, AgentId, DepartmentId
from app.domain.interactions import Channel, Kind
from app.domain.phrases import found_in
from app.domain.records import dataclass


@dataclass(frozen=True, slots=True)
class Arriving:
    """What a rule may look at. ``reach`` is followers, ``tags`` and ``campaigns`` the customer’s,
    ``language`` as the service tells it, "" where it does not."""

    text: str
    channel: Channel
    account: AccountId
    kind: Kind
    at_ms: int
    language: str = ""
    reach: int = 0
    tags: frozenset[str] = frozenset()
    campaigns: frozenset[str] = frozenset()
    has_open_case: bool = False


@dataclass(frozen=True, slots=True)
class Conditions:
    """All that is given must hold; what is empty asks for nothing.

    ``phrases``    any of them stands in the text; ``without``: none of these does.
    ``channels``, ``accounts``, ``kinds``, ``languages`` any of them; "de" takes "de-AT" too.
    ``reach``      followers at least.
    ``tags``       the customer has any of them; ``campaigns``: was sent any of them, "*" for one
                   at all.
    ``open_case``  whether the customer has an open case; None asks for nothing.
    ``during``     the hours in which the rule holds; ``outside``: the hours in which it does not.
    """

    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = ()
    accounts: tuple[AccountId, ...] = ()
    kinds: tuple[Kind, ...] = ()
    languages: tuple[str, ...] = ()
    reach: int = 0
    tags: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
    open_case: bool | None = None
    during: BusinessHours | None = None
    outside: BusinessHours | None = None

    def hold(self, arriving: Arriving) -> bool:
        """Whether all of them do; what costs least is asked first."""
        return (
            _any_or_none(self.channels, arriving.channel)
            and _any_or_none(self.accounts, arriving.account)
            and _any_or_none(self.kinds, arriving.kind)
            and arriving.reach >= self.reach
            and (self.open_case is None or self.open_case == arriving.has_open_case)
            and (not self.tags or not arriving.tags.isdisjoint(self.tags))
            and self._campaigns_hold(arriving)
            and self._language_holds(arriving)
            and (self.during is None or self.during.is_open(arriving.at_ms))
            and (self.outside is None or not self.outside.is_open(arriving.at_ms))
            and (not self.phrases or bool(found_in(arriving.text, self.phrases)))
            and not found_in(arriving.text, self.without)
        )

    def _campaigns_hold(self, arriving: Arriving) -> bool:
        if "*" in self.campaigns:
            return bool(arriving.campaigns)
        return not self.campaigns or not arriving.campaigns.isdisjoint(self.campaigns)

    def _language_holds(self, arriving: Arriving) -> bool:
        spoken = arriving.language.casefold()
        return not self.languages or any(
            spoken == wanted or spoken.startswith(f"{wanted}-")
            for wanted in (language.casefold() for language in self.languages)
        )


class Turn(StrEnum):
    """Whose turn it is, where a rule names nobody."""

    ROUND_ROBIN = "round_robin"
    LEAST_LOADED = "least_loaded"
    USUAL = "usual"
    """Whoever holds the relationship with the customer, else whoever answered them last; where
    neither is here, as for the least loaded."""


@dataclass(frozen=True, slots=True)
class Actions:
    """What is decided; what is None or empty leaves things as they are."""

    department: DepartmentId | None = None
    assignee: AgentId | None = None
    turn: Turn | None = None
    urgency: Urgency | None = None
    tags: tuple[str, ...] = ()
    noise: bool = False


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """``goes_on``: the rules after it are asked too."""

    id: str
    name: str
    when: Conditions
    then: Actions
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Routed:
    """What the rules decided together, and the ids of those that did, in their order."""

    actions: Actions = Actions()
    rules: tuple[str, ...] = ()


def route(arriving: Arriving, rules: Iterable[RoutingRule]) -> Routed:
    """Ask the rules in their order. What an earlier one decided no later one changes."""
    routed = Routed()
    for rule in rules:
        if rule.when.hold(arriving):
            routed = Routed(_joined(routed.actions, rule.then), (*routed.rules, rule.id))
            if not rule.goes_on:
                break
    return routed


def _joined(first: Actions, second: Actions) -> Actions:
    """The assignee and the turn are one decision: whoever made it, made it."""
    nobody = first.assignee is None and first.turn is None
    return replace(
        first,
        department=first.department or second.department,
        assignee=second.assignee if nobody else first.assignee,
        turn=second.turn if nobody else first.turn,
        urgency=first.urgency or second.urgency,
        tags=(*first.tags, *(tag for tag in second.tags if tag not in first.tags)),
        noise=first.noise or second.noise,
    )


def _any_or_none(wanted: tuple[object, ...], value: object) -> bool:
    return not wanted or value in wanted


@dataclass(frozen=True, slots=True)
class Hand:
    """An agent who could take a case. ``open_cases`` held now; ``last_ms`` when one was last given
    to them, 0 for never; ``away`` says that nothing is."""

    agent: AgentId
    open_cases: int = 0
    last_ms: int = 0
    away: bool = False


def whose_turn(turn: Turn, hands: Iterable[Hand], usual: Iterable[AgentId] = ()) -> AgentId | None:
    """Who takes the next case; None where everybody is away. ``usual``: who knows the customer,
    the closest first."""
    here = [hand for hand in hands if not hand.away]
    if not here:
        return None
    known = [agent for agent in usual if any(hand.agent == agent for hand in here)]
    if turn is Turn.USUAL and known:
        return known[0]
    if turn is Turn.ROUND_ROBIN:
        return min(here, key=lambda hand: (hand.last_ms, hand.agent)).agent
    return min(here, key=lambda hand: (hand.open_cases, hand.last_ms, hand.agent)).agent
