"""A workspace that is shown before it is open whole.

What the window asks first (who sits here, the queue, the counts, the accounts) is answered by a
first look; what it hands over besides waits until the workspace is open. Whatever else is asked for
meanwhile waits for that too, right there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from app.domain.clock import Clock, to_ms
from app.domain.departments import Agent, Department
from app.domain.errors import SeamlineError
from app.domain.records import dataclass
from app.domain.views import AccountView
from app.services.account_views import view_of
from app.services.futures import aside
from app.services.known import Known
from app.services.queues import Queues
from app.store import at_hand
from app.store.first_look import FirstLook
from app.store.quick_rows import Reads
from app.sync.connectivity import Connection

if TYPE_CHECKING:  # for the types alone: the database comes with them
    from pathlib import Path

    from app.services.services import Services
    from app.store.database import Listener, Workspace

T = TypeVar("T")

_CAN_WAIT = {
    "absences": {"return_due"},
    "cases": {"view", "wake_due"},
    "customers": {"card"},
    "directory": {"set_setting"},
    "journeys": {"of"},
    "noise": {"sweep"},
    "pictures": {"choices", "held"},
    "presence": {"leave", "replied", "tell", "took_back"},
    "queues": {"outbox"},
    "replies": {"composer", "draft"},
    "requests": {"needs_approval", "of_case"},
    "safekeeping": {"start"},
    "syncing": {"start"},
    "timelines": {"page"},
    "views": {"counts", "views"},
}
"""What a window asks for while it is set up, and can do without for half a second."""


class Whole(Protocol):
    """An open workspace, as the composition root makes it."""

    @property
    def services(self) -> Services: ...

    @property
    def workspace(self) -> Workspace: ...

    def close(self) -> None: ...


class Promised:
    """Stands for a workspace until it is open, and for the open one from then on.

    ``go_on`` opens it; ``arrive`` lets what waited happen, and belongs to the thread that asks.
    """

    def __init__(
        self, look: FirstLook, folder: Path, clock: Clock, open_whole: Callable[[], Whole]
    ) -> None:
        self._look = look
        self._open_whole = open_whole
        self._looking = ThreadPoolExecutor(1, "seamline-first-look")
        self._opening: Future[Whole] | None = None
        self._waiting: list[Callable[[Whole], None]] = []
        self.whole: Whole | None = None
        seen = self.read(_see).result()
        quick = _answers(self, seen, clock)
        self.services = cast("Services", _Services(self, quick, clock, folder, look))

    @property
    def workspace(self) -> Promised:
        return self

    def read(self, op: Callable[[Any], T]) -> Future[T]:
        """Of the first look, while that lasts."""
        return self._looking.submit(op, self._look)

    def on_commit(self, listener: Listener) -> Callable[[], None]:
        """As a workspace’s; nothing is committed before it is open."""
        return self.when_open(lambda whole: whole.workspace.on_commit(listener))

    def go_on(self) -> Future[Whole]:
        """Open it whole, on a thread of its own; once."""
        if self._opening is None:
            self._opening = aside(self._open_whole, "opening")
        return self._opening

    def arrive(self) -> Whole:
        """Wait until it is open; then what was handed over happens, in its order.

        Raises SeamlineError where it does not open.
        """
        if self.whole is None:
            self.whole = self.go_on().result()
            self._end_look()
            waiting, self._waiting = self._waiting, []
            for each in waiting:
                each(self.whole)
        return self.whole

    def when_open(self, begin: Callable[[Whole], Callable[[], None]]) -> Callable[[], None]:
        """Begin something once it is open; returns the way to stop it."""
        stops: list[Callable[[], None]] = []

        def stop() -> None:
            for each in stops:
                each()

        self.hand_over(lambda whole: stops.append(begin(whole)))
        return stop

    def hand_over(self, act: Callable[[Whole], None]) -> None:
        """Do this as soon as it is open."""
        if self.whole is not None:
            act(self.whole)
        else:
            self._waiting.append(act)

    def close(self) -> None:
        """What was handed over is done first; blocks until everything acknowledged is on disk."""
        with suppress(SeamlineError):  # it never was open
            self.arrive().close()
        self._end_look()

    def _end_look(self) -> None:
        self._looking.shutdown()
        self._look.close()


class _Services:
    """As ``Services``, as far as anybody can tell who asks."""

    def __init__(
        self, promised: Promised, quick: _Answers, clock: Clock, folder: Path, look: FirstLook
    ) -> None:
        self._promised = promised
        self._quick = quick
        self.clock = clock
        self.folder = folder
        self.unlocked_by = look.manifest.unlock

    def __getattr__(self, name: str) -> Any:
        service = _Service(self._promised, name, self._quick.get(name, {}))
        setattr(self, name, service)
        return service


class _Service:
    def __init__(self, promised: Promised, name: str, quick: Mapping[str, Callable[..., Any]]):
        self._promised = promised
        self._name = name
        self._quick = quick

    def __getattr__(self, asked: str) -> Any:
        if self._promised.whole is None and (asked in self._quick or self._can_wait(asked)):
            return partial(self._ask, asked)  # who keeps it is answered by the open one later
        return self._of(self._promised.arrive(), asked)

    def _ask(self, asked: str, *given: Any, **named: Any) -> Any:
        if self._promised.whole is not None:
            return self._of(self._promised.whole, asked)(*given, **named)
        if asked in self._quick:
            return self._quick[asked](*given, **named)
        answer: Future[Any] = Future()

        def ask(whole: Whole) -> None:
            found = self._of(whole, asked)(*given, **named)
            if isinstance(found, Future):
                found.add_done_callback(partial(_pass_on, answer))

        self._promised.hand_over(ask)
        return answer

    def _can_wait(self, asked: str) -> bool:
        return asked in _CAN_WAIT.get(self._name, ())

    def _of(self, whole: Whole, asked: str) -> Any:
        return getattr(getattr(whole.services, self._name), asked)


def _pass_on(answer: Future[Any], found: Future[Any]) -> None:
    if answer.set_running_or_notify_cancel():
        error = found.exception()
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(found.result())


_Answers = dict[str, dict[str, Callable[..., Any]]]


def _answers(promised: Promised, seen: Known, clock: Clock) -> _Answers:
    """What is answered before the workspace is open, by service and question."""
    queues = Queues(promised, seen, clock)
    since_ms = to_ms(clock.now())

    def accounts(conn: Reads) -> tuple[AccountView, ...]:
        return tuple(view_of(record, None) for record in at_hand.all_accounts(conn))

    def on_change(listener: Callable[[], None]) -> Callable[[], None]:
        return promised.when_open(lambda whole: whole.services.syncing.on_change(listener))

    def on_presence(listener: Callable[[], None]) -> Callable[[], None]:
        return promised.when_open(lambda whole: whole.services.presence.on_change(listener))

    return {
        "presence": {
            "others": lambda _case, _window: (),
            "replies": lambda _case, _window: frozenset(),
            "on_change": on_presence,
        },
        "queues": {"page": queues.page, "counts": queues.counts},
        "accounts": {"list": lambda: promised.read(accounts)},
        "directory": {name: getattr(seen, name) for name in vars(Known) if name[0] != "_"},
        "syncing": {"connection": lambda: Connection(True, since_ms), "on_change": on_change},
    }


@dataclass(frozen=True, slots=True)
class _Loaded:
    departments: tuple[Department, ...]
    agents: tuple[Agent, ...]
    values: Mapping[str, str]


class _Seen(Known):
    def __init__(self, loaded: _Loaded) -> None:
        self._loaded = loaded


def _see(conn: Reads) -> _Seen:
    return _Seen(_Loaded(at_hand.departments(conn), at_hand.agents(conn), at_hand.settings(conn)))
