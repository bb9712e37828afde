"""From what Bluesky sends to the domain’s facts.

The same post reaches us as a notification, in a thread, in our own feed, from a search and at a
re-fetch. What a fact says is therefore computed from the post and from the posts above it alone,
so that all of these agree:

- ours is ``OUTBOUND``, its party the first other person above it;
- it is ``INBOUND`` when it mentions us, quotes us, answers a post of ours or stands at most four
  levels below one (that far Bluesky itself notifies);
- everything else in a thread is ``AROUND``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from app.connectors.channels.bluesky.facets import expand_links, mentioned
from app.connectors.channels.bluesky.posts import (
    Post,
    did_of,
    key_of,
    occurred,
    post_or_none,
    subject_of,
)
from app.connectors.channels.bluesky.shapes import (
    AspectRatio,
    EmbedView,
    FeedReply,
    Notification,
    Profile,
)
from app.connectors.picture_size import sane_extent
from app.connectors.profiles import links_of_text, mails_of
from app.domain.interactions import (
    Channel,
    Direction,
    IdentityFact,
    InteractionFact,
    Kind,
    Media,
)
from app.domain.right_of_way import give_way

NOTIFIED_LEVELS = 4
_embed_view = msgspec.json.Decoder(EmbedView | None)
_aspect_ratio = msgspec.json.Decoder(AspectRatio | None)


def identity(profile: Profile, followers: int | None = None) -> IdentityFact:
    return IdentityFact(
        channel=Channel.BLUESKY,
        native_id=profile.did,
        handle=f"@{profile.handle}",
        display_name=profile.display_name,
        avatar_url=profile.avatar,
        profile_url=f"https://bsky.app/profile/{profile.did}",
        followers=followers if followers is not None else profile.followers_count,
        links=links_of_text(profile.description),
        mails=mails_of(profile.description),
    )


def post_url(uri: str) -> str:
    return f"https://bsky.app/profile/{did_of(uri)}/post/{key_of(uri)}"


def is_inbound(post: Post, me: str, above: Sequence[Post]) -> bool:
    """Whether a stranger’s post speaks to us. ``above``: its known ancestors, nearest first."""
    if me in mentioned(post.record.facets) or did_of(post.quoted) == me:
        return True
    # A parent’s uri names its author also where the parent itself is unknown or deleted.
    authors = [did_of(one.parent) for one in (post, *above) if one.parent is not None]
    return me in authors[:NOTIFIED_LEVELS]


def post_fact(
    post: Post,
    me: str,
    *,
    inbound: bool = False,
    above: tuple[Post, ...] = (),
    party: Profile | None = None,
) -> InteractionFact:
    """The fact of a post.

    ``inbound``  it was notified to us, or found in the thread to speak to us.
    ``above``    its known ancestors, nearest first.
    ``party``    the addressee of a post of ours, where known better than from ``above``.
    """
    give_way()
    view, record = post.view, post.record
    author = identity(view.author)
    addressee: IdentityFact | None = None
    if view.author.did == me:
        direction = Direction.OUTBOUND
        person = party or next((p.author for p in above if p.author.did != me), None)
        addressee = identity(person) if person else None
    elif inbound or is_inbound(post, me, above):
        direction, addressee = Direction.INBOUND, author
    else:
        direction = Direction.AROUND
    return InteractionFact(
        native_id=post.uri,
        kind=_kind(post, me, direction),
        direction=direction,
        author=author,
        occurred_at=occurred(record.created_at, view.indexed_at),
        text=expand_links(record.text, record.facets),
        party=addressee,
        in_reply_to=post.parent,
        root=post.root,
        language=record.langs[0] if record.langs else "",
        url=post_url(post.uri),
        media=media_of(view.embed),
        likes=view.like_count,
        boosts=view.repost_count,
        raw=post.raw,
    )


def _kind(post: Post, me: str, direction: Direction) -> Kind:
    """An answer to us is a reply, also when it mentions us (Bluesky then notifies a mention)."""
    if direction is not Direction.INBOUND:
        if post.parent is not None:
            return Kind.REPLY
        return Kind.QUOTE if post.quoted else Kind.POST
    if post.parent is not None and did_of(post.parent) == me:
        return Kind.REPLY
    if did_of(post.quoted) == me:
        return Kind.QUOTE
    if me in mentioned(post.record.facets):
        return Kind.MENTION
    return Kind.REPLY if post.parent is not None else Kind.POST


def found(fact: InteractionFact) -> InteractionFact:
    """A stranger’s post that a saved search brought up: work, though nobody addressed us."""
    return replace(fact, direction=Direction.INBOUND, party=fact.author, found=True)


def touch_fact(notification: Notification) -> InteractionFact | None:
    """A like, repost or follow; None for reasons that are no touch of a customer.

    Its native id leaves the record’s own uri out: who unlikes and likes again is counted once.
    """
    author = notification.author
    subject: str | None = None
    match notification.reason:
        case "like" | "like-via-repost":
            kind, subject = Kind.LIKE, _subject(notification)
            native_id = f"like:{author.did}:{subject}"
        case "repost" | "repost-via-repost":
            kind, subject = Kind.BOOST, _subject(notification)
            native_id = f"repost:{author.did}:{subject}"
        case "follow":
            kind, native_id = Kind.FOLLOW, f"follow:{author.did}"
        case _:
            return None
    who = identity(author)
    return InteractionFact(
        native_id=native_id,
        kind=kind,
        direction=Direction.INBOUND,
        author=who,
        party=who,
        occurred_at=occurred("", notification.indexed_at),
        in_reply_to=subject,
        url=post_url(subject) if subject else who.profile_url,
        raw=msgspec.json.encode(notification),
    )


def _subject(notification: Notification) -> str:
    """The post liked or reposted; ``reasonSubject`` names our repost when it came through one."""
    return subject_of(notification.record) or notification.reason_subject


def addressee_in_feed(
    post: Post, reply: FeedReply | None, me: str
) -> tuple[Profile | None, tuple[Post, ...]]:
    """Whom a post in our own feed answers, and the posts above it that came along."""
    if reply is None:
        return None, ()
    above = [
        known
        for raw in (reply.parent, reply.root)
        if (known := post_or_none(raw)) is not None and known.uri != post.uri
    ]
    parent = above[0] if above and above[0].uri == post.parent else None
    people: list[Profile | None] = [parent.author if parent else None, reply.grandparent_author]
    people += [known.author for known in above]
    person = next((p for p in people if p is not None and p.did != me), None)
    unique = {known.uri: known for known in above}
    return person, tuple(unique.values())


def _extent(raw: msgspec.Raw) -> tuple[int, int]:
    try:
        ratio = _aspect_ratio.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return 0, 0
    return sane_extent(ratio.width, ratio.height) if ratio else (0, 0)


def media_of(raw: msgspec.Raw) -> tuple[Media, ...]:
    """Pictures and films of a post view’s embed, also those beside a quote."""
    try:
        embed = _embed_view.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ()
    if embed is None:
        return ()
    if embed.playlist:
        return (Media(embed.playlist, "application/vnd.apple.mpegurl", embed.alt, embed.thumbnail),)
    pictures = embed.images or embed.items
    if pictures:
        return tuple(
            Media(
                picture.fullsize,
                "image/*",
                picture.alt,
                picture.thumb or picture.thumbnail,
                *_extent(picture.aspect_ratio),
            )
            for picture in pictures
            if picture.fullsize
        )
    return media_of(embed.media)
