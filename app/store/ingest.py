"""Facts become rows: stored once, threaded, indexed, and turned into work where they need it.

The same facts may come any number of times, in any order and from several streams at once; the
result is the same. One call is one batch inside the caller's transaction, so that a cursor can
advance together with what it promises.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from app.domain.ids import (
    AccountId,
    CaseId,
    IdentityId,
    InteractionKey,
    conversation_id,
    interaction_uid,
)
from app.domain.interactions import Direction, IdentityFact, InteractionFact, Kind, default_side
from app.domain.right_of_way import give_way
from app.store import tables
from app.store.bulk import BulkInsert
from app.store.case_rules import Arrival, Rules, cases_at, decide_work, merge_doubles, rules_of
from app.store.database import Tx
from app.store.events import json_ids
from app.store.joining import join_sure
from app.store.late_answers import Place, judge_waits
from app.store.people import put_identities
from app.store.preparing import Prepared, Ready, prepare
from app.store.projection import project_cases
from app.store.raw_bodies import put_raw
from app.store.revisions import INDEX, Stored, address, refresh
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
    facts: Iterable[InteractionFact] | Prepared,
    *,
    gone: Iterable[str] = (),
    rules: Rules | None = None,
) -> Ingested:
    """Store a batch of facts of one account; ``gone`` are native ids the service has no more.

    Facts that were prepared beforehand serve once. ``rules`` default to those of the account for
    live messages, see ``rules_of``.
    """
    prepared = facts if isinstance(facts, Prepared) else prepare(account, facts)
    batch = _Batch(tx, account, rules or rules_of(tx, account))
    counted = batch.run(prepared.facts)
    return counted + mark_gone(tx, account, gone)


def mark_gone(tx: Tx, account: AccountId, native_ids: Iterable[str]) -> Ingested:
    """Mark what the outside deleted; the text stays."""
    uids = [interaction_uid(account, native_id) for native_id in native_ids]
    if not uids:
        return Ingested()
    marked = tx.conn.execute(_DELETE, {"now": tx.now_ms, "uids": json_ids(uids)}).all()
    places = {(row.party, row.conversation) for row in marked if row.party is not None}
    _touch(tx, places, cases_at(tx, places))
    return Ingested(changed=len(marked), unchanged=len(uids) - len(marked))


def _touch(tx: Tx, places: set[tuple[int, int]], cases: Sequence[Any], *new: CaseId) -> None:
    """Refold these cases, whose facts or decisions have changed."""
    project_cases(tx, {*(CaseId(row.id) for row in cases), *new})
    tx.changes.identities.update(IdentityId(identity) for identity, _ in places)


class _Batch:
    """One batch on its way in: what is known of it, and the rows it becomes."""

    def __init__(self, tx: Tx, account: AccountId, rules: Rules) -> None:
        self.tx = tx
        self.account = account
        self.rules = rules
        self.known: dict[int, Stored] = {}
        self.fresh: list[Ready] = []
        self.addressed: list[Ready] = []
        self.shown: list[tuple[int, int, int | None]] = []
        self.touched: set[Place] = set()
        self.news: dict[Place, set[int]] = {}

    def run(self, facts: list[Ready]) -> Ingested:
        if not facts:
            return Ingested()
        put_identities(self.tx, _people(facts))
        self._look_up(facts)
        changed = 0
        for ready in facts:
            give_way()
            stored = self.known.get(ready.row["uid"])
            if stored is None:
                self._add(ready)
            else:
                changed += self._refresh(stored, ready)
        if self.fresh:
            self._assign_keys()
            self._write()
            self._adopt()
        self._show()
        self._make_work()
        if self.rules.judged:
            judge_waits(self.tx, self.news)
        join_sure(self.tx, {IdentityId(party) for party, _ in self.touched})
        self.tx.changes.interactions += len(self.fresh) + changed
        return Ingested(len(self.fresh), changed, len(facts) - len(self.fresh) - changed)

    # Looking up -------------------------------------------------------------------------------

    def _look_up(self, facts: list[Ready]) -> None:
        """What the store already holds of these facts, their parents and their threads."""
        wanted = {ready.row["uid"] for ready in facts}
        wanted.update(ready.row["parent"] for ready in facts)
        wanted.update(ready.root for ready in facts)
        wanted.discard(None)
        self._load(wanted)

    def _load(self, uids: Iterable[int]) -> None:
        for row in self.tx.conn.execute(_KNOWN, {"uids": json_ids(uids)}).all():
            self.known[row.uid] = Stored(row._asdict())

    # Adding -----------------------------------------------------------------------------------

    def _add(self, ready: Ready) -> None:
        fact, row = ready.fact, ready.row
        parent = self.known.get(row["parent"])
        if row["party"] is None and parent is not None and fact.direction is Direction.OUTBOUND:
            # Whom we answer tells when the connector does not.
            row["party"] = parent.row["party"]
        answers_announcement = parent is not None and parent.announces
        row["side"] = int(default_side(fact, answers_announcement=answers_announcement))
        row["conversation"] = self._conversation(ready, parent)
        row["orphan"] = parent is None and row["parent"] is not None
        self.fresh.append(ready)
        self.known[row["uid"]] = Stored(row)

    def _conversation(self, ready: Ready, parent: Stored | None) -> int:
        """The parent's, else the declared root's, else its own."""
        if parent is not None and ready.fact.kind is not Kind.QUOTE:
            return int(parent.row["conversation"])
        root = self.known.get(ready.root) if ready.root is not None else None
        if root is not None:
            return int(root.row["conversation"])
        return conversation_id(self.account, ready.fact.root or ready.fact.native_id)

    def _assign_keys(self) -> None:
        """The wished-for keys, moved on where two of them collide."""
        rows = [ready.row for ready in self.fresh]
        taken: set[int] = set()
        while True:
            wanted = json_ids(row["key"] for row in rows)
            taken.update(self.tx.conn.execute(_TAKEN, {"keys": wanted}).scalars())
            after = {key: key + 1 for key in taken}
            moved = False
            for row in rows:
                free = _next_free(after, row["key"])
                moved |= free != row["key"]
                row["key"] = InteractionKey(free)
            if not moved:
                return

    # Writing ----------------------------------------------------------------------------------

    def _write(self) -> None:
        self.fresh.sort(key=lambda ready: ready.row["key"])
        _INSERT(self.tx.conn, [ready.row for ready in self.fresh])
        INDEX.tuples(self.tx.conn, [(r.row["key"], r.body) for r in self.fresh if r.body])
        put_raw(
            self.tx,
            [(r.row["key"], r.fact.author.channel, r.fact.raw) for r in self.fresh if r.fact.raw],
        )
        for ready in self.fresh:
            give_way()
            self._place_with_thread(ready.row)

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
        arrived = json_ids(ready.row["uid"] for ready in self.fresh)
        orphans = self.tx.conn.execute(_ORPHANS, {"uids": arrived}).all()
        grown: set[int] = set()
        for orphan in orphans:
            parent = self.known[orphan.parent]
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
            self.known.setdefault(post.uid, Stored(post._asdict()))
        for post in thread:
            row = self.known[post.uid].row
            parent = self.known.get(row["parent"])
            if row["party"] is None and row["direction"] == Direction.OUTBOUND and parent:
                # Whom we answered is known only now.
                row["party"] = parent.row["party"]
                self.tx.conn.execute(_ADDRESSEE, {"key": row["key"], "party": row["party"]})
                if row["party"] is not None:
                    place = (row["party"], conversation)
                    self.touched.add(place)
                    self.news.setdefault(place, set()).add(row["occurred_ms"])
            self._place_with_thread(row)

    # Work ---------------------------------------------------------------------------------------

    def _refresh(self, stored: Stored, ready: Ready) -> bool:
        """Bring a known interaction up to date; True when a person would see the difference."""
        fact, row = ready.fact, stored.row
        changed = refresh(self.tx, stored, fact)
        if fact.direction is Direction.INBOUND and row["direction"] == Direction.AROUND:
            # A thread brought it first; now it speaks to us.
            address(self.tx, stored, fact)
            self.addressed.append(Ready(fact, row, ready.root, ready.body))
            self._place_with_thread(row)
            changed = True
        elif row["found"] and fact.direction is Direction.INBOUND and not fact.found:
            address(self.tx, stored, fact)
            self.addressed.append(Ready(fact, row, ready.root, ready.body))
            self._place_touch(row)
            changed = True
        if changed and row["party"] is not None:
            self.touched.add((row["party"], row["conversation"]))
        return changed

    def _make_work(self) -> None:
        arrivals = [
            Arrival(
                ready.fact,
                ready.row["key"],
                ready.row["uid"],
                ready.row["side"],
                ready.row["party"],
                ready.row["conversation"],
                ready.row["occurred_ms"],
            )
            for ready in (*self.fresh, *self.addressed)
            if ready.row["party"] is not None
        ]
        for arrival in arrivals:
            self.touched.add(arrival.place)
            self.news.setdefault(arrival.place, set()).add(arrival.at_ms)
        present = cases_at(self.tx, self.touched)
        decided = decide_work(self.tx, self.account, arrivals, self.rules, present)
        _touch(self.tx, self.touched, present, *decided)


def _next_free(after: dict[int, int], key: int) -> int:
    """The first number from ``key`` on that ``after`` does not hold, which takes it.

    ``after`` says of each number that is taken where to look on; it is shortened on the way, since
    a mailing may reach thousands at one moment.
    """
    passed = []
    while key in after:
        passed.append(key)
        key = after[key]
    after[key] = key + 1
    after.update(dict.fromkeys(passed, key + 1))
    return key


def _people(facts: list[Ready]) -> Iterator[IdentityFact]:
    for ready in facts:
        fact = ready.fact
        yield fact.author
        if fact.party is not None and fact.party is not fact.author:
            yield fact.party
