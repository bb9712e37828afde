"""What of a queue is wanted: the conditions an agent sets, all of which have to hold."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from app.domain.ids import DepartmentId
from app.domain.interactions import Channel, Side
from app.domain.records import dataclass

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Conditions on the cases of a queue; what is empty asks for nothing.

    ``channels``     any of them.
    ``tags``         every one of them.
    ``departments``  held by any of them.
    ``draft``        something is written and not sent.
    ``failed``       a reply failed, or needs a decision.
    ``reach``        the customer has at least so many followers here.
    ``language``     of the latest message, as the service tells it: "de" takes "de-AT" too.
    ``words``        what was said in it, as a search is typed.
    ``since``        it was said, or what was said last, no earlier; as in ``bounds.Bounds``.
    ``side``         it was said on this side, or anything was.
    """

    channels: tuple[Channel, ...] = ()
    tags: tuple[str, ...] = ()
    departments: tuple[DepartmentId, ...] = ()
    draft: bool = False
    failed: bool = False
    reach: int = 0
    language: str = ""
    words: str = ""
    since: str = ""
    side: Side | None = None

    def __bool__(self) -> bool:
        return self != EVERYTHING

    def with_channel(self, channel: Channel) -> Narrowing:
        """Ask for this channel too, or no more."""
        return replace(self, channels=_toggled(self.channels, channel))

    def with_tag(self, tag: str) -> Narrowing:
        return replace(self, tags=_toggled(self.tags, tag))

    def with_department(self, department: DepartmentId) -> Narrowing:
        return replace(self, departments=_toggled(self.departments, department))


def _toggled(held: tuple[T, ...], value: T) -> tuple[T, ...]:
    rest = tuple(one for one in held if one != value)
    return rest if len(rest) < len(held) else (*held, value)


EVERYTHING = Narrowing()
