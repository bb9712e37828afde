"""Pulling 5,000 mentions: ours, stored and indexed, beside a loop that only downloads them and
beside Mastodon.py, which only decodes them."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
from mastodon import Mastodon as MastodonPy

from app.connectors.base import Context, Profile
from app.connectors.channels.mastodon import Mastodon
from app.domain.clock import FakeClock
from app.domain.departments import CARE
from app.domain.ids import identity_id, interaction_uid
from app.domain.interactions import Channel, InteractionFact
from app.store import accounts
from app.store.database import Tx, Workspace
from app.store.ingest import Ingested, ingest
from app.store.keychain import Keychain
from app.store.opening import open_workspace
from benchmarks.crowd import Crowd
from benchmarks.measure import compare, rates, report, timed

COUNT = 5_000
PAGE_S = 1 / 52
"""What a Mastodon-like server was seen to take for a page of 80 that it has in its cache."""
_BATCH = 500
_NOW = datetime(2026, 11, 10, tzinfo=UTC)
_SINCE = datetime(2020, 1, 1, tzinfo=UTC)


@contextmanager
def page_server(count: int, page_s: float = 0.0) -> Iterator[str]:
    """The address of a server with ``count`` mentions that takes ``page_s`` for a page."""
    command = [sys.executable, "-m", "benchmarks.page_server", str(count), str(page_s)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def run(_size: Crowd) -> None:
    with page_server(COUNT) as instant, page_server(COUNT, PAGE_S) as usual:
        _check(_download(instant), COUNT, "downloaded")
        bare, library, ours, usual_bare, usual_ours = rates(
            COUNT,
            lambda: timed(lambda: _download(instant)),
            lambda: timed(lambda: _with_mastodon_py(instant)),
            lambda: _ours(instant),
            lambda: timed(lambda: _download(usual)),
            lambda: _ours(usual),
            rounds=3,
        )
    report(
        compare(
            "pull 5,000 mentions from a server of 52 pages a second, stored and indexed",
            usual_ours,
            "interactions/s",
            "bare httpx loop that only downloads",
            usual_bare,
            at_least=0.7,
        )
    )
    report(
        compare(
            "pull 5,000 mentions from a server that takes no time, stored and indexed",
            ours,
            "interactions/s",
            "bare httpx loop that only downloads",
            bare,
            at_least=0.7,
        )
    )
    report(
        compare(
            "pull 5,000 mentions, beside Mastodon.py",
            ours,
            "interactions/s",
            "Mastodon.py, not stored",
            library,
            at_least=10,
        )
    )


def _check(found: int, expected: int, what: str) -> None:
    if found != expected:
        raise RuntimeError(f"{found} mentions were {what} instead of {expected}")


def _download(address: str) -> int:
    """Every page, bytes only; the next page is asked for when this one is here."""

    async def loop() -> int:
        found = 0
        async with httpx.AsyncClient(base_url=address) as client:
            url: str | None = "/api/v1/notifications?limit=80"
            while url:
                answer = await client.get(url)
                found += answer.content.count(b'"type": "mention"')
                url = answer.links.get("next", {}).get("url")
        return found

    return asyncio.run(loop())


def _with_mastodon_py(address: str) -> None:
    client = MastodonPy(
        api_base_url=address,
        access_token="bench",
        version_check_mode="none",
    )
    found = 0
    page = client.notifications(limit=80)
    while page:
        found += len(page)
        page = client.fetch_next(page)
    _check(found, COUNT, "decoded by Mastodon.py")


def _ours(address: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        workspace = open_workspace(
            Path(folder) / "bench", keychain=Keychain(), clock=FakeClock(_NOW), passphrase="bench"
        )
        try:
            # An id that was computed in an earlier round must not be had for nothing.
            identity_id.cache_clear()
            interaction_uid.cache_clear()
            began = time.perf_counter()
            done = asyncio.run(pull(workspace, address))
            taken = time.perf_counter() - began
            _check(done.new, COUNT, "stored")
            return taken
        finally:
            workspace.close()


async def pull(workspace: Workspace, address: str) -> Ingested:
    """As the puller does: while a batch is written, the next pages are fetched."""
    profile = Profile(Channel.MASTODON, address, "1@bench", "@halden", "Halden Coffee")
    connector = Mastodon(Context(profile, {"token": "bench"}))
    account = (
        await asyncio.wrap_future(
            workspace.write(
                lambda tx: accounts.put_account(
                    tx,
                    channel=profile.channel,
                    server=profile.server,
                    native_id=profile.native_id,
                    handle=profile.handle,
                    display_name=profile.display_name,
                    avatar_url="",
                    owner=CARE,
                )
            )
        )
    ).id
    done = Ingested()
    waiting: list[InteractionFact] = []
    writing: asyncio.Future[Ingested] | None = None

    def store(facts: list[InteractionFact]) -> asyncio.Future[Ingested]:
        def op(tx: Tx) -> Ingested:
            return ingest(tx, account, facts)

        return asyncio.wrap_future(workspace.write(op))

    async for page in connector.history("notifications", since=_SINCE, cursor=None):
        waiting.extend(page.facts)
        if len(waiting) >= _BATCH:
            if writing is not None:
                done += await writing
            writing, waiting = store(waiting), []
    if writing is not None:
        done += await writing
    done += await store(waiting)
    await connector.close()
    return done
