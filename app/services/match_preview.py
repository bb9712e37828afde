"""How many pairs of customers a threshold of matching would take for one person today.

Names and handles alone never make as sure as a threshold can be set; so only those are looked at of
whom more is known, and only so many of them.
"""

from __future__ import annotations

from functools import partial

from app.domain.ids import CustomerId
from app.domain.records import dataclass
from app.domain.right_of_way import give_way
from app.store.database import Connection, Workspace
from app.store.matching import matches
from app.store.sure_pairs import telling

LEAST = 0.9
"""The lowest threshold that is offered."""
MOST = 5_000
_PAGE = 50
_OTHERS = 10


@dataclass(frozen=True, slots=True)
class SurePairs:
    """``scores`` of the pairs that reach ``LEAST``; of so many customers, ``whole`` where these
    are all that can have one."""

    scores: tuple[float, ...]
    customers: int
    whole: bool

    def told(self, threshold: float) -> str:
        """“3 pairs of customers are as sure today.”"""
        count = sum(score >= threshold for score in self.scores)
        pairs = "1 pair of customers is" if count == 1 else f"{count:,} pairs of customers are"
        among = "" if self.whole else f" among the first {self.customers:,} looked at"
        return f"{pairs} as sure today{among}."


def sure_pairs(workspace: Workspace) -> SurePairs:
    """Blocks; a page at a time, so that whoever else reads comes in between."""
    seen: set[CustomerId] = set()
    pairs: dict[tuple[CustomerId, CustomerId], float] = {}
    after = -1
    while len(seen) < MOST:
        page = workspace.read(partial(telling, after=after, limit=_PAGE)).result()
        fresh = [customer for _, customer in page if customer not in seen]
        seen.update(fresh)
        pairs |= workspace.read(partial(_pairs, customers=fresh)).result()
        if len(page) < _PAGE:
            return SurePairs(tuple(pairs.values()), len(seen), whole=True)
        after = page[-1][0]
    return SurePairs(tuple(pairs.values()), len(seen), whole=False)


def _pairs(
    conn: Connection, customers: list[CustomerId]
) -> dict[tuple[CustomerId, CustomerId], float]:
    found: dict[tuple[CustomerId, CustomerId], float] = {}
    for customer in dict.fromkeys(customers):
        give_way()
        for match in matches(conn, customer, most=_OTHERS):
            if match.suggestion.score >= LEAST:
                other = match.other.customer
                found[min(customer, other), max(customer, other)] = match.suggestion.score
    return found
