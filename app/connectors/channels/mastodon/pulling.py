"""Reading a list of the account: its notifications, or what it posted itself."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import msgspec

from app.connectors.base import Page
from app.connectors.channels.mastodon.api import Api, Params
from app.connectors.channels.mastodon.facts import (
    Post,
    Translator,
    id_order,
    notified_post,
    read_posts,
    utc,
)
from app.connectors.channels.mastodon.fetching import posts_by_ids
from app.connectors.channels.mastodon.shapes import Account, Notification, is_present
from app.connectors.channels.mastodon.threads import Threads
from app.connectors.channels.mastodon.windows import Window
from app.domain.errors import Rejected
from app.domain.interactions import Direction, InteractionFact
from app.domain.records import dataclass

log = logging.getLogger(__name__)

Entry = Notification | Post


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries of one page; ``fresh`` are those that were not handled in an earlier pull."""

    entries: Sequence[Entry]
    fresh: Sequence[Entry]
    threads: Threads


class Listing(ABC):
    """A list on the server, newest first, that is paged by id and never by ``Link``.

    ``Link`` is left aside on purpose: servers drop filters from it, offer a next page after the
    last, or none on an empty one. An empty page is the end.
    """

    def __init__(self, api: Api, translator: Translator) -> None:
        self.api = api
        self.translator = translator

    path: str
    limit: int

    @abstractmethod
    def read(self, raws: list[msgspec.Raw]) -> Sequence[Entry]:
        """The entries that can be read."""

    @abstractmethod
    async def facts(self, batch: Batch) -> tuple[InteractionFact, ...]:
        """The entries as facts, with the threads of those that are ``fresh``."""

    async def page(self, **bounds: str) -> Sequence[Entry]:
        params: Params = [("limit", str(self.limit)), *bounds.items()]
        return self.read(await self.api.read(list[msgspec.Raw], self.path, params))

    async def pull(self, cursor: str | None) -> AsyncIterator[Page]:
        """What is new above the window, and its overlap.

        The first request has no bounds: servers allow far more of those. Only where its page does
        not reach down to the overlap is the gap read, upwards, so that each page is progress.
        """
        threads = Threads(self.api)
        window = Window.parse(cursor)
        newest = await self.page()
        if window is None or _reaches(newest, window.floor) or not newest:
            yield await self._page(newest, threads, window or Window())
            return
        if window.floor is None:
            async for page in self._down_to(None, newest, window, threads):
                yield page
            return
        at = window.floor
        entries = await self.page(min_id=at)
        if _lowest(entries) == _lowest(newest):
            # This server does not know min_id and sent its newest page again.
            async for page in self._down_to(at, newest, window, threads):
                yield page
            return
        while entries and id_order(_highest(entries)) > id_order(at):
            page = await self._page(entries, threads, window)
            window = window.grown(entry.id for entry in entries)
            yield page
            at = _highest(entries)
            entries = await self.page(min_id=at)

    async def _down_to(
        self, floor: str | None, newest: Sequence[Entry], window: Window, threads: Threads
    ) -> AsyncIterator[Page]:
        """From the top down to the floor; the position is only moved by the last page."""
        entries, seen = newest, list[str]()
        while entries:
            seen += [entry.id for entry in entries]
            lowest = _lowest(entries)
            done = _reaches(entries, floor)
            older = () if done else await self.page(max_id=lowest)
            if older and id_order(_lowest(older)) >= id_order(lowest):
                older = ()
            page = await self._page(entries, threads, window)
            last = window.grown(seen).cursor if not older else None
            yield Page(page.facts, cursor=last)
            entries = older

    async def _page(self, entries: Sequence[Entry], threads: Threads, window: Window) -> Page:
        fresh = [entry for entry in entries if not window.knows(entry.id)]
        facts = await self.facts(Batch(entries, fresh, threads))
        return Page(facts, cursor=window.grown(entry.id for entry in entries).cursor)

    async def history(self, since: datetime, cursor: str | None) -> AsyncIterator[Page]:
        """Back to ``since``; the cursor is the lowest id reached.

        The next page is under way while this one is turned into facts and stored.
        """
        threads = Threads(self.api)
        entries = await (self.page(max_id=cursor) if cursor else self.page())
        while entries:
            lowest = _lowest(entries)
            reached = min(utc(entry.created_at) for entry in entries)
            ahead: asyncio.Task[Sequence[Entry]] | None = None
            if reached >= since:
                ahead = asyncio.create_task(self.page(max_id=lowest))
            try:
                wanted = [entry for entry in entries if utc(entry.created_at) >= since]
                facts = await self.facts(Batch(wanted, wanted, threads))
                # Not below what was taken: a later history, further back, begins right there.
                at = _lowest(wanted) or None
                yield Page(facts, cursor=at, progress=max(reached, since))
                entries = await ahead if ahead else ()
                ahead = None
            finally:
                if ahead is not None:
                    ahead.cancel()
                    await asyncio.gather(ahead, return_exceptions=True)
            if entries and id_order(_lowest(entries)) >= id_order(lowest):
                return


class Notifications(Listing):
    """Everything that happened to the account. All kinds are read, and ours picked out here:
    some servers ignore a filter of kinds without saying so."""

    path = "/api/v1/notifications"
    limit = 80

    def read(self, raws: list[msgspec.Raw]) -> Sequence[Entry]:
        return _read_notifications(raws)

    async def facts(self, batch: Batch) -> tuple[InteractionFact, ...]:
        threads = batch.threads
        notifications = [entry for entry in batch.entries if isinstance(entry, Notification)]
        posts = {one.id: notified_post(one) for one in notifications}
        spoken = [
            post
            for one in batch.fresh
            if isinstance(one, Notification) and one.type in ("mention", "quote")
            if (post := posts[one.id]) is not None
        ]
        facts = await thread_facts(self.translator, threads, spoken)
        for one in notifications:
            post = posts[one.id]
            root = threads.root_of.get(post.id) if post else None
            for fact in self.translator.notification(one, post, root=root):
                _keep(facts, fact)
        return tuple(facts.values())


class OwnPosts(Listing):
    """What the account posted, wherever it was written: announcements, answers, boosts."""

    limit = 40

    def __init__(self, api: Api, translator: Translator) -> None:
        super().__init__(api, translator)
        self.path = f"/api/v1/accounts/{translator.own_id}/statuses"

    def read(self, raws: list[msgspec.Raw]) -> Sequence[Entry]:
        return read_posts(raws)

    async def facts(self, batch: Batch) -> tuple[InteractionFact, ...]:
        threads = batch.threads
        posts = [entry for entry in batch.entries if isinstance(entry, Post)]
        answers = [
            post
            for post in batch.fresh
            if isinstance(post, Post)
            and post.status.in_reply_to_account_id not in (None, self.translator.own_id)
        ]
        facts = await self._answered(answers, threads)
        for native_id, fact in (await thread_facts(self.translator, threads, answers)).items():
            facts[native_id] = fact
        await self._meet(posts)
        for post in posts:
            if is_present(post.status.reblog):
                for fact in self.translator.boost_of_ours(post):
                    facts.setdefault(fact.native_id, fact)
            else:
                root = threads.root_of.get(post.id)
                facts[post.id] = self.translator.post(post, root=root)
        return tuple(facts.values())

    async def _answered(
        self, answers: Sequence[Post], threads: Threads
    ) -> dict[str, InteractionFact]:
        """The posts that ours answer, many at a time.

        Most are mentions that open a thread. Those need no request of their own: what followed
        them comes with the notifications.
        """
        ids = {str(post.status.in_reply_to_id) for post in answers} - set(threads.root_of)
        parents = await posts_by_ids(self.api, sorted(ids))
        facts = dict[str, InteractionFact]()
        for parent in parents.values():
            fact = self.translator.post(parent)
            if fact.direction is Direction.INBOUND and fact.in_reply_to is None:
                threads.opens(parent.status)
                facts[fact.native_id] = fact
        return facts

    async def _meet(self, posts: Sequence[Post]) -> None:
        """Look up whom our answers answer, where neither a mention nor the thread has told."""
        for post in posts:
            account = post.status.in_reply_to_account_id
            if account in (None, self.translator.own_id) or self.translator.known(account):
                continue
            if any(mention.id == account for mention in post.status.mentions or ()):
                continue
            try:
                found = await self.api.read(Account, f"/api/v1/accounts/{account}")
            except Rejected:
                continue  # The account was deleted; its answer stands without an addressee.
            self.translator.person(found)


async def thread_facts(
    translator: Translator, threads: Threads, posts: Sequence[Post]
) -> dict[str, InteractionFact]:
    """The posts around these, by native id, whatever was not fetched before in this pull."""
    around = await threads.around(posts)
    for post in around:
        translator.person(post.status.account)
    return {post.id: translator.post(post, root=threads.root_of.get(post.id)) for post in around}


def _keep(facts: dict[str, InteractionFact], fact: InteractionFact) -> None:
    """Of two views of one post, the one that says it is for us goes before the other."""
    known = facts.get(fact.native_id)
    if known is None or known.direction is Direction.AROUND:
        facts[fact.native_id] = fact


_notification_decoder = msgspec.json.Decoder(Notification, strict=False)


def read_notification(raw: msgspec.Raw | str) -> Notification | None:
    """A notification; None when it departs from what is promised."""
    try:
        return _notification_decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        log.warning("A notification that cannot be read was passed over: %s", error)
        return None


def _read_notifications(raws: list[msgspec.Raw]) -> list[Notification]:
    return [one for raw in raws if (one := read_notification(raw)) is not None]


def _lowest(entries: Sequence[Entry]) -> str:
    return min((entry.id for entry in entries), key=id_order, default="")


def _highest(entries: Sequence[Entry]) -> str:
    return max((entry.id for entry in entries), key=id_order, default="")


def _reaches(entries: Sequence[Entry], floor: str | None) -> bool:
    """Whether a page goes down to the floor, so that nothing lies between."""
    return bool(entries) and floor is not None and id_order(_lowest(entries)) <= id_order(floor)
