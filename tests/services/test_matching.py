"""Who may be one person, with what reasons; joining and parting are exact inverses."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.ids import CustomerId, IdentityId, founding_customer, identity_id
from app.domain.interactions import Channel, IdentityFact
from app.domain.matching import Evidence
from app.services.match_preview import sure_pairs
from app.services.matching import Match, Matching
from tests.services.desk import Desk
from tests.store.building import identity, person, rows, said

_BLUE = IdentityFact(
    Channel.BLUESKY, "did:plc:mira", "@mira.okafor.example", "Mira Okafor",
    profile_url="https://bsky.app/profile/did:plc:mira",
)  # fmt: skip
_MAIL = IdentityFact(Channel.EMAIL, "mira@post.example", "mira@post.example")
_MIRA = replace(person("mira"), display_name="Mira Okafor")


def _meet(desk: Desk, *people: IdentityFact) -> None:
    """Each of them says something."""
    desk.take(
        *(said(f"m{i}-{p.native_id}", "x", "Hello", author=p, at=i) for i, p in enumerate(people))
    )


def _customer(who: IdentityFact) -> CustomerId:
    return CustomerId(identity_id(who.channel, who.native_id))


def _of(desk: Desk, who: IdentityFact) -> tuple[Match, ...]:
    return Matching(desk.workspace, desk.directory).suggestions(_customer(who)).result()


def _reasons(match: Match) -> set[Evidence]:
    return {reason.evidence for reason in match.suggestion.reasons}


def test_a_name_only_two_have_is_a_reason_and_one_that_many_have_is_none(desk: Desk) -> None:
    _meet(desk, _MIRA, _BLUE)
    (match,) = _of(desk, _MIRA)
    assert (match.other.handle, _reasons(match)) == (_BLUE.handle, {Evidence.RARE_NAME})
    assert match.suggestion.reasons[0].told.startswith("The same name, ")
    _meet(desk, *(replace(_MIRA, native_id=f"mira{n}@b.example", handle=f"@m{n}") for n in "123"))
    assert _of(desk, _MIRA) == ()


def test_a_mail_address_in_a_profile_leads_to_who_writes_from_it(desk: Desk) -> None:
    _meet(desk, replace(person("kwame"), mails=("Mira@post.example",)), _MAIL)
    (match,) = _of(desk, _MAIL)
    assert (match.other.handle, _reasons(match)) == ("@kwame", {Evidence.SAME_MAIL})
    (back,) = _of(desk, person("kwame"))
    assert back.suggestion == match.suggestion


def test_profiles_that_link_to_each_other_are_found_from_either_side(desk: Desk) -> None:
    home = "https://social.example/@kwame"
    kwame = replace(
        person("kwame"), profile_url=home, links=("https://bsky.app/profile/mira.okafor.example",)
    )
    _meet(desk, kwame, replace(_BLUE, links=(home,)))
    (match,) = _of(desk, kwame)
    assert _reasons(match) == {Evidence.LINKS_EACH_OTHER}
    (back,) = _of(desk, _BLUE)
    assert back.suggestion == match.suggestion


def test_a_verified_link_speaks_louder_than_a_link(desk: Desk) -> None:
    site = "https://www.okafor.example/"
    _meet(
        desk,
        replace(person("one"), links=(site,), verified=(site,)),
        replace(person("two"), links=("http://okafor.example",), verified=("okafor.example",)),
        replace(person("three"), links=(site,)),
    )
    first, second = _of(desk, person("one"))
    assert first.other.handle == "@two"
    assert Evidence.VERIFIED_LINK in _reasons(first)
    assert _reasons(second) == {Evidence.SAME_LINK}
    assert first.suggestion.score > 0.9 > second.suggestion.score


def test_what_a_profile_no_longer_says_is_forgotten(desk: Desk) -> None:
    two = replace(person("two"), links=("https://a.example/x",))
    _meet(desk, replace(person("one"), links=("https://a.example/x",)), two)
    assert len(_of(desk, two)) == 1
    desk.take(said("n", "x", "Hi", author=replace(two, links=("https://b.example/y",)), at=9))
    assert _of(desk, two) == ()


def test_a_fact_that_tells_nothing_forgets_nothing(desk: Desk) -> None:
    two = replace(person("two"), links=("https://a.example/x",))
    _meet(desk, replace(person("one"), links=("https://a.example/x",)), two)
    desk.take(said("n", "two", "Hi", at=9))
    assert len(_of(desk, two)) == 1


def test_who_never_spoke_to_us_is_nobody_to_join(desk: Desk) -> None:
    _meet(desk, _MIRA)
    desk.workspace.write(lambda tx: _only_known(tx, _BLUE)).result()
    assert _of(desk, _MIRA) == ()


def _only_known(tx: Any, who: IdentityFact) -> None:
    from app.store.people import put_identities

    put_identities(tx, [who])


def test_a_declined_pair_is_not_suggested_again_until_that_is_undone(desk: Desk) -> None:
    _meet(desk, _MIRA, _BLUE)
    matching = Matching(desk.workspace, desk.directory)
    (match,) = _of(desk, _MIRA)
    event = matching.decline(match.other.identity, match.mine.identity).result()
    assert _of(desk, _MIRA) == _of(desk, _BLUE) == ()
    matching.part((event,)).result()
    assert len(_of(desk, _BLUE)) == 1


def test_joining_says_on_what_evidence_and_is_done_once(desk: Desk) -> None:
    _meet(desk, _MIRA, _BLUE)
    matching = Matching(desk.workspace, desk.directory)
    (match,) = _of(desk, _MIRA)
    (event,) = matching.join(match).result()
    assert event.data["evidence"] == ["rare_name"]
    assert _of(desk, _MIRA) == ()
    with pytest.raises(BadInput, match="belongs to this customer already"):
        matching.join(match).result()


_PEOPLE = ("ada", "bo", "cy", "di")


def _belonging(desk: Desk) -> list[tuple[Any, ...]]:
    return [
        *rows(desk.workspace, "SELECT id, customer FROM identity ORDER BY id"),
        *rows(desk.workspace, "SELECT identity, key, touch FROM timeline ORDER BY identity, key"),
        *rows(desk.workspace, "SELECT key, author, party, conversation FROM interaction"),
        *rows(desk.workspace, "SELECT id, identity, status, fold FROM case_state ORDER BY id"),
    ]


def _keys(desk: Desk, who: IdentityId) -> set[int]:
    """What stands in the timeline of the customer this identity belongs to."""
    return {
        row[0]
        for row in rows(
            desk.workspace,
            "SELECT t.key FROM identity AS i JOIN identity AS o ON o.customer = i.customer"
            " JOIN timeline AS t ON t.identity = o.id WHERE i.id = :who",
            who=who,
        )
    }


def test_joining_and_parting_are_exact_inverses(desk: Desk) -> None:
    """Whoever was joined with whom before: taken back, everything is as it was."""
    for number, name in enumerate(_PEOPLE):
        desk.take(*(said(f"{name}{n}", name, "Where is it?", at=10 * n) for n in range(number + 1)))
    matching = Matching(desk.workspace, desk.directory)

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.tuples(st.sampled_from(_PEOPLE), st.sampled_from(_PEOPLE)), max_size=5))
    def every(pairs: list[tuple[str, str]]) -> None:
        joined = []
        for one, other in pairs:
            match = _pair(desk, one, other)
            if match is None:
                continue
            before = _belonging(desk)
            theirs = _keys(desk, identity(one)) | _keys(desk, identity(other))
            events = matching.join(match).result()
            assert _keys(desk, identity(one)) == _keys(desk, identity(other)) == theirs
            joined.append((before, events))
        for before, events in reversed(joined):
            matching.part(events).result()
            assert _belonging(desk) == before

    every()


def _pair(desk: Desk, one: str, other: str) -> Match | None:
    from app.domain.matching import Suggestion
    from app.store.customers import identity as view_of

    mine, theirs = (
        desk.workspace.read(partial(view_of, number=identity(who))).result() for who in (one, other)
    )
    assert mine is not None
    assert theirs is not None
    if mine.customer == theirs.customer:
        return None
    return Match(mine, theirs, Suggestion(mine.identity, theirs.identity, 1.0, ()))


def test_sure_pairs_are_joined_each_and_taken_back_with_all_that_moved_along(desk: Desk) -> None:
    """Three who give the same address, so three pairs; the last joins who are one by then."""
    trio = [replace(person(name), mails=("same@post.example",)) for name in ("ada", "also", "ann")]
    _meet(desk, *trio)
    found = sure_pairs(desk.workspace)
    assert (len(found.pairs), found.whole) == (3, True)
    matching = Matching(desk.workspace, desk.directory)
    assert matching.join_all(found.pairs).result() == 2
    numbers = [identity_id(one.channel, one.native_id) for one in trio]
    assert len({_belongs(desk, number) for number in numbers}) == 1
    assert matching.join_all(found.pairs).result() == 0
    joined = max(numbers, key=founding_customer)
    desk.customers.unlink(joined).result()
    assert _belongs(desk, joined) != _belongs(desk, min(numbers, key=founding_customer))
    assert sure_pairs(desk.workspace).from_(0.9) == ()
    assert matching.join_all(found.pairs).result() == 0


def _belongs(desk: Desk, number: IdentityId) -> CustomerId:
    found = rows(desk.workspace, "SELECT customer FROM identity WHERE id = :id", id=number)
    return CustomerId(found[0][0])
