"""Campaigns: what marketing tells service of what it sends, before service answers about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from app.domain.errors import BadInput

LONGEST_NAME = 300
LONGEST_BRIEF = 2_000


@dataclass(frozen=True, slots=True)
class Campaign:
    """``name`` as its touches name it, ``brief`` what service should know before it answers,
    ``codes`` its coupons; the first and the last day, None where that is not known."""

    name: str
    brief: str = ""
    codes: tuple[str, ...] = ()
    starts: date | None = None
    ends: date | None = None

    def and_(self, other: Campaign) -> Campaign:
        """What both say together; the other’s brief, if it has one."""
        starts = [day for day in (self.starts, other.starts) if day is not None]
        ends = [day for day in (self.ends, other.ends) if day is not None]
        return Campaign(
            self.name,
            other.brief or self.brief,
            tuple(sorted({*self.codes, *other.codes})),
            min(starts, default=None),
            max(ends, default=None),
        )


def checked(campaign: Campaign) -> Campaign:
    """The campaign as it may be kept, each coupon once; blanks within its name stay, as its touches
    may name it so. Raises BadInput."""
    name = campaign.name.strip()
    if not name:
        raise BadInput("The campaign has no name.", hint="Name it as its mails and ads do.")
    if len(name) > LONGEST_NAME:
        raise BadInput(f"“{name[:20]}…” is too long a name.", hint=f"{LONGEST_NAME} letters fit.")
    brief = campaign.brief.strip()
    if len(brief) > LONGEST_BRIEF:
        raise BadInput(
            f"The brief of “{name}” is too long to be read before an answer.",
            hint=f"{LONGEST_BRIEF:,} letters fit.",
        )
    if campaign.starts and campaign.ends and campaign.ends < campaign.starts:
        raise BadInput(f"“{name}” ends before it starts.", hint="Change one of its days.")
    codes = tuple(dict.fromkeys(code.strip() for code in campaign.codes if code.strip()))
    if broken := next((code for code in codes if len(code.split()) > 1), None):
        raise BadInput(f"“{broken}” of “{name}” is no coupon.", hint="A coupon is one word.")
    return replace(campaign, name=name, brief=brief, codes=codes)


def holding(imported: Iterable[Campaign], decided: Iterable[Campaign]) -> tuple[Campaign, ...]:
    """All campaigns by name; what was decided of one holds, whatever came in."""
    told = {one.name: one for one in imported} | {one.name: one for one in decided}
    return tuple(told[name] for name in sorted(told))
