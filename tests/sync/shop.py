"""A small Mastodon-like server on loopback whose road can be blocked, for the real connector."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import httpx

from app.connectors.base import Connector, Context, Profile
from app.connectors.channels.mastodon import Mastodon
from app.domain.clock import Clock
from app.domain.departments import CARE
from app.domain.ids import AccountId
from app.domain.interactions import Channel
from app.store import accounts
from app.store.accounts import AccountRecord
from app.store.database import Workspace
from app.sync.network import NetworkThread
from app.sync.pool import ConnectorFactory
from tests.connectors.mastodon_wire import BRAND, notification, page_of, status
from tests.faults.server import Answer, FaultServer, as_json

PORTAL = Answer(
    body=b"<!doctype html><html><body>Welcome to the hotel. Please sign in.</body></html>",
    headers={"content-type": "text/html; charset=utf-8"},
)
"""What a network sends where its guests have not signed in."""
CUT = Answer(stop_at=-1)
SILENCE = Answer(stop_at=-1, stalls=True)


class Shop:
    """``mentions`` are the ids of the posts that mention the brand; ``block``, where it is set,
    is sent in place of every answer."""

    def __init__(self) -> None:
        self._network = NetworkThread()
        self._server = FaultServer(self._respond)
        self._network.submit(self._server.__aenter__()).result(30)
        self.url = f"http://127.0.0.1:{self._server.port}"
        self.mentions: list[int] = []
        self.posted = 0
        """How many posts it has taken."""
        self.block: Answer | None = None
        self.on_request: Callable[[httpx.Request], None] = lambda _request: None

    def close(self) -> None:
        self._network.submit(self._server.__aexit__(None, None, None)).result(30)
        assert self._network.stop()

    def asked(self, path: str = "/api/v1/notifications") -> int:
        """How often something was asked for."""
        return sum(1 for one in self._server.requests if one.url.path == path)

    def _respond(self, request: httpx.Request) -> Answer | list[Answer]:
        self.on_request(request)
        if self.block is not None:
            return self.block
        path = request.url.path
        if path == "/api/v1/streaming":
            return as_json({"error": "Not here"}, 404)
        if request.method == "POST":
            self.posted += 1
            return as_json(status(900 + self.posted, BRAND, "Thank you for telling us."))
        return as_json(self._read(path, request))

    def _read(self, path: str, request: httpx.Request) -> Any:
        if path == "/api/v1/notifications":
            return page_of([notification(one) for one in self.mentions], request)
        if path.endswith("/context"):
            return {"ancestors": [], "descendants": []}
        if path.endswith("/instance"):
            return {"version": "4.4.0", "domain": "shop.example"}
        if path.startswith("/api/v1/accounts/"):
            return []
        if path == "/api/v1/statuses":
            return [status(one) for one in request.url.params.get_list("id[]")]
        return status(path.rpartition("/")[2])


def closed_address() -> str:
    """The address of a server that is not there: its port was free a moment ago."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def connect_at(workspace: Workspace, server: str, handle: str = "@brand@shop.example") -> AccountId:
    """An account at this server, its history read already."""
    record = workspace.write(
        lambda tx: accounts.put_account(
            tx,
            channel=Channel.MASTODON,
            server=server,
            native_id="1@shop.example",
            handle=handle,
            display_name="Brand",
            avatar_url="",
            owner=CARE,
        )
    ).result()
    workspace.write(lambda tx: accounts.update_account(tx, record.id, history_done=True)).result()
    return record.id


def real_connectors(clock: Clock) -> ConnectorFactory:
    """Connectors as the program makes them, but for whose clock they go by."""

    def make(record: AccountRecord) -> Connector:
        profile = Profile(record.channel, record.server, record.native_id, record.handle)
        return Mastodon(Context(profile, {"token": "t"}), clock=clock)

    return make
