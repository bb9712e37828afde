"""``sync``: pull what is new and deliver what waits, once or until told to stop."""

from __future__ import annotations

import queue
import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING

from app.cli import shapes
from app.cli.commands.adding import Add
from app.cli.session import Session, WrongUse, wait
from app.cli.text import clean, json_text, plural
from app.cli.when import parse_since
from app.domain.errors import BadInput, SeamlineError
from app.domain.ids import AccountId
from app.domain.views import AccountView

if TYPE_CHECKING:
    from app.services.syncing import SyncReport

_POLL_S = 0.5


class SyncIncomplete(SeamlineError):
    """An account could not be synced; the others were, and were reported."""


def add_to(add: Add) -> None:
    parser = add("sync", run_sync, "pull what is new and deliver what waits")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--once", action="store_true", help="then end (also without this)")
    how.add_argument("--follow", action="store_true", help="go on until ^C, live where possible")
    parser.add_argument(
        "--since",
        metavar="WHEN",
        help="how far back an account’s first sync reaches: 30d, 52w, 2026-01-01",
    )


def run_sync(session: Session) -> None:
    if session.services.directory.is_sample():
        from app.services.syncing import NEVER_ONLINE

        session.give([])
        session.say(NEVER_ONLINE)
        return
    if session.args.follow:
        if session.args.since:
            raise WrongUse("--since goes with --once.", hint="Sync once first, then follow.")
        _follow(session)
    else:
        _once(session)


def _once(session: Session) -> None:
    since = None
    if session.args.since:
        try:
            since = parse_since(session.args.since, session.services.clock.now())
        except BadInput as error:
            raise WrongUse(error.message, hint=error.hint) from error
    reports = wait(session.services.syncing.once(since=since))
    session.give([_shape(report) for report in reports])
    session.say(*(_line(report) for report in reports))
    _say_who_sends(session, reports)
    if not reports:
        session.say("No account is connected. “seamline account add --help” says how.")
    failed = [report for report in reports if report.error]
    if failed:
        raise SyncIncomplete(f"{failed[0].handle} was not synced: {failed[0].error}")


def _shape(report: SyncReport) -> shapes.Json:
    return {
        "account": str(report.account),
        "handle": report.handle,
        "channel": report.channel.value,
        "new": report.new,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "sent": report.sent,
        "failed": report.failed,
        "left_to_another": report.left_to_another,
        "error": report.error or None,
    }


def _say_who_sends(session: Session, reports: Iterable[SyncReport]) -> None:
    left = [report.left_to_another for report in reports if report.left_to_another is not None]
    if left:
        waits = plural(sum(left), "message")
        session.say(
            f"The console, or another sync, has this workspace open and sends; {waits} left to it."
        )


def _line(report: SyncReport) -> str:
    words = f"{report.new:,} new, {report.changed:,} changed, {report.unchanged:,} unchanged"
    if report.sent:
        words += f"; {plural(report.sent, 'message')} sent"
    if report.failed:
        words += f"; {plural(report.failed, 'message')} failed, see “seamline outbox”"
    return f"{clean(report.handle)} ({report.channel.label}): {words}"


def _follow(session: Session) -> None:
    """Says how each account is doing whenever that changes; ^C and SIGTERM end it."""
    syncing = session.services.syncing
    changes: queue.SimpleQueue[None] = queue.SimpleQueue()
    unsubscribe = syncing.on_change(lambda: changes.put(None))
    said: dict[AccountId, tuple[str, str]] = {}
    with _interruptible():
        try:
            syncing.start()
            session.services.safekeeping.start()
            while True:
                _say_changes(session, said)
                with suppress(queue.Empty):
                    changes.get(timeout=_POLL_S)
        except KeyboardInterrupt:
            pass
        finally:
            unsubscribe()
            syncing.stop()


def _say_changes(session: Session, said: dict[AccountId, tuple[str, str]]) -> None:
    for account in wait(session.services.accounts.list()):
        state = (account.state.value, account.message)
        if said.get(account.account) != state:
            said[account.account] = state
            _say_state(session, account)


def _say_state(session: Session, account: AccountView) -> None:
    if session.wants_json:
        # One line an object, so that a reader need not wait for an end that does not come.
        print(json_text(shapes.account(account)), flush=True)
        return
    message = f": {account.message}" if account.message else ""
    state = account.state.value.replace("-", " ")
    print(f"{clean(account.handle)} is {state}{clean(message)}", flush=True)


@contextmanager
def _interruptible() -> Iterator[None]:
    """While it lasts, SIGTERM ends the program as ^C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
