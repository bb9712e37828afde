"""What a command runs with: its arguments, the services, and where its words go."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from app.cli.text import table, terminal_width
from app.domain.clock import to_ms
from app.domain.errors import SeamlineError

if TYPE_CHECKING:
    from app.services.services import Services

T = TypeVar("T")

_POLL_S = 0.5

Opener = Callable[[Path | None, bool], "AbstractContextManager[Services]"]
"""Opens the workspace in a folder (None: the platform’s) for as long as the context lasts; the
second value asks for the sample workspace instead of an empty one."""


class WrongUse(SeamlineError):
    """The command line itself is wrong; the program ends with status 2."""


class Session:
    """One run of one command; the workspace is opened when it is first needed."""

    def __init__(self, args: Namespace, open_services: Opener) -> None:
        self.args = args
        self._open = open_services
        self._closing = ExitStack()
        self._services: Services | None = None

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
        return self._services or self.open()

    def open(self, *, sample: bool = False) -> Services:
        """Open the workspace, or the sample one."""
        opened = self._open(self.args.workspace, sample)
        self._services = self._closing.enter_context(opened)
        return self._services

    @property
    def now_ms(self) -> int:
        return to_ms(self.services.clock.now())

    @property
    def wants_json(self) -> bool:
        return bool(self.args.json)

    def say(self, *lines: str) -> None:
        """Lines for a person; with ``--json`` they would be in the way and are not printed."""
        if not self.wants_json:
            print(*lines, sep="\n")

    def give(self, value: Any) -> None:
        """The answer for a program; only with ``--json``."""
        if self.wants_json:
            print(json.dumps(value, ensure_ascii=False, indent=1))

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
