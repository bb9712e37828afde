"""Which pairs of customers a threshold of matching would take for one person today.

Names and handles alone never make as sure as a threshold can be set; so only those are looked at of
whom more is known, and only so many of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from app.domain.ids import CustomerId
from app.domain.records import dataclass
from app.domain.right_of_way import give_way
from app.store.database import Connection, Workspace
from app.store.joining import was_parted
from app.store.matching import Match, matches
from app.store.sure_pairs import telling

LEAST = 0.9
"""The lowest threshold that is offered."""
MOST = 5_000
_PAGE = 50
_OTHERS = 10


@dataclass(frozen=True, slots=True)
class SurePairs:
    """``pairs`` that reach ``LEAST``, the surest first, without those a person has separated; of so
    many customers, ``whole`` where these are all that can have one."""

    pairs: tuple[Match, ...]
    customers: int
    whole: bool

    def from_(self, threshold: float) -> tuple[Match, ...]:
        """Those as sure as that."""
        return tuple(pair for pair in self.pairs if pair.suggestion.score >= threshold)

    def told(self, threshold: float) -> str:
        """“3 pairs of customers are as sure today.”"""
        count = len(self.from_(threshold))
        pairs = "1 pair of customers is" if count == 1 else f"{count:,} pairs of customers are"
        among = "" if self.whole else f" among the first {self.customers:,} looked at"
        return f"{pairs} as sure today{among}."


def sure_pairs(workspace: Workspace) -> SurePairs:
    """Blocks; a page at a time, so that whoever else reads comes in between."""
    seen: set[CustomerId] = set()
    pairs: dict[tuple[CustomerId, CustomerId], Match] = {}
    after = -1
    while len(seen) < MOST:
        page = workspace.read(partial(telling, after=after, limit=_PAGE)).result()
        fresh = [customer for _, customer in page if customer not in seen]
        seen.update(fresh)
        pairs |= workspace.read(partial(_pairs, customers=fresh)).result()
        if len(page) < _PAGE:
            return SurePairs(_surest_first(pairs.values()), len(seen), whole=True)
        after = page[-1][0]
    return SurePairs(_surest_first(pairs.values()), len(seen), whole=False)


def _surest_first(pairs: Iterable[Match]) -> tuple[Match, ...]:
    return tuple(sorted(pairs, key=lambda pair: -pair.suggestion.score))


def _pairs(
    conn: Connection, customers: list[CustomerId]
) -> dict[tuple[CustomerId, CustomerId], Match]:
    found: dict[tuple[CustomerId, CustomerId], Match] = {}
    for customer in dict.fromkeys(customers):
        give_way()
        for match in matches(conn, customer, most=_OTHERS):
            other = match.other.customer
            if match.suggestion.score >= LEAST and not was_parted(conn, customer, other):
                found[min(customer, other), max(customer, other)] = match
    return found
