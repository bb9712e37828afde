"""The customers of the sample and their handles."""

from __future__ import annotations

from datetime import UTC, datetime

from app.domain.ids import IdentityId, identity_id
from app.domain.interactions import Channel, IdentityFact
from app.domain.records import dataclass
from app.services.sample.natives import identity_native
from app.services.sample.texts import load

_SPACED = frozenset({Channel.FACEBOOK, Channel.LINKEDIN, Channel.YOUTUBE})
_INFLUENTIAL = 10_000


@dataclass(frozen=True, slots=True)
class Person:
    """A customer. ``apart`` are identities that nobody has joined to the others."""

    key: str
    name: str
    languages: tuple[str, ...]
    since: datetime
    takes_mail: bool
    owns: str
    identities: tuple[IdentityFact, ...]
    apart: tuple[IdentityFact, ...]

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    @property
    def founder(self) -> IdentityId:
        """The identity whose customer the others are joined to."""
        return numbered(self.identities[0])

    def on(self, channel: Channel) -> IdentityFact | None:
        """Their identity on a channel, joined or not."""
        for fact in (*self.identities, *self.apart):
            if fact.channel is channel:
                return fact
        return None

    def influential_on(self, channel: Channel) -> bool:
        fact = self.on(channel)
        return fact is not None and (fact.followers or 0) > _INFLUENTIAL


def numbered(fact: IdentityFact) -> IdentityId:
    return identity_id(fact.channel, fact.native_id)


def read_identity(line: str, name: str) -> IdentityFact:
    """An identity written as "channel handle followers"."""
    channel_name, handle, followers = line.split()
    channel = Channel(channel_name)
    if channel in _SPACED:
        handle = handle.replace("_", " ")
    return IdentityFact(
        channel=channel,
        native_id=identity_native(channel, handle),
        handle=handle,
        display_name=name,
        followers=int(followers) or None,
    )


def people() -> tuple[Person, ...]:
    return tuple(
        Person(
            key=entry["key"],
            name=entry["name"],
            languages=tuple(entry["lang"]),
            since=datetime.strptime(entry["since"], "%Y-%m").replace(day=20, hour=8, tzinfo=UTC),
            takes_mail=entry["mail"],
            owns=entry["owns"],
            identities=tuple(read_identity(line, entry["name"]) for line in entry["ids"]),
            apart=tuple(read_identity(line, entry["name"]) for line in entry.get("apart", ())),
        )
        for entry in load("people")["person"]
    )


def strangers() -> dict[Channel, list[IdentityFact]]:
    """People who stand in the threads of others, by channel."""
    found: dict[Channel, list[IdentityFact]] = {}
    for line in load("people")["stranger"]:
        channel, handle, *name = line.split()
        fact = read_identity(f"{channel} {handle} 0", " ".join(name))
        found.setdefault(fact.channel, []).append(fact)
    return found
