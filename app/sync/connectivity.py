"""Whether there is a network, told from how the accounts fare; nothing is pinged for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.domain.clock import Clock, to_ms
from app.domain.errors import SeamlineError, Unreachable
from app.domain.ids import AccountId


@dataclass(frozen=True, slots=True)
class Connection:
    """Times are milliseconds since 1970.

    ``since_ms``     when it became so.
    ``waiting``      messages in the outbox that wait to leave.
    ``next_try_ms``  when the next account is tried, None while online.
    """

    online: bool
    since_ms: int
    waiting: int = 0
    next_try_ms: int | None = None


class Connectivity:
    """Online when any account's last attempt was answered, or none has failed as unreachable.

    A refusal is an answer too: whoever refuses has been reached.
    """

    def __init__(self, clock: Clock, changed: Callable[[], None]) -> None:
        self._clock = clock
        self._changed = changed
        self._answered: dict[AccountId, bool] = {}
        self._next: dict[AccountId, datetime] = {}
        self._online = True
        self._since_ms = to_ms(clock.now())

    @property
    def online(self) -> bool:
        return self._online

    def heard(self, account: AccountId, error: SeamlineError | None) -> bool:
        """How an attempt went; True when the account is reached again after it was not."""
        answered = not isinstance(error, Unreachable)
        back = answered and self._answered.get(account) is False
        self._answered[account] = answered
        if answered:
            self._next.pop(account, None)
        self._judge()
        return back

    def tries_again(self, account: AccountId, at: datetime) -> None:
        """When an account that was not reached is tried next."""
        self._next[account] = at
        self._changed()

    def forget(self, account: AccountId) -> None:
        """The account was removed, or is not tried any more."""
        self._answered.pop(account, None)
        self._next.pop(account, None)
        self._judge()

    def connection(self, waiting: int) -> Connection:
        nearest = min(tuple(self._next.values()), default=None)
        return Connection(
            online=self._online,
            since_ms=self._since_ms,
            waiting=waiting,
            next_try_ms=None if self._online or nearest is None else to_ms(nearest),
        )

    def _judge(self) -> None:
        online = any(self._answered.values()) or not self._answered
        if online is not self._online:
            self._online = online
            self._since_ms = to_ms(self._clock.now())
            self._changed()
