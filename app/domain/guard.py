"""When promotions have to wait for a customer, and why."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from app.domain.errors import BadInput
from app.domain.ids import CaseId, case_ref
from app.domain.promotions import Promotion, Sign
from app.domain.records import dataclass

COMPLAINT = "complaint"
"""The tag that says so; cases that carry it hold promotions back in whatever queue they are."""


class Standing(StrEnum):
    """What was settled about promotion with a customer, the strictest last. Stored by value."""

    WELCOME = "welcome"
    """As it comes: welcome unless a case is open."""
    ON_HOLD = "on_hold"
    OPTED_OUT = "opted_out"


@dataclass(frozen=True, slots=True)
class Hold:
    """Promotions wait. ``standing``: what was settled, WELCOME where only a case is open.

    ``reason``: what was said when it was settled, "" where nothing was; ``case``: the open one.
    """

    standing: Standing
    reason: str = ""
    case: CaseId | None = None

    @property
    def why(self) -> str:
        """The rest of “… has to wait: ”."""
        match self.standing:
            case Standing.OPTED_OUT:
                return "this customer has opted out of promotions"
            case Standing.ON_HOLD:
                said = f", {self.reason}" if self.reason else ""
                return f"promotions are on hold for this customer{said}"
            case _:
                return f"case #{case_ref(self.case)} is open" if self.case is not None else ""


def hold_of(settled: Iterable[tuple[Standing, str]], cases: Iterable[CaseId]) -> Hold | None:
    """Why promotions wait; None where they are welcome.

    ``settled``: the standing of each identity of the customer, with its reason; the strictest
    holds. ``cases``: the open ones that hold them back, the most telling first.
    """
    strictness = list(Standing)
    standing, reason = max(
        settled, key=lambda one: strictness.index(one[0]), default=(Standing.WELCOME, "")
    )
    case = next(iter(cases), None)
    if standing is Standing.WELCOME and case is None:
        return None
    return Hold(standing, reason, case)


class PromotionHeld(BadInput):
    """A reply promotes where promotions wait. ``found``: the places; ``hold``: why."""

    def __init__(self, found: tuple[Promotion, ...], hold: Hold) -> None:
        super().__init__(
            f"{named(found)} has to wait: {hold.why}.",
            hint="Take it out, or give a reason to send it anyway.",
        )
        self.found = found
        self.hold = hold


def named(found: Iterable[Promotion]) -> str:
    """What promotes, in a word or two: a coupon by its code, the rest by kind."""
    first = {place.sign: place for place in reversed(list(found))}
    if Sign.COUPON in first:
        return first[Sign.COUPON].words.upper()
    if Sign.PRICE_OFF in first:
        return f"“{first[Sign.PRICE_OFF].words}”"
    return "The tracked link" if Sign.TRACKED_LINK in first else "This promotion"
