"""Who may be the same person as a customer: candidates by what the indexes know, then compared.

Nothing is scanned: evidence is looked up by its plain form, names and handles in the text index of
identities, and of a common name only so many are looked at as can matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import sqlalchemy as sa

from app.domain.ids import CustomerId, IdentityId, identity_id
from app.domain.interactions import Channel
from app.domain.matching import (
    Profile,
    Suggestion,
    compare,
    plain_handle,
    plain_link,
    plain_name,
)
from app.domain.records import dataclass
from app.domain.views import IdentityView
from app.store.customers import identities, identity_view
from app.store.events import json_ids
from app.store.evidence import LINK, MAIL, VERIFIED
from app.store.words import spaced

LEAST = 0.3
"""A score below it is no suggestion."""
_MOST_OF_A_NAME = 40
"""A name that more carry says next to nothing."""
_MOST_OF_A_LINK = 200
_ASKED_ABOUT = 8
"""Identities of one customer, and links of one identity, that are asked about."""

_EVIDENCE = sa.text(
    "SELECT e.identity, e.kind, e.value FROM json_each(:ids) AS wanted"
    " JOIN identity_evidence AS e INDEXED BY evidence_identity ON e.identity = wanted.value"
)
_SHARING = sa.text(
    "SELECT identity FROM identity_evidence WHERE kind = :kind AND value = :value LIMIT :limit"
)
_CALLED = sa.text(
    "SELECT rowid FROM identity_search WHERE identity_search MATCH :match LIMIT :limit"
)
_PEOPLE = sa.text(
    "SELECT i.* FROM json_each(:ids) AS wanted JOIN identity AS i ON i.id = wanted.value"
    # Nothing stands in the timeline of an identity that is ours, or a stranger’s in a thread.
    " WHERE EXISTS (SELECT 1 FROM timeline AS t WHERE t.identity = i.id)"
)
_DECLINED = sa.text(
    "SELECT d.first, d.second FROM json_each(:ids) AS mine JOIN match_declined AS d"
    " ON d.first = mine.value UNION ALL SELECT d.first, d.second FROM json_each(:ids) AS mine"
    " JOIN match_declined AS d ON d.second = mine.value"
)


@dataclass(frozen=True, slots=True)
class Match:
    """``mine`` is an identity of the customer asked about, ``other`` one of another customer."""

    mine: IdentityView
    other: IdentityView
    suggestion: Suggestion


def matches(conn: sa.Connection, customer: CustomerId, *, most: int = 3) -> tuple[Match, ...]:
    """The likeliest first, one for each other customer; without those an agent declined."""
    mine = {view.identity: view for view in identities(conn, customer)[:_ASKED_ABOUT]}
    own = _profiles(conn, mine.values())
    wanted = {found for profile in own for found in _candidates(conn, profile)} - mine.keys()
    others = {
        view.identity: view
        for row in conn.execute(_PEOPLE, {"ids": json_ids(wanted)})
        if (view := identity_view(row)).customer != customer
    }
    if not others:
        return ()
    strangers = _profiles(conn, others.values())
    everybody = [*own, *strangers]
    names = Counter(plain_name(profile.name) for profile in everybody)
    handles = Counter(plain_handle(profile.handle) for profile in everybody)
    declined = {(row.first, row.second) for row in conn.execute(_DECLINED, {"ids": json_ids(mine)})}
    best: dict[CustomerId, Match] = {}
    for one in own:
        for other in strangers:
            pair = (min(one.identity, other.identity), max(one.identity, other.identity))
            if pair in declined:
                continue
            suggestion = compare(
                one,
                other,
                names=names[plain_name(one.name)],
                handles=handles[plain_handle(one.handle)],
            )
            if suggestion is None or suggestion.score < LEAST:
                continue
            match = Match(mine[one.identity], others[other.identity], suggestion)
            before = best.get(match.other.customer)
            if before is None or before.suggestion.score < suggestion.score:
                best[match.other.customer] = match
    ranked = sorted(best.values(), key=lambda m: (-m.suggestion.score, m.other.identity))
    return tuple(ranked[:most])


def _profiles(conn: sa.Connection, views: Iterable[IdentityView]) -> list[Profile]:
    views = list(views)
    told: dict[int, dict[str, set[str]]] = {}
    ids = json_ids(view.identity for view in views)
    for row in conn.execute(_EVIDENCE, {"ids": ids}):
        told.setdefault(row.identity, {}).setdefault(row.kind, set()).add(row.value)
    return [_profile(view, told.get(view.identity, {})) for view in views]


def _profile(view: IdentityView, told: dict[str, set[str]]) -> Profile:
    mails = told.get(MAIL, set())
    if view.channel is Channel.EMAIL:
        mails = {*mails, view.native_id.casefold()}
    return Profile(
        view.identity,
        view.channel,
        view.handle,
        view.name if view.name != view.handle else "",
        address_of(view),
        frozenset(told.get(LINK, ())),
        frozenset(told.get(VERIFIED, ())),
        frozenset(mails),
    )


def address_of(view: IdentityView) -> str:
    """Where the profile of an identity stands, as people write it."""
    if view.channel is Channel.BLUESKY:
        return f"https://bsky.app/profile/{view.handle.lstrip('@')}"
    return view.profile_url


def _candidates(conn: sa.Connection, profile: Profile) -> set[IdentityId]:
    found: set[int] = set()
    links = sorted(profile.links | profile.verified)[:_ASKED_ABOUT]
    for value in {*links, plain_link(profile.url)} - {""}:
        for kind in (LINK, VERIFIED):
            found |= _sharing(conn, kind, value)
    for mail in sorted(profile.mails)[:_ASKED_ABOUT]:
        found |= _sharing(conn, MAIL, mail)
        found.add(identity_id(Channel.EMAIL, mail))
    # Whoever a link leads to has its last part for a handle.
    ends = [link.rpartition("/")[2] for link in links if "/" in link]
    chosen = profile.handle.lstrip("@").partition("@")[0].removesuffix(".bsky.social")
    for handle in dict.fromkeys([chosen, *ends]):
        found |= _called(conn, [handle.lstrip("@")])
    words = plain_name(profile.name).split()
    if len(words) > 1:
        found |= _called(conn, words)
    return {IdentityId(number) for number in found}


def _sharing(conn: sa.Connection, kind: str, value: str) -> set[int]:
    """Who says the same of themselves."""
    asked = {"kind": kind, "value": value, "limit": _MOST_OF_A_LINK}
    return set(conn.execute(_SHARING, asked).scalars())


def _called(conn: sa.Connection, words: list[str]) -> set[int]:
    """Whose name and handle have all these words, each a phrase to the index."""
    phrases = [f'"{spaced(word)}"' for word in words if any(map(str.isalnum, word))]
    if not phrases or any('"' in word for word in words):
        return set()
    asked = {"match": " ".join(phrases), "limit": _MOST_OF_A_NAME}
    return set(conn.execute(_CALLED, asked).scalars())
