"""Carrying out a wish so that a repetition changes nothing.

The record key was made before the first try and the record is computed from the item alone (its
time of writing, not of sending), so that putting it again under its key is the same record again:
``putRecord`` is the safe retry that ``createRecord`` (HTTP 500 for a used key) is not.
The server accepts answers to posts that are gone and facets outside the text; both are checked
here, before anything is written.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from app.connectors.base import Delivered
from app.connectors.channels.bluesky.composing import check, facets_of, upload
from app.connectors.channels.bluesky.facts import identity, post_fact, post_url
from app.connectors.channels.bluesky.posts import (
    LIKE,
    POST,
    REPOST,
    Post,
    did_of,
    key_of,
    read_record,
    subject_of,
)
from app.connectors.channels.bluesky.reading import Reader
from app.connectors.channels.bluesky.session import Refused
from app.connectors.channels.bluesky.shapes import (
    Empty,
    PostView,
    Profile,
    RecordAnswer,
    RecordsAnswer,
    Ref,
)
from app.domain.clock import from_ms, to_ms
from app.domain.errors import ConnectorError, Rejected
from app.domain.interactions import Direction, InteractionFact, Kind
from app.domain.outbox import Act, OutboxItem
from app.domain.tid import derived_record_key, is_record_key

_COLLECTIONS = {Act.REPLY: POST, Act.LIKE: LIKE, Act.BOOST: REPOST}
_TOUCHES = {Act.LIKE: ("like", Kind.LIKE), Act.BOOST: ("repost", Kind.BOOST)}
_UNDONE = {"like": LIKE, "repost": REPOST}
_TOUCH_ID = re.compile(r"(?P<word>like|repost):(?P<owner>did:[^/]+):(?P<subject>at://.+)")
_RECORD_URI = re.compile(r"at://did:[^/]+/[^/]+/[^/]+")
_GONE = frozenset({"RecordNotFound", "NotFound", "RepoNotFound", "InvalidRequest"})


class Sender:
    def __init__(self, reader: Reader, me: Profile) -> None:
        self._reader = reader
        self._session = reader.session
        self._me = me

    async def send(self, item: OutboxItem) -> Delivered:
        match item.act:
            case Act.REPLY:
                return await self._reply(item)
            case Act.LIKE | Act.BOOST:
                return await self._touch(item)
            case Act.DELETE:
                return await self._delete(item)

    async def find_sent(self, item: OutboxItem) -> Delivered | None:
        """Asked at the server that keeps our records, so also while nothing else answers."""
        if item.act is Act.DELETE:
            present = await self._record(item.target) if _is_uri(item.target) else None
            if present is None and _is_uri(item.target):
                return Delivered(item.target)
            return None
        record = await self._record(self._uri(item))
        if record is None:
            return None
        # It has arrived: that what it is about cannot be looked up now must not hide this.
        try:
            if item.act is Act.REPLY:
                post = self._own_post(record)
                above = await self._above(post)
                return Delivered(record.uri, post_fact(post, self._me.did, above=above))
            return self._touched(item, await self._target(item.target))
        except ConnectorError:
            return Delivered(record.uri if item.act is Act.REPLY else self._touch_id(item))

    async def _reply(self, item: OutboxItem) -> Delivered:
        check(item)
        record: dict[str, Any] = {
            "$type": POST,
            "text": item.text,
            "createdAt": _stamp(item),
        }
        above: tuple[Post, ...] = ()
        if item.target:
            parent = await self._target(item.target)
            _check_answerable(parent)
            own_ref = Ref(parent.uri, parent.view.cid)
            root = parent.record.reply.root if parent.record.reply else own_ref
            record["reply"] = {"root": root, "parent": own_ref}
            above = (parent, *await self._above(parent)) if self._is_mine(parent) else (parent,)
        if facets := await facets_of(self._session, item.text):
            record["facets"] = facets
        if item.language:
            record["langs"] = [item.language]
        if item.attachments:
            record["embed"] = await upload(self._session, item.attachments)
        written = await self._put(item, POST, record)
        post = self._own_post(
            RecordAnswer(written.uri, msgspec.Raw(msgspec.json.encode(record)), written.cid)
        )
        return Delivered(post.uri, post_fact(post, self._me.did, above=above))

    async def _touch(self, item: OutboxItem) -> Delivered:
        target = await self._target(item.target)
        viewer = target.view.viewer
        collection = _COLLECTIONS[item.act]
        done = viewer.like if item.act is Act.LIKE else viewer.repost
        # The index may be behind our own server, which would take a second like of the same post.
        if not done and not await self._fresh(collection, target.uri):
            subject = Ref(target.uri, target.view.cid)
            record = {"$type": collection, "subject": subject, "createdAt": _stamp(item)}
            await self._put(item, collection, record)
        return self._touched(item, target)

    def _touched(self, item: OutboxItem, target: Post) -> Delivered:
        _, kind = _TOUCHES[item.act]
        native_id = self._touch_id(item)
        fact = InteractionFact(
            native_id=native_id,
            kind=kind,
            direction=Direction.OUTBOUND,
            author=identity(self._me),
            party=None if self._is_mine(target) else identity(target.author),
            occurred_at=from_ms(to_ms(item.created_at)),
            in_reply_to=target.uri,
            url=post_url(target.uri),
        )
        return Delivered(native_id, fact)

    def _touch_id(self, item: OutboxItem) -> str:
        return f"{_TOUCHES[item.act][0]}:{self._me.did}:{item.target}"

    async def _delete(self, item: OutboxItem) -> Delivered:
        """Our own post, or a like or repost by its native id. Deleting twice is no error."""
        touch = _TOUCH_ID.fullmatch(item.target)
        owner = touch["owner"] if touch else did_of(item.target)
        if owner != self._me.did or not (touch or _is_uri(item.target)):
            raise Rejected(
                "Only this account’s own posts can be deleted.",
                hint="Hide or report the post on Bluesky instead.",
            )
        if touch:
            records = await self._touches(_UNDONE[touch["word"]], touch["subject"])
        else:
            records = [item.target]
        for record in records:
            await self._session.post(
                "com.atproto.repo.deleteRecord",
                Empty,
                {"repo": owner, "collection": record.split("/")[3], "rkey": key_of(record)},
            )
        return Delivered(item.target)

    async def _touches(self, collection: str, subject: str) -> list[str]:
        """Our likes or reposts of a post: the one the index knows, and any it knows not yet."""
        post = (await self._reader.posts([subject])).get(subject)
        indexed = ""
        if post is not None:
            indexed = post.view.viewer.like if collection == LIKE else post.view.viewer.repost
        fresh = await self._fresh(collection, subject)
        return list(dict.fromkeys(uri for uri in (indexed, *fresh) if uri))

    async def _fresh(self, collection: str, subject: str) -> list[str]:
        """Our newest likes or reposts of a post, asked at the server that keeps them."""
        latest = await self._session.get(
            "com.atproto.repo.listRecords",
            RecordsAnswer,
            {"repo": self._me.did, "collection": collection, "limit": 100},
        )
        return [one.uri for one in latest.records if subject_of(one.value) == subject]

    async def _put(self, item: OutboxItem, collection: str, record: dict[str, Any]) -> Ref:
        return await self._session.post(
            "com.atproto.repo.putRecord",
            Ref,
            {
                "repo": self._me.did,
                "collection": collection,
                "rkey": _record_key(item),
                "record": record,
            },
        )

    async def _target(self, uri: str) -> Post:
        """The post a wish is about, as it stands now; raises ``Rejected`` when it is gone."""
        if _is_uri(uri):
            if did_of(uri) == self._me.did:
                # Ours may be too fresh for the network’s index; its own server has it.
                record = await self._record(uri)
                if record is not None:
                    return self._own_post(record)
            else:
                post = (await self._reader.posts([uri])).get(uri)
                if post is not None:
                    return post
        raise Rejected(
            "The post this is about is gone, or its author does not show it to us.",
            hint="Look at it on Bluesky, or write to the customer on another channel.",
        )

    async def _above(self, post: Post) -> tuple[Post, ...]:
        """The nearest stranger’s post above one of ours: the parent, else the root."""
        reply = post.record.reply
        if reply is None:
            return ()
        uris = [ref.uri for ref in (reply.parent, reply.root) if did_of(ref.uri) != self._me.did]
        posts = await self._reader.posts(uris) if uris else {}
        return tuple(posts[uri] for uri in dict.fromkeys(uris) if uri in posts)

    async def _record(self, uri: str) -> RecordAnswer | None:
        _, _, repo, collection, key = uri.split("/", 4)
        try:
            return await self._session.get(
                "com.atproto.repo.getRecord",
                RecordAnswer,
                {"repo": repo, "collection": collection, "rkey": key},
            )
        except Refused as refusal:
            if refusal.name in _GONE:
                return None
            raise

    async def own_posts(self, uris: list[str]) -> dict[str, Post]:
        """Posts of ours by uri, from the server that keeps them."""
        records = await self._reader.each(self._record, uris)
        return {one.uri: self._own_post(one) for one in records if one is not None}

    def _own_post(self, record: RecordAnswer) -> Post:
        """A record of ours as the post it is, before any index has seen it."""
        parsed = read_record(record.value)
        view = PostView(
            uri=record.uri,
            cid=record.cid,
            author=self._me,
            indexed_at=parsed.created_at,
            record=record.value,
        )
        return Post(view, parsed, msgspec.json.encode(view))

    def _uri(self, item: OutboxItem) -> str:
        return f"at://{self._me.did}/{_COLLECTIONS[item.act]}/{_record_key(item)}"

    def _is_mine(self, post: Post) -> bool:
        return did_of(post.uri) == self._me.did


def _check_answerable(parent: Post) -> None:
    viewer = parent.author.viewer
    if viewer.blocked_by or viewer.blocking:
        raise Rejected(
            f"@{parent.author.handle} and this account block each other on Bluesky.",
            hint="Answer on another channel.",
        )
    if parent.view.viewer.reply_disabled:
        raise Rejected(
            f"@{parent.author.handle} lets only some people answer this post.",
            hint="Answer on another channel.",
        )


def _record_key(item: OutboxItem) -> str:
    if is_record_key(item.record_key):
        return item.record_key
    return derived_record_key(item.created_at, item.record_key or item.id)


def _stamp(item: OutboxItem) -> str:
    at = from_ms(to_ms(item.created_at))
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _is_uri(text: str) -> bool:
    return _RECORD_URI.fullmatch(text) is not None
