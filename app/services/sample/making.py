"""Puts the parts of the sample together, in an order that never changes."""

from __future__ import annotations

import random
from datetime import timedelta

from app.domain.departments import ADVERTISING, CARE, IT, MARKETING, PR
from app.domain.ids import AgentId
from app.domain.interactions import Channel
from app.services.sample import wordings
from app.services.sample.book import NOW, SampleBook, SampleSearch
from app.services.sample.history import History
from app.services.sample.marketing import Marketing
from app.services.sample.people import Person, people
from app.services.sample.present import Present
from app.services.sample.scribe import Scribe
from app.services.sample.story import Story

_SEED = 1_119


def make_book() -> SampleBook:
    """The sample, made anew. Every part draws from a source of its own, so that a change in one
    leaves the others as they were."""
    scribe = Scribe(_source(0))
    everybody = people()
    by_key = {person.key: person for person in everybody}
    marketing = Marketing(scribe, _source(1), everybody)
    marketing.write()
    History(scribe, _source(2), everybody, marketing.posts).write()
    Present(scribe, _source(3), by_key, marketing.ads).write()
    Story(scribe, by_key, marketing).write()
    _join(scribe, _source(4), everybody)
    wordings.write(scribe, marketing.campaigns)
    accounts = scribe.accounts
    return scribe.finished(
        (
            SampleSearch(accounts[Channel.MASTODON].id, "#halden", PR),
            SampleSearch(accounts[Channel.MASTODON].id, "halden", CARE),
            SampleSearch(accounts[Channel.BLUESKY].id, "halden coffee", MARKETING),
            SampleSearch(accounts[Channel.X].id, "halden ad", ADVERTISING),
            SampleSearch(accounts[Channel.X].id, "halden update", IT),
        )
    )


def _source(number: int) -> random.Random:
    return random.Random(_SEED + number)  # noqa: S311 - made-up stories, no secrets


def _join(scribe: Scribe, rng: random.Random, everybody: tuple[Person, ...]) -> None:
    """Agents found out who is who: the identities of a person become one customer."""
    agents = ("nadia", "amir", "lotta", "samuel", "ines")
    for person in everybody:
        for who in person.identities[1:]:
            at = person.since + timedelta(days=rng.randrange(5, 120), minutes=rng.randrange(600))
            at = min(at, NOW - timedelta(days=2))
            scribe.link(at, AgentId(rng.choice(agents)), who, person.founder)
