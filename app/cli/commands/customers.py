"""``customer``: who people are, and which of their identities belong together."""

from __future__ import annotations

from typing import Any

from app.cli import shapes
from app.cli.commands.adding import Group
from app.cli.names import find_customer, find_identity
from app.cli.session import Session, WrongUse, wait
from app.cli.text import clean, moment, plural
from app.domain.ids import CustomerId
from app.domain.views import CustomerCard, CustomerHit
from app.services import match_preview
from app.services.matching import Match

_PAGE = 200
_EVERY = 100_000
_WHOLLY = 100
LEAST = round(match_preview.LEAST * _WHOLLY)
"""Percent; less sure pairs are not looked for."""


def add_to(group: Group) -> None:
    customer = group("customer", "who people are")
    listing = customer("list", run_list, "list customers")
    listing.add_argument("query", nargs="?", default="", metavar="WORDS")
    listing.add_argument("--limit", type=int, default=100, metavar="N", help="0 for all")
    show = customer("show", run_show, "one customer: identities, cases, notes, campaigns")
    show.add_argument("customer", metavar="CUSTOMER", help="a handle, a name or an id")
    link = customer("link", run_link, "join an identity to a customer")
    link.add_argument("identity", metavar="IDENTITY", help="a handle or an id")
    link.add_argument("customer", metavar="CUSTOMER")
    unlink = customer("unlink", run_unlink, "separate an identity again")
    unlink.add_argument("identity", metavar="IDENTITY")
    owner = customer("owner", run_owner, "say who holds the relationship")
    owner.add_argument("customer", metavar="CUSTOMER", help="a handle, a name or an id")
    owner.add_argument("who", metavar="WHO", help="me, nobody, or an agent’s name")
    matches = customer("matches", run_matches, "who else a customer may be, and why")
    matches.add_argument("customer", metavar="CUSTOMER")
    pairs = customer("pairs", run_pairs, "who is one person as good as surely, among all")
    pairs.add_argument("--sure", type=int, default=LEAST, metavar="PERCENT", help="90 if not named")
    pairs.add_argument("--join", action="store_true", help="join them; unlink takes each back")
    apart = customer("apart", run_apart, "say that two identities are two people")
    apart.add_argument("identity", metavar="IDENTITY")
    apart.add_argument("other", metavar="IDENTITY")


def run_list(session: Session) -> None:
    found = _customers(session)
    session.give([shapes.customer_hit(hit) for hit in found])
    session.show_table(
        [
            (
                hit.name,
                hit.handle,
                hit.channel.label,
                plural(hit.identities, "identity", "identities"),
                moment(hit.last_ms, session.now_ms),
                str(hit.customer),
            )
            for hit in found
        ],
        ("WHO", "HANDLE", "CHANNEL", "KNOWN BY", "LAST", "ID"),
        "No customer fits.",
    )


def _customers(session: Session) -> list[CustomerHit]:
    query, limit = session.args.query, session.args.limit
    if query:  # found by words, they come at once, the best of them
        return [*wait(session.services.customers.list(query, limit=limit or _EVERY))]
    found: list[CustomerHit] = []
    after: CustomerId | None = None
    while not limit or len(found) < limit:
        size = min(_PAGE, limit - len(found)) if limit else _PAGE
        page = wait(session.services.customers.list(after=after, limit=size))
        found.extend(page)
        if len(page) < size:
            break
        after = page[-1].customer
    return found


def run_show(session: Session) -> None:
    customer = find_customer(session, session.args.customer)
    card = wait(session.services.customers.card(customer))
    session.give(shapes.customer_card(card, session.now_ms))
    session.say(*_card_lines(session, card))


def _card_lines(session: Session, card: CustomerCard) -> list[str]:
    now = session.now_ms
    lines = [f"{clean(card.name)}  ({card.customer})"]
    touches = plural(card.interactions, "interaction")
    since = f" since {moment(card.since_ms, now)}" if card.since_ms is not None else ""
    lines.append(f"{touches}{since}, {plural(card.likes, 'like')}, {plural(card.boosts, 'boost')}")
    for identity in card.identities:
        reach = f", {plural(identity.reach, 'follower')}" if identity.reach else ""
        lines.append(f"  {identity.channel.label}: {clean(identity.handle)}{reach}")
    if card.owner:
        lines.append(f"{session.services.directory.name_of(card.owner)} holds the relationship")
    if card.tags:
        lines.append(f"Tags: {clean(', '.join(card.tags))}")
    for view in card.cases:
        state = view.state
        holder = session.services.directory.department(state.department).name
        words = f"  #{view.ref} {state.status.name.lower()}, with {holder}"
        lines.append(f"{words}: {clean(view.title)}" if view.title else words)
    lines += [
        f"  {moment(note.at_ms, now)} {clean(note.agent_name)}: {clean(note.text)}"
        for note in card.notes
    ]
    for campaign in card.campaigns:
        stages = (f"{each.label.lower()} {moment(each.at_ms, now)}" for each in campaign.stages)
        lines.append(f"  Campaign {clean(campaign.name)}: {', '.join(stages)}")
        if campaign.brief:
            lines.append(f"    {clean(campaign.brief)}")
        if campaign.codes:
            lines.append(f"    Coupons: {clean(', '.join(campaign.codes))}")
        if campaign.ends:
            lines.append(f"    Until {campaign.ends}")
    return lines


def run_link(session: Session) -> None:
    identity = find_identity(session, session.args.identity)
    customer = find_customer(session, session.args.customer)
    event = wait(session.services.customers.link(identity.identity, customer))
    session.give({"identity": str(identity.identity), "event": shapes.event(event)})
    card = wait(session.services.customers.card(customer))
    session.say(f"{clean(identity.handle)} is {clean(card.name)} now.")


def run_unlink(session: Session) -> None:
    identity = find_identity(session, session.args.identity)
    events = wait(session.services.customers.unlink(identity.identity))
    session.give({"identity": str(identity.identity), "event": shapes.event(events[0])})
    session.say(f"{clean(identity.handle)} is a customer of their own again.")


def run_owner(session: Session) -> None:
    customer = find_customer(session, session.args.customer)
    who, directory = session.args.who, session.services.directory
    agent = None if who.casefold() == "nobody" else directory.find_agent(who)
    event = wait(session.services.customers.own(customer, agent.id if agent else None))
    session.give({"customer": str(customer), "event": shapes.event(event)})
    name = clean(wait(session.services.customers.card(customer)).name)
    session.say(f"{agent.name if agent else 'Nobody'} holds the relationship with {name} now.")


def run_matches(session: Session) -> None:
    customer = find_customer(session, session.args.customer)
    found = wait(session.services.matching.suggestions(customer))
    session.give([_match(match) for match in found])
    session.show_table(
        [
            (
                match.other.handle,
                match.other.channel.label,
                f"{round(100 * match.suggestion.score)} %",
                "; ".join(reason.told for reason in match.suggestion.reasons),
            )
            for match in found
        ],
        ("MAY BE", "CHANNEL", "SURE", "WHY"),
        "Nobody else comes to mind.",
    )


def run_pairs(session: Session) -> None:
    args = session.args
    if not LEAST <= args.sure <= _WHOLLY:
        raise WrongUse("--sure is a percentage from 90 to 100.")
    found = wait(session.services.insights.sure_pairs()).from_(args.sure / _WHOLLY)
    session.give([_match(pair) for pair in found])
    session.show_table(
        [
            (
                pair.mine.handle,
                pair.other.handle,
                f"{round(100 * min(pair.suggestion.score, 0.99))} %",
                "; ".join(reason.told for reason in pair.suggestion.reasons),
            )
            for pair in found
        ],
        ("WHO", "MAY BE", "SURE", "WHY"),
        "No two are as sure.",
    )
    if found and args.join:
        joined = wait(session.services.matching.join_all(found))
        session.say(f"{plural(joined, 'pair')} joined.")


def _match(match: Match) -> dict[str, Any]:
    return {
        "identity": str(match.mine.identity),
        "other": str(match.other.identity),
        "handle": match.other.handle,
        "channel": match.other.channel.value,
        "score": round(match.suggestion.score, 2),
        "reasons": [reason.told for reason in match.suggestion.reasons],
    }


def run_apart(session: Session) -> None:
    one = find_identity(session, session.args.identity)
    other = find_identity(session, session.args.other)
    event = wait(session.services.matching.decline(one.identity, other.identity))
    session.give({"event": shapes.event(event)})
    session.say(f"{clean(one.handle)} and {clean(other.handle)} are two people.")
