"""Posts and notifications of Mastodon as facts of the domain."""

from __future__ import annotations

import logging
import mimetypes
from datetime import UTC, datetime

import msgspec

from app.connectors.base import Profile
from app.connectors.channels.mastodon.shapes import (
    Account,
    Attachment,
    Mention,
    Notification,
    Quote,
    Status,
    is_present,
    meta_decoder,
    status_decoder,
)
from app.connectors.html import html_to_text
from app.connectors.picture_size import sane_extent
from app.connectors.profiles import links_of_html, mails_of
from app.domain.interactions import (
    Channel,
    Direction,
    IdentityFact,
    InteractionFact,
    Kind,
    Media,
    Visibility,
)
from app.domain.records import dataclass
from app.domain.right_of_way import give_way

log = logging.getLogger(__name__)

_VISIBILITIES = {
    "public": Visibility.PUBLIC,
    "unlisted": Visibility.UNLISTED,
    "local": Visibility.UNLISTED,
    "private": Visibility.FOLLOWERS,
    "mutuals_only": Visibility.FOLLOWERS,
    "direct": Visibility.DIRECT,
}
_TALK = frozenset({"mention", "quote", "quoted_update", "update"})
_MOST_PEOPLE = 20_000
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)


def id_order(native_id: str) -> tuple[int, str]:
    """The key that sorts Mastodon’s ids by age: they are opaque, numbers or ULIDs."""
    return len(native_id), native_id


def read_visibility(name: str | None) -> Visibility:
    """A name we do not know is taken as the narrowest, so that no answer is ever too wide."""
    return _VISIBILITIES.get(name or "public", Visibility.DIRECT)


def utc(at: datetime) -> datetime:
    """A service’s time in UTC, within what a calendar of any zone can show."""
    try:
        known = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except OverflowError:  # a moment before the year 1 or after 9999 in UTC
        return _EARLIEST
    return min(max(known, _EARLIEST), _LATEST)


@dataclass(frozen=True, slots=True)
class Post:
    """A decoded post with the bytes it came as."""

    status: Status
    raw: bytes

    @property
    def id(self) -> str:
        return self.status.id

    @property
    def created_at(self) -> datetime:
        return self.status.created_at


def read_post(raw: msgspec.Raw) -> Post | None:
    """The post, or None (and a line in the log) when it departs from what is promised."""
    give_way()
    body = bytes(raw)
    try:
        return Post(status_decoder.decode(body), body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        log.warning("A post that cannot be read was passed over: %s", error)
        return None


def read_posts(raws: list[msgspec.Raw]) -> list[Post]:
    return [post for raw in raws if (post := read_post(raw)) is not None]


def _told(account: Account) -> dict[str, tuple[str, ...]]:
    """What somebody says of themselves, as an ``IdentityFact`` takes it; nothing for most."""
    fields = account.fields or ()
    links = [*links_of_html(account.note or "")]
    verified: list[str] = []
    mails = [*mails_of(account.note or "")]
    for field in fields:
        found = links_of_html(field.value or "")
        links += found
        verified += found if field.verified_at else ()
        mails += mails_of(field.value or "")
    if not links and not mails:
        return {}
    return {"links": tuple(links), "verified": tuple(verified), "mails": tuple(mails)}


class Translator:
    """Turns what one account sees into facts; knows who we are and which handles are local.

    It remembers whom it has seen by account id, because an answer tells whom it answers only by
    that number.
    """

    def __init__(self, profile: Profile) -> None:
        self.own_id, _, domain = profile.native_id.partition("@")
        self.domain = domain.lower()
        self.own = IdentityFact(
            channel=Channel.MASTODON,
            native_id=profile.handle.lstrip("@").lower(),
            handle=profile.handle,
            display_name=profile.display_name,
            avatar_url=profile.avatar_url,
        )
        self._people: dict[str, IdentityFact] = {}

    def qualified(self, acct: str) -> str:
        """``user@host`` also for an account of this very server, as it wrote it."""
        return acct if "@" in acct else f"{acct}@{self.domain}"

    def person(self, account: Account) -> IdentityFact:
        acct = self.qualified(account.acct)
        identity = IdentityFact(
            channel=Channel.MASTODON,
            native_id=acct.lower(),
            handle=f"@{acct}",
            display_name=account.display_name or account.username,
            avatar_url=account.avatar or "",
            profile_url=account.url or "",
            followers=account.followers_count,
            **_told(account),
        )
        if len(self._people) >= _MOST_PEOPLE:
            self._people.clear()
        self._people[account.id] = identity
        return identity

    def known(self, account_id: str | None) -> IdentityFact | None:
        return self._people.get(account_id or "")

    def _mentioned(self, mention: Mention) -> IdentityFact:
        known = self._people.get(mention.id)
        if known is not None:
            return known
        acct = self.qualified(mention.acct)
        return IdentityFact(
            channel=Channel.MASTODON,
            native_id=acct.lower(),
            handle=f"@{acct}",
            profile_url=mention.url or "",
        )

    def is_ours(self, status: Status) -> bool:
        return status.account.id == self.own_id

    def direction(self, status: Status) -> Direction:
        """Who spoke to whom, from the post alone, so that it is the same wherever we meet it."""
        if self.is_ours(status):
            return Direction.OUTBOUND
        if (
            status.in_reply_to_account_id == self.own_id
            or any(mention.id == self.own_id for mention in status.mentions or ())
            or self._quotes_us(status)
        ):
            return Direction.INBOUND
        return Direction.AROUND

    def _quotes_us(self, status: Status) -> bool:
        quoted = status.quote.quoted_status if isinstance(status.quote, Quote) else None
        return quoted is not None and quoted.account.id == self.own_id

    def addressee(self, status: Status, text: str) -> IdentityFact | None:
        """Whom a post of ours speaks to: whom it answers, or whom a direct message names.

        An announcement that only names somebody in passing speaks to nobody in particular.
        """
        answered = status.in_reply_to_account_id
        mentions = [m for m in status.mentions or () if m.id != self.own_id]
        for mention in mentions:
            if mention.id == answered:
                return self._mentioned(mention)
        if answered and answered != self.own_id:
            return self.known(answered)
        is_direct = read_visibility(status.visibility) is Visibility.DIRECT
        if mentions and (answered or is_direct or text.startswith("@")):
            return self._mentioned(mentions[0])
        return None

    def post(
        self,
        post: Post,
        *,
        root: str | None = None,
        addressed: bool = False,
        quotes: bool = False,
        found: bool = False,
    ) -> InteractionFact:
        """A post as a fact.

        ``addressed`` a notification says that it is for us, whatever the post itself shows;
        ``quotes`` it says that it quotes us; ``found`` a saved search brought it up.
        """
        give_way()
        status = post.status
        text = _text(status)
        author = self.person(status.account)
        direction = self.direction(status)
        if direction is Direction.AROUND and (addressed or found):
            direction = Direction.INBOUND
        party = None
        if direction is Direction.INBOUND:
            party = author
        elif direction is Direction.OUTBOUND:
            party = self.addressee(status, text)
        if root is None and status.in_reply_to_id is None:
            root = status.id
        return InteractionFact(
            native_id=status.id,
            kind=self._kind(status, direction, party, quotes=quotes, found=found),
            direction=direction,
            author=author,
            occurred_at=utc(status.created_at),
            text=text,
            party=party,
            in_reply_to=status.in_reply_to_id,
            root=root,
            visibility=read_visibility(status.visibility),
            warning=status.spoiler_text or "",
            language=status.language or "",
            url=status.url or status.uri or "",
            media=tuple(_media(one) for one in status.media_attachments or ()),
            edited_at=utc(status.edited_at) if status.edited_at else None,
            likes=status.favourites_count or 0,
            boosts=status.reblogs_count or 0,
            found=found,
            raw=post.raw,
        )

    def _kind(
        self,
        status: Status,
        direction: Direction,
        party: IdentityFact | None,
        *,
        quotes: bool,
        found: bool,
    ) -> Kind:
        if read_visibility(status.visibility) is Visibility.DIRECT:
            return Kind.DIRECT
        if direction is Direction.INBOUND and not found:
            if quotes or self._quotes_us(status):
                return Kind.QUOTE
            return Kind.REPLY if status.in_reply_to_account_id == self.own_id else Kind.MENTION
        if direction is Direction.OUTBOUND and party is None:
            return Kind.POST
        return Kind.REPLY if status.in_reply_to_id else Kind.POST

    def touch(
        self,
        kind: Kind,
        status: Status,
        who: IdentityFact,
        at: datetime,
        *,
        party: IdentityFact,
    ) -> InteractionFact:
        """A like or a boost: one interaction for each person and post, however often it is seen."""
        name = "favourite" if kind is Kind.LIKE else "reblog"
        ours = who.native_id == self.own.native_id
        return InteractionFact(
            native_id=f"{name}:{status.id}:{who.native_id}",
            kind=kind,
            direction=Direction.OUTBOUND if ours else Direction.INBOUND,
            author=who,
            party=party,
            occurred_at=utc(at),
            in_reply_to=status.id,
            visibility=read_visibility(status.visibility),
            url=status.url or "",
        )

    def boost_of_ours(self, post: Post) -> list[InteractionFact]:
        """Our own boost of somebody’s post, and that post."""
        reblog = post.status.reblog
        inner = read_post(reblog) if is_present(reblog) else None
        if inner is None:
            return []
        party = self.person(inner.status.account)
        me = self.person(post.status.account)
        boost = self.touch(Kind.BOOST, inner.status, me, post.created_at, party=party)
        return [self.post(inner), boost]

    def notification(
        self, notification: Notification, post: Post | None, *, root: str | None = None
    ) -> list[InteractionFact]:
        """The facts of a notification; none for kinds that are no touch of a customer."""
        kind = notification.type
        if kind in _TALK:
            if post is None:
                return []
            return [
                self.post(
                    post,
                    root=root,
                    addressed=kind in ("mention", "quote", "quoted_update"),
                    quotes=kind in ("quote", "quoted_update"),
                )
            ]
        if notification.account is None:
            return []
        who = self.person(notification.account)
        if kind == "follow":
            return [self._follow(who, notification.created_at)]
        if kind in ("favourite", "reblog") and post is not None:
            touch = Kind.LIKE if kind == "favourite" else Kind.BOOST
            at = notification.created_at
            return [self.post(post, root=root), self.touch(touch, post.status, who, at, party=who)]
        return []

    def _follow(self, who: IdentityFact, at: datetime) -> InteractionFact:
        return InteractionFact(
            native_id=f"follow:{who.native_id}",
            kind=Kind.FOLLOW,
            direction=Direction.INBOUND,
            author=who,
            party=who,
            occurred_at=utc(at),
            url=who.profile_url,
        )


def notified_post(notification: Notification) -> Post | None:
    """The post a notification speaks of; None when it has none or the post is gone."""
    return read_post(notification.status) if is_present(notification.status) else None


def _text(status: Status) -> str:
    text = html_to_text(status.content or "")
    if status.poll is not None:
        options = "\n".join(f"• {option.title}" for option in status.poll.options)
        text = f"{text}\n\n{options}".strip()
    return text


def _media(attachment: Attachment) -> Media:
    url = attachment.url or attachment.remote_url or ""
    # Some servers name a picture without an ending, behind a proxy or by a hash.
    unnamed = "image/*" if attachment.type == "image" else ""
    width, height = _extent(attachment.meta)
    return Media(
        url=url,
        mime=mimetypes.guess_type(url)[0] or unnamed,
        description=attachment.description or "",
        preview_url=attachment.preview_url or "",
        width=width,
        height=height,
    )


def _extent(meta: msgspec.Raw | msgspec.UnsetType) -> tuple[int, int]:
    """The pixels of an attachment, (0, 0) where the server does not tell them."""
    if not is_present(meta):
        return 0, 0
    try:
        found = meta_decoder.decode(meta)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return 0, 0
    extent = found.original if found.original.width else found.small
    return sane_extent(extent.width, extent.height)
