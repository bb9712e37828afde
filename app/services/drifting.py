"""Accounts whose work is done by another department than the one that owns them.

A hint, no rule: whoever settles the accounts may follow it, or let it rest for a month.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from app.domain.clock import Clock, to_ms
from app.domain.ids import AccountId, DepartmentId
from app.services.directory import Directory
from app.store import accounts
from app.store.database import Connection, Workspace
from app.store.drift import taken_since

DAYS = 30
LEAST_SHARE = 0.6
LEAST_CASES = 20
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Drift:
    """``department`` has ``share`` (0 to 1) of the ``cases`` that the account brought in a month,
    and ``owner`` owns it."""

    account: AccountId
    owner: DepartmentId
    department: DepartmentId
    share: float
    cases: int


class Drifting:
    def __init__(self, workspace: Workspace, directory: Directory, clock: Clock) -> None:
        self._workspace = workspace
        self._directory = directory
        self._clock = clock

    def found(self) -> Future[dict[AccountId, Drift]]:
        """The accounts that most work of the last 30 days went past, and that nobody let rest."""
        now_ms = to_ms(self._clock.now())

        def look(conn: Connection) -> dict[AccountId, Drift]:
            taken = taken_since(conn, now_ms - DAYS * _DAY_MS)
            drifts = (
                _drift(record.id, record.owner, taken.get(record.id, {}))
                for record in accounts.all_accounts(conn)
                if not self._rests(record.id, now_ms)
            )
            return {drift.account: drift for drift in drifts if drift is not None}

        return self._workspace.read(look)

    def let_rest(self, account: AccountId) -> Future[None]:
        """Say nothing of this account for a month."""
        until = to_ms(self._clock.now()) + DAYS * _DAY_MS
        return self._directory.set_setting(_setting(account), str(until))

    def _rests(self, account: AccountId, now_ms: int) -> bool:
        until = self._directory.setting(_setting(account), "0")
        return until.isdecimal() and now_ms < int(until)


def _drift(account: AccountId, owner: DepartmentId, taken: dict[DepartmentId, int]) -> Drift | None:
    cases = sum(taken.values())
    if cases < LEAST_CASES:
        return None
    department = max(taken, key=lambda one: (taken[one], one))
    share = taken[department] / cases
    if department == owner or share < LEAST_SHARE:
        return None
    return Drift(account, owner, department, share, cases)


def _setting(account: AccountId) -> str:
    return f"drift_rests_{account}"
