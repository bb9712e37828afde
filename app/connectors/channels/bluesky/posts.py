"""Posts and notifications as they come, decoded with as much forgiveness as strangers need."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import msgspec

from app.connectors.channels.bluesky.shapes import (
    BareRecord,
    NestedRef,
    Notification,
    PostRecord,
    PostView,
    Profile,
    SubjectRecord,
)
from app.domain.records import dataclass

log = logging.getLogger(__name__)

POST = "app.bsky.feed.post"
LIKE = "app.bsky.feed.like"
REPOST = "app.bsky.feed.repost"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)
"""Later moments have no place in the calendar of every zone."""
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

_post_view = msgspec.json.Decoder(PostView)
_post_record = msgspec.json.Decoder(PostRecord)
_bare_record = msgspec.json.Decoder(BareRecord)
_nested_ref = msgspec.json.Decoder(NestedRef | None)
_subject_record = msgspec.json.Decoder(SubjectRecord)
_notification = msgspec.json.Decoder(Notification)


@dataclass(frozen=True, slots=True)
class Post:
    """A post view, decoded, with the bytes it came as."""

    view: PostView
    record: PostRecord
    raw: bytes

    @property
    def uri(self) -> str:
        return self.view.uri

    @property
    def author(self) -> Profile:
        return self.view.author

    @property
    def parent(self) -> str | None:
        return self.record.reply.parent.uri if self.record.reply else None

    @property
    def root(self) -> str:
        return self.record.reply.root.uri if self.record.reply else self.view.uri

    @property
    def quoted(self) -> str:
        """The uri of the post this one quotes, or ""."""
        embed = self.record.embed
        if embed is None or not embed.type.startswith("app.bsky.embed.record"):
            return ""
        try:
            nested = _nested_ref.decode(embed.record)
        except _UNREADABLE:
            return ""
        if nested is None:
            return ""
        return nested.uri or (nested.record.uri if nested.record else "")


def read_post(raw: msgspec.Raw) -> Post | None:
    """A post view; None (and a line in the log) when it is not even one in outline."""
    try:
        view = _post_view.decode(raw)
    except _UNREADABLE as error:
        log.warning("A Bluesky post was left out, it cannot be read: %s", error)
        return None
    return Post(view, read_record(view.record), bytes(raw))


def read_record(raw: msgspec.Raw | bytes) -> PostRecord:
    """A post’s record; only text and date of one that does not keep to the lexicon."""
    try:
        return _post_record.decode(raw)
    except _UNREADABLE:
        pass
    try:
        bare = _bare_record.decode(raw)
    except _UNREADABLE:
        return PostRecord()
    return PostRecord(text=bare.text, created_at=bare.created_at)


def read_notification(raw: msgspec.Raw) -> Notification | None:
    try:
        return _notification.decode(raw)
    except _UNREADABLE as error:
        log.warning("A Bluesky notification was left out, it cannot be read: %s", error)
        return None


def moment(text: str) -> datetime | None:
    """A time as servers and clients write it, in UTC; None when it is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        known = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except OverflowError:
        return None
    return min(known, _LATEST)


def occurred(created_at: str, indexed_at: str) -> datetime:
    """When it happened: as the author’s app claims, but not later than the server saw it.

    The earlier of the two is also what Bluesky sorts by.
    """
    created, indexed = moment(created_at), moment(indexed_at)
    times = [at for at in (created, indexed) if at is not None]
    return max(min(times, default=_EPOCH), _EPOCH)


def did_of(uri: str) -> str:
    """The account in an ``at://did/collection/key`` uri."""
    return uri.removeprefix("at://").partition("/")[0]


def key_of(uri: str) -> str:
    return uri.rpartition("/")[2]


def notified_post(notification: Notification) -> Post:
    """The post inside a notification, without counts and picture addresses."""
    view = PostView(
        uri=notification.uri,
        cid=notification.cid,
        author=notification.author,
        indexed_at=notification.indexed_at,
        record=notification.record,
    )
    return Post(view, read_record(notification.record), msgspec.json.encode(view))


def subject_of(record: msgspec.Raw) -> str:
    """The post a like or repost record is about; "" when it is neither."""
    try:
        return _subject_record.decode(record).subject.uri
    except _UNREADABLE:
        return ""


def post_or_none(raw: msgspec.Raw) -> Post | None:
    """A post view inside a union with marks for deleted and blocked posts."""
    try:
        view = _post_view.decode(raw)
    except _UNREADABLE:
        return None
    return Post(view, read_record(view.record), bytes(raw))
