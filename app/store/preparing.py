"""All that can be said of facts without looking into the workspace, said before it is written.

Ids, the row, the words for the index: whoever brings many facts works these out beside the writer,
which is still busy with the batch before, and hands them over ready.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from app.domain.clock import to_ms
from app.domain.ids import (
    AccountId,
    IdentityId,
    InteractionUid,
    identity_id,
    interaction_key,
    interaction_uid,
)
from app.domain.interactions import Direction, InteractionFact
from app.domain.right_of_way import give_way
from app.store.bulk import bounded
from app.store.words import spaced


@dataclass(slots=True)
class Ready:
    """A fact and the row it becomes.

    ``row``     by column; what depends on the workspace (side, conversation, orphan, whom we
                answered, and the key where another has the one it wishes for) is filled in when
                it is stored.
    ``root``    the uid of the declared first post of its thread, None where that is itself.
    ``body``    its words as the text index takes them, empty for none.
    """

    fact: InteractionFact
    row: dict[str, Any]
    root: InteractionUid | None
    body: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """Facts of one account, one a native id, parents before their answers."""

    account: AccountId
    facts: list[Ready]


def prepare(account: AccountId, facts: Iterable[InteractionFact]) -> Prepared:
    """Make facts ready for ``ingest``; safe on any thread."""
    return Prepared(account, [_ready(account, fact) for fact in _latest_of_each(facts)])


def searchable(subject: str, warning: str, text: str) -> str:
    """What the text index knows of an interaction."""
    if not (subject or warning):
        return spaced(text)
    return spaced(" ".join(part for part in (subject, warning, text) if part))


def _latest_of_each(facts: Iterable[InteractionFact]) -> list[InteractionFact]:
    """One fact a native id, oldest first so that parents come before their answers."""
    chosen: dict[str, InteractionFact] = {}
    for fact in facts:
        before = chosen.get(fact.native_id)
        if before is None or _weight(fact) >= _weight(before):
            chosen[fact.native_id] = fact
    return sorted(chosen.values(), key=lambda f: (f.occurred_at, f.native_id))


def _weight(fact: InteractionFact) -> int:
    """Being addressed says more than being found, and both more than standing around."""
    if fact.direction is Direction.AROUND:
        return 0
    return 1 if fact.found else 2


def _ready(account: AccountId, fact: InteractionFact) -> Ready:
    give_way()
    uid = interaction_uid(account, fact.native_id)
    author = identity_id(fact.author.channel, fact.author.native_id)
    occurred_ms = to_ms(fact.occurred_at)
    root = fact.root if fact.root != fact.native_id else None
    row = {
        "key": interaction_key(occurred_ms, uid),
        "uid": uid,
        "account": account,
        "native_id": fact.native_id,
        "kind": int(fact.kind),
        "direction": int(fact.direction),
        "side": 0,
        "author": author,
        "party": _party(fact, author),
        "conversation": 0,
        "parent": interaction_uid(account, fact.in_reply_to) if fact.in_reply_to else None,
        "orphan": False,
        "visibility": int(fact.visibility),
        "occurred_ms": occurred_ms,
        "text": fact.text,
        "subject": fact.subject,
        "warning": fact.warning,
        "language": fact.language,
        "url": fact.url,
        "media": msgspec.json.encode(fact.media).decode() if fact.media else None,
        "likes": bounded(fact.likes),
        "boosts": bounded(fact.boosts),
        "found": fact.found,
        "edited_ms": to_ms(fact.edited_at) if fact.edited_at else None,
        "deleted_ms": None,
    }
    return Ready(
        fact,
        row,
        interaction_uid(account, root) if root else None,
        searchable(fact.subject, fact.warning, fact.text) if fact.text or fact.subject else "",
    )


def _party(fact: InteractionFact, author: IdentityId) -> IdentityId | None:
    """The customer it concerns, as far as the fact itself tells."""
    if fact.party is not None:
        return identity_id(fact.party.channel, fact.party.native_id)
    return author if fact.direction is Direction.INBOUND else None
