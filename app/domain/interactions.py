"""The first kind of record: an interaction, a fact from outside.

Connectors and importers produce facts; the store upserts them by (account, native id). An edit
adds a revision, a remote delete marks the row; history is never lost.
"""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from enum import IntEnum, StrEnum

from app.domain.records import dataclass


class Channel(StrEnum):
    MASTODON = "mastodon"
    BLUESKY = "bluesky"
    X = "x"
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    LINKEDIN = "linkedin"
    YOUTUBE = "youtube"
    EMAIL = "email"

    @property
    def label(self) -> str:
        return _CHANNEL_LABELS[self]


_CHANNEL_LABELS = {
    Channel.MASTODON: "Mastodon",
    Channel.BLUESKY: "Bluesky",
    Channel.X: "X",
    Channel.FACEBOOK: "Facebook",
    Channel.INSTAGRAM: "Instagram",
    Channel.LINKEDIN: "LinkedIn",
    Channel.YOUTUBE: "YouTube",
    Channel.EMAIL: "E-mail",
}


class Kind(IntEnum):
    """What happened. The numbers are stored: never renumber, only add."""

    MENTION = 1
    REPLY = 2
    QUOTE = 3
    DIRECT = 4
    COMMENT = 5
    REVIEW = 6
    MAIL = 7
    POST = 8
    LIKE = 9
    BOOST = 10
    FOLLOW = 11
    CAMPAIGN_SENT = 12
    CAMPAIGN_OPENED = 13
    CAMPAIGN_CLICKED = 14
    TICKET_COMMENT = 15
    PHONE_NOTE = 16
    BOUGHT = 17
    CALL = 18
    MEETING = 19
    LETTER = 20
    VISIT = 21

    @property
    def has_text(self) -> bool:
        return self not in _TEXTLESS

    @property
    def by_hand(self) -> bool:
        """Whether an agent wrote down what no service tells of."""
        return self in _BY_HAND


_TEXTLESS = frozenset({Kind.LIKE, Kind.BOOST, Kind.FOLLOW})
_BY_HAND = frozenset({Kind.PHONE_NOTE, Kind.CALL, Kind.MEETING, Kind.LETTER, Kind.VISIT})


class Direction(IntEnum):
    """Who spoke to whom. The numbers are stored."""

    INBOUND = 1
    """A customer, to or about the brand."""
    OUTBOUND = 2
    """The brand, whoever wrote it and wherever."""
    AROUND = 3
    """Somebody else in the same thread; kept so that a conversation reads whole."""


class Side(IntEnum):
    """Which of the two lives of a customer an interaction belongs to. The numbers are stored."""

    SERVICE = 1
    MARKETING = 2


class Visibility(IntEnum):
    """Who may see it, narrowest last. The numbers are stored and their order is used."""

    PUBLIC = 1
    UNLISTED = 2
    FOLLOWERS = 3
    DIRECT = 4

    def no_wider_than(self, other: Visibility) -> Visibility:
        """This visibility, narrowed to the other's where it would be wider."""
        return max(self, other)


@dataclass(frozen=True, slots=True)
class IdentityFact:
    """A handle on one channel, as the channel describes it now.

    ``native_id``  what the channel never gives to another person.
    ``links``      web addresses in its profile; ``verified`` those the service has checked, and
                   ``mails`` mail addresses there. Empty where the fact does not tell of them.
    """

    channel: Channel
    native_id: str
    handle: str
    display_name: str = ""
    avatar_url: str = ""
    profile_url: str = ""
    followers: int | None = None
    links: tuple[str, ...] = ()
    verified: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, film or sound that came with an interaction; loaded only on demand.

    ``width`` and ``height`` in pixels as the service says, 0 where it does not: they reserve the
    place of a picture and are never believed further than that.
    """

    url: str
    mime: str = ""
    description: str = ""
    preview_url: str = ""
    width: int = 0
    height: int = 0

    @property
    def is_picture(self) -> bool:
        return self.mime.startswith("image/") and bool(self.url)


@dataclass(frozen=True, slots=True)
class InteractionFact:
    """One touch, as a connector saw it.

    ``native_id``     unique within the account; for likes and boosts, made so that the same like
                      by the same person of the same post is one interaction, however often seen.
    ``party``         the customer this concerns: the author of what came in, the addressee of
                      what went out; None for announcements to nobody in particular and for
                      strangers in a thread.
    ``root``          native id of the first post of the thread as far as the service tells;
                      None to let the store find it through ``in_reply_to``.
    ``found``         it came from listening (a saved search), nobody addressed us.
    ``edited_at``     when the service says it was last edited.
    ``side``          where an agent who wrote it down by hand put it; None: what it is tells.
    ``raw``           what the service sent, kept compressed beside the row; may be empty.
    """

    native_id: str
    kind: Kind
    direction: Direction
    author: IdentityFact
    occurred_at: datetime
    text: str = ""
    party: IdentityFact | None = None
    in_reply_to: str | None = None
    root: str | None = None
    visibility: Visibility = Visibility.PUBLIC
    subject: str = ""
    warning: str = ""
    language: str = ""
    url: str = ""
    media: tuple[Media, ...] = ()
    edited_at: datetime | None = None
    likes: int = 0
    boosts: int = 0
    found: bool = False
    side: Side | None = None
    raw: bytes = field(default=b"", repr=False)


_QUESTION_MARKS = ("?", "\N{FULLWIDTH QUESTION MARK}", "\N{ARABIC QUESTION MARK}")
_MARKETING_KINDS = frozenset(
    {
        Kind.LIKE,
        Kind.BOOST,
        Kind.FOLLOW,
        Kind.CAMPAIGN_SENT,
        Kind.CAMPAIGN_OPENED,
        Kind.CAMPAIGN_CLICKED,
        Kind.BOUGHT,
    }
)


def default_side(fact: InteractionFact, *, answers_announcement: bool) -> Side:
    """Where an interaction belongs until an agent moves it.

    ``answers_announcement``: its parent is a post of ours that answered nobody. Such an answer is
    marketing, unless it asks something.
    """
    if fact.side is not None:
        return fact.side
    if fact.kind in _MARKETING_KINDS:
        return Side.MARKETING
    if fact.kind.by_hand:
        return Side.SERVICE
    if fact.direction is Direction.OUTBOUND and fact.in_reply_to is None:
        return Side.SERVICE if fact.kind in {Kind.DIRECT, Kind.MAIL} else Side.MARKETING
    if fact.kind is Kind.DIRECT:
        return Side.SERVICE
    asks = any(mark in fact.text for mark in _QUESTION_MARKS)
    return Side.MARKETING if answers_announcement and not asks else Side.SERVICE


def needs_answer(fact: InteractionFact, side: Side) -> bool:
    """Whether an interaction is work: somebody spoke to the brand and waits, or was found."""
    return (
        fact.direction is Direction.INBOUND
        and side is Side.SERVICE
        and fact.kind.has_text
        and not fact.kind.by_hand
    )
