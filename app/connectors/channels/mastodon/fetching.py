"""Posts by their ids."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

import msgspec

from app.connectors.channels.mastodon.api import Api, Gone, Params
from app.connectors.channels.mastodon.facts import Post, read_posts
from app.connectors.channels.mastodon.shapes import Status
from app.domain.errors import Rejected

BATCH = 20
"""Mastodon answers at most this many posts in one request."""


async def posts_by_ids(api: Api, native_ids: Sequence[str]) -> dict[str, Post]:
    """What the bulk request (since Mastodon 4.3) has of these; less, or nothing, elsewhere."""
    found: dict[str, Post] = {}
    for start in range(0, len(native_ids), BATCH):
        asked = native_ids[start : start + BATCH]
        params: Params = [("id[]", one) for one in asked]
        try:
            posts = read_posts(await api.read(list[msgspec.Raw], "/api/v1/statuses", params))
        except Rejected:
            return found
        found.update((post.id, post) for post in posts if post.id in asked)
    return found


async def post_by_id(api: Api, native_id: str) -> Post | None:
    """One post; None when it is gone. Raises ContractBroken for one that cannot be read."""
    try:
        response = await api.get(f"/api/v1/statuses/{quote(native_id, safe='')}")
    except Gone:
        return None
    return Post(api.http.decode(response, Status), response.content)
