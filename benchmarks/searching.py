"""Search over a million interactions beside notmuch and PostgreSQL on the same texts.

The first fifty, newest first, each way in turn; medians, since the machine is shared. Like is
compared with like: the ids that ours finds with the ids that the others find. Beside it stands what
the palette shows: the whole page with names, snippets and the count that stops at 1,000.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from app.domain.views import SearchResults, SearchScope
from app.store import searching
from app.store.words import parse_query
from benchmarks import million
from benchmarks.crowd import CHINESE, COMMON, EMOJI, JAPANESE, RARE, SECOND, Crowd
from benchmarks.measure import Measure, medians, report
from benchmarks.notmuch import Notmuch
from benchmarks.postgres import Postgres, running

_LIMIT = 50
_SLOW_ROUNDS = 5
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
        conn = stack.enter_context(million.reading(million.folder(size)))
        mail = notmuch(size)
        stack.callback(mail.close)
        base = stack.enter_context(postgres(size))
        for name, words in _WORDS:
            _words(name, words, conn, mail, base)
        _prefix(conn, mail, base)
        for name, phrase in _UNSPACED:
            _unspaced(name, phrase, conn, base)


def _words(name: str, words: list[str], conn: sa.Connection, mail: Notmuch, base: Postgres) -> None:
    typed = " ".join(words)
    _same(name, len(_ids(conn, typed)), len(mail.newest(typed, _LIMIT)))
    ours, page, theirs, by_words = medians(
        lambda: _ids(conn, typed),
        lambda: _page(conn, typed),
        lambda: mail.newest(typed, _LIMIT),
        lambda: base.by_words(words, _LIMIT),
    )
    (ilike,) = medians(lambda: base.by_ilike(words, _LIMIT), rounds=_ILIKE_ROUNDS)
    _report(f"search, {name}", ours, "notmuch", theirs, 0.1)
    _report(f"search, {name}", ours, "PostgreSQL tsvector", by_words, 1.0)
    _report(f"search, {name}", ours, "PostgreSQL ILIKE", ilike, 1.0)
    _report(f"search, {name}: the whole page", page, "notmuch, ids alone", theirs, None)


def _prefix(conn: sa.Connection, mail: Notmuch, base: Postgres) -> None:
    typed = f"{_PREFIX}*"
    ours, page, theirs, by_words = medians(
        lambda: _ids(conn, typed),
        lambda: _page(conn, typed),
        lambda: mail.newest(typed, _LIMIT),
        lambda: base.by_words([_PREFIX], _LIMIT, open_end=True),
    )
    _report("search, a prefix of 4", ours, "notmuch", theirs, 0.35)
    _report("search, a prefix of 4", ours, "PostgreSQL tsvector", by_words, None)
    _report("search, a prefix of 4: the whole page", page, "notmuch, ids alone", theirs, None)
    for letters in (2, 1):
        short = typed[:letters]
        page, theirs = medians(
            partial(_page, conn, short, SearchScope.EVERYTHING),
            partial(mail.newest, f"{short}*", _LIMIT),
            rounds=_SLOW_ROUNDS,
        )
        what = "1 letter" if letters == 1 else f"{letters} letters"
        _report(f"search, {what}: all the palette shows", page, "notmuch, ids alone", theirs, None)


def _unspaced(name: str, phrase: str, conn: sa.Connection, base: Postgres) -> None:
    """No other finds these by words; so the reference is to read every text."""
    ours, ilike = medians(
        lambda: _ids(conn, phrase),
        lambda: base.by_ilike([phrase], _LIMIT),
        rounds=_SLOW_ROUNDS,
    )
    _report(f"search, {name}", ours, "PostgreSQL ILIKE", ilike, 1.0)
    found, holding = _complete(conn, phrase)
    share = len(found & holding) / len(holding)
    report(
        Measure(f"search, {name}: found of what LIKE finds", round(100 * share, 2), "%",
                f"LIKE: {len(holding)} of {len(found)} found", share, 1.0, share == 1.0)
    )  # fmt: skip


def _ids(conn: sa.Connection, typed: str) -> Sequence[int]:
    """Of whole words, as the others read them; a ``*`` leaves the end open."""
    return searching.newest(conn, parse_query(typed, as_typed=False), limit=_LIMIT)


def _page(
    conn: sa.Connection, typed: str, scope: SearchScope = SearchScope.MESSAGES
) -> SearchResults:
    """As the palette asks while the last word may still be growing."""
    return searching.find(conn, typed, scope=scope, before=None, limit=_LIMIT, total=0)


def _complete(conn: sa.Connection, phrase: str) -> tuple[set[int], set[int]]:
    """The keys search finds, and those whose text holds the phrase."""
    found = searching.newest(conn, parse_query(phrase), limit=_EVERYTHING)
    like = conn.execute(
        sa.text("SELECT key FROM interaction WHERE text LIKE :like"), {"like": f"%{phrase}%"}
    )
    return set(found), set(like.scalars())


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
