"""What a command runs with: its arguments, the services, and where its words go."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, ExitStack
from enum import Enum, auto
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from app.cli.text import json_text, table, tame, terminal_width
from app.domain.clock import to_ms
from app.domain.errors import SeamlineError
from app.domain.records import dataclass

if TYPE_CHECKING:
    from app.services.services import Services

T = TypeVar("T")

_POLL_S = 0.5


@dataclass(frozen=True, slots=True)
class Opened:
    """An open workspace: its services, and the folder it is in."""

    services: Services
    folder: Path


class Wanted(Enum):
    """Which workspace a command works on."""

    EXISTING = auto()
    """One that is there: a mistyped folder must not become an empty workspace."""
    OWN = auto()
    """One that is there, or a new one."""
    SAMPLE = auto()
    """The made-up one, written where it is not there yet."""


Opener = Callable[[Path | None, Wanted], AbstractContextManager[Opened]]
"""Opens the workspace in a folder (None: the usual one) for as long as the context lasts."""


class WrongUse(SeamlineError):
    """The command line itself is wrong; the program ends with status 2."""


class Session:
    """One run of one command; the workspace is opened when it is first needed."""

    def __init__(self, args: Namespace, open_services: Opener) -> None:
        self.args = args
        self._open = open_services
        self._closing = ExitStack()
        self._opened: Opened | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.__exit__(kind, error, trace)

    @property
    def services(self) -> Services:
        """Raises WorkspaceError when the workspace cannot be opened."""
        return (self._opened or self.open()).services

    def open(self, wanted: Wanted = Wanted.EXISTING) -> Opened:
        """Open the workspace; for those who want another than an existing one."""
        self._opened = self._closing.enter_context(self._open(self.args.workspace, wanted))
        return self._opened

    @property
    def now_ms(self) -> int:
        return to_ms(self.services.clock.now())

    @property
    def wants_json(self) -> bool:
        return bool(self.args.json)

    def say(self, *lines: str) -> None:
        """Lines for a person; with ``--json`` they would be in the way and are not printed.

        Whatever they quote, the terminal is not made to obey it.
        """
        if not self.wants_json:
            print(*map(tame, lines), sep="\n")

    def give(self, value: Any) -> None:
        """The answer for a program; only with ``--json``."""
        if self.wants_json:
            print(json_text(value, indent=1))

    def show_table(self, rows: Iterable[Sequence[str]], heads: Sequence[str], empty: str) -> None:
        rows = list(rows)
        if rows:
            self.say(*table(rows, heads, width=terminal_width()))
        else:
            self.say(empty)


def wait(future: Future[T]) -> T:
    """The result of a future; ^C ends the waiting on every system and cancels it."""
    try:
        while True:
            try:
                return future.result(timeout=_POLL_S)
            except TimeoutError:
                if future.done():
                    raise
    except KeyboardInterrupt:
        future.cancel()
        raise


def read_secret(what: str) -> str:
    """One line of standard input; the terminal does not show it. Raises WrongUse when empty."""
    if sys.stdin.isatty():
        import getpass

        secret = getpass.getpass(f"{what}: ")
    else:
        secret = sys.stdin.readline()
    secret = secret.strip()
    if not secret:
        raise WrongUse(
            f"No {what} came on standard input.", hint="Pipe it in, or type it when asked."
        )
    return secret
