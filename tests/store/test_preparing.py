"""What is prepared beside the writer is stored as if the writer had done all of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.domain.clock import FakeClock
from app.domain.interactions import Direction, InteractionFact
from app.store.database import Workspace
from app.store.ingest import Ingested, ingest
from app.store.preparing import prepare
from tests.conftest import NOW
from tests.store.building import ACCOUNT, answered, identity, person, rows, said, take
from tests.sync.workspaces import make_workspace

_THREAD = (
    said("3", "ada", "The tray", at=20, in_reply_to="2"),
    said("1", "ada", "It leaks 漏水?", raw=b'{"id": "1"}'),
    answered("2", "1", "Which part?", at=10),
    said("4", "zed", "Same", at=30, in_reply_to="3", direction=Direction.AROUND),
    said("5", "bo", "", at=40, subject="Order", warning="Spilled"),
)


def _held(workspace: Workspace) -> list[list[tuple[object, ...]]]:
    return [
        rows(workspace, f"SELECT * FROM {table} ORDER BY 1, 2")  # noqa: S608 - names of ours
        for table in ("interaction", "timeline", "raw", "identity", "case_state", "search_docsize")
    ]


def _taken(folder: Path, facts: tuple[InteractionFact, ...], *, beforehand: bool) -> Workspace:
    folder.mkdir()
    workspace = make_workspace(folder, FakeClock(NOW))
    brought = prepare(ACCOUNT, facts) if beforehand else facts
    assert workspace.write(lambda tx: ingest(tx, ACCOUNT, brought)).result() == Ingested(new=5)
    return workspace


def test_prepared_facts_are_stored_like_any(tmp_path: Path) -> None:
    plain = _taken(tmp_path / "plain", _THREAD, beforehand=False)
    prepared = _taken(tmp_path / "prepared", _THREAD, beforehand=True)
    assert _held(prepared) == _held(plain)
    assert rows(prepared, "SELECT count(*) FROM search WHERE search MATCH '漏 水'") == [(1,)]
    plain.close()
    prepared.close()


def test_facts_prepared_before_their_parents_were_stored_join_them(tmp_path: Path) -> None:
    """The batch before is written only after this one was prepared."""
    workspace = make_workspace(tmp_path, FakeClock(NOW))
    later = prepare(ACCOUNT, [_THREAD[0], _THREAD[2]])
    take(workspace, _THREAD[1])
    workspace.write(lambda tx: ingest(tx, ACCOUNT, later)).result()
    assert rows(workspace, "SELECT count(DISTINCT conversation), sum(orphan) FROM interaction") == [
        (1, 0)
    ]
    assert rows(workspace, "SELECT DISTINCT party FROM interaction") == [(identity("ada"),)]
    workspace.close()


def test_a_known_fact_that_was_prepared_is_brought_up_to_date(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, FakeClock(NOW))
    take(workspace, *_THREAD)
    again = prepare(ACCOUNT, [_THREAD[1], replace(_THREAD[0], text="The hopper")])
    done = workspace.write(lambda tx: ingest(tx, ACCOUNT, again)).result()
    assert done == Ingested(changed=1, unchanged=1)
    assert rows(workspace, "SELECT count(*) FROM search WHERE search MATCH 'hopper'") == [(1,)]
    workspace.close()


def test_a_name_is_found_as_it_is_now_and_a_count_of_followers_changes_no_word(
    tmp_path: Path,
) -> None:
    workspace = make_workspace(tmp_path, FakeClock(NOW))
    take(workspace, said("1", "ada", "Hello?"))
    many = replace(person("ada"), followers=99)
    take(workspace, said("2", "ada", "Me again", author=many))
    found = "SELECT count(*) FROM identity_search WHERE identity_search MATCH :word"
    assert rows(workspace, found, word="ada") == [(1,)]
    take(workspace, said("3", "ada", "And again", author=replace(many, display_name="Lovelace")))
    assert rows(workspace, found, word="lovelace") == [(1,)]
    assert rows(workspace, "SELECT followers FROM identity WHERE handle = '@ada'") == [(99,)]
    workspace.close()
