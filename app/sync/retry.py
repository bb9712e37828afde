"""When to try again: pure, so that every rule of waiting can be read and tested in one place."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain.errors import RateLimited, SeamlineError, Unreachable
from app.domain.records import dataclass

_JITTER_AFTER_REST_S = 2.0
_DOUBLINGS_MAX = 30  # beyond this the cap has long been reached, and floats stay small


@dataclass(frozen=True, slots=True)
class BackOff:
    """Exponential back-off with jitter. ``first_s`` and ``cap_s`` are seconds.

    Half of each delay is certain, half is random: many laptops that lost the same server do not
    come back in one wave, and yet none hammers it. Source: M. Brooker, "Exponential Backoff And
    Jitter", AWS Architecture Blog 2015 ("equal jitter").
    """

    first_s: float
    cap_s: float

    def delay(self, failures: int, spread: float) -> float:
        """Seconds to wait after that many failures in a row (1 or more).

        ``spread`` is a random number from 0 to 1.
        """
        doublings = min(max(failures, 1) - 1, _DOUBLINGS_MAX)
        full = min(self.cap_s, self.first_s * 2.0**doublings)
        return full * (1.0 + spread) / 2.0

    def next_try(
        self, now: datetime, failures: int, spread: float, error: Exception | None = None
    ) -> datetime:
        """The moment of the next try; never before the rest that a service asked for is over."""
        if isinstance(error, RateLimited):
            rested = max(error.retry_at, now + timedelta(seconds=1))
            return rested + timedelta(seconds=spread * _JITTER_AFTER_REST_S)
        return now + timedelta(seconds=self.delay(failures, spread))


PULLING = BackOff(first_s=4.0, cap_s=60.0)
"""No network is common and ends suddenly: a minute is the longest anybody waits for it."""

BROKEN = BackOff(first_s=60.0, cap_s=900.0)
"""A service that does not keep its contract is asked again slowly."""

FOLLOWING = BackOff(first_s=1.0, cap_s=120.0)
"""A live connection that breaks; polling goes on meanwhile."""

SENDING = BackOff(first_s=4.0, cap_s=300.0)
"""Messages that provably did not arrive. They are hurried when the network returns."""

LOOKING_UP = BackOff(first_s=3.0, cap_s=600.0)
"""Messages that may have arrived. The first look waits for the service to have settled."""


def pulling_after(error: SeamlineError) -> BackOff:
    """How patiently an account is tried again that failed like this."""
    return PULLING if isinstance(error, Unreachable | RateLimited) else BROKEN
