"""What comes after the crowd: more facts of the same people, as new to its workspace as news is."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.ids import interaction_uid
from app.domain.interactions import InteractionFact
from benchmarks.crowd import NOW, Crowd

_FOLLOWERS = b'"followers_count": %d,'


def arrivals(size: Crowd, count: int) -> list[InteractionFact]:
    """So many facts, oldest first, the first of them as the last of the crowd has been stored.

    They are told by the middle of the crowd once more, under ids, times and bodies of their own:
    there everybody has spoken before, the favourite and a few others often.
    """
    told = list(itertools.islice(size.facts(), size.customers, size.customers + count))
    shift = NOW - told[0].occurred_at
    return [_anew(fact, shift) for fact in told]


def texts(facts: list[InteractionFact]) -> list[bytes]:
    """The JSON that a Mastodon server sends for those of them that say something."""
    return [fact.raw for fact in facts if fact.text]


def forget_ids() -> None:
    """An id that was computed in an earlier round must not be had for nothing."""
    interaction_uid.cache_clear()


def _anew(fact: InteractionFact, shift: timedelta) -> InteractionFact:
    at = fact.occurred_at + shift
    native_id = _later(fact.native_id)
    raw = fact.raw.replace(fact.native_id.encode(), native_id.encode())
    if fact.party is not None:
        # What the workspace knows of them already, so that nobody has to be written anew.
        raw = raw.replace(_FOLLOWERS % 112, _FOLLOWERS % (fact.party.followers or 0))
    return replace(
        fact,
        native_id=native_id,
        in_reply_to=_later(fact.in_reply_to) if fact.in_reply_to else None,
        occurred_at=at,
        url=fact.url.replace(fact.native_id, native_id),
        raw=raw.replace(_written(fact.occurred_at), _written(at)),
    )


def _later(native_id: str) -> str:
    return str(int(native_id) + 100_000_000_000_000)


def _written(at: datetime) -> bytes:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z").encode()
