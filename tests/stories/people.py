"""A brand and its customers on a Mastodon server: what they write, and what reached them."""

from __future__ import annotations

from tests.peers.mastodon import Json, MastodonServer, Person


class People:
    """Customers come into being when they first write."""

    def __init__(self, server: MastodonServer) -> None:
        self._server = server
        self.port = server.port
        self.brand = server.person("halden")
        self._customers: dict[str, Person] = {}

    def ask(self, who: str, text: str) -> Json:
        """A customer mentions the brand."""
        return self.customer(who).post(f"@{self.brand.username} {text}")

    def customer(self, who: str) -> Person:
        if who not in self._customers:
            self._customers[who] = self._server.person(who)
        return self._customers[who]

    def received(self, who: str) -> list[str]:
        """What the brand wrote to a customer, newest first, as the server keeps it."""
        return [
            one["status"]["content"]
            for one in self.customer(who).notifications("mention")
            if one["status"]["account"]["id"] == self.brand.id
        ]
