"""Two towns where a brand and its customers live: a Bluesky network and a Mastodon-like server.

Both speak the same few words, so that one story is told in each. What customers see is asked of
the server as the customer, never of the workspace.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from app.domain.views import AccountView
from app.services.services import Services
from tests.peers import bluesky_network as bluesky
from tests.peers import mastodon

CUSTOMERS = ("ada", "bo", "cy")


@dataclass(frozen=True)
class Written:
    """A message as its town knows it: ``id`` is its native id, ``post`` the town's own value."""

    id: str
    root: str
    post: Any


@dataclass(frozen=True)
class Received:
    """A message of the brand as a customer sees it."""

    text: str
    direct: bool
    pictures: tuple[str, ...]
    """The descriptions of its pictures."""


class Town(ABC):
    """The brand's account, three customers, and what they can do."""

    quotes: ClassVar[bool]
    edits: ClassVar[bool]
    directs: ClassVar[bool]

    @abstractmethod
    def connect(self, services: Services) -> AccountView:
        """Connect the brand's account as an agent would."""

    @abstractmethod
    def announce(self, text: str) -> Written:
        """The brand posts, by another app than ours."""

    @abstractmethod
    def mention(self, who: str, text: str, *, at: datetime | None = None) -> Written: ...

    @abstractmethod
    def reply(self, who: str, to: Written, text: str) -> Written:
        """An answer that mentions the brand."""

    @abstractmethod
    def answer(self, who: str, to: Written, text: str) -> Written:
        """The brand answers a customer, by another app than ours."""

    @abstractmethod
    def quote(self, who: str, what: Written, text: str) -> Written: ...

    @abstractmethod
    def edit(self, who: str, what: Written, text: str) -> None: ...

    @abstractmethod
    def delete(self, who: str, what: Written) -> None: ...

    @abstractmethod
    def handle(self, who: str) -> str: ...

    @abstractmethod
    def received(self, who: str) -> list[Received]:
        """What the brand wrote to this customer, newest first, as the customer's app shows it."""

    @abstractmethod
    def settle(self) -> None:
        """Returns when everything written can be read."""


class BlueskyTown(Town):
    quotes, edits, directs = True, False, False

    def __init__(self, network: bluesky.BlueskyNetwork) -> None:
        self.network = network
        self.brand = network.person("halden")
        self.people = {name: network.person(name) for name in CUSTOMERS}

    def connect(self, services: Services) -> AccountView:
        return services.accounts.connect_bluesky(
            self.network.pds, self.brand.handle, self.brand.app_password()
        ).result(60)

    def announce(self, text: str) -> Written:
        post = self.brand.post(text)
        return Written(post.uri, post.uri, post)

    def mention(self, who: str, text: str, *, at: datetime | None = None) -> Written:
        post = self.people[who].mention(self.brand, text, at=at)
        return Written(post.uri, post.uri, post)

    def reply(self, who: str, to: Written, text: str) -> Written:
        root = to.post if to.id == to.root else self.network.record(to.root)[0]
        post = self.people[who].mention(
            self.brand, text, reply=bluesky.Thread(root=root, parent=to.post)
        )
        return Written(post.uri, to.root, post)

    def answer(self, who: str, to: Written, text: str) -> Written:
        root = to.post if to.id == to.root else self.network.record(to.root)[0]
        thread = bluesky.Thread(root=root, parent=to.post)
        post = self.brand.mention(self.people[who], text, reply=thread)
        return Written(post.uri, to.root, post)

    def quote(self, who: str, what: Written, text: str) -> Written:
        post = self.people[who].post(text, quote=what.post)
        return Written(post.uri, post.uri, post)

    def edit(self, who: str, what: Written, text: str) -> None:
        raise NotImplementedError("Bluesky has no edits")

    def delete(self, who: str, what: Written) -> None:
        self.people[who].delete(what.post)

    def handle(self, who: str) -> str:
        return f"@{self.people[who].handle}"

    def received(self, who: str) -> list[Received]:
        self.settle()
        found = []
        for notification in self.people[who].notifications():
            record = notification["record"]
            if notification["author"]["did"] == self.brand.did and "text" in record:
                images = record.get("embed", {}).get("images", [])
                found.append(
                    Received(record["text"], False, tuple(image["alt"] for image in images))
                )
        return found

    def settle(self) -> None:
        self.network.settle()


class MastodonTown(Town):
    quotes, edits, directs = False, True, True

    def __init__(self, server: mastodon.MastodonServer) -> None:
        self.server = server
        self.brand = server.person("halden")
        self.people = {name: server.person(name) for name in CUSTOMERS}

    def connect(self, services: Services) -> AccountView:
        return services.accounts.connect_mastodon_token(self.server.url, self.brand.token).result(
            60
        )

    def announce(self, text: str) -> Written:
        post = self.brand.post(text)
        return Written(post["id"], post["id"], post)

    def mention(self, who: str, text: str, *, at: datetime | None = None) -> Written:
        post = self.people[who].post(f"@{self.brand.username} {text}")
        return Written(post["id"], post["id"], post)

    def reply(self, who: str, to: Written, text: str) -> Written:
        post = self.people[who].reply(to.post, f"@{self.brand.username} {text}")
        return Written(post["id"], to.root, post)

    def answer(self, who: str, to: Written, text: str) -> Written:
        post = self.brand.reply(to.post, f"@{self.people[who].username} {text}")
        return Written(post["id"], to.root, post)

    def quote(self, who: str, what: Written, text: str) -> Written:
        raise NotImplementedError("this server has no quotes")

    def edit(self, who: str, what: Written, text: str) -> None:
        self.people[who].edit(what.post, f"@{self.brand.username} {text}")

    def delete(self, who: str, what: Written) -> None:
        self.people[who].delete(what.post)

    def handle(self, who: str) -> str:
        return self.people[who].handle

    def received(self, who: str) -> list[Received]:
        found = []
        for notification in self.people[who].notifications("mention"):
            status = notification["status"]
            if status["account"]["id"] == self.brand.id:
                found.append(
                    Received(
                        status["content"],
                        status["visibility"] == "direct",
                        tuple(media["description"] for media in status["media_attachments"]),
                    )
                )
        return found

    def settle(self) -> None:
        """Nothing to wait for: this server answers with what was written before."""
