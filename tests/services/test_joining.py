"""Joined by a rule: only where the workspace asks for it, only when sure, and never twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.clock import FakeClock
from app.domain.events import EventType
from app.domain.ids import IdentityId, identity_id
from app.domain.interactions import IdentityFact
from app.services.matching import Matching
from app.store.joining import join_sure
from tests.services.desk import Desk, make_desk
from tests.store.building import identity, person, rows, said

_MAILS = ("a@post.example", "b@post.example")
_LINKS = ("https://one.example", "https://two.example")


def _new_desk(folder: Path, clock: FakeClock) -> Desk:
    folder.mkdir()
    return make_desk(folder, clock)


def _sure_from(desk: Desk, score: float) -> None:
    goals = desk.directory.setup().goals
    desk.directory.settle(goals=replace(goals, match=score)).result()


def _speaks(desk: Desk, who: IdentityFact, native_id: str, at: int = 0) -> None:
    desk.take(said(native_id, "x", "Hello", author=who, at=at))


def _joinings(desk: Desk) -> list[tuple[Any, ...]]:
    wanted = (
        "SELECT id, subject, agent, data ->> 'score', data ->> 'evidence' FROM event"
        " WHERE type = 'identity_linked' ORDER BY id"
    )
    return rows(desk.workspace, wanted)


def _belonging(desk: Desk) -> list[tuple[Any, ...]]:
    return [
        *rows(desk.workspace, "SELECT id, customer, owner, standing FROM identity ORDER BY id"),
        *rows(desk.workspace, "SELECT identity, key, touch FROM timeline ORDER BY identity, key"),
        *rows(desk.workspace, "SELECT id, identity, status, fold FROM case_state ORDER BY id"),
    ]


def _number(who: IdentityFact) -> IdentityId:
    return identity_id(who.channel, who.native_id)


_ADA, _ALSO = (replace(person(name), mails=(_MAILS[0],)) for name in ("ada", "also"))


def test_as_it_comes_nothing_is_joined(desk: Desk) -> None:
    _speaks(desk, _ADA, "1")
    _speaks(desk, _ALSO, "2", 1)
    assert _joinings(desk) == []


def test_what_is_sure_enough_is_joined_with_its_reasons_and_as_one(desk: Desk) -> None:
    _sure_from(desk, 0.95)
    _speaks(desk, _ADA, "1")
    _speaks(desk, _ALSO, "2", 1)
    ((_, _, agent, score, evidence),) = _joinings(desk)
    assert (agent, score, evidence) == ("", 0.95, '["same_mail"]')
    assert len(set(rows(desk.workspace, "SELECT customer FROM identity"))) == 1


def test_two_laptops_that_hear_it_in_another_order_decide_the_same(
    desk: Desk, tmp_path: Path, clock: FakeClock
) -> None:
    other = _new_desk(tmp_path / "other", clock)
    for one, people in ((desk, (_ADA, _ALSO)), (other, (_ALSO, _ADA))):
        _sure_from(one, 0.9)
        for who in people:
            _speaks(one, who, who.native_id)
    assert [row[0] for row in _joinings(desk)] == [row[0] for row in _joinings(other)] != []
    other.workspace.close()


def test_whoever_is_separated_stays_so(desk: Desk) -> None:
    """Whatever they say next, and however sure it looks."""
    _sure_from(desk, 0.9)
    _speaks(desk, _ADA, "1")
    _speaks(desk, _ALSO, "2", 1)
    ((_, joined, *_),) = _joinings(desk)
    events = desk.customers.unlink(IdentityId(joined)).result()
    assert [e.type for e in events] == [EventType.UNDONE, EventType.MATCH_DECLINED]
    both = [replace(who, links=_LINKS, verified=_LINKS) for who in (_ADA, _ALSO)]
    for number, who in enumerate(both):
        _speaks(desk, who, f"again{number}", 60 + number)
    assert len(_joinings(desk)) == 1
    assert len(set(rows(desk.workspace, "SELECT customer FROM identity"))) == 2
    matching = Matching(desk.workspace, desk.directory)
    matching.part(events).result()  # the separation is taken back, and the joining holds again
    assert len(set(rows(desk.workspace, "SELECT customer FROM identity"))) == 1


def test_who_was_joined_and_parted_by_hand_is_not_joined_by_a_rule(desk: Desk) -> None:
    _speaks(desk, _ADA, "1")
    _speaks(desk, _ALSO, "2", 1)
    matching = Matching(desk.workspace, desk.directory)
    (match,) = matching.suggestions(desk.customers.list("ada").result()[0].customer).result()
    matching.part(matching.join(match).result()).result()
    _sure_from(desk, 0.9)
    _speaks(desk, _ADA, "3", 60)
    assert [row[2] for row in _joinings(desk)] == [desk.directory.me().id]


_NAMES = ("ana", "bob", "cyd", "dee")
_profile = st.builds(
    lambda mails, links, verified: {
        "mails": tuple(sorted(mails)),
        "links": tuple(sorted(links | verified)),
        "verified": tuple(sorted(verified)),
    },
    st.sets(st.sampled_from(_MAILS), max_size=1),
    st.sets(st.sampled_from(_LINKS)),
    st.sets(st.sampled_from(_LINKS), max_size=1),
)


@pytest.mark.parametrize("sure", [0.5, 0.9, 0.96, 1.01])
def test_nothing_below_the_threshold_is_joined_and_separating_is_the_exact_inverse(
    tmp_path: Path, clock: FakeClock, sure: float
) -> None:
    folders = iter(range(1_000))

    @settings(max_examples=8, deadline=None)
    @given(st.tuples(*(_profile for _ in _NAMES)))
    def every(profiles: tuple[dict[str, Any], ...]) -> None:
        desk = _new_desk(tmp_path / str(next(folders)), clock)
        people = [replace(person(n), **p) for n, p in zip(_NAMES, profiles, strict=True)]
        for number, who in enumerate(people):
            _speaks(desk, who, who.native_id, number)
        before = _belonging(desk)
        _sure_from(desk, sure)
        numbers = {_number(who) for who in people}
        joined = desk.workspace.write(lambda tx: join_sure(tx, numbers)).result()
        made = _joinings(desk)
        assert all(row[3] >= sure for row in made)
        assert bool(made) == bool(joined)
        assert not (sure > 1 and made)
        _part_all(desk)
        assert _belonging(desk) == before
        assert desk.workspace.write(lambda tx: join_sure(tx, numbers)).result() == 0
        desk.workspace.close()

    every()


def _part_all(desk: Desk) -> None:
    """Separate whoever is joined, until nobody is."""
    wanted = "SELECT id FROM identity WHERE customer <> id ORDER BY id"
    while held := rows(desk.workspace, wanted):
        desk.customers.unlink(IdentityId(held[-1][0])).result()


def test_somebody_whom_a_profile_names_needs_to_say_nothing(desk: Desk) -> None:
    home = "https://social.example/@cyd"
    _sure_from(desk, 0.9)
    _speaks(desk, replace(person("dee"), links=(home,), verified=(home,)), "1")
    _speaks(desk, replace(person("cyd"), profile_url=home), "2", 1)
    assert {row[1] for row in _joinings(desk)} <= {identity("cyd"), identity("dee")}
    assert len(_joinings(desk)) == 1
