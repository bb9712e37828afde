"""The big workspace that measures run on: built once with the product's own ingest, then kept.

It lies below ``.cache/benchmarks`` of the project, encrypted like any workspace; what changes it
(the schema, the crowd, the size) gives it another name, so that a stale one is never measured.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import time
from pathlib import Path

from app.domain.clock import FakeClock
from app.domain.departments import CARE
from app.domain.interactions import Channel, InteractionFact
from app.store import accounts
from app.store.case_rules import Rules, rules_of
from app.store.database import Tx, Workspace
from app.store.ingest import Ingested, ingest
from app.store.keychain import Keychain
from app.store.opening import open_workspace
from app.store.tables import SEARCH_DDL, metadata
from benchmarks import crowd
from benchmarks.crowd import ACCOUNT, BRAND, NOW, Crowd, batches

PASSPHRASE = "bench"  # noqa: S105 - of made-up people
MILLION = Crowd(1_000_000, 200_000)
_CACHE = Path(__file__).resolve().parent.parent / ".cache" / "benchmarks"
_BATCH = 5_000


def folder(size: Crowd = MILLION) -> Path:
    """Where the workspace of this size is, built if it is not there yet."""
    place = _CACHE / f"{size.interactions}-{_fingerprint()}"
    if not place.is_dir():
        unfinished = place.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True, mode=0o700)
        _build(unfinished, size)
        unfinished.rename(place)
    return place


def opened(place: Path) -> Workspace:
    """Whoever opens it closes it."""
    return open_workspace(place, keychain=Keychain(), clock=FakeClock(NOW), passphrase=PASSPHRASE)


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
    began = time.monotonic()
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
    sys.stderr.write(
        f"\rbuilt a workspace of {size.interactions:,} in {time.monotonic() - began:.0f} s\n"
    )


def _fingerprint() -> str:
    """Changes with the schema and with the crowd."""
    tables = ",".join(
        f"{table.name}({','.join(c.name for c in table.columns)}"
        f";{','.join(sorted(str(i.name) for i in table.indexes))})"
        for table in metadata.sorted_tables
    )
    source = Path(crowd.__file__).read_bytes()
    return hashlib.sha256(tables.encode() + "".join(SEARCH_DDL).encode() + source).hexdigest()[:12]
