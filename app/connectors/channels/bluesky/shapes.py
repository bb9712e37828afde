"""What Bluesky’s servers send, as far as it is used here.

Sources: the lexicons ``app.bsky.*`` and ``com.atproto.*``. Everything optional there, and
everything a stranger’s record may get wrong, has a default: one odd post must not stop a page.
Unions stay open: an unknown ``$type`` decodes to a struct whose fields are unset.
"""

from __future__ import annotations

import msgspec

NOTHING = msgspec.Raw(b"null")
"""What an absent part of an answer is: ``Raw`` cannot be optional."""


class Wire(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """Base of all shapes: camel case outside, snake case here."""


class ErrorBody(Wire, frozen=True):
    error: str = ""
    message: str = ""


class Ref(Wire, frozen=True):
    uri: str
    cid: str


class Service(Wire, frozen=True):
    id: str = ""
    type: str = ""
    service_endpoint: str = ""


class DidDocument(Wire, frozen=True):
    service: tuple[Service, ...] = ()


class SessionAnswer(Wire, frozen=True):
    access_jwt: str
    refresh_jwt: str
    handle: str
    did: str
    did_doc: msgspec.Raw = NOTHING
    active: bool = True
    status: str = ""


class Viewer(Wire, frozen=True):
    """How the author and we stand to each other, or what we did with a post."""

    blocked_by: bool = False
    blocking: str = ""
    like: str = ""
    repost: str = ""
    reply_disabled: bool = False


class Profile(Wire, frozen=True):
    did: str
    handle: str = "handle.invalid"
    display_name: str = ""
    avatar: str = ""
    description: str = ""
    followers_count: int | None = None
    viewer: Viewer = Viewer()


class ByteSlice(Wire, frozen=True):
    byte_start: int
    byte_end: int


class Feature(Wire, frozen=True):
    """A facet’s feature; which field is set depends on its type."""

    type: str = msgspec.field(default="", name="$type")
    did: str = ""
    uri: str = ""
    tag: str = ""


class Facet(Wire, frozen=True):
    index: ByteSlice
    features: tuple[Feature, ...] = ()


class ReplyRef(Wire, frozen=True):
    root: Ref
    parent: Ref


class RecordEmbed(Wire, frozen=True):
    """Any embed of a record; ``record`` is a ``Ref`` in a quote, one level deeper with media."""

    type: str = msgspec.field(default="", name="$type")
    record: msgspec.Raw = NOTHING


class NestedRef(Wire, frozen=True):
    uri: str = ""
    record: Ref | None = None


class PostRecord(Wire, frozen=True):
    """``app.bsky.feed.post``."""

    text: str = ""
    created_at: str = ""
    langs: tuple[str, ...] = ()
    facets: tuple[Facet, ...] = ()
    reply: ReplyRef | None = None
    embed: RecordEmbed | None = None


class BareRecord(Wire, frozen=True):
    """The least of a post record, read where the whole of it does not decode."""

    text: str = ""
    created_at: str = ""


class SubjectRecord(Wire, frozen=True):
    """``app.bsky.feed.like`` and ``app.bsky.feed.repost``."""

    subject: Ref
    created_at: str = ""


class AspectRatio(Wire, frozen=True):
    """The size of a picture, or only its proportions."""

    width: int = 0
    height: int = 0


class ImageView(Wire, frozen=True):
    """``aspect_ratio`` is what the author’s program said: read by itself, it may be anything."""

    fullsize: str = ""
    thumb: str = ""
    thumbnail: str = ""
    alt: str = ""
    aspect_ratio: msgspec.Raw = NOTHING


class EmbedView(Wire, frozen=True):
    """Any ``#view`` of an embed: images, gallery, video, record with media."""

    type: str = msgspec.field(default="", name="$type")
    images: tuple[ImageView, ...] = ()
    items: tuple[ImageView, ...] = ()
    playlist: str = ""
    thumbnail: str = ""
    alt: str = ""
    media: msgspec.Raw = NOTHING


class PostView(Wire, frozen=True):
    uri: str
    cid: str
    author: Profile
    indexed_at: str
    record: msgspec.Raw
    embed: msgspec.Raw = NOTHING
    reply_count: int = 0
    repost_count: int = 0
    like_count: int = 0
    viewer: Viewer = Viewer()


class Notification(Wire, frozen=True):
    uri: str
    cid: str
    author: Profile
    reason: str
    indexed_at: str
    record: msgspec.Raw
    reason_subject: str = ""


class NotificationPage(Wire, frozen=True):
    notifications: tuple[msgspec.Raw, ...]
    cursor: str = ""


class PostsAnswer(Wire, frozen=True):
    posts: tuple[msgspec.Raw, ...]
    cursor: str = ""


class ProfilesAnswer(Wire, frozen=True):
    profiles: tuple[Profile, ...]


class ThreadNode(msgspec.Struct, frozen=True, rename="camel"):
    """A post in a thread; ``post`` is unset where it was deleted or its author blocks."""

    type: str = msgspec.field(default="", name="$type")
    uri: str = ""
    post: msgspec.Raw = NOTHING
    parent: ThreadNode | None = None
    replies: tuple[ThreadNode, ...] = ()


class ThreadAnswer(msgspec.Struct, frozen=True, rename="camel"):
    thread: ThreadNode


class FeedReply(Wire, frozen=True):
    """``root`` and ``parent`` are posts, or marks that they are gone or blocked."""

    root: msgspec.Raw = NOTHING
    parent: msgspec.Raw = NOTHING
    grandparent_author: Profile | None = None


class FeedReason(Wire, frozen=True):
    """Why a post is listed that is not the account’s own: it was reposted, then."""

    indexed_at: str = ""


class FeedItem(Wire, frozen=True):
    post: msgspec.Raw
    reply: FeedReply | None = None
    reason: FeedReason | None = None


class FeedAnswer(Wire, frozen=True):
    feed: tuple[FeedItem, ...]
    cursor: str = ""


class HandleAnswer(Wire, frozen=True):
    did: str


class BlobAnswer(Wire, frozen=True):
    blob: msgspec.Raw


class RecordAnswer(Wire, frozen=True):
    uri: str
    value: msgspec.Raw
    cid: str = ""


class RecordsAnswer(Wire, frozen=True):
    records: tuple[RecordAnswer, ...]


class Empty(Wire, frozen=True):
    """An answer whose body does not matter."""
