"""A millisecond that holds more notifications than one page shows.

An app that posts for many people, or writes whole seconds into its dates, puts hundreds of posts
on one timestamp, and ``listNotifications`` then shows a hundred of them and no way to the rest.
Other lists page by time and id together and do reach them: a search for our handle finds the
mentions, threads hold the replies, ``getQuotes`` the quotes. Measured on a real network: of 250
mentions, replies or quotes on one timestamp all 250 are found. Likes, reposts and follows beyond
the hundred are not looked for: no work hangs on them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.connectors.channels.bluesky.posts import Post, did_of, notified_post, occurred, read_post
from app.connectors.channels.bluesky.reading import Placed, Reader
from app.connectors.channels.bluesky.shapes import Notification, PostsAnswer
from app.domain.errors import Rejected

_PAGE = 100
_MOST_PAGES = 100
_SLACK = timedelta(seconds=1)


async def find_crowd(
    reader: Reader, handle: str, at: datetime, shown: Iterable[Notification]
) -> list[Placed]:
    """The posts of that moment that can be found by other means than the list itself.

    ``shown``: the notifications of the moment that the list did show; the rest resemble them.
    """
    reasons = {one.reason for one in shown}
    posts = [notified_post(one) for one in shown if one.reason in ("mention", "reply", "quote")]
    found: dict[str, Placed] = {}
    if "mention" in reasons:
        for post in await _mentions(reader, handle, at):
            found[post.uri] = Placed(post, ())
    if "quote" in reasons:
        for quoted in dict.fromkeys(post.quoted for post in posts if post.quoted):
            if did_of(quoted) == reader.me:
                for post in await _quotes(reader, quoted):
                    found[post.uri] = Placed(post, ())
    roots = {post.root: None for post in posts if post.parent is not None}
    for thread in await reader.each(reader.thread, roots):
        found.update(thread)
    return [one for one in found.values() if _is_at(one.post, at)]


async def _mentions(reader: Reader, handle: str, at: datetime) -> list[Post]:
    name = handle.removeprefix("@")
    return await _paged(
        reader,
        "app.bsky.feed.searchPosts",
        {
            "q": name,
            "mentions": reader.me,
            "sort": "latest",
            "since": (at - _SLACK).isoformat(),
            "until": (at + _SLACK).isoformat(),
        },
        until=at - _SLACK,
    )


async def _quotes(reader: Reader, uri: str) -> list[Post]:
    return await _paged(reader, "app.bsky.feed.getQuotes", {"uri": uri}, until=None)


async def _paged(
    reader: Reader, method: str, params: dict[str, str], *, until: datetime | None
) -> list[Post]:
    """All posts of a list; where it is newest first, those from ``until`` on."""
    posts: list[Post] = []
    cursor = ""
    for _ in range(_MOST_PAGES):
        page: dict[str, str | int] = {**params, "limit": _PAGE}
        if cursor:
            page["cursor"] = cursor
        try:
            answer = await reader.session.get(method, PostsAnswer, page)
        except Rejected:
            # A server without a search: the hundred shown is what can be had.
            break
        read = [post for raw in answer.posts if (post := read_post(raw)) is not None]
        posts += read
        cursor = answer.cursor
        past = until is not None and any(_time(post) < until for post in read)
        if not cursor or past:
            break
    return posts


def _time(post: Post) -> datetime:
    return occurred(post.record.created_at, post.view.indexed_at)


def _is_at(post: Post, at: datetime) -> bool:
    return abs(_time(post) - at) < timedelta(milliseconds=1)
