"""The thread around a post: fetched once in a pull, however many of its posts come up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from app.connectors.channels.mastodon.api import Api
from app.connectors.channels.mastodon.facts import Post, id_order, read_posts
from app.connectors.channels.mastodon.shapes import Status, Thread
from app.domain.errors import ContractBroken, Rejected, Unreachable

log = logging.getLogger(__name__)

_AT_ONCE = 4


class Threads:
    """What one pull has learned of threads.

    ``root_of`` maps a post to the first post of its thread, to None where the thread’s beginning
    is gone (the store then finds the conversation through what it kept).
    """

    def __init__(self, api: Api) -> None:
        self._api = api
        self.root_of: dict[str, str | None] = {}
        self._read_below: set[str] = set()

    async def around(self, posts: Iterable[Post]) -> list[Post]:
        """The other posts of the threads these stand in, as far as not fetched before."""
        found: list[Post] = []
        # Oldest first: what follows a post comes with it, so the later ones need no request.
        pending = sorted((post.status for post in posts), key=lambda one: id_order(one.id))
        while pending:
            wave: list[Status] = []
            parents: set[str | None] = set()
            later: list[Status] = []
            for status in pending:
                if not self._needed(status):
                    self._place(status)
                elif len(wave) < _AT_ONCE and status.in_reply_to_id not in parents:
                    # Two answers to one post are not asked for at once: the first tells for both.
                    wave.append(status)
                    parents.add(status.in_reply_to_id or status.id)
                else:
                    later.append(status)
            answers = await asyncio.gather(
                *(self.fetch(status.id) for status in wave), return_exceptions=True
            )
            for status, answer in zip(wave, answers, strict=True):
                if isinstance(answer, BaseException):
                    raise answer
                found += self.absorb(status, answer)
            pending = later
        return found

    async def fetch(self, status_id: str) -> Thread:
        """The thread; empty when the post is gone, or the server cannot tell.

        A server may time out over one long thread for ever. That must not keep the mention in it
        from coming in, so only what concerns every request is raised.
        """
        try:
            return await self._api.read(Thread, f"/api/v1/statuses/{status_id}/context")
        except (Rejected, ContractBroken) as error:
            log.info("A thread was left out: %s", error)
        except Unreachable as error:
            if not error.reached:
                raise
            log.warning("A thread was left out: %s", error)
        return Thread()

    def absorb(self, status: Status, thread: Thread) -> list[Post]:
        """Take note of a fetched thread; returns its posts, oldest ancestor first."""
        ancestors, descendants = read_posts(thread.ancestors), read_posts(thread.descendants)
        first = ancestors[0].status if ancestors else status
        root = first.id if first.in_reply_to_id is None else None
        for post in (*ancestors, *descendants):
            self.root_of.setdefault(post.id, root)
        self.root_of[status.id] = root
        self._read_below.add(status.id)
        self._read_below.update(post.id for post in descendants)
        return [*ancestors, *descendants]

    def opens(self, status: Status) -> None:
        """Take note of a post that answers nothing: the first of its thread."""
        if status.in_reply_to_id is None:
            self.root_of[status.id] = status.id

    def _needed(self, status: Status) -> bool:
        if status.id in self._read_below:
            return False
        has_answers = bool(status.replies_count)
        if status.in_reply_to_id is None or status.in_reply_to_id in self.root_of:
            return has_answers
        return True

    def _place(self, status: Status) -> None:
        if status.in_reply_to_id is None:
            self.root_of.setdefault(status.id, status.id)
        else:
            self.root_of.setdefault(status.id, self.root_of.get(status.in_reply_to_id))
