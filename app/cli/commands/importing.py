"""``import``: bringing in what was held elsewhere, see docs/importing.md."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from app.cli.commands.adding import Group
from app.cli.session import Session
from app.cli.text import plural
from app.domain.errors import BadInput
from app.domain.interactions import Channel

if TYPE_CHECKING:
    from app.services.importing import Imported

_LINES_SHOWN = 20


def add_to(group: Group) -> None:
    add = group("import", "bring in what was held elsewhere")
    conversations = add("conversations", run_conversations, "conversations, as JSON lines")
    _add_file(conversations)
    conversations.add_argument(
        "--channel",
        choices=[channel.value for channel in Channel],
        default=Channel.X.value,
        help="where they were held; x if not given",
    )
    conversations.add_argument(
        "--language", default="", metavar="CODE", help="of lines that name none, such as en"
    )
    conversations.add_argument(
        "--owner", default="care", metavar="DEPARTMENT", help="which answers there"
    )
    conversations.add_argument(
        "--cases",
        action="store_true",
        help="make a case of each, however old, closed where the brand had the last word",
    )
    marketing = add("marketing", run_marketing, "the touches of campaigns, as CSV")
    _add_file(marketing)


def _add_file(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="“-” for standard input")


def run_conversations(session: Session) -> None:
    args = session.args
    owner = session.services.directory.find_department(args.owner)
    with _opened(args.file) as lines:
        steps = session.services.importing.conversations(
            lines,
            channel=Channel(args.channel),
            language=args.language,
            owner=owner.id,
            cases=args.cases,
        )
        done = _followed(session, steps, "conversation")
    _tell(session, done, ("conversation", "conversations"), ("new message", "new messages"))


def run_marketing(session: Session) -> None:
    with _opened(session.args.file) as lines:
        done = _followed(session, session.services.importing.marketing(lines), "line")
    _tell(session, done, ("line", "lines"), ("new touch", "new touches"))


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    if str(path) == "-":
        yield sys.stdin.buffer
        return
    try:
        file = path.expanduser().open("rb")
    except OSError as error:
        raise BadInput(
            f"“{path}” cannot be read: {error.strerror}.", hint="Name a file you may read."
        ) from error
    with file:
        yield file


def _followed(session: Session, steps: Iterable[Imported], what: str) -> Imported:
    """Walk to the end; at a terminal the line tells how far it is."""
    shows = sys.stderr.isatty() and not session.wants_json
    last: Imported | None = None
    for last in steps:
        if shows:
            print(f"\r{plural(last.read, what)} so far…\x1b[K", end="", file=sys.stderr, flush=True)
    if shows:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    assert last is not None
    return last


def _tell(session: Session, done: Imported, what: tuple[str, str], parts: tuple[str, str]) -> None:
    """What came; and with it a sentence for every line that did not. Raises BadInput where
    nothing could be read."""
    stored = done.stored
    session.give(
        {
            "read": done.read,
            "new": stored.new,
            "changed": stored.changed,
            "known": stored.unchanged,
            "guessed_times": done.guessed,
            "closed": done.closed,
            "bad": [{"line": bad.number, "words": bad.words} for bad in done.bad],
        }
    )
    shown = [str(bad) for bad in done.bad[:_LINES_SHOWN]]
    if len(done.bad) > _LINES_SHOWN:
        shown.append(f"… and {plural(len(done.bad) - _LINES_SHOWN, 'further line')}.")
    if done.bad and not done.read:
        raise BadInput(
            f"Nothing was imported: {plural(len(done.bad), 'line')} could not be read. {shown[0]}",
            hint="docs/importing.md describes the format.",
        )
    known = f", {stored.unchanged:,} known already" if stored.unchanged else ""
    lines = [
        *shown,
        f"{plural(done.read, *what)}: {plural(stored.new, *parts)}{known}.",
    ]
    if done.bad:
        were = "was" if len(done.bad) == 1 else "were"
        lines.append(f"{plural(len(done.bad), 'line')} {were} left out.")
    if done.guessed:
        were = "was" if done.guessed == 1 else "were"
        lines.append(f"{plural(done.guessed, 'time')} {were} guessed from the messages around.")
    if done.closed:
        were = "is" if done.closed == 1 else "are"
        lines.append(f"{plural(done.closed, 'case')} {were} closed: the brand had the last word.")
    session.say(*lines)
