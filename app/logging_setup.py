"""What the program says about itself: short lines on standard error, nothing of anybody’s words.

No log file is written. But standard error ends in a file often enough (the journal of a desktop,
a redirected cron job, a report someone posts), so what is written there holds no token, no text of
a message and no name. Messages of our own are written with that in mind; what comes along with
them is not: an exception quotes the value it stumbled over, SQLAlchemy the row, asyncio the task.
So of an exception only its type and its way through the code are told.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from typing import TextIO

from app.domain.errors import Rejected, SeamlineError

LEVEL_VARIABLE = "SEAMLINE_LOG"
"""``info`` or ``debug`` tell more of what the program does, and still nothing of what was said."""

_OURS = "app"
_MOST_FRAMES = 12
_ENDS = ".!?… "
_WHERE = re.compile(r" - at `([$\w.\[\]]*)`$")
_log = logging.getLogger(__name__)


def configure() -> None:
    """Set up logging and the hooks for what nobody catches; for the program, not for tests."""
    handler = _StandardError()
    handler.setFormatter(QuietFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    named = logging.getLevelNamesMapping().get(os.environ.get(LEVEL_VARIABLE, "").upper())
    logging.getLogger(_OURS).setLevel(named or logging.WARNING)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_on_a_thread
    sys.unraisablehook = _unraisable
    _die_quietly()


def _die_quietly() -> None:
    """A crash tells where it was, by files, lines and functions alone; no image of the memory, in
    which every key and every text stands, is written to the disk."""
    with suppress(AttributeError, OSError, RuntimeError, ValueError):  # there is no such stream
        faulthandler.enable(sys.stderr)
    try:
        import resource
    except ImportError:  # Windows writes none unless its registry says so
        return
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class QuietFormatter(logging.Formatter):
    """Formats our own messages; of other libraries’ the fixed words, of exceptions the type."""

    def format(self, record: logging.LogRecord) -> str:
        lines = [f"{self.formatTime(record)} {record.levelname} {record.name}: {_words(record)}"]
        if record.exc_info and record.exc_info[1] is not None:
            lines += _trace(record.exc_info[1])
        return "\n".join(map(_printable, lines))


def tell(error: BaseException) -> str:
    """An exception in words that hold nothing of what it was about."""
    if isinstance(error, Rejected) and error.reason:
        # A service’s own words may quote what it refuses.
        return str(error).replace(error.reason.rstrip(_ENDS), "…")
    if isinstance(error, SeamlineError):
        return str(error)
    name = type(error).__qualname__
    if type(error).__module__.partition(".")[0] == "msgspec":
        place = _WHERE.search(str(error))
        return f"{name} at {place[1]}" if place else name
    return name


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to what standard error is when something is said."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # the base has a plain attribute
        return sys.stderr


def _words(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] != _OURS:
        return str(record.msg).partition("\n")[0]
    args = record.args
    if isinstance(args, tuple):
        args = tuple(tell(arg) if isinstance(arg, BaseException) else arg for arg in args)
    return str(record.msg) % args if args else str(record.msg)


def _trace(error: BaseException) -> Iterator[str]:
    """The exception and what led to it, the innermost frames of each, without values or source."""
    seen: set[int] = set()
    step: BaseException | None = error
    while step is not None and id(step) not in seen:
        seen.add(id(step))
        yield f"  {'because of ' if len(seen) > 1 else ''}{tell(step)}"
        for frame, line in list(traceback.walk_tb(step.__traceback__))[-_MOST_FRAMES:]:
            module = frame.f_globals.get("__name__", "?")
            yield f"    {module}:{line} in {frame.f_code.co_qualname}"
        step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)


def _printable(line: str) -> str:
    """A line that cannot move a terminal’s cursor or pretend to be two."""
    return "".join(char if char.isprintable() else " " for char in line)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        _log.critical("Something broke that nobody foresaw", exc_info=(kind, error, trace))


def _uncaught_on_a_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _unraisable(args: sys.UnraisableHookArgs) -> None:
    if args.exc_value is not None:
        _log.error("Something broke while an object was cleared away", exc_info=args.exc_value)
