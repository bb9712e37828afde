"""Answers as the services really give them, to be spoilt."""

from __future__ import annotations

from typing import Any

_PERSON: dict[str, Any] = {
    "id": "7", "acct": "lena@far.example", "username": "lena", "display_name": "Lena",
    "avatar": "https://far.example/a.png", "url": "https://far.example/@lena",
    "followers_count": 12,
}  # fmt: skip
STATUS: dict[str, Any] = {
    "id": "5",
    "created_at": "2026-11-19T08:00:00.000Z",
    "edited_at": None,
    "account": _PERSON,
    "content": '<p><span><a href="https://shop.example/@brand" class="mention">@brand'
    '</a></span> where is <a href="https://shop.example/o/1">my order</a>?</p>',
    "in_reply_to_id": "4",
    "in_reply_to_account_id": "1",
    "visibility": "public",
    "spoiler_text": "",
    "language": "en",
    "url": "https://far.example/@lena/5",
    "uri": "https://far.example/users/lena/statuses/5",
    "favourites_count": 1,
    "reblogs_count": 0,
    "replies_count": 2,
    "mentions": [{"id": "1", "acct": "brand", "url": "https://shop.example/@brand"}],
    "media_attachments": [
        {
            "id": "9", "type": "image", "url": "https://far.example/p.jpg",
            "preview_url": "https://far.example/s.jpg", "remote_url": None,
            "description": "a broken cup",
            "meta": {"original": {"width": 800, "height": 600}},
        }
    ],
    "poll": {"options": [{"title": "yes"}, {"title": "no"}]},
    "quote": {"quoted_status": {"id": "3", "account": {"id": "1", "acct": "brand"}}},
    "reblog": None,
}  # fmt: skip
NOTIFICATION: dict[str, Any] = {
    "id": "34", "type": "mention", "created_at": "2026-11-19T08:00:00.000Z",
    "account": _PERSON, "status": STATUS,
}  # fmt: skip
BOOST: dict[str, Any] = {**STATUS, "id": "6", "account": {**_PERSON, "id": "1"}, "reblog": STATUS}
INSTANCE: dict[str, Any] = {
    "version": "4.5.0",
    "domain": "shop.example",
    "account_domain": "shop.example",
    "uri": "https://shop.example",
    "configuration": {
        "statuses": {"max_characters": 500, "max_media_attachments": 4},
        "media_attachments": {"image_size_limit": 16_777_216, "description_limit": 1_500},
        "urls": {"streaming": "wss://stream.shop.example"},
    },
    "urls": {"streaming_api": "wss://stream.shop.example"},
}

_AUTHOR = {
    "did": "did:plc:lena", "handle": "lena.example", "displayName": "Lena",
    "avatar": "https://cdn.example/a.jpg", "followersCount": 12, "viewer": {"blockedBy": False},
}  # fmt: skip
_REF = {"uri": "at://did:plc:brand/app.bsky.feed.post/3a", "cid": "bafy1"}
RECORD: dict[str, Any] = {
    "$type": "app.bsky.feed.post",
    "text": "@brand where is my order? shop.example/o…",
    "createdAt": "2026-11-19T08:00:00.000Z",
    "langs": ["en"],
    "facets": [
        {
            "index": {"byteStart": 0, "byteEnd": 6},
            "features": [{"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:brand"}],
        },
        {
            "index": {"byteStart": 26, "byteEnd": 43},
            "features": [
                {"$type": "app.bsky.richtext.facet#link", "uri": "https://shop.example/o/1"}
            ],
        },
    ],
    "reply": {"root": _REF, "parent": _REF},
    "embed": {"$type": "app.bsky.embed.record", "record": _REF},
}
POST: dict[str, Any] = {
    "uri": "at://did:plc:lena/app.bsky.feed.post/3b",
    "cid": "bafy2",
    "author": _AUTHOR,
    "indexedAt": "2026-11-19T08:00:01.000Z",
    "record": RECORD,
    "embed": {
        "$type": "app.bsky.embed.images#view",
        "images": [
            {
                "fullsize": "https://cdn.example/f.jpg", "thumb": "https://cdn.example/t.jpg",
                "alt": "a broken cup", "aspectRatio": {"width": 4, "height": 3},
            }
        ],
    },
    "replyCount": 1,
    "repostCount": 0,
    "likeCount": 3,
}  # fmt: skip
TOUCH: dict[str, Any] = {
    "uri": "at://did:plc:lena/app.bsky.feed.like/3c", "cid": "bafy3", "author": _AUTHOR,
    "reason": "like", "reasonSubject": _REF["uri"], "indexedAt": "2026-11-19T08:00:01.000Z",
    "record": {"$type": "app.bsky.feed.like", "subject": _REF, "createdAt": "2026-11-19T08:00:00Z"},
}  # fmt: skip
TELLING: dict[str, Any] = {**TOUCH, "reason": "mention", "record": RECORD}
THREAD: dict[str, Any] = {
    "thread": {
        "$type": "app.bsky.feed.defs#threadViewPost",
        "post": POST,
        "parent": {"$type": "app.bsky.feed.defs#notFoundPost", "uri": _REF["uri"]},
        "replies": [{"$type": "app.bsky.feed.defs#threadViewPost", "post": POST, "replies": []}],
    }
}
FEED: dict[str, Any] = {
    "feed": [
        {
            "post": {**POST, "author": {"did": "did:plc:brand"}},
            "reply": {"root": POST, "parent": POST, "grandparentAuthor": _AUTHOR},
            "reason": {"indexedAt": "2026-11-19T08:00:01.000Z"},
        }
    ],
    "cursor": "2026-11-19T08:00:00.000Z",
}
SESSION: dict[str, Any] = {
    "accessJwt": "a.eyJzY29wZSI6IngifQ.c",
    "refreshJwt": "r",
    "handle": "brand.example",
    "did": "did:plc:brand",
    "didDoc": {"service": [{"id": "#atproto_pds", "serviceEndpoint": "https://pds.example"}]},
}
MANIFEST: dict[str, Any] = {
    "id": "w", "unlock": "keyring", "sample": False, "key": "key",
    "pending": {"unlock": "passphrase", "key": "key2", "accounts": ["1"]},
}  # fmt: skip
