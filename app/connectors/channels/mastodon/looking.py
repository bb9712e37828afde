"""Looking at posts one asks for: a thread, the present state of known posts, a saved search."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from urllib.parse import quote

import msgspec

from app.connectors.base import Page
from app.connectors.channels.mastodon.api import Api, Params, ScopeMissing
from app.connectors.channels.mastodon.facts import Post, Translator, read_posts
from app.connectors.channels.mastodon.fetching import post_by_id, posts_by_ids
from app.connectors.channels.mastodon.pulling import Batch, Entry, Listing
from app.connectors.channels.mastodon.shapes import Found
from app.connectors.channels.mastodon.threads import Threads
from app.connectors.channels.mastodon.windows import Window
from app.domain.errors import Rejected
from app.domain.interactions import Direction, InteractionFact

_AT_ONCE = 4
_SEARCH_PAGE = 40
_SEARCH_PAGES = 5


async def whole_thread(api: Api, translator: Translator, native_id: str) -> Page:
    """A post with its ancestors and descendants; empty and ``gone`` where it no longer exists."""
    post = await post_by_id(api, native_id)
    if post is None:
        return Page((), gone=(native_id,))
    threads = Threads(api)
    around = threads.absorb(post.status, await threads.fetch(native_id))
    return Page(
        tuple(translator.post(one, root=threads.root_of.get(one.id)) for one in (*around, post))
    )


async def present_state(api: Api, translator: Translator, native_ids: Sequence[str]) -> Page:
    """These posts as they stand now; those that no longer exist, or not for us, as gone.

    Likes, boosts and follows are no posts and left alone.
    """
    wanted = [one for one in dict.fromkeys(native_ids) if ":" not in one]
    posts = await posts_by_ids(api, wanted)
    # A server may leave out what it does have, or not know the bulk request at all, so each one
    # that is missing is asked for by itself before it is called gone.
    gone: list[str] = []
    missing = [one for one in wanted if one not in posts]
    for start in range(0, len(missing), _AT_ONCE):
        some = missing[start : start + _AT_ONCE]
        answers = await asyncio.gather(
            *(post_by_id(api, one) for one in some), return_exceptions=True
        )
        for native_id, answer in zip(some, answers, strict=True):
            if isinstance(answer, BaseException):
                raise answer
            if answer is None:
                gone.append(native_id)
            else:
                posts[native_id] = answer
    return Page(tuple(translator.post(post) for post in posts.values()), gone=tuple(gone))


class Tagged(Listing):
    """The timeline of a hashtag."""

    limit = 40

    def __init__(self, api: Api, translator: Translator, tag: str) -> None:
        super().__init__(api, translator)
        self.path = f"/api/v1/timelines/tag/{quote(tag, safe='')}"

    def read(self, raws: list[msgspec.Raw]) -> Sequence[Entry]:
        return read_posts(raws)

    async def facts(self, batch: Batch) -> tuple[InteractionFact, ...]:
        return finds(self.translator, [one for one in batch.entries if isinstance(one, Post)])


def finds(translator: Translator, posts: Iterable[Post]) -> tuple[InteractionFact, ...]:
    """What strangers wrote; our own posts and what is addressed to us come by themselves."""
    return tuple(
        translator.post(post, found=True)
        for post in posts
        if translator.direction(post.status) is Direction.AROUND
    )


async def search(
    api: Api, translator: Translator, words: str, cursor: str | None
) -> AsyncIterator[Page]:
    """Posts with these words, as far as the server has a full-text search.

    Results come by relevance as the server sees it, so a page with nothing new ends the search.
    """
    window = Window.parse(cursor) or Window()
    for number in range(_SEARCH_PAGES):
        params: Params = [
            ("q", words),
            ("type", "statuses"),
            ("limit", str(_SEARCH_PAGE)),
            ("offset", str(number * _SEARCH_PAGE)),
        ]
        try:
            found = await api.read(Found, "/api/v2/search", params)
        except ScopeMissing as error:
            # A token made by hand may lack this one scope and be good for all the rest.
            raise Rejected(
                f"The sign-in at {api.host} does not include searching.",
                reason="read:search",
                hint="Connect the account again, or listen to a #hashtag.",
            ) from error
        except Rejected as error:
            raise Rejected(
                f"{api.host} offers no search for words.",
                reason=error.reason,
                hint="Listen to a #hashtag instead.",
            ) from error
        posts = read_posts(found.statuses)
        fresh = [post for post in posts if not window.knows(post.id)]
        if not fresh:
            return
        window = window.grown(post.id for post in fresh)
        yield Page(finds(translator, posts), cursor=window.cursor)
        if len(posts) < _SEARCH_PAGE // 2:
            return
