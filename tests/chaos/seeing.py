"""What the customers see of the brand: asked of their own accounts, never of the workspace."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.chaos.plans import Kind
from tests.e2e.towns import CUSTOMERS, BlueskyTown, MastodonTown, Town

_TOKEN = re.compile(r"\bc\d+n\d+\b")


@dataclass(frozen=True)
class Post:
    """A message of the brand as its addressee was notified of it."""

    text: str
    direct: bool = False
    pictures: int = 0


@dataclass(frozen=True)
class Seen:
    """``likes`` and ``boosts`` say how many there are of a post, by its native id."""

    posts: tuple[Post, ...] = ()
    likes: Mapping[str, int] = field(default_factory=Counter)
    boosts: Mapping[str, int] = field(default_factory=Counter)
    gone: frozenset[str] = frozenset()

    def times(self, token: str, kind: Kind, target: str) -> int:
        """How often it is there: messages by the word they have to themselves."""
        match kind:
            case Kind.LIKE:
                return self.likes.get(target, 0)
            case Kind.BOOST:
                return self.boosts.get(target, 0)
            case Kind.DELETE:
                return int(target in self.gone)
            case _:
                return len(self._posts(token))

    def faults(self, token: str, kind: Kind) -> list[str]:
        """What is wrong with how it arrived."""
        posts = self._posts(token) if kind.has_text else []
        faults = []
        if any(post.pictures != int(kind is Kind.PICTURE) for post in posts):
            faults.append("arrived without its picture, or with one that is not its own")
        if any(post.direct != (kind is Kind.DIRECT) for post in posts):
            faults.append("arrived for other eyes than was wished")
        return faults

    def _posts(self, token: str) -> list[Post]:
        return [post for post in self.posts if token in _TOKEN.findall(post.text)]


class Witness:
    """Remembers what the customers have ever been notified of; looks at the rest anew."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._posts: dict[str, Post] = {}

    def look(self, touched: Iterable[str], deleted: Iterable[str]) -> Seen:
        """What is to be seen once all is quiet.

        ``touched`` and ``deleted`` are the native ids to ask about, of customers' posts and ours.
        """
        town = self._town
        town.settle()
        if isinstance(town, BlueskyTown):
            return self._on_bluesky(town, deleted)
        assert isinstance(town, MastodonTown)
        return self._on_mastodon(town, touched, deleted)

    def _on_bluesky(self, town: BlueskyTown, deleted: Iterable[str]) -> Seen:
        for who in CUSTOMERS:
            for one in town.people[who].notifications():
                record = one["record"]
                if one["author"]["did"] == town.brand.did and "text" in record:
                    pictures = len(record.get("embed", {}).get("images", []))
                    self._posts[one["uri"]] = Post(record["text"], pictures=pictures)
        asked = sorted(deleted)
        there: set[str] = set()
        for start in range(0, len(asked), 25):
            found = town.people[CUSTOMERS[0]].get(
                "app.bsky.feed.getPosts", uris=asked[start : start + 25]
            )
            there |= {post["uri"] for post in found["posts"]}
        return Seen(
            tuple(self._posts.values()),
            _subjects(town, "app.bsky.feed.like"),
            _subjects(town, "app.bsky.feed.repost"),
            frozenset(asked) - there,
        )

    def _on_mastodon(
        self, town: MastodonTown, touched: Iterable[str], deleted: Iterable[str]
    ) -> Seen:
        for who in CUSTOMERS:
            for one in town.people[who].notifications("mention"):
                status = one["status"]
                # Of what was deleted, this server keeps the notification alone.
                if status and status["account"]["id"] == town.brand.id:
                    self._posts[status["id"]] = Post(
                        status["content"],
                        status["visibility"] == "direct",
                        len(status["media_attachments"]),
                    )
        asked = sorted(touched)
        return Seen(
            tuple(self._posts.values()),
            {post: _by_brand(town, post, "favourited_by") for post in asked},
            {post: _by_brand(town, post, "reblogged_by") for post in asked},
            frozenset(post for post in deleted if _is_gone(town, post)),
        )


def _subjects(town: BlueskyTown, collection: str) -> Counter[str]:
    """What the brand's public records of a kind are about: also those that no index counts."""
    found: Counter[str] = Counter()
    cursor: dict[str, Any] = {}
    while True:
        answer = town.network.call(
            "com.atproto.repo.listRecords",
            params={"repo": town.brand.did, "collection": collection, "limit": 100, **cursor},
        )
        found.update(record["value"]["subject"]["uri"] for record in answer["records"])
        if "cursor" not in answer:
            return found
        cursor = {"cursor": answer["cursor"]}


def _by_brand(town: MastodonTown, post: str, verb: str) -> int:
    people = town.people[CUSTOMERS[0]].call("GET", f"/api/v1/statuses/{post}/{verb}")
    return sum(person["id"] == town.brand.id for person in people)


def _is_gone(town: MastodonTown, post: str) -> bool:
    try:
        town.people[CUSTOMERS[0]].read(post)
    except httpx.HTTPStatusError as error:
        if error.response.status_code != httpx.codes.NOT_FOUND:
            raise
        return True
    return False
