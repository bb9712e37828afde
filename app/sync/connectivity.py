"""Whether there is a network, told from how the accounts fare; nothing is pinged for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from app.domain.clock import Clock, to_ms
from app.domain.errors import ConnectorError, SeamlineError, Unreachable
from app.domain.ids import AccountId
from app.domain.records import dataclass


@dataclass(frozen=True, slots=True)
class Down:
    """An account that is not reached. Times are milliseconds since 1970.

    ``words``        one sentence of what stands in the way, naming the server.
    ``in_between``   something on the way answers in the server's place.
    ``next_try_ms``  when it is tried next; None while it is being tried.
    """

    account: AccountId
    handle: str
    words: str
    since_ms: int
    in_between: bool = False
    next_try_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """Times are milliseconds since 1970.

    ``online``       whether any account is reached.
    ``since_ms``     when it became so.
    ``waiting``      messages in the outbox that wait to leave.
    ``next_try_ms``  when the next account that is down is tried, None when none is.
    ``down``         the accounts that are not reached, the first that went first.
    """

    online: bool
    since_ms: int
    waiting: int = 0
    next_try_ms: int | None = None
    down: tuple[Down, ...] = ()


class Connectivity:
    """Online when any account's last attempt was answered, or none has failed as unreachable.

    A refusal is an answer too: whoever refuses has been reached. What something on the way says in
    the service's place is none.
    """

    def __init__(self, clock: Clock, changed: Callable[[], None]) -> None:
        self._clock = clock
        self._changed = changed
        self._answered: set[AccountId] = set()
        self._down: dict[AccountId, Down] = {}
        self._online = True
        self._since_ms = to_ms(clock.now())

    @property
    def online(self) -> bool:
        return self._online

    def heard(self, account: AccountId, error: SeamlineError | None, handle: str = "") -> bool:
        """How an attempt went; True when the account is reached again after it was not."""
        before = self._down.get(account)
        if is_no_answer(error):
            self._answered.discard(account)
            self._down[account] = self._now_down(account, error, handle, before)
        else:
            self._answered.add(account)
            self._down.pop(account, None)
        self._judge(changed=self._down.get(account) != before)
        return before is not None and account in self._answered

    def tries_again(self, account: AccountId, at: datetime) -> None:
        """When an account that was not reached is tried next."""
        down = self._down.get(account)
        if down is not None:
            self._down[account] = replace(down, next_try_ms=to_ms(at))
            self._changed()

    def forget(self, account: AccountId) -> None:
        """The account was removed, or is not tried any more."""
        self._answered.discard(account)
        self._judge(changed=self._down.pop(account, None) is not None)

    def connection(self, waiting: int) -> Connection:
        down = tuple(self._down.values())  # one step: other threads ask, too
        nearest = min(
            (one.next_try_ms for one in down if one.next_try_ms is not None), default=None
        )
        return Connection(self._online, self._since_ms, waiting, nearest, down)

    def _now_down(
        self, account: AccountId, error: SeamlineError | None, handle: str, before: Down | None
    ) -> Down:
        return Down(
            account,
            handle,
            "" if error is None else error.message,
            to_ms(self._clock.now()) if before is None else before.since_ms,
            isinstance(error, ConnectorError) and error.in_between,
            None if before is None else before.next_try_ms,
        )

    def _judge(self, *, changed: bool) -> None:
        online = bool(self._answered) or not self._down
        if online is not self._online:
            self._online = online
            self._since_ms = to_ms(self._clock.now())
            changed = True
        if changed:
            self._changed()


def is_no_answer(error: SeamlineError | None) -> bool:
    """Whether an attempt that ended like this has not been answered by the service."""
    if isinstance(error, Unreachable):
        return True
    return isinstance(error, ConnectorError) and error.in_between
