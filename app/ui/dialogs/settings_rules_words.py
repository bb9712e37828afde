"""A routing rule in a line, and lists of words as one types them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from app.domain.cases import Urgency
from app.domain.departments import Department
from app.domain.ids import AccountId, AgentId
from app.domain.interactions import Channel, Kind
from app.domain.routing import Actions, Conditions, RoutingRule, Turn

KINDS = {
    Kind.MENTION: "Mention",
    Kind.REPLY: "Reply",
    Kind.QUOTE: "Quote",
    Kind.DIRECT: "Direct message",
    Kind.COMMENT: "Comment",
    Kind.REVIEW: "Review",
    Kind.MAIL: "E-mail",
}
"""What a rule can ask for: the kinds that open a case."""
TURNS = {
    Turn.ROUND_ROBIN: "Whose turn it is",
    Turn.LEAST_LOADED: "Who has least",
    Turn.USUAL: "Who knows the customer",
}
URGENCIES = {Urgency.NORMAL: "Normal", Urgency.HIGH: "High", Urgency.CRITICAL: "Critical"}


def kind_word(kind: Kind) -> str:
    return KINDS.get(kind) or kind.name.replace("_", " ").capitalize()


def listed(typed: str) -> tuple[str, ...]:
    """“refund, still waiting” as two; each once."""
    parts = (" ".join(part.split()) for part in typed.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def rule_line(
    rule: RoutingRule,
    departments: Iterable[Department],
    accounts: Mapping[AccountId, str],
    name_of: Callable[[AgentId], str],
) -> str:
    """“refund” on Mastodon → PR & Community, high."""
    shorts = {department.id: department.short for department in departments}
    told = (*_of_message(rule.when, accounts), *_of_customer(rule.when))
    when = ", ".join(told) or "everything"
    then = ", ".join(_actions(rule.then, {str(k): v for k, v in shorts.items()}, name_of))
    further = "; then the next rule" if rule.goes_on else ""
    return f"{when} → {then or 'nothing'}{further}"


def _of_message(when: Conditions, accounts: Mapping[AccountId, str]) -> Iterable[str]:
    if when.phrases:
        yield " or ".join(f"“{phrase}”" for phrase in when.phrases)
    if when.without:
        yield "without " + " or ".join(f"“{phrase}”" for phrase in when.without)
    if when.kinds:
        yield " or ".join(kind_word(kind) for kind in when.kinds)
    if when.channels:
        yield "on " + " or ".join(channel.label for channel in when.channels)
    if when.accounts:
        yield "to " + " or ".join(accounts.get(one, "an account gone") for one in when.accounts)
    if when.languages:
        yield "in " + " or ".join(when.languages)
    if when.during:
        yield "in working hours"
    if when.outside:
        yield "out of hours"


def _of_customer(when: Conditions) -> Iterable[str]:
    if when.reach:
        yield f"{when.reach:,} followers or more"
    if when.tags:
        yield "tagged " + " or ".join(when.tags)
    if when.campaigns:
        yield "mailed " + " or ".join("anything" if c == "*" else c for c in when.campaigns)
    if when.open_case is not None:
        yield "an open case" if when.open_case else "no open case"


def _actions(
    then: Actions, shorts: Mapping[str, str], name_of: Callable[[AgentId], str]
) -> Iterable[str]:
    if then.noise:
        yield "noise"
    if then.department:
        yield shorts.get(then.department, then.department)
    if then.assignee:
        yield name_of(then.assignee)
    if then.turn:
        yield TURNS[then.turn].lower()
    if then.urgency:
        yield URGENCIES[then.urgency].lower()
    if then.tags:
        yield "tag " + ", ".join(then.tags)


CHANNELS = {channel: channel.label for channel in Channel}
