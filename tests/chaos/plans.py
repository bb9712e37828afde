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
    BACKING_UP = "backing up"
    RESTORING = "restoring"
    REKEYING = "rekeying"


class Kind(StrEnum):
    """What an agent wishes for."""

    REPLY = "reply"
    DIRECT = "direct"
    PICTURE = "picture"
    """A reply with one."""
    LIKE = "like"
    BOOST = "boost"
    DELETE = "delete"
    """Of a reply that arrived in an earlier round."""

    @property
    def has_text(self) -> bool:
        return self in (Kind.REPLY, Kind.DIRECT, Kind.PICTURE)


class Way(StrEnum):
    """How a backup is made."""

    DAILY = "by the day"
    NOW = "among the daily ones"
    FILE = "as a file"


_WEIGHTS = {
    Phase.PULLING: 6,
    Phase.UNDO_WINDOW: 5,
    Phase.SENDING: 7,
    Phase.STARTING: 3,
    Phase.MIGRATING: 4,
    Phase.CREATING: 1,
    Phase.BACKING_UP: 5,
    Phase.RESTORING: 3,
    Phase.REKEYING: 2,
}
_LATEST_KILL_S = {
    Phase.PULLING: 0.6,
    Phase.UNDO_WINDOW: 1.2,
    Phase.SENDING: 0.35,
    Phase.STARTING: 0.6,
    Phase.MIGRATING: 0.3,
    Phase.CREATING: 0.3,
    Phase.BACKING_UP: 0.08,
    Phase.RESTORING: 0.4,
    Phase.REKEYING: 0.25,
}
_COLD_START_S = 1.0
_STRETCHING_S = 0.8
"""What passphrases take longer than keys."""
_MAY_BE_COLD = (Phase.STARTING, Phase.BACKING_UP)
_SENDS = (Phase.SENDING, Phase.STARTING, Phase.UNDO_WINDOW, Phase.RESTORING)
_UNDO_S = {Phase.UNDO_WINDOW: 1, Phase.STARTING: 1, Phase.RESTORING: 1}
_KINDS = {
    Kind.REPLY: 8,
    Kind.DIRECT: 2,
    Kind.PICTURE: 2,
    Kind.LIKE: 3,
    Kind.BOOST: 2,
    Kind.DELETE: 2,
}
_REKEYS = (
    ("keyring", "keyring"),
    ("keyring", "keyring"),
    ("keyring", "keyring"),
    ("keyring", "passphrase"),
    ("passphrase", "keyring"),
    ("passphrase", "passphrase"),
)
_TOWNS = ("bluesky", "mastodon")


@dataclass(frozen=True)
class Deed:
    """Something to leave the house; ``undone`` after it was queued, ``twice``: asked for twice."""

    kind: Kind
    token: str
    """A word that it has to itself."""
    where: float
    """From 0, the oldest of what it can be about, to 1, the newest."""
    undone: bool = False
    twice: bool = False

    @property
    def text(self) -> str:
        return f"{self.token} please try the blue button"


@dataclass(frozen=True)
class Plan:
    number: int
    town: str
    phase: Phase
    writes: tuple[tuple[str, str], ...]
    """Who writes what while the program works."""
    deeds: tuple[Deed, ...]
    decisions: tuple[tuple[str, float, str], ...]
    """``note`` or ``tag``, in which case, and the words."""
    undo_s: int
    kill_after_s: float
    cold: bool
    """The killed program is started by its command line, not forked."""
    way: Way
    """How the backup is made, where one is."""
    rekey: tuple[str, str]
    """What unlocks the workspace before and after a change of key: keyring or passphrase."""

    def __str__(self) -> str:
        cold = ", by the command line" if self.cold else ""
        deeds = " and ".join(deed.kind for deed in self.deeds) or "nothing sent"
        return (
            f"round {self.number} ({self.town}): {self.phase}, {len(self.writes)} messages, "
            f"{deeds}, killed after {self.kill_after_s * 1000:.0f} ms{cold}"
        )


def plan(seed: int, number: int, phases: tuple[Phase, ...] = tuple(Phase)) -> Plan:
    """The round of that number."""
    chance = Random(f"{seed}/{number}")
    phase = chance.choices(phases, [_WEIGHTS[one] for one in phases])[0]
    town = _TOWNS[number % len(_TOWNS)]
    cold = phase in _MAY_BE_COLD and chance.random() < 0.2
    most_writes = 5 if phase is Phase.PULLING else 2
    rekey = chance.choice(_REKEYS)
    stretches = phase is Phase.REKEYING and "passphrase" in rekey
    latest = (
        _LATEST_KILL_S[phase]
        + (_COLD_START_S if cold else 0.0)
        + (_STRETCHING_S if stretches else 0.0)
    )
    return Plan(
        number=number,
        town=town,
        phase=phase,
        writes=tuple(
            (chance.choice(CUSTOMERS), f"m{number}n{at} why does it drip?")
            for at in range(chance.randint(1, most_writes))
        ),
        deeds=tuple(
            _deed(chance, town, f"c{number}n{at}", may_be_undone=phase is Phase.UNDO_WINDOW)
            for at in range(chance.randint(1, 4) if phase in _SENDS else chance.randint(0, 1))
        ),
        decisions=tuple(
            (chance.choice(("note", "tag")), chance.random(), f"d{number}n{at}")
            for at in range(chance.randint(0, 3))
        ),
        undo_s=_UNDO_S.get(phase, 0),
        kill_after_s=chance.uniform(0.0, latest),
        cold=cold,
        way=chance.choice(tuple(Way)),
        rekey=rekey,
    )


def _deed(chance: Random, town: str, token: str, *, may_be_undone: bool) -> Deed:
    kind = chance.choices(tuple(_KINDS), tuple(_KINDS.values()))[0]
    undone = chance.random() < 0.4 and may_be_undone
    twice = chance.random() < 0.3 and kind in (Kind.LIKE, Kind.BOOST) and not undone
    if kind is Kind.DIRECT and town != "mastodon":
        kind = Kind.REPLY
    return Deed(kind, token, chance.random(), undone, twice)
