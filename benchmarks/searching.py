"""Search over a million interactions beside notmuch and PostgreSQL on the same texts.

The first fifty, newest first, each way in turn; medians, since the machine is shared. Ours is the
whole answer with names, snippets and the count that stops at 1,000; of the others only the ids
are read.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import sqlalchemy as sa

from app.domain.views import SearchScope
from app.store import searching
from app.store.database import Workspace
from benchmarks import million
from benchmarks.crowd import CHINESE, COMMON, EMOJI, JAPANESE, RARE, SECOND, Crowd
from benchmarks.measure import Measure, report
from benchmarks.notmuch import Notmuch
from benchmarks.postgres import Postgres, running

_LIMIT = 50
_ROUNDS = 15
_ILIKE_ROUNDS = 3
"""A rare word takes it seconds."""
_WORDS = (
    ("a rare word", [RARE]),
    ("a common word", [COMMON]),
    ("two words", [COMMON, SECOND]),
)
_PREFIX = COMMON[:4]
_UNSPACED = (("Chinese", CHINESE), ("Japanese", JAPANESE), ("an emoji", EMOJI))
_EVERYTHING = 1_000_000


def run(size: Crowd) -> None:
    """Report each search beside each yardstick."""
    with ExitStack() as stack:
        workspace = million.opened(million.folder(size))
        stack.callback(workspace.close)
        mail = notmuch(size)
        stack.callback(mail.close)
        base = stack.enter_context(postgres(size))
        for name, words in _WORDS:
            _words(name, words, workspace, mail, base)
        _prefix(workspace, mail, base)
        for name, phrase in _UNSPACED:
            _unspaced(name, phrase, workspace, base)


def _words(
    name: str, words: list[str], workspace: Workspace, mail: Notmuch, base: Postgres
) -> None:
    typed = " ".join(words)
    _same(name, _ours(workspace, typed), len(mail.newest(typed, _LIMIT)))
    ours, theirs, by_words = _medians(
        lambda: _ours(workspace, typed),
        lambda: mail.newest(typed, _LIMIT),
        lambda: base.by_words(words, _LIMIT),
    )
    (ilike,) = _medians(lambda: base.by_ilike(words, _LIMIT), rounds=_ILIKE_ROUNDS)
    _report(f"search, {name}", ours, "notmuch", theirs, 0.1)
    _report(f"search, {name}", ours, "PostgreSQL tsvector", by_words, 1.0)
    _report(f"search, {name}", ours, "PostgreSQL ILIKE", ilike, 1.0)


def _prefix(workspace: Workspace, mail: Notmuch, base: Postgres) -> None:
    ours, theirs, by_words = _medians(
        lambda: _ours(workspace, f"{_PREFIX}*"),
        lambda: mail.newest(f"{_PREFIX}*", _LIMIT),
        lambda: base.by_words([_PREFIX], _LIMIT, open_end=True),
    )
    _report("search, a prefix of 4", ours, "notmuch", theirs, 0.35)
    _report("search, a prefix of 4", ours, "PostgreSQL tsvector", by_words, None)


def _unspaced(name: str, phrase: str, workspace: Workspace, base: Postgres) -> None:
    """No other finds these by words; so the reference is to read every text."""
    ours, ilike = _medians(
        lambda: _ours(workspace, phrase),
        lambda: base.by_ilike([phrase], _LIMIT),
        rounds=_ILIKE_ROUNDS,
    )
    _report(f"search, {name}", ours, "PostgreSQL ILIKE", ilike, None)
    found, holding = workspace.read(lambda conn: _complete(conn, phrase)).result()
    share = len(found & holding) / len(holding)
    report(
        Measure(f"search, {name}: found of what LIKE finds", round(100 * share, 2), "%",
                f"LIKE: {len(holding)} of {len(found)} found", share, 1.0, share == 1.0)
    )  # fmt: skip


def _ours(workspace: Workspace, typed: str) -> int:
    def op(conn: sa.Connection) -> int:
        results = searching.find(
            conn, typed, scope=SearchScope.MESSAGES, before=None, limit=_LIMIT, total=0
        )
        return len(results.messages)

    return workspace.read(op).result()


def _complete(conn: sa.Connection, phrase: str) -> tuple[set[int], set[int]]:
    """The keys search finds, and those whose text holds the phrase."""
    results = searching.find(
        conn, phrase, scope=SearchScope.MESSAGES, before=None, limit=_EVERYTHING, total=0
    )
    like = conn.execute(
        sa.text("SELECT key FROM interaction WHERE text LIKE :like"), {"like": f"%{phrase}%"}
    )
    return {hit.key for hit in results.messages}, set(like.scalars())


def _medians(*ways: Callable[[], object], rounds: int = _ROUNDS) -> list[float]:
    """Milliseconds of each way, once warm; they take turns."""
    taken: list[list[float]] = [[] for _ in ways]
    for turn in range(rounds + 1):
        for way, times in zip(ways, taken, strict=True):
            began = time.perf_counter()
            way()
            if turn:
                times.append((time.perf_counter() - began) * 1000)
    return [statistics.median(times) for times in taken]


def _report(name: str, ours: float, reference: str, theirs: float, most: float | None) -> None:
    ratio = ours / theirs
    met = None if most is None else ratio <= most
    report(
        Measure(
            name, round(ours, 2), "ms", f"{reference}: {theirs:.2f}", round(ratio, 3), most, met
        )
    )


def _same(name: str, ours: int, theirs: int) -> None:
    if ours != theirs:
        raise RuntimeError(f"{name}: {ours} found here and {theirs} by notmuch")


def notmuch(size: Crowd) -> Notmuch:
    """The texts of the crowd as mail, indexed once."""

    def build(folder: Path) -> None:
        database = Notmuch(folder, write=True)
        database.put(
            (fact.native_id, fact.author.handle.split("@")[1], fact.occurred_at, fact.text)
            for fact in size.facts()
            if fact.text
        )
        database.close()

    return Notmuch(million.cached("notmuch", size, build))


def postgres(size: Crowd) -> AbstractContextManager[Postgres]:
    """The texts of the crowd in PostgreSQL, loaded once; a context of the running cluster."""

    def texts() -> Iterator[tuple[int, str]]:
        return ((int(fact.native_id), fact.text) for fact in size.facts() if fact.text)

    def build(folder: Path) -> None:
        with running(folder) as base:
            base.put(texts())

    return running(million.cached("postgres", size, build))
