"""What Mastodon’s API sends, as far as we read it.

Only what no server leaves out is required; everything else has a default and may be null, because
Mastodon, GoToSocial, Pleroma, Akkoma and Pixelfed each leave out something. Posts stay ``Raw``
inside other answers: their bytes are kept beside the interaction, and a post that cannot be read
does not spoil the page it came with.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeGuard

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType


class Field(Struct, frozen=True, gc=False):
    """A line of a profile; ``verified_at`` is set where the page it links to links back."""

    value: str | None = None
    verified_at: str | None = None


class Account(Struct, frozen=True, gc=False):
    """Somebody, as described in a post. ``acct`` is bare for an account of this very server."""

    id: str
    acct: str
    username: str = ""
    display_name: str | None = None
    avatar: str | None = None
    url: str | None = None
    followers_count: int | None = None
    note: str | None = None
    fields: list[Field] | None = None


class Mention(Struct, frozen=True, gc=False):
    id: str
    acct: str
    url: str | None = None


class Attachment(Struct, frozen=True, gc=False):
    """``url`` is null while the server still works on it."""

    id: str
    type: str | None = None
    url: str | None = None
    remote_url: str | None = None
    preview_url: str | None = None
    description: str | None = None
    meta: Raw | UnsetType = UNSET


class Extent(Struct, frozen=True, gc=False):
    """How large a picture is, in pixels."""

    width: int = 0
    height: int = 0


class AttachmentMeta(Struct, frozen=True, gc=False):
    """What a server measured; a nicety, so it is read by itself and may be anything."""

    original: Extent = Extent()
    small: Extent = Extent()


class QuotedStatus(Struct, frozen=True, gc=False):
    id: str
    account: Account


class Quote(Struct, frozen=True, gc=False):
    """Since Mastodon 4.4; ``quoted_status`` is null when it was deleted or may not be seen."""

    quoted_status: QuotedStatus | None = None


class PollOption(Struct, frozen=True, gc=False):
    title: str


class Poll(Struct, frozen=True):
    options: list[PollOption] = []


class Status(Struct, frozen=True):
    """A post. ``content`` is HTML; some forks say only whether there is a ``quote``."""

    id: str
    account: Account
    created_at: datetime
    content: str | None = None
    in_reply_to_id: str | None = None
    in_reply_to_account_id: str | None = None
    visibility: str | None = None
    spoiler_text: str | None = None
    language: str | None = None
    url: str | None = None
    uri: str | None = None
    edited_at: datetime | None = None
    favourites_count: int | None = None
    reblogs_count: int | None = None
    replies_count: int | None = None
    favourited: bool | None = None
    reblogged: bool | None = None
    mentions: list[Mention] | None = None
    media_attachments: list[Attachment] | None = None
    poll: Poll | None = None
    quote: Quote | bool | None = None
    reblog: Raw | UnsetType = UNSET


class Notification(Struct, frozen=True):
    """``status`` is absent for a follow and null when the post was deleted since."""

    id: str
    type: str
    created_at: datetime
    account: Account | None = None
    status: Raw | UnsetType = UNSET


class Thread(Struct, frozen=True):
    """The answer of ``/context``: ancestors oldest first, descendants in tree order."""

    ancestors: list[Raw] = []
    descendants: list[Raw] = []


class Found(Struct, frozen=True):
    statuses: list[Raw] = []


class StatusLimits(Struct, frozen=True, gc=False):
    max_characters: int | None = None
    max_media_attachments: int | None = None


class MediaLimits(Struct, frozen=True, gc=False):
    image_size_limit: int | None = None
    description_limit: int | None = None


class Urls(Struct, frozen=True, gc=False):
    """``streaming`` in version 2 of the instance answer, ``streaming_api`` in version 1."""

    streaming: str | None = None
    streaming_api: str | None = None


class Configuration(Struct, frozen=True):
    statuses: StatusLimits | None = None
    media_attachments: MediaLimits | None = None
    urls: Urls | None = None


class Instance(Struct, frozen=True):
    """Versions 1 and 2 of the instance answer in one; ``domain`` is 2’s word, ``uri`` is 1’s.

    ``account_domain`` (GoToSocial) goes before both: people’s handles end in it.
    ``max_toot_chars`` is where Pleroma and its kin tell the length of a post.
    """

    version: str
    domain: str | None = None
    uri: str | None = None
    account_domain: str | None = None
    title: str | None = None
    configuration: Configuration | None = None
    urls: Urls | None = None
    max_toot_chars: int | None = None


class Application(Struct, frozen=True):
    """A registered client, or what a token’s client was allowed (``scopes``, since 4.3)."""

    client_id: str = ""
    client_secret: str = ""
    scopes: list[str] | None = None


class Token(Struct, frozen=True):
    access_token: str
    scope: str = ""


class Envelope(Struct, frozen=True):
    """A message of the streaming API; ``payload`` is JSON text, or a bare id for ``delete``."""

    event: str
    payload: str | None = None


class Failure(Struct, frozen=True):
    error: str | None = None
    error_description: str | None = None


meta_decoder = msgspec.json.Decoder(AttachmentMeta, strict=False)
status_decoder = msgspec.json.Decoder(Status, strict=False)


def is_present(raw: Raw | UnsetType) -> TypeGuard[Raw]:
    """Whether a post came at all: absent and null are both “no”."""
    return isinstance(raw, Raw) and bytes(memoryview(raw)[:1]) == b"{"
