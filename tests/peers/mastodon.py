"""A Mastodon-like server on this machine, and the people who write there.

``mastodon-mock`` runs as a process of its own on a free loopback port, once for all tests of a
run; each test makes people of its own, so that none disturbs another.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
import pytest

_READY_WITHIN = 40.0
_numbers = itertools.count(1)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account there; what they do is seen by everybody else at once."""

    server: MastodonServer
    id: str
    username: str
    token: str

    @property
    def handle(self) -> str:
        return f"@{self.username}@{self.server.domain}"

    @property
    def acct(self) -> str:
        """What a connector calls this identity."""
        return f"{self.username}@{self.server.domain}".lower()

    def post(self, text: str, **fields: Any) -> Json:
        """Post; ``fields`` as the API names them, e.g. ``visibility`` or ``in_reply_to_id``."""
        return self._json("POST", "/api/v1/statuses", json={"status": text, **fields})

    def reply(self, to: Json, text: str, **fields: Any) -> Json:
        return self.post(text, in_reply_to_id=to["id"], **fields)

    def edit(self, post: Json, text: str) -> Json:
        return self._json("PUT", f"/api/v1/statuses/{post['id']}", json={"status": text})

    def delete(self, post: Json) -> None:
        self.call("DELETE", f"/api/v1/statuses/{post['id']}")

    def like(self, post: Json) -> None:
        self.call("POST", f"/api/v1/statuses/{post['id']}/favourite")

    def boost(self, post: Json) -> Json:
        return self._json("POST", f"/api/v1/statuses/{post['id']}/reblog")

    def follow(self, other: Person) -> None:
        self.call("POST", f"/api/v1/accounts/{other.id}/follow")

    def read(self, post_id: str) -> Json:
        return self._json("GET", f"/api/v1/statuses/{post_id}")

    def notifications(self, *kinds: str) -> list[Json]:
        """What reached this person, newest first: the proof that something arrived."""
        found: list[Json] = self.call("GET", "/api/v1/notifications?limit=40")
        return [one for one in found if not kinds or one["type"] in kinds]

    def posts(self) -> list[Json]:
        found: list[Json] = self.call("GET", f"/api/v1/accounts/{self.id}/statuses?limit=40")
        return found

    def _json(self, method: str, path: str, **kwargs: Any) -> Json:
        answer: Json = self.call(method, path, **kwargs)
        return answer

    def call(self, method: str, path: str, **kwargs: Any) -> Any:
        return self.server.call(
            method, path, headers={"Authorization": f"Bearer {self.token}"}, **kwargs
        )


@dataclass(slots=True)
class MastodonServer:
    """The running server; ``domain`` is what handles there end in."""

    port: int
    process: subprocess.Popen[bytes]
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.url, timeout=20, trust_env=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def domain(self) -> str:
        return f"localhost:{self.port}"

    def call(self, method: str, path: str, **kwargs: Any) -> Any:
        response = self.client.request(method, path, **kwargs)
        response.raise_for_status()
        return response.json()

    def person(self, name: str) -> Person:
        """A new person whose username starts with ``name``."""
        username = f"{name}{next(_numbers)}"
        made = self.call(
            "POST",
            "/api/v1/_mock/dev_user",
            json={"username": username, "display_name": name.capitalize()},
        )
        return Person(self, made["id"], username, made["access_token"])

    def break_with(
        self, effect: Json, *, path: str, methods: tuple[str, ...] = (), count: int = 1
    ) -> None:
        """Answer the next ``count`` requests to ``path`` with a fault; see the server’s own words:
        ``status``, ``ratelimit``, ``latency``, ``malformed``, ``timeout``."""
        match: Json = {"path": path}
        if methods:
            match["methods"] = list(methods)
        self.call(
            "POST",
            "/api/v1/_mock/faults",
            json={"match": match, "effect": effect, "count": count},
        )

    def mend(self) -> None:
        """Take back every fault."""
        self.call("DELETE", "/api/v1/_mock/faults")

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + _READY_WITHIN
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                pytest.fail(f"mastodon-mock ended at once, with status {self.process.returncode}")
            with contextlib.suppress(httpx.TransportError):
                if self.client.get("/api/v2/instance").is_success:
                    return
            time.sleep(0.05)  # between two attempts to connect, no condition to wait for
        pytest.fail(f"mastodon-mock was not ready after {_READY_WITHIN:.0f} s")

    def stop(self) -> None:
        """At once: asked to end it waits for every stream, and nothing it holds is worth that."""
        self.client.close()
        self.process.kill()
        self.process.wait(10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextlib.contextmanager
def running_mastodon(folder: Path) -> Iterator[MastodonServer]:
    """Start the server in a folder of its own, and stop it at the end."""
    port = free_port()
    command = [sys.executable, "-m", "mastodon_mock", "serve", "--in-memory"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    surroundings = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=surroundings, stdout=log, stderr=subprocess.STDOUT
        )
    server = MastodonServer(port, process)
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def mastodon_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MastodonServer]:
    """The one server of a test run."""
    if find_spec("mastodon_mock") is None:
        pytest.skip("mastodon-mock is not installed")
    with running_mastodon(tmp_path_factory.mktemp("mastodon")) as server:
        yield server


@pytest.fixture
def mastodon(mastodon_server: MastodonServer) -> Iterator[MastodonServer]:
    """The server, without faults left over from another test."""
    yield mastodon_server
    mastodon_server.mend()
