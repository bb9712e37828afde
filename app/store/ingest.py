"""Facts become rows: stored once, threaded, indexed, and turned into work where they need it.

The same facts may come any number of times, in any order and from several streams at once; the
result is the same. One call is one batch inside the caller's transaction, so that a cursor can
advance together with what it promises.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import msgspec
import sqlalchemy as sa

from app.domain.clock import to_ms
from app.domain.ids import (
    AccountId,
    CaseId,
    IdentityId,
    InteractionKey,
    InteractionUid,
    conversation_id,
    identity_id,
    interaction_key,
    interaction_uid,
)
from app.domain.interactions import Direction, InteractionFact, Kind, default_side
from app.store import tables
from app.store.bulk import BulkInsert, bounded
from app.store.case_rules import Arrival, Rules, decide_work, merge_doubles, rules_of
from app.store.database import Tx
from app.store.events import json_ids
from app.store.people import put_identities
from app.store.projection import project_cases
from app.store.raw_bodies import put_raw
from app.store.revisions import INDEX, Stored, address, refresh, searchable
from app.store.touches import touch

_KNOWN = sa.text(
    "SELECT i.* FROM json_each(:uids) AS wanted JOIN interaction AS i ON i.uid = wanted.value"
)
_TAKEN = sa.text(
    "SELECT i.key FROM json_each(:keys) AS wanted JOIN interaction AS i ON i.key = wanted.value"
)
_INSERT = BulkInsert.of(tables.interaction)
_SHOW = BulkInsert.of(
    tables.timeline,
    # What stood around may turn out to be meant for us; never the reverse.
    after=" ON CONFLICT DO UPDATE SET touch = excluded.touch"
    " WHERE excluded.touch IS NOT NULL AND touch IS NOT excluded.touch",
)
_ORPHANS = sa.text(
    "SELECT i.* FROM json_each(:uids) AS wanted"
    " JOIN interaction AS i ON i.parent = wanted.value AND i.orphan = 1"
)
_THREAD = sa.text("SELECT * FROM interaction WHERE conversation = :conversation ORDER BY key")
_ADDRESSEE = sa.text("UPDATE interaction SET party = :party WHERE key = :key")
_ADOPTED = sa.text("UPDATE interaction SET orphan = 0 WHERE key = :key")
_JOIN = sa.text("UPDATE interaction SET conversation = :to WHERE conversation = :origin")
_DELETE = sa.text(
    "UPDATE interaction SET deleted_ms = :now"
    " WHERE uid IN (SELECT value FROM json_each(:uids)) AND deleted_ms IS NULL"
    " RETURNING key, conversation, party"
)
_CASES_IN = sa.text("SELECT id FROM case_state WHERE conversation = :conversation")
_CASES_AT = sa.text(
    "SELECT c.id FROM json_each(:places) AS place JOIN case_state AS c"
    " ON c.identity = place.value ->> 0 AND c.conversation = place.value ->> 1"
)
_ANCESTORS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Ingested:
    """How many of the facts were new, changed, or known as they are."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: Ingested) -> Ingested:
        return Ingested(
            self.new + other.new, self.changed + other.changed, self.unchanged + other.unchanged
        )


def ingest(
    tx: Tx,
    account: AccountId,
    facts: Iterable[InteractionFact],
    *,
    gone: Iterable[str] = (),
    rules: Rules | None = None,
) -> Ingested:
    """Store a batch of facts of one account; ``gone`` are native ids the service has no more.

    ``rules`` default to those of the account for live messages, see ``rules_of``.
    """
    batch = _Batch(tx, account, rules or rules_of(tx, account))
    counted = batch.run(_latest_of_each(facts))
    return counted + mark_gone(tx, account, gone)


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


def mark_gone(tx: Tx, account: AccountId, native_ids: Iterable[str]) -> Ingested:
    """Mark what the outside deleted; the text stays."""
    uids = [interaction_uid(account, native_id) for native_id in native_ids]
    if not uids:
        return Ingested()
    marked = tx.conn.execute(_DELETE, {"now": tx.now_ms, "uids": json_ids(uids)}).all()
    _touch_cases(tx, {(row.party, row.conversation) for row in marked if row.party is not None})
    return Ingested(changed=len(marked), unchanged=len(uids) - len(marked))


def _touch_cases(tx: Tx, places: set[tuple[int, int]], cases: Iterable[CaseId] = ()) -> None:
    """Refold the cases of these (identity, conversation) pairs, whose facts have changed."""
    packed = msgspec.json.encode(sorted(places)).decode()
    found = set(tx.conn.execute(_CASES_AT, {"places": packed}).scalars()) if places else set()
    project_cases(tx, found.union(cases))
    tx.changes.identities.update(IdentityId(identity) for identity, _ in places)


class _Batch:
    """One batch on its way in: what is known of it, and the rows it becomes."""

    def __init__(self, tx: Tx, account: AccountId, rules: Rules) -> None:
        self.tx = tx
        self.account = account
        self.rules = rules
        self.known: dict[InteractionUid, Stored] = {}
        self.fresh: list[tuple[InteractionFact, dict[str, Any]]] = []
        self.addressed: list[tuple[InteractionFact, dict[str, Any]]] = []
        self.shown: list[tuple[int, int, int | None]] = []
        self.touched: set[tuple[int, int]] = set()

    def run(self, facts: list[InteractionFact]) -> Ingested:
        if not facts:
            return Ingested()
        put_identities(self.tx, (who for f in facts for who in (f.author, f.party) if who))
        self._look_up(facts)
        changed = 0
        for fact in facts:
            stored = self.known.get(interaction_uid(self.account, fact.native_id))
            if stored is None:
                self._add(fact)
            else:
                changed += self._refresh(stored, fact)
        if self.fresh:
            self._assign_keys()
            self._write()
            self._adopt()
        self._show()
        self._make_work()
        self.tx.changes.interactions += len(self.fresh) + changed
        return Ingested(len(self.fresh), changed, len(facts) - len(self.fresh) - changed)

    # Looking up -------------------------------------------------------------------------------

    def _look_up(self, facts: list[InteractionFact]) -> None:
        """What the store already holds of these facts, their parents and their threads."""
        wanted = {interaction_uid(self.account, fact.native_id) for fact in facts}
        for fact in facts:
            for related in (fact.in_reply_to, fact.root):
                if related:
                    wanted.add(interaction_uid(self.account, related))
        self._load(wanted)

    def _load(self, uids: Iterable[InteractionUid]) -> None:
        for row in self.tx.conn.execute(_KNOWN, {"uids": json_ids(uids)}).all():
            self.known[InteractionUid(row.uid)] = Stored(row._asdict())

    # Adding -----------------------------------------------------------------------------------

    def _add(self, fact: InteractionFact) -> None:
        uid = interaction_uid(self.account, fact.native_id)
        parent_uid = interaction_uid(self.account, fact.in_reply_to) if fact.in_reply_to else None
        parent = self.known.get(parent_uid) if parent_uid is not None else None
        party = self._party(fact, parent)
        side = default_side(fact, answers_announcement=bool(parent and parent.announces))
        row = {
            "key": 0,
            "uid": uid,
            "account": self.account,
            "native_id": fact.native_id,
            "kind": int(fact.kind),
            "direction": int(fact.direction),
            "side": int(side),
            "author": identity_id(fact.author.channel, fact.author.native_id),
            "party": party,
            "conversation": self._conversation(fact, parent),
            "parent": parent_uid,
            "orphan": parent_uid is not None and parent is None,
            "visibility": int(fact.visibility),
            "occurred_ms": to_ms(fact.occurred_at),
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
        self.fresh.append((fact, row))
        self.known[uid] = Stored(row)

    def _party(self, fact: InteractionFact, parent: Stored | None) -> IdentityId | None:
        """The customer it concerns; what we answer tells when the connector does not."""
        if fact.party is not None:
            return identity_id(fact.party.channel, fact.party.native_id)
        if fact.direction is Direction.INBOUND:
            return identity_id(fact.author.channel, fact.author.native_id)
        if fact.direction is Direction.OUTBOUND and parent and parent.row["party"] is not None:
            return IdentityId(parent.row["party"])
        return None

    def _conversation(self, fact: InteractionFact, parent: Stored | None) -> int:
        """The parent's, else the declared root's, else its own."""
        if parent is not None and fact.kind is not Kind.QUOTE:
            return int(parent.row["conversation"])
        root = fact.root or fact.native_id
        held = self.known.get(interaction_uid(self.account, root))
        if held is not None and root != fact.native_id:
            return int(held.row["conversation"])
        return conversation_id(self.account, root)

    def _assign_keys(self) -> None:
        """The wished-for keys, moved on where two of them collide."""
        rows = [row for _, row in self.fresh]
        for row in rows:
            row["key"] = interaction_key(row["occurred_ms"], row["uid"])
        taken: set[int] = set()
        while True:
            wanted = json_ids(row["key"] for row in rows)
            taken.update(self.tx.conn.execute(_TAKEN, {"keys": wanted}).scalars())
            moved = False
            used = set(taken)
            for row in rows:
                while row["key"] in used:
                    row["key"] = InteractionKey(row["key"] + 1)
                    moved = True
                used.add(row["key"])
            if not moved:
                return

    # Writing ----------------------------------------------------------------------------------

    def _write(self) -> None:
        ordered = sorted((row for _, row in self.fresh), key=lambda row: row["key"])
        _INSERT(self.tx.conn, ordered)
        texts = [
            {"rowid": row["key"], "body": searchable(row)}
            for row in ordered
            if row["text"] or row["subject"]
        ]
        INDEX(self.tx.conn, texts)
        put_raw(
            self.tx,
            [(row["key"], fact.author.channel, fact.raw) for fact, row in self.fresh if fact.raw],
        )
        for row in ordered:
            self._place_with_thread(row)

    # In whose timelines it stands ---------------------------------------------------------------

    def _place_with_thread(self, row: dict[str, Any]) -> None:
        """A new interaction stands with its customer, and brings along what it answers."""
        parent = self.known.get(row["parent"])
        if row["party"] is not None:
            self._place_touch(row)
            self._place_ancestors(row["party"], parent)
        elif parent is not None and parent.row["party"] is not None:
            # Somebody else answers our customer.
            self.shown.append((parent.row["party"], row["key"], None))

    def _place_touch(self, row: dict[str, Any]) -> None:
        self.shown.append((row["party"], row["key"], touch(row["kind"], row["side"])))

    def _place_ancestors(self, party: int, parent: Stored | None) -> None:
        for _ in range(_ANCESTORS_SHOWN):
            if parent is None:
                return
            if parent.row["party"] != party:
                self.shown.append((party, parent.row["key"], None))
            above = parent.row["parent"]
            if above is not None and above not in self.known:
                self._load([above])
            parent = self.known.get(above)

    def _show(self) -> None:
        if self.shown:
            self.shown.sort(key=itemgetter(0, 1))
            _SHOW.tuples(self.tx.conn, self.shown)
            self.tx.changes.identities.update(IdentityId(entry[0]) for entry in self.shown)

    # Threads that grow upwards ------------------------------------------------------------------

    def _adopt(self) -> None:
        """Answers whose missing parent has just arrived join its conversation.

        Rare, since connectors bring threads whole; so the thread is simply read and placed anew.
        """
        arrived = json_ids(row["uid"] for _, row in self.fresh)
        orphans = self.tx.conn.execute(_ORPHANS, {"uids": arrived}).all()
        grown: set[int] = set()
        for orphan in orphans:
            parent = self.known[InteractionUid(orphan.parent)]
            self.tx.conn.execute(_ADOPTED, {"key": orphan.key})
            if orphan.kind != Kind.QUOTE:
                self._join(orphan.conversation, parent.row["conversation"])
            grown.add(parent.row["conversation"])
        for conversation in grown:
            self._place_anew(conversation)

    def _join(self, origin: int, to: int) -> None:
        """Two conversations turn out to be one, and so do a customer's cases in them."""
        if origin == to:
            return
        self.tx.conn.execute(_JOIN, {"origin": origin, "to": to})
        for stored in self.known.values():
            if stored.row["conversation"] == origin:
                stored.row["conversation"] = to
        moved = self.tx.conn.execute(_CASES_IN, {"conversation": origin}).scalars().all()
        project_cases(self.tx, moved)
        merge_doubles(self.tx, to)

    def _place_anew(self, conversation: int) -> None:
        thread = self.tx.conn.execute(_THREAD, {"conversation": conversation}).all()
        for post in thread:
            self.known.setdefault(InteractionUid(post.uid), Stored(post._asdict()))
        for post in thread:
            row = self.known[InteractionUid(post.uid)].row
            parent = self.known.get(row["parent"])
            if row["party"] is None and row["direction"] == Direction.OUTBOUND and parent:
                # Whom we answered is known only now.
                row["party"] = parent.row["party"]
                self.tx.conn.execute(_ADDRESSEE, {"key": row["key"], "party": row["party"]})
                if row["party"] is not None:
                    self.touched.add((row["party"], conversation))
            self._place_with_thread(row)

    # Work ---------------------------------------------------------------------------------------

    def _refresh(self, stored: Stored, fact: InteractionFact) -> bool:
        """Bring a known interaction up to date; True when a person would see the difference."""
        row = stored.row
        changed = refresh(self.tx, stored, fact)
        if fact.direction is Direction.INBOUND and row["direction"] == Direction.AROUND:
            # A thread brought it first; now it speaks to us.
            address(self.tx, stored, fact)
            self.addressed.append((fact, row))
            self._place_with_thread(row)
            changed = True
        elif row["found"] and fact.direction is Direction.INBOUND and not fact.found:
            address(self.tx, stored, fact)
            self.addressed.append((fact, row))
            self._place_touch(row)
            changed = True
        if changed and row["party"] is not None:
            self.touched.add((row["party"], row["conversation"]))
        return changed

    def _make_work(self) -> None:
        arrivals = [
            Arrival(
                fact,
                row["key"],
                row["uid"],
                row["side"],
                row["party"],
                row["conversation"],
                row["occurred_ms"],
            )
            for fact, row in (*self.fresh, *self.addressed)
            if row["party"] is not None
        ]
        self.touched.update((arrival.party, arrival.conversation) for arrival in arrivals)
        cases = decide_work(self.tx, self.account, arrivals, self.rules)
        _touch_cases(self.tx, self.touched, cases)
