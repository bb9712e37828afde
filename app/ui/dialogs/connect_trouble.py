"""What is said when connecting an account did not work, and whether trying again may help."""

from __future__ import annotations

from app.domain.errors import ConnectorError, SeamlineError, Unreachable
from app.domain.records import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """``words`` for the agent; ``again``: nothing that was typed is at fault."""

    words: str
    again: bool


def trouble(error: SeamlineError, meanwhile: str = "") -> Trouble:
    """``meanwhile`` is what else can be done without a network, as a sentence."""
    again = isinstance(error, ConnectorError) and (error.retryable or error.in_between)
    if isinstance(error, Unreachable) and not error.in_between:
        # Its own hint promises a next try, but nobody tries to sign in without being asked.
        words = f"{error.message} Check the network, then try again: what you typed is kept."
    else:
        words = str(error)
    if meanwhile and _no_way_through(error):
        words = f"{words} {meanwhile}"
    return Trouble(words, again)


def _no_way_through(error: SeamlineError) -> bool:
    """Whether the service was not spoken to, whatever was made of that since."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, Unreachable) or (isinstance(seen, ConnectorError) and seen.in_between):
            return True
        seen = seen.__cause__
    return False
