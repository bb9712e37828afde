"""A whole import on top of a million: from a service's JSON to rows that a search finds.

Pages of 80 posts, as a Mastodon server sends them, go through the connector's own reading and
translating; while one batch of 5,000 is written, the next is translated and prepared. The
reference takes turns with it on a copy of its own: the same rows by ``executemany`` into the
interaction table alone, nothing read or translated.
"""

from __future__ import annotations

import gc
import itertools
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future

import msgspec

from app.connectors.base import Profile
from app.connectors.channels.mastodon.facts import Translator, read_posts
from app.domain.ids import identity_id
from app.domain.interactions import Channel, InteractionFact
from app.domain.views import SearchScope
from app.store import searching
from app.store.database import Workspace
from app.store.ingest import Ingested, ingest
from app.store.preparing import Prepared, prepare
from benchmarks import million
from benchmarks.arrivals import arrivals, forget_ids, texts
from benchmarks.crowd import ACCOUNT, BRAND, COMMON, Crowd
from benchmarks.measure import Measure, report
from benchmarks.storing import BATCH, HISTORY, last_key, newest, stored_bare

_PAGE = 80
_ROUNDS = 3
_PROFILE = Profile(
    Channel.MASTODON, "https://social.example", "1@social.example", BRAND.handle, BRAND.display_name
)
_TARGET = 20_000 / 55_000
_pages = msgspec.json.Decoder(list[msgspec.Raw])


def run(size: Crowd) -> None:
    posts = texts(arrivals(size, min(60_000, size.interactions - size.customers)))
    share = len(posts) // _ROUNDS
    ours = bare = 0.0
    with million.opened_copy(size) as workspace, million.opened_copy(size) as other:
        for number in range(_ROUNDS):
            before = last_key(workspace)
            ours += _imported(workspace, posts[number * share : (number + 1) * share])
            rows = newest(workspace, before)
            if len(rows) != share:
                raise RuntimeError(f"{len(rows)} of {share} posts were stored")
            for first in range(0, share, BATCH):
                bare += stored_bare(other, rows[first : first + BATCH])
        _check(workspace, rows)
    done, reference = _ROUNDS * share / ours, _ROUNDS * share / bare
    report(
        Measure("import of a service’s JSON, searchable", round(done), "rows/s",
                f"bare executemany: {reference:,.0f}", round(done / reference, 3),
                round(_TARGET, 3), done / reference >= _TARGET)
    )  # fmt: skip


def _imported(workspace: Workspace, posts: Sequence[bytes]) -> float:
    """The seconds from pages of JSON to the last commit."""
    bodies = [
        b"[" + b",".join(posts[first : first + _PAGE]) + b"]"
        for first in range(0, len(posts), _PAGE)
    ]
    forget_ids()
    identity_id.cache_clear()
    gc.collect()
    gc.disable()
    began = time.perf_counter()
    under_way: Future[Ingested] | None = None
    facts = _facts(bodies)
    while batch := list(itertools.islice(facts, BATCH)):
        ready = prepare(ACCOUNT, batch)
        if under_way is not None:
            under_way.result()
        under_way = _write(workspace, ready)
    if under_way is not None:
        under_way.result()
    taken = time.perf_counter() - began
    gc.enable()
    return taken


def _facts(bodies: Sequence[bytes]) -> Iterator[InteractionFact]:
    translator = Translator(_PROFILE)
    for body in bodies:
        for post in read_posts(_pages.decode(body)):
            yield translator.post(post)


def _write(workspace: Workspace, batch: Prepared) -> Future[Ingested]:
    return workspace.write(lambda tx: ingest(tx, ACCOUNT, batch, rules=HISTORY))


def _check(workspace: Workspace, rows: list[dict[str, object]]) -> None:
    """The newest row with a common word is what a search for it finds first."""
    holding = [int(str(row["key"])) for row in rows if COMMON in str(row["text"]).split()]
    found = workspace.read(
        lambda conn: searching.find(
            conn, COMMON, scope=SearchScope.MESSAGES, before=None, limit=1, total=0
        )
    ).result()
    if found.messages[0].key != max(holding):
        raise RuntimeError("what was imported is not found")
