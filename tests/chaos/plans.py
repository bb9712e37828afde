"""What happens in a round: chosen by its number and the seed alone, so that it can be repeated."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from tests.e2e.towns import CUSTOMERS


class Phase(StrEnum):
    """What the program is doing when it is killed."""

    PULLING = "pulling"
    UNDO_WINDOW = "undo window"
    SENDING = "sending"
    STARTING = "starting"
    MIGRATING = "migrating"
    CREATING = "creating"


_WEIGHTS = {
    Phase.PULLING: 6,
    Phase.UNDO_WINDOW: 4,
    Phase.SENDING: 7,
    Phase.STARTING: 4,
    Phase.MIGRATING: 2,
    Phase.CREATING: 1,
}
_LATEST_KILL_S = {
    Phase.PULLING: 0.6,
    Phase.UNDO_WINDOW: 1.2,
    Phase.SENDING: 0.35,
    Phase.STARTING: 0.6,
    Phase.MIGRATING: 0.3,
    Phase.CREATING: 0.3,
}
_COLD_START_S = 1.0
_TOWNS = ("bluesky", "mastodon")


@dataclass(frozen=True)
class Reply:
    """An answer in the case of that place in the list; ``undone`` after it was queued."""

    case: float
    """From 0, the oldest case, to 1, the newest."""
    text: str
    undone: bool


@dataclass(frozen=True)
class Plan:
    number: int
    town: str
    phase: Phase
    writes: tuple[tuple[str, str], ...]
    """Who writes what while the program works."""
    replies: tuple[Reply, ...]
    decisions: tuple[tuple[str, float, str], ...]
    """``note`` or ``tag``, in which case, and the words."""
    undo_s: int
    kill_after_s: float
    cold: bool
    """The killed program is started by its command line, not forked."""

    def __str__(self) -> str:
        cold = ", by the command line" if self.cold else ""
        return (
            f"round {self.number} ({self.town}): {self.phase}, {len(self.writes)} messages, "
            f"{len(self.replies)} replies, killed after {self.kill_after_s * 1000:.0f} ms{cold}"
        )


def plan(seed: int, number: int, phases: tuple[Phase, ...] = tuple(Phase)) -> Plan:
    """The round of that number."""
    chance = Random(f"{seed}/{number}")
    phase = chance.choices(phases, [_WEIGHTS[one] for one in phases])[0]
    sends = phase in (Phase.SENDING, Phase.STARTING, Phase.UNDO_WINDOW)
    cold = phase is Phase.STARTING and chance.random() < 0.2
    most_writes = 5 if phase is Phase.PULLING else 2
    latest = _LATEST_KILL_S[phase] + (_COLD_START_S if cold else 0.0)
    return Plan(
        number=number,
        town=_TOWNS[number % len(_TOWNS)],
        phase=phase,
        writes=tuple(
            (chance.choice(CUSTOMERS), f"m{number}n{at} why does it drip?")
            for at in range(chance.randint(1, most_writes))
        ),
        replies=tuple(
            Reply(
                chance.random(),
                f"c{number}n{at} please try the blue button",
                undone=phase is Phase.UNDO_WINDOW and chance.random() < 0.4,
            )
            for at in range(chance.randint(1, 3) if sends else chance.randint(0, 1))
        ),
        decisions=tuple(
            (chance.choice(("note", "tag")), chance.random(), f"d{number}n{at}")
            for at in range(chance.randint(0, 3))
        ),
        undo_s=1 if phase in (Phase.UNDO_WINDOW, Phase.STARTING) else 0,
        kill_after_s=chance.uniform(0.0, latest),
        cold=cold,
    )
