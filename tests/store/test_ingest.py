"""Facts become rows: once, threaded, with their history, whatever the order."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.clock import FakeClock
from app.domain.events import EventType
from app.domain.ids import AgentId, CaseId, InteractionKey, interaction_uid
from app.domain.interactions import Direction, InteractionFact, Kind
from app.store import ledger
from app.store.case_rules import Rules
from app.store.database import Workspace
from app.store.ingest import Ingested, ingest
from app.store.projections import rebuild
from app.store.raw_bodies import read_raw
from tests.conftest import NOW
from tests.store.building import ACCOUNT, US, answered, identity, person, rows, said, take
from tests.sync.workspaces import make_workspace


@pytest.fixture
def workspace(tmp_path: Path, clock: FakeClock) -> Iterator[Workspace]:
    made = make_workspace(tmp_path, clock)
    yield made
    made.close()


def _statuses(workspace: Workspace) -> list[int]:
    return [row[0] for row in rows(workspace, "SELECT status FROM case_state ORDER BY opened_ms")]


def test_the_same_fact_counts_once(workspace: Workspace) -> None:
    fact = said("1", "ada", "It leaks?")
    assert take(workspace, fact, fact) == Ingested(new=1)
    assert take(workspace, fact) == Ingested(unchanged=1)
    assert rows(workspace, "SELECT count(*) FROM interaction") == [(1,)]
    assert rows(workspace, "SELECT count(*) FROM case_state") == [(1,)]


def test_interactions_of_one_moment_all_get_a_key(workspace: Workspace) -> None:
    moment = NOW - timedelta(hours=1)
    facts = [said(str(n), "ada", f"Again {n}?", occurred_at=moment) for n in range(300)]
    assert take(workspace, *facts[:200]).new == 200
    assert take(workspace, *facts).new == 100
    keys = [row[0] for row in rows(workspace, "SELECT key FROM interaction ORDER BY key")]
    assert len(keys) == 300
    assert keys[-1] - keys[0] < 400, "the next free number, not any"


def test_colliding_keys_move_on(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "app.store.preparing.interaction_key", lambda at_ms, _uid: InteractionKey(at_ms << 12)
    )
    moment = NOW - timedelta(hours=1)
    take(workspace, said("a", "ada", "one", occurred_at=moment))
    take(
        workspace,
        said("b", "ada", "two", occurred_at=moment),
        said("c", "ada", "three", occurred_at=moment),
    )
    keys = [row[0] for row in rows(workspace, "SELECT key FROM interaction ORDER BY key")]
    assert keys == [keys[0], keys[0] + 1, keys[0] + 2]


def test_an_edit_keeps_the_text_before_it(workspace: Workspace) -> None:
    fact = said("1", "ada", "It leaks?")
    take(workspace, fact)
    edited = replace(fact, text="It sprays?", edited_at=NOW)
    assert take(workspace, edited) == Ingested(changed=1)
    assert rows(workspace, "SELECT text FROM interaction") == [("It sprays?",)]
    assert rows(workspace, "SELECT number, text FROM revision") == [(1, "It leaks?")]
    assert rows(workspace, "SELECT count(*) FROM search WHERE search MATCH 'leaks'") == [(0,)]
    assert rows(workspace, "SELECT count(*) FROM search WHERE search MATCH 'sprays'") == [(1,)]


def test_a_deletion_marks_and_a_return_unmarks(workspace: Workspace) -> None:
    fact = said("1", "ada", "It leaks?")
    take(workspace, fact)
    assert take(workspace, gone=["1", "never seen"]) == Ingested(changed=1, unchanged=1)
    text, deleted = rows(workspace, "SELECT text, deleted_ms IS NOT NULL FROM interaction")[0]
    assert (text, deleted) == ("It leaks?", 1)
    assert rows(workspace, "SELECT waiting_since_ms FROM case_state") == [(None,)]
    assert take(workspace, fact) == Ingested(changed=1)
    assert rows(workspace, "SELECT deleted_ms FROM interaction") == [(None,)]


def test_a_further_message_joins_the_case_and_one_after_closing_reopens_it(
    workspace: Workspace,
) -> None:
    take(workspace, said("1", "ada", "It leaks?"))
    take(workspace, said("2", "ada", "Hello?", at=5, in_reply_to="1"))
    case = CaseId(rows(workspace, "SELECT id FROM case_state")[0][0])
    workspace.write(
        lambda tx: ledger.decide(tx, AgentId("ines"), EventType.CASE_CLOSED, case)
    ).result()
    assert _statuses(workspace) == [3]
    take(workspace, said("1", "ada", "It leaks?"))
    assert _statuses(workspace) == [3], "an old message does not reopen"
    take(workspace, said("3", "ada", "Still leaking.", at=9, in_reply_to="2"))
    assert _statuses(workspace) == [1]


@pytest.mark.parametrize("early", [True, False], ids=["wrote before the close", "after it"])
def test_what_waits_in_a_thread_goes_on_waiting_when_it_joins_one_that_is_closed(
    workspace: Workspace, early: bool
) -> None:
    """Our answer between two messages of Ada’s arrives last; what she says to it is not solved."""
    take(workspace, said("1", "ada", "It leaks?"))
    case = CaseId(rows(workspace, "SELECT id FROM case_state")[0][0])
    workspace.write(
        lambda tx: ledger.decide(tx, AgentId("ines"), EventType.CASE_CLOSED, case)
    ).result()
    third = 120 if early else 7_200
    take(workspace, said("3", "ada", "And it drips?", at=third, in_reply_to="2"))
    assert sorted(_statuses(workspace)) == [1, 3]
    take(workspace, answered("2", "1", "Where from?", at=60, party=person("ada")))
    merged = rows(workspace, "SELECT id, status FROM case_state WHERE status < 4")
    assert merged == [(case, 1)]
    before = rows(workspace, "SELECT * FROM case_state ORDER BY id")
    workspace.write(rebuild).result()
    assert rows(workspace, "SELECT * FROM case_state ORDER BY id") == before
    opened = "SELECT data ->> 'interaction' FROM event WHERE type = 'case_reopened'"
    assert rows(workspace, opened) == [(interaction_uid(ACCOUNT, "3"),)]


def test_what_a_customer_adds_reaches_their_work_and_not_the_noise_beside_it(
    workspace: Workspace,
) -> None:
    """Of two threads that became one, the later was set aside as noise and the other is solved."""
    take(
        workspace, said("1", "ada", "It leaks?"), said("3", "ada", "win win", at=9, in_reply_to="2")
    )
    work, noise = rows(workspace, "SELECT id FROM case_state ORDER BY opened_ms")
    for case, kind in ((work, EventType.CASE_CLOSED), (noise, EventType.NOISE_MARKED)):
        _decide(workspace, kind, CaseId(case[0]))
    take(workspace, answered("2", "1", "Where from?", at=5, party=person("ada")))
    assert _statuses(workspace) == [3, 5]
    take(workspace, said("4", "ada", "From the seal.", at=20, in_reply_to="2"))
    assert _statuses(workspace) == [1, 5]


def _decide(workspace: Workspace, kind: EventType, case: CaseId) -> None:
    workspace.write(lambda tx: ledger.decide(tx, AgentId("ines"), kind, case)).result()


def test_likes_and_answers_to_announcements_open_no_case_but_questions_do(
    workspace: Workspace,
) -> None:
    take(
        workspace,
        said("ad", "halden", "New: Huila", author=US, direction=Direction.OUTBOUND, kind=Kind.POST),
        said("like", "ada", "", kind=Kind.LIKE, in_reply_to="ad", at=1),
        said("nice", "bo", "Lovely!", in_reply_to="ad", at=2),
        said("ask", "cy", "Is it back in stock?", in_reply_to="ad", at=3),
    )
    sides = rows(workspace, "SELECT native_id, side FROM interaction ORDER BY key")
    assert sides == [("ad", 2), ("like", 2), ("nice", 2), ("ask", 1)]
    cases = rows(workspace, "SELECT identity FROM case_state")
    assert cases == [(identity("cy"),)]


def test_each_customer_of_a_thread_has_a_case_of_their_own(workspace: Workspace) -> None:
    take(
        workspace,
        said("1", "ada", "It leaks?"),
        said("2", "bo", "Mine too, what now?", at=1, in_reply_to="1"),
    )
    assert rows(workspace, "SELECT count(DISTINCT conversation) FROM interaction") == [(1,)]
    assert rows(workspace, "SELECT count(*) FROM case_state") == [(2,)]


def test_what_stood_around_is_addressed_later(workspace: Workspace) -> None:
    around = said("1", "ada", "@halden it leaks?", direction=Direction.AROUND)
    take(workspace, around)
    assert rows(workspace, "SELECT count(*) FROM case_state") == [(0,)]
    take(workspace, replace(around, direction=Direction.INBOUND))
    assert rows(workspace, "SELECT count(*) FROM case_state") == [(1,)]
    take(workspace, around)
    assert rows(workspace, "SELECT direction FROM interaction") == [(Direction.INBOUND,)]


def test_a_find_becomes_work_to_reach_out_and_then_to_respond(workspace: Workspace) -> None:
    find = said("1", "ada", "This coffee machine leaks", found=True)
    take(workspace, find)
    assert rows(workspace, "SELECT queue, due_ms >= 1 << 53 FROM case_state") == [(2, 1)]
    take(workspace, said("2", "ada", "@halden help?", at=5, in_reply_to="1"))
    assert rows(workspace, "SELECT queue, due_ms >= 1 << 53 FROM case_state") == [(1, 0)]


def test_history_that_was_answered_or_is_old_is_no_work(workspace: Workspace) -> None:
    old = said("old", "ada", "Where is it?", occurred_at=NOW - timedelta(days=90))
    facts = [
        old,
        said("1", "bo", "It leaks?"),
        answered("2", "1", "Fixed.", at=4),
        said("3", "cy", "And mine?"),
    ]
    rules = Rules(answered=False, since_ms=round((NOW - timedelta(days=30)).timestamp() * 1000))
    workspace.write(lambda tx: ingest(tx, ACCOUNT, facts, rules=rules)).result()
    assert rows(workspace, "SELECT identity FROM case_state") == [(identity("cy"),)]


def test_a_strangers_answer_stands_with_the_customer(workspace: Workspace) -> None:
    take(
        workspace,
        said("1", "ada", "It leaks?"),
        said("2", "zed", "Descale it", at=2, in_reply_to="1", direction=Direction.AROUND),
    )
    shown = rows(
        workspace,
        "SELECT m.native_id FROM timeline AS t JOIN interaction AS m ON m.key = t.key"
        " WHERE t.identity = :who ORDER BY m.key",
        who=identity("ada"),
    )
    assert shown == [("1",), ("2",)]


def test_raw_bodies_come_back_as_they_were_sent(workspace: Workspace) -> None:
    facts = [
        said(str(n), "ada", f"Message {n}", at=n, raw=b'{"id":"%d","content":"hello there"}' % n)
        for n in range(400)
    ]
    take(workspace, *facts[:5])
    take(workspace, *facts)
    assert rows(workspace, "SELECT count(*) FROM dictionary") == [(1,)]
    marked = "SELECT count(*) FROM raw WHERE substr(body, 1, 4) = x'28B52FFD'"
    assert rows(workspace, marked) == [(0,)]
    kept = dict(rows(workspace, "SELECT native_id, key FROM interaction"))
    for fact in (facts[0], facts[399]):
        key = kept[fact.native_id]
        assert workspace.read(partial(read_raw, key=key)).result() == fact.raw


def _thread() -> list[InteractionFact]:
    return [
        said("1", "ada", "It leaks?"),
        answered("2", "1", "Which part?", at=10),
        said("3", "ada", "The tray", at=20, in_reply_to="2"),
        said("4", "bo", "Mine too?", at=30, in_reply_to="3"),
        said("5", "zed", "Same", at=40, in_reply_to="4", direction=Direction.AROUND),
        answered("6", "4", "Write to us, Bo", at=50, party=person("bo")),
        said("7", "ada", "Fixed!", at=60, in_reply_to="2"),
    ]


def _outcome(workspace: Workspace) -> list[list[tuple[Any, ...]]]:
    return [
        rows(
            workspace,
            "SELECT native_id, conversation, direction, side, party, parent, orphan"
            " FROM interaction ORDER BY native_id",
        ),
        rows(
            workspace,
            "SELECT t.identity, m.native_id, t.touch FROM timeline AS t JOIN interaction AS m"
            " ON m.key = t.key ORDER BY 1, 2",
        ),
        rows(
            workspace,
            "SELECT identity, conversation, status, last_key, waiting_since_ms, first_reply_ms"
            " FROM case_state WHERE status < 4 ORDER BY identity",
        ),
    ]


@given(st.permutations(range(7)), st.integers(1, 7))
def test_a_thread_reads_the_same_in_whatever_order_it_arrives(order: list[int], batch: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("straight", "mixed"):
            (Path(folder) / name).mkdir()
        straight = make_workspace(Path(folder) / "straight", FakeClock(NOW))
        mixed = make_workspace(Path(folder) / "mixed", FakeClock(NOW))
        thread = _thread()
        take(straight, *thread)
        for start in range(0, len(order), batch):
            take(mixed, *(thread[index] for index in order[start : start + batch]))
        assert _outcome(mixed) == _outcome(straight)
        straight.close()
        mixed.close()


def test_counts_beyond_all_numbers_are_kept_as_far_as_they_fit(workspace: Workspace) -> None:
    fact = said("1", "ada", "It leaks?", likes=10**30, boosts=-(10**30))
    famous = replace(fact.author, followers=10**40)
    for _ in range(2):
        take(workspace, replace(fact, author=famous))
        assert rows(workspace, "SELECT likes, boosts FROM interaction") == [(2**63 - 1, 0)]
    assert rows(workspace, "SELECT followers FROM identity") == [(2**63 - 1,)]


def test_what_follows_within_a_second_stands_in_its_order(workspace: Workspace) -> None:
    start = NOW - timedelta(hours=1)
    facts = [
        said(str(n), "ada", f"{n}?", occurred_at=start + timedelta(milliseconds=40 * n))
        for n in range(20)
    ]
    take(workspace, *facts)
    order = [row[0] for row in rows(workspace, "SELECT native_id FROM interaction ORDER BY key")]
    assert order == [str(n) for n in range(20)]
