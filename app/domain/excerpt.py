"""What of a timeline is shown: some strands, one channel, one case."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from app.domain.ids import CaseId
from app.domain.interactions import Channel, Side
from app.domain.records import dataclass


class Strand(StrEnum):
    """What a record of a timeline belongs to. ``INTERNAL`` is what only we see: notes, seams and
    decisions; what was between the brand and a customer is on one of the two sides. A reply on its
    way is on that of service, one that is kept there too."""

    MARKETING = "marketing"
    SERVICE = "service"
    INTERNAL = "internal"


_OF_SIDES = {Side.MARKETING: Strand.MARKETING, Side.SERVICE: Strand.SERVICE}


@dataclass(frozen=True, slots=True)
class Excerpt:
    """All of its conditions hold; what is empty asks for nothing.

    ``strands``  any of them.
    ``channel``  of the identity it was with; what was logged by hand was on none.
    ``case``     what was said in its conversation, and decided about it.
    """

    strands: tuple[Strand, ...] = ()
    channel: Channel | None = None
    case: CaseId | None = None

    def __bool__(self) -> bool:
        return self != WHOLE

    def shows(self, strand: Strand) -> bool:
        return not self.strands or strand in self.strands

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides whose interactions it shows."""
        return tuple(side for side, strand in _OF_SIDES.items() if self.shows(strand))

    def with_strand(self, strand: Strand) -> Excerpt:
        """Ask for this strand too, or no more; all of them are no condition."""
        wanted = {*self.strands} ^ {strand}
        every = len(wanted) == len(Strand)
        return replace(self, strands=() if every else tuple(s for s in Strand if s in wanted))

    def with_channel(self, channel: Channel) -> Excerpt:
        """Ask for this channel alone, or for any again."""
        return replace(self, channel=None if channel is self.channel else channel)

    def with_case(self, case: CaseId) -> Excerpt:
        """Ask for this case alone, or for any again."""
        return replace(self, case=None if case == self.case else case)

    def hides(self, strand: Strand, case: CaseId) -> bool:
        """Whether what is on a strand of a case may be left out; another channel might hide it."""
        other = self.channel is not None or self.case not in (None, case)
        return other or not self.shows(strand)


WHOLE = Excerpt()
