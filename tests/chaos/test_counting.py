"""Whoever counts nothing but zeros has to show that they can count."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.domain.clock import FakeClock
from app.domain.outbox import OutboxState
from app.store.connection import engine_for
from app.store.ingest import ingest
from tests.chaos import counting
from tests.chaos.counting import Held
from tests.chaos.ledger import Counts, Ledger, Wish
from tests.chaos.plans import Kind
from tests.chaos.seeing import Post, Seen
from tests.store.building import ACCOUNT, said
from tests.sync.workspaces import KEY, make_workspace

HELD = Held(Counter({"m1": 1, "m2": 1}), frozenset({"e1", "e2"}), {"o1": OutboxState.SENT}, (7,))


def seen(*texts: str) -> Seen:
    return Seen(posts=tuple(Post(text) for text in texts))


@pytest.fixture
def ledger() -> Ledger:
    made = Ledger()
    made.said = {"m1", "m2"}
    made.decided = {"e1"}
    made.last = HELD
    made.wishes = {"c1n1": Wish(least=1, items=["o1"])}
    return made


def test_all_is_well(ledger: Ledger) -> None:
    assert ledger.is_settled(HELD)
    assert not ledger.count_workspace(HELD, whole=True).faults
    assert not ledger.count_arrivals(seen("<p>@ada c1n1 try the button</p>")).faults


def test_a_message_that_did_not_arrive_is_lost(ledger: Ledger) -> None:
    assert ledger.count_arrivals(seen()).messages_lost == 1
    assert ledger.count_arrivals(seen()).messages_lost == 0, "counted once"
    gone = replace(HELD, outbox={})
    assert not ledger.is_settled(gone)
    assert ledger.count_workspace(gone, whole=False).messages_lost == 1


def test_a_message_that_is_stuck_is_lost(ledger: Ledger) -> None:
    stuck = replace(HELD, outbox={"o1": OutboxState.HELD})
    assert not ledger.is_settled(stuck)
    assert not ledger.count_workspace(stuck, whole=False).faults
    assert ledger.count_workspace(stuck, whole=True).messages_lost == 1


def test_a_message_that_arrived_twice_or_after_it_was_undone_is_doubled(ledger: Ledger) -> None:
    assert ledger.count_arrivals(seen("c1n1 one", "c1n1 two")).messages_doubled == 1
    ledger.wishes["c2n1"] = Wish(least=0, most=0, items=["o2"])
    assert ledger.count_arrivals(seen("c1n1 one", "c2n1 no")).messages_doubled == 1


def test_a_message_without_its_picture_or_for_other_eyes_is_lost(ledger: Ledger) -> None:
    ledger.wishes = {"c1n1": Wish(Kind.PICTURE, least=1), "c1n2": Wish(Kind.DIRECT, least=1)}
    right = Seen(posts=(Post("c1n1", pictures=1), Post("c1n2", direct=True)))
    assert ledger.count_arrivals(right) == Counts()
    assert ledger.count_arrivals(seen("c1n1", "c1n2")).messages_lost == 2


def test_a_like_counts_by_what_it_is_about_however_often_it_was_asked_for(ledger: Ledger) -> None:
    ledger.wishes = {
        "c1n1": Wish(Kind.LIKE, "m1", least=1, items=["o1", "o2"]),
        "c1n2": Wish(Kind.BOOST, "m2", least=1, items=["o3"]),
    }
    assert ledger.count_arrivals(Seen(likes={"m1": 1}, boosts={"m2": 1})) == Counts()
    assert ledger.count_arrivals(Seen(likes={"m1": 1}, boosts={"m1": 1})).messages_lost == 1
    twice = ledger.count_arrivals(Seen(likes={"m1": 2}, boosts={"m2": 2}))
    assert twice.messages_doubled == 2


def test_a_post_that_is_still_there_after_its_deletion_is_counted(ledger: Ledger) -> None:
    ledger.wishes = {"c1n1": Wish(Kind.DELETE, "m1", least=1)}
    assert ledger.count_arrivals(Seen(gone=frozenset({"m1"}))) == Counts()
    assert ledger.count_arrivals(Seen()).messages_lost == 1
    ledger.wishes = {"c2n1": Wish(Kind.DELETE, "m1", least=0, most=0)}
    assert ledger.count_arrivals(Seen(gone=frozenset({"m1"}))).messages_doubled == 1


def test_what_a_restore_leaves_behind_is_kept_aside_and_not_lost(ledger: Ledger) -> None:
    ledger.forget({"e1"}, {"o1"})
    restored = replace(HELD, events=frozenset(), outbox={})
    ledger.last = restored
    assert ledger.count_workspace(restored, whole=True) == Counts()
    assert ledger.count_arrivals(seen()) == Counts()
    assert ledger.count_arrivals(seen("c1n1", "c1n1")).messages_doubled == 1


def test_an_interaction_that_is_missing_or_there_twice_is_lost(ledger: Ledger) -> None:
    missing = replace(HELD, messages=Counter({"m1": 2}))
    assert not ledger.is_settled(missing)
    assert ledger.count_workspace(missing, whole=True).interactions_lost == 2
    ledger.said.add("m3")  # written while the program was dead
    assert not ledger.count_workspace(HELD, whole=False).faults
    assert ledger.count_workspace(HELD, whole=True).interactions_lost == 1


def test_an_event_that_was_there_or_was_confirmed_and_is_gone_is_lost(ledger: Ledger) -> None:
    assert ledger.count_workspace(replace(HELD, events=frozenset()), whole=False).events_lost == 2


def test_a_projection_that_differs_from_its_ledger_is_found(
    tmp_path: Path, clock: FakeClock
) -> None:
    workspace = make_workspace(tmp_path, clock)
    workspace.write(lambda tx: ingest(tx, ACCOUNT, [said("1", "ada", "help?")])).result()
    workspace.close()
    found, faults = counting.examine(workspace.path, KEY)
    assert (list(found.messages), len(found.cases), faults) == (["1"], 1, [])
    engine = engine_for(workspace.path, KEY)
    with engine.begin() as conn:
        conn.execute(sa.text("UPDATE case_state SET last_key = 3"))
    engine.dispose()
    _, faults = counting.examine(workspace.path, KEY)
    assert len(faults) == 1
