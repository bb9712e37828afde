"""The big workspace that measures run on: built once with the product's own ingest, then kept.

It lies below ``.cache/benchmarks`` of the project, encrypted like any workspace, with the
yardsticks' own copies beside it; what changes one of them (the schema, the crowd, the size) gives
it another name, so that a stale one is never measured.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, CreateTable

from app.domain.clock import FakeClock, to_ms
from app.domain.departments import CARE
from app.domain.ids import identity_id, key_floor
from app.domain.interactions import Channel, InteractionFact
from app.store import accounts
from app.store.case_rules import Rules, rules_of
from app.store.connection import FileKey, engine_for
from app.store.database import Tx, Workspace
from app.store.ingest import Ingested, ingest
from app.store.keychain import Keychain
from app.store.opening import DATABASE, open_workspace
from app.store.tables import SEARCH_DDL, metadata
from benchmarks import crowd
from benchmarks.crowd import ACCOUNT, BRAND, NOW, Crowd, batches

PASSPHRASE = "bench"  # noqa: S105 - of made-up people
MILLION = Crowd(1_000_000, 200_000)
FAVOURITE = identity_id(Channel.MASTODON, "c0@elsewhere.example")
"""Whoever has a hundredth of all interactions."""
_CACHE = Path(__file__).resolve().parent.parent / ".cache" / "benchmarks"
_BATCH = 5_000


def folder(size: Crowd = MILLION) -> Path:
    """Where the workspace of this size is, built if it is not there yet."""
    return cached("workspace", size, lambda place: _build(place, size), schema())


def cached(name: str, size: Crowd, build: Callable[[Path], None], version: str = "") -> Path:
    """The folder that ``build`` fills, once for each size of the crowd and ``version``."""
    digest = hashlib.sha256(version.encode() + Path(crowd.__file__).read_bytes()).hexdigest()[:8]
    place = _CACHE / f"{name}-{size.interactions}-{digest}"
    with _alone(place):
        if not place.is_dir():
            unfinished = place.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(parents=True)
            began = time.monotonic()
            build(unfinished)
            unfinished.rename(place)
            sys.stderr.write(
                f"\rbuilt the {name} of {size.interactions:,} in {time.monotonic() - began:.0f} s\n"
            )
    return place


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Whoever asks for what another run is building waits for it."""
    _CACHE.mkdir(parents=True, exist_ok=True)
    with place.with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def copied(place: Path) -> Iterator[Path]:
    """A copy to write to, gone afterwards; on a file system that can, it takes no time."""
    copy = Path(tempfile.mkdtemp(prefix="copy-", dir=_CACHE))
    try:
        program = shutil.which("cp") or "cp"
        subprocess.run([program, "-r", "--reflink=auto", place, copy / "workspace"], check=True)
        yield copy / "workspace"
    finally:
        shutil.rmtree(copy)


def opened(place: Path) -> Workspace:
    """Whoever opens it closes it."""
    return open_workspace(place, keychain=Keychain(), clock=FakeClock(NOW), passphrase=PASSPHRASE)


@contextmanager
def opened_copy(size: Crowd) -> Iterator[Workspace]:
    """A copy of the workspace of this size to write to, open; gone afterwards."""
    with copied(folder(size)) as place:
        workspace = opened(place)
        try:
            yield workspace
        finally:
            workspace.close()


@contextmanager
def reading(place: Path) -> Iterator[sa.Connection]:
    """A connection as the reader's, on this very thread: no measure waits for another to wake."""
    engine = engine_for(place / DATABASE, FileKey(passphrase=PASSPHRASE), query_only=True)
    try:
        with engine.connect() as conn:
            yield conn
    finally:
        engine.dispose()


def with_account(workspace: Workspace) -> Rules:
    """Put the brand's account into the workspace; the rules of a first import of its history."""

    def op(tx: Tx) -> Rules:
        accounts.put_account(
            tx,
            channel=Channel.MASTODON,
            server="https://social.example",
            native_id="1",
            handle=BRAND.handle,
            display_name=BRAND.display_name,
            avatar_url="",
            owner=CARE,
        )
        return rules_of(tx, ACCOUNT, history=True)

    return workspace.write(op).result()


def _build(place: Path, size: Crowd) -> None:
    workspace = opened(place)
    try:
        rules = with_account(workspace)
        for number, batch in enumerate(batches(size.facts(), _BATCH), 1):

            def op(tx: Tx, batch: list[InteractionFact] = batch) -> Ingested:
                return ingest(tx, ACCOUNT, batch, rules=rules)

            workspace.write(op).result()
            if sys.stderr.isatty():
                share = number * _BATCH / size.interactions
                sys.stderr.write(f"\rbuilding the workspace: {share:.0%}")
    finally:
        workspace.close()


def schema() -> str:
    """Changes with a workspace’s tables and indexes, and with how its interactions are numbered."""
    tables = (
        str(CreateTable(table)) + "".join(sorted(str(CreateIndex(i)) for i in table.indexes))
        for table in metadata.sorted_tables
    )
    return "".join((*tables, *SEARCH_DDL, str(key_floor(to_ms(NOW)))))
