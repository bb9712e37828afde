"""The Mastodon side of the contract suite, on a running mastodon-mock."""

from __future__ import annotations

from dataclasses import dataclass, replace

import httpx

from app.connectors.base import Connector, Context, SignIn
from app.connectors.channels.mastodon import Mastodon, sign_in_with_token
from app.connectors.html import html_to_text
from app.domain.ids import uuid7
from app.domain.interactions import Channel
from tests.peers.mastodon import MastodonServer, Person, free_port


@dataclass(frozen=True, slots=True)
class MastodonCustomer:
    person: Person
    brand: Person

    @property
    def native_id(self) -> str:
        return self.person.acct

    @property
    def handle(self) -> str:
        return self.person.handle

    def post(self, text: str) -> str:
        return str(self.person.post(text)["id"])

    def mention(self, text: str) -> str:
        return self.post(f"@{self.brand.username} {text}")

    def reply(self, to: str, text: str) -> str:
        return str(self.person.reply({"id": to}, text)["id"])

    def like(self, post: str) -> None:
        self.person.like({"id": post})

    def boost(self, post: str) -> None:
        self.person.boost({"id": post})

    def follow(self) -> None:
        self.person.follow(self.brand)

    def delete(self, post: str) -> None:
        self.person.delete({"id": post})

    def received(self) -> list[str]:
        return [
            html_to_text(one["status"]["content"]) for one in self.person.notifications("mention")
        ]

    def is_liked(self, post: str) -> bool:
        return int(self.person.read(post)["favourites_count"]) > 0


class MastodonHarness:
    channel = Channel.MASTODON

    def __init__(self, network: MastodonServer) -> None:
        self.server = network
        self.brand = network.person("brand")

    async def sign_in(self) -> SignIn:
        return await sign_in_with_token(self.server.url, self.brand.token)

    def connector(self, sign_in: SignIn) -> Connector:
        return Mastodon(Context(sign_in.profile, sign_in.secrets))

    def with_wrong_secrets(self, sign_in: SignIn) -> Connector:
        return Mastodon(Context(sign_in.profile, {"token": "revoked"}))

    def unreachable(self, sign_in: SignIn) -> Connector:
        profile = replace(sign_in.profile, server=f"http://127.0.0.1:{free_port()}")
        return Mastodon(Context(profile, sign_in.secrets))

    def customer(self, name: str) -> MastodonCustomer:
        return MastodonCustomer(self.server.person(name), self.brand)

    def announce(self, text: str) -> str:
        return str(self.brand.post(text)["id"])

    def exists(self, post: str) -> bool:
        try:
            self.brand.read(post)
        except httpx.HTTPStatusError as error:
            if error.response.status_code == httpx.codes.NOT_FOUND:
                return False
            raise
        return True

    def record_key(self) -> str:
        return uuid7()
