"""The projection equals its ledger, whatever happened and in whatever order it arrived."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domain.clock import FakeClock, hybrid_at
from app.domain.events import About, Event, EventType
from app.domain.ids import AgentId, CaseId, DeviceId, EventId, conversation_id
from app.domain.ids import case_id as case_of
from app.store import ledger
from app.store.database import Workspace
from app.store.projections import rebuild
from tests.conftest import NOW
from tests.store.building import ACCOUNT, answered, identity, rows, said, take
from tests.sync.workspaces import make_workspace

_PEOPLE = ("ada", "bo", "cy")
_DEPARTMENTS = ("care", "pr", "it", "marketing")
_AGENTS = ("ines", "jonas", "")
_START = hybrid_at(NOW)


def _case(who: str) -> CaseId:
    return case_of(conversation_id(ACCOUNT, f"{who}-1"), identity(who))


_about_case = st.sampled_from(
    [
        EventType.CASE_ASSIGNED,
        EventType.CASE_HANDED_OFF,
        EventType.CASE_ACCEPTED,
        EventType.CASE_RETURNED,
        EventType.CASE_TAGGED,
        EventType.CASE_NOTED,
        EventType.CASE_SNOOZED,
        EventType.CASE_CLOSED,
        EventType.CASE_REOPENED,
        EventType.PRIORITY_SET,
    ]
)
_about_identity = st.sampled_from([EventType.IDENTITY_LINKED, EventType.IDENTITY_UNLINKED])
_tags = st.lists(st.sampled_from(["a", "b", "c"]), max_size=2)


@st.composite
def _data(draw: st.DrawFn, kind: EventType, who: str) -> dict[str, Any]:
    match kind:
        case EventType.CASE_ASSIGNED:
            return {"assignee": draw(st.sampled_from(["ines", "jonas", None]))}
        case EventType.CASE_HANDED_OFF:
            return {
                "to": draw(st.sampled_from(_DEPARTMENTS)),
                "urgency": draw(st.integers(1, 3)),
                "follow": draw(st.booleans()),
            }
        case EventType.CASE_TAGGED:
            return {"add": draw(_tags), "remove": draw(_tags)}
        case EventType.CASE_SNOOZED:
            return {"until": draw(st.integers(0, 10_000))}
        case EventType.PRIORITY_SET:
            return {"urgency": draw(st.integers(1, 3))}
        case EventType.IDENTITY_LINKED:
            other = draw(st.sampled_from(_PEOPLE))
            return {"identity": identity(who), "customer": identity(other)}
        case EventType.IDENTITY_UNLINKED:
            return {"identity": identity(who)}
        case _:
            return {}


@st.composite
def _ledgers(draw: st.DrawFn) -> list[Event]:
    """Decisions of three people on two devices, ties in time and undoing of undoing included."""
    events: list[Event] = []
    for number in range(draw(st.integers(0, 14))):
        who = draw(st.sampled_from(_PEOPLE))
        stamp = _START + draw(st.integers(0, 30))
        device = DeviceId(draw(st.sampled_from(["d1", "d2"])))
        agent = AgentId(draw(st.sampled_from(_AGENTS)))
        if events and draw(st.integers(0, 3)) == 0:
            target = draw(st.sampled_from(events))
            kind, subject = EventType.UNDONE, target.subject
            data: dict[str, Any] = {"event": target.id}
        else:
            kind = draw(st.one_of(_about_case, _about_identity))
            subject = identity(who) if kind.about is About.IDENTITY else _case(who)
            data = draw(_data(kind, who))
        events.append(Event(EventId(f"e{number:03}"), kind, subject, agent, device, stamp, data))
    return events


@contextmanager
def _peopled() -> Iterator[Workspace]:
    """Three customers who wait, one of whom was answered."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = make_workspace(Path(folder), FakeClock(NOW))
        try:
            for at, who in enumerate(_PEOPLE):
                take(workspace, said(f"{who}-1", who, f"The Duo of {who} leaks?", at=at * 10))
            take(workspace, answered("us-1", "ada-1", "On it.", at=100))
            yield workspace
        finally:
            workspace.close()


def _append(workspace: Workspace, events: list[Event]) -> None:
    workspace.write(lambda tx: ledger.append(tx, events)).result()


def _projection(workspace: Workspace) -> list[list[tuple[Any, ...]]]:
    return [
        rows(workspace, "SELECT * FROM case_state ORDER BY id"),
        rows(workspace, "SELECT id, customer FROM identity ORDER BY id"),
    ]


@given(_ledgers(), st.randoms(use_true_random=False), st.integers(1, 5))
def test_any_ledger_in_any_order_gives_the_same_projection_and_rebuilds_to_it(
    events: list[Event], chance: Any, batch: int
) -> None:
    with _peopled() as workspace, _peopled() as other:
        _append(workspace, events)
        shuffled = [*events, *chance.sample(events, len(events) // 2)]
        chance.shuffle(shuffled)
        for start in range(0, len(shuffled), batch):
            part = shuffled[start : start + batch]
            _append(other, part)
        kept = _projection(workspace)
        assert _projection(other) == kept
        workspace.write(rebuild).result()
        assert _projection(workspace) == kept


def test_what_two_laptops_decide_of_one_cause_is_one_event(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, FakeClock(NOW))
    take(workspace, said("1", "ada", "It leaks?"))
    case = rows(workspace, "SELECT id FROM case_state")[0][0]
    early = Event(
        EventId("cause"), EventType.CASE_CLOSED, case, AgentId(""), DeviceId("b"), _START, {}
    )
    late = Event(
        EventId("cause"), EventType.CASE_CLOSED, case, AgentId(""), DeviceId("a"), _START + 9, {}
    )
    for order in ([late, early], [early, late]):
        _append(workspace, order)
        held = rows(workspace, "SELECT stamp, device FROM event WHERE id = 'cause'")
        assert held == [(_START, "b")]
    workspace.close()


def test_side_moves_are_folded_and_undone(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, FakeClock(NOW))
    take(workspace, said("1", "ada", "It leaks?"))
    uid = rows(workspace, "SELECT uid FROM interaction")[0][0]
    moved = workspace.write(
        lambda tx: ledger.decide(
            tx,
            AgentId("ines"),
            EventType.SIDE_MOVED,
            identity("ada"),
            {"interaction": uid, "side": 2, "was": 1},
        )
    ).result()
    assert rows(workspace, "SELECT side FROM interaction") == [(2,)]
    assert rows(workspace, "SELECT waiting_since_ms FROM case_state") == [(None,)]
    workspace.write(
        lambda tx: ledger.decide(
            tx, AgentId("ines"), EventType.UNDONE, identity("ada"), {"event": moved.id}
        )
    ).result()
    assert rows(workspace, "SELECT side FROM interaction") == [(1,)]
    assert rows(workspace, "SELECT waiting_since_ms IS NULL FROM case_state") == [(0,)]
    workspace.close()
