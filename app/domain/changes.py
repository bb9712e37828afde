"""What a committed transaction changed, announced once after the commit."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from app.domain.ids import AccountId, CaseId, CustomerId, IdentityId, OutboxId
from app.domain.records import dataclass


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Views look here whether they show anything that changed, and refresh only that."""

    cases: AbstractSet[CaseId] = frozenset()
    identities: AbstractSet[IdentityId] = frozenset()
    customers: AbstractSet[CustomerId] = frozenset()
    accounts: AbstractSet[AccountId] = frozenset()
    outbox: AbstractSet[OutboxId] = frozenset()
    interactions: int = 0
    settings: bool = False
    """Agents, templates, or what the workspace has settled for itself."""

    def __bool__(self) -> bool:
        return bool(
            self.cases
            or self.identities
            or self.customers
            or self.accounts
            or self.outbox
            or self.interactions
            or self.settings
        )
