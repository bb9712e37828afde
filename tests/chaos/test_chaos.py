"""A few rounds of ``make chaos``, of every kind; and that a round can be repeated."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.chaos.harness import Harness, harness
from tests.chaos.ledger import Counts
from tests.chaos.plans import Phase, Plan, plan
from tests.e2e.towns import BlueskyTown, MastodonTown
from tests.peers.bluesky_network import BlueskyNetwork
from tests.peers.mastodon import MastodonServer

SEED = 7


@pytest.fixture
def rounds(bluesky_network: BlueskyNetwork, mastodon: MastodonServer) -> Iterator[Harness]:
    towns = {
        "bluesky": lambda: BlueskyTown(bluesky_network),
        "mastodon": lambda: MastodonTown(mastodon),
    }
    with harness(towns) as made:
        yield made


def _of_every_phase() -> list[Plan]:
    """The first round of each phase, and one more for sending: in the other town."""
    plans = [plan(SEED, number) for number in range(400)]
    found = [next(one for one in plans if one.phase is phase) for phase in Phase]
    sent_in = next(one.town for one in found if one.phase is Phase.SENDING)
    found.append(next(o for o in plans if o.phase is Phase.SENDING and o.town != sent_in))
    return found


@pytest.mark.peer
def test_nothing_is_lost_and_nothing_is_doubled_whenever_it_is_killed(rounds: Harness) -> None:
    total = Counts()
    for chosen in _of_every_phase():
        total += rounds.play(chosen)
    assert total == Counts(), "\n".join(total.faults)


def test_a_round_is_chosen_by_its_number_and_the_seed() -> None:
    assert plan(3, 41) == plan(3, 41)
    assert plan(3, 41) != plan(4, 41)
    assert {plan(3, number).phase for number in range(200)} == set(Phase)
    assert {plan(3, number).town for number in range(200)} == {"bluesky", "mastodon"}
