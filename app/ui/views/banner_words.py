"""What the strip above the work says of the connection: since when, what waits, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.domain.records import dataclass
from app.ui.theme import formats

if TYPE_CHECKING:  # for the types alone: the database comes with them
    from app.services.syncing import Connection, Down


@dataclass(frozen=True, slots=True)
class BannerWords:
    """``head`` is the sentence that matters, ``rest`` what follows from it."""

    head: str
    rest: str

    def __str__(self) -> str:
        return f"{self.head} {self.rest}"


def banner_words(connection: Connection, now_ms: int) -> BannerWords | None:
    """None while every account is reached."""
    down = connection.down
    between = next((one for one in down if one.in_between), None)
    waiting = _waiting(connection.waiting)
    if not connection.online:
        since = formats.list_time(connection.since_ms, now_ms)
        if between is not None:
            todo = f"Since {since}. Sign in to the network, then Try now. {waiting}"
            return BannerWords(between.words, todo.rstrip())
        kept = waiting.removesuffix(".") or "Replies wait in the outbox"
        leaves = "goes out by itself" if connection.waiting == 1 else "go out in order"
        return BannerWords(f"Offline since {since}.", f"Keep working. {kept} and {leaves}.")
    if not down:
        return None
    todo = "Sign in to the network, then Try now. " if between is not None else ""
    if len(down) == 1:
        waits = f"{_since(down[0], now_ms, 'waits ')}, the other accounts go on."
        return BannerWords(down[0].words, f"{todo}{waits} {waiting}".rstrip())
    named = _listed([_since(one, now_ms) for one in down])
    head = f"{len(down)} accounts are out of reach."
    return BannerWords(head, f"{todo}{named}; the others go on. {waiting}".rstrip())


def next_try_words(next_try_ms: int | None, now_ms: int) -> str:
    """A count-down in seconds; "" when no try is to come."""
    if next_try_ms is None:
        return ""
    seconds = max(0, round((next_try_ms - now_ms) / 1000))
    return f"Next try in {seconds} s" if seconds else "Trying"


def _waiting(count: int) -> str:
    if count == 1:
        return "One reply waits in the outbox."
    return f"{count} replies wait in the outbox." if count else ""


def _since(down: Down, now_ms: int, verb: str = "") -> str:
    name = down.handle or "An account"
    return f"{name} {verb}since {formats.list_time(down.since_ms, now_ms)}"


def _listed(parts: Sequence[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
