"""Collects what a transaction changes."""

from __future__ import annotations

from dataclasses import field

from app.domain.changes import ChangeSet
from app.domain.ids import AccountId, CaseId, CustomerId, IdentityId, OutboxId
from app.domain.records import dataclass


@dataclass(slots=True)
class Changes:
    """Mutable while a transaction runs; frozen when it is announced."""

    cases: set[CaseId] = field(default_factory=set)
    identities: set[IdentityId] = field(default_factory=set)
    customers: set[CustomerId] = field(default_factory=set)
    accounts: set[AccountId] = field(default_factory=set)
    outbox: set[OutboxId] = field(default_factory=set)
    interactions: int = 0
    settings: bool = False

    def frozen(self) -> ChangeSet:
        return ChangeSet(
            frozenset(self.cases),
            frozenset(self.identities),
            frozenset(self.customers),
            frozenset(self.accounts),
            frozenset(self.outbox),
            self.interactions,
            self.settings,
        )
