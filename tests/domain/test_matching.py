"""What speaks for one person, how strongly, and that nothing speaks for strangers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import IdentityId
from app.domain.interactions import Channel
from app.domain.matching import (
    Evidence,
    Profile,
    combined,
    compare,
    plain_handle,
    plain_link,
    plain_name,
)

MARTA = Profile(
    IdentityId(1), Channel.MASTODON, "@marta@mastodon.social", "Marta Lindqvist",
    url="https://mastodon.social/@marta",
)  # fmt: skip
OTHER = Profile(
    IdentityId(2), Channel.BLUESKY, "lindq.bsky.social", "M. L.",
    url="https://bsky.app/profile/lindq.bsky.social",
)  # fmt: skip
SITE = "https://www.marta.example/"


def found(one: Profile, other: Profile, **counts: int) -> dict[Evidence, float]:
    suggestion = compare(one, other, **counts)
    return {r.evidence: r.share for r in suggestion.reasons} if suggestion else {}


def test_strangers_have_nothing_in_common() -> None:
    assert compare(MARTA, OTHER) is None


@pytest.mark.parametrize(
    ("one", "other", "evidence"),
    [
        ({"verified": {SITE}}, {"verified": {"http://marta.example"}}, Evidence.VERIFIED_LINK),
        ({"verified": {OTHER.url}}, {}, Evidence.VERIFIED_LINK),
        ({}, {"verified": {MARTA.url}}, Evidence.VERIFIED_LINK),
        ({"links": {OTHER.url}}, {"links": {MARTA.url}}, Evidence.LINKS_EACH_OTHER),
        ({"links": {OTHER.url}}, {}, Evidence.LINKS_ONE_WAY),
        ({}, {"links": {MARTA.url}}, Evidence.LINKS_ONE_WAY),
        ({"links": {SITE}}, {"links": {"marta.example"}}, Evidence.SAME_LINK),
        ({"mails": {"M@x.example"}}, {"mails": {" m@X.example"}}, Evidence.SAME_MAIL),
        ({"avatar": "a1"}, {"avatar": "a1"}, Evidence.SAME_AVATAR),
        ({"handle": "@lindq@x.example"}, {}, Evidence.RARE_HANDLE),
        ({}, {"name": "LINDQVIST, Márta"}, Evidence.RARE_NAME),
    ],
)
def test_evidence(one: dict[str, object], other: dict[str, object], evidence: Evidence) -> None:
    def made(profile: Profile, changes: dict[str, object]) -> Profile:
        frozen = {k: frozenset(v) if isinstance(v, set) else v for k, v in changes.items()}
        return replace(profile, **frozen)  # type: ignore[arg-type]

    here, there = made(MARTA, one), made(OTHER, other)
    assert list(found(here, there)) == [evidence]
    assert compare(here, there) == compare(there, here)


def test_the_more_carry_it_the_less_it_says() -> None:
    namesake = replace(OTHER, name="Marta Lindqvist")
    shares = [found(MARTA, namesake, names=names)[Evidence.RARE_NAME] for names in (2, 3, 11)]
    assert shares == [0.5, 0.25, 0.05]


@pytest.mark.parametrize(
    ("one", "other"),
    [("", ""), ("Anna", "Anna"), ("☕", "☕"), ("Jo Li", "Jo Lo")],
)
def test_names_that_say_nothing(one: str, other: str) -> None:
    assert found(replace(MARTA, name=one), replace(OTHER, name=other)) == {}


def test_empty_things_are_not_the_same_thing() -> None:
    nobody = Profile(IdentityId(3), Channel.X, "", "")
    assert compare(nobody, replace(nobody, identity=IdentityId(4))) is None


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_more_evidence_never_makes_less_sure(shares: list[float]) -> None:
    whole = combined(shares)
    assert max(shares) - 1e-9 <= whole <= 1.0
    assert combined(reversed(shares)) == whole
    assert combined([*shares, 0.5]) >= whole


@pytest.mark.parametrize(
    ("spelled", "plain"),
    [
        ("https://WWW.Example.org/a/", "example.org/a"),
        ("example.org/a", "example.org/a"),
        ("mailto:a@b", ""),
        ("", ""),
        ("https://[broken", ""),
    ],
)
def test_links(spelled: str, plain: str) -> None:
    assert plain_link(spelled) == plain


def test_names_and_handles() -> None:
    assert plain_name("Lindqvist-Öberg, Márta ☕") == "lindqvist marta oberg"
    assert plain_handle("@Marta.L@mastodon.social") == "martal"
    assert plain_handle("marta_l.bsky.social") == "martal"
