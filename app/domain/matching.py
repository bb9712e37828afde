"""Whether two identities are one person: evidence, each with its reason, and what it adds up to.

Pieces of evidence are taken for independent: what remains doubtful after all is the product of what
remains doubtful after each (the noisy-or of J. Pearl: Probabilistic Reasoning in Intelligent
Systems, 1988, section 4.3.2). What an agent said stands above everything that was computed.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from app.domain.ids import CustomerId, IdentityId
from app.domain.interactions import Channel
from app.domain.records import dataclass


class Evidence(StrEnum):
    """What speaks for one person. Stored by value with what was decided on it."""

    SAID_BY_AGENT = "said_by_agent"
    VERIFIED_LINK = "verified_link"
    LINKS_EACH_OTHER = "links_each_other"
    LINKS_ONE_WAY = "links_one_way"
    SAME_MAIL = "same_mail"
    SAME_LINK = "same_link"
    SAME_AVATAR = "same_avatar"
    RARE_HANDLE = "rare_handle"
    RARE_NAME = "rare_name"


_WEIGHT = {
    Evidence.SAID_BY_AGENT: 1.0,
    Evidence.VERIFIED_LINK: 0.97,
    Evidence.LINKS_EACH_OTHER: 0.97,
    Evidence.SAME_MAIL: 0.95,
    Evidence.LINKS_ONE_WAY: 0.6,
    Evidence.SAME_LINK: 0.5,
    Evidence.SAME_AVATAR: 0.5,
}
_TOLD = {
    Evidence.SAID_BY_AGENT: "An agent said so",
    Evidence.VERIFIED_LINK: "The same verified link",
    Evidence.LINKS_EACH_OTHER: "Their profiles link to each other",
    Evidence.LINKS_ONE_WAY: "One profile links to the other",
    Evidence.SAME_MAIL: "The same mail address",
    Evidence.SAME_LINK: "The same link",
    Evidence.SAME_AVATAR: "The same picture",
    Evidence.RARE_HANDLE: "The same handle",
    Evidence.RARE_NAME: "The same name",
}
_SPEAK_ALONE = {
    Evidence.SAID_BY_AGENT,
    Evidence.LINKS_EACH_OTHER,
    Evidence.LINKS_ONE_WAY,
    Evidence.SAME_AVATAR,
}
_MOST_FOR_A_NAME = 0.5
_MOST_FOR_A_HANDLE = 0.7
MOST_BY_NAME = 1 - (1 - _MOST_FOR_A_NAME) * (1 - _MOST_FOR_A_HANDLE)
"""How sure name and handle together can make."""
_SHORTEST_HANDLE = 5
_SHORTEST_NAME = 5
"""Letters; “Anna” is nobody in particular."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of an identity.

    ``links``      what its profile links to; ``verified`` those of them that the service checked.
    ``mails``      addresses in its profile or from its own letters.
    ``avatar``     a hash of the picture itself, "" where it was not loaded.
    """

    identity: IdentityId
    channel: Channel
    handle: str
    name: str
    url: str = ""
    links: frozenset[str] = frozenset()
    verified: frozenset[str] = frozenset()
    mails: frozenset[str] = frozenset()
    avatar: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """``share`` is how sure this alone would make, 0 to 1; ``words`` what is the same."""

    evidence: Evidence
    words: str
    share: float

    @property
    def told(self) -> str:
        """The reason as a sentence without its stop: “The same mail address, mira@post.example”."""
        said = _TOLD[self.evidence]
        return said if self.evidence in _SPEAK_ALONE else f"{said}, {self.words}"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two identities that may be one person; the strongest reason first."""

    first: IdentityId
    second: IdentityId
    score: float
    reasons: tuple[Reason, ...]

    def joined_to(self, customer: CustomerId) -> dict[str, Any]:
        """What the ledger keeps of an identity that joins a customer for these reasons."""
        return {
            "customer": customer,
            "evidence": [reason.evidence.value for reason in self.reasons],
            "score": round(self.score, 4),
            "pair": [self.first, self.second],
        }


def compare(one: Profile, other: Profile, *, names: int = 1, handles: int = 1) -> Suggestion | None:
    """What speaks for one person, None where nothing does.

    ``names`` and ``handles``: how many identities of the workspace carry this name and this handle,
    these two among them; the more, the less it says. Two identities of one channel are compared
    too: people change their account.
    """
    one, other = sorted((one, other), key=lambda profile: profile.identity)
    reasons = [
        *_by_links(one, other),
        *_shared(Evidence.SAME_MAIL, _mails(one), _mails(other)),
        *_by_avatar(one, other),
        *_by_handle(one, other, handles),
        *_by_name(one, other, names),
    ]
    if not reasons:
        return None
    reasons.sort(key=lambda reason: (-reason.share, reason.evidence))
    score = combined(reason.share for reason in reasons)
    return Suggestion(one.identity, other.identity, score, tuple(reasons))


def combined(shares: Iterable[float]) -> float:
    """How sure all of it makes together."""
    return 1.0 - math.prod(sorted(1.0 - share for share in shares))


def spoken(evidence: Iterable[str]) -> str:
    """What a joining was decided on, as its event keeps it: “the same mail address”."""
    known = {one.value: told for one, told in _TOLD.items()}
    return ", ".join(known[one][0].lower() + known[one][1:] for one in evidence if one in known)


def plain_link(url: str) -> str:
    """What two spellings of a web address share: no scheme, no “www.”, no slash at the end; ""
    for what is none."""
    try:
        parts = urlsplit(url if ":" in url.partition("/")[0] else f"https://{url}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https"):
        return ""
    return f"{host}{parts.path.rstrip('/')}".casefold() if host else ""


def plain_name(name: str) -> str:
    """A name as it is compared: letters only, without case, accents and order of its parts."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    words = "".join(c if c.isalpha() else " " for c in letters if not unicodedata.combining(c))
    return " ".join(sorted(words.split()))


def plain_handle(handle: str) -> str:
    """The part of a handle that a person chose: “@marta.l@mastodon.social” is “martal”."""
    chosen = handle.lstrip("@").partition("@")[0].casefold()
    chosen = chosen.removesuffix(".bsky.social")
    return "".join(c for c in chosen if c.isalnum())


def _by_links(one: Profile, other: Profile) -> Iterable[Reason]:
    yield from _shared(
        Evidence.VERIFIED_LINK, _links(one.verified), _links(other.verified | {other.url})
    )
    yield from _shared(Evidence.VERIFIED_LINK, _links(other.verified), _links({one.url}))
    there = plain_link(other.url) if other.url else ""
    back = plain_link(one.url) if one.url else ""
    forth_and_back = (there in _links(one.links), back in _links(other.links))
    if there and back and all(forth_and_back):
        yield _reason(Evidence.LINKS_EACH_OTHER, there)
    elif there and forth_and_back[0]:
        yield _reason(Evidence.LINKS_ONE_WAY, there)
    elif back and forth_and_back[1]:
        yield _reason(Evidence.LINKS_ONE_WAY, back)
    own = _links({one.url, other.url}) | (_links(one.verified) & _links(other.verified))
    yield from _shared(Evidence.SAME_LINK, _links(one.links) - own, _links(other.links) - own)


def _shared(evidence: Evidence, one: frozenset[str], other: frozenset[str]) -> Iterable[Reason]:
    """One reason however much they share: the second says little more."""
    both = sorted(one & other)
    return [_reason(evidence, both[0])] if both else []


def _by_avatar(one: Profile, other: Profile) -> Iterable[Reason]:
    if one.avatar and one.avatar == other.avatar:
        yield _reason(Evidence.SAME_AVATAR, "the same picture")


def _by_handle(one: Profile, other: Profile, handles: int) -> Iterable[Reason]:
    handle = plain_handle(one.handle)
    if handle == plain_handle(other.handle) and len(handle) >= _SHORTEST_HANDLE:
        yield Reason(Evidence.RARE_HANDLE, handle, _MOST_FOR_A_HANDLE / max(1, handles - 1))


def _by_name(one: Profile, other: Profile, names: int) -> Iterable[Reason]:
    name = plain_name(one.name)
    if name == plain_name(other.name) and len(name) >= _SHORTEST_NAME and " " in name:
        yield Reason(Evidence.RARE_NAME, one.name, _MOST_FOR_A_NAME / max(1, names - 1))


def _links(urls: Iterable[str]) -> frozenset[str]:
    return frozenset(plain for plain in map(plain_link, urls) if plain)


def _mails(profile: Profile) -> frozenset[str]:
    return frozenset(mail.strip().casefold() for mail in profile.mails)


def _reason(evidence: Evidence, words: str) -> Reason:
    return Reason(evidence, words, _WEIGHT[evidence])
