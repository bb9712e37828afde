"""The program, started a thousand times: ``python -m tests.chaos.warm SOCKET``.

It imports everything once and forks for each connection, which saves two thirds of a second a
start. What runs in the fork is the program's own container on a workspace, steered over the
connection as the console steers it: one JSON object a line in, one out. It ends with the
connection, unless it is killed before.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from app.connectors.registry import connectable, connector_class
from app.container import Container, open_container
from app.domain.errors import SeamlineError
from app.domain.ids import CaseId, InteractionUid, OutboxId
from app.domain.interactions import Visibility
from app.domain.outbox import Attachment
from app.domain.replies import Draft
from app.services import safekeeping
from app.services.sending_settings import UNDO_SECONDS
from app.store import migrating, opening
from app.sync import delivery
from tests.e2e.pictures import a_picture

_ANSWER_S = 60.0
# The servers on this machine answer within milliseconds, and every round would wait for the rest.
delivery.SETTLES_S = 2.0

Words = dict[str, Any]


_PICTURE = Attachment("blue.png", "image/png", a_picture(), "a blue square")


@dataclass(frozen=True)
class Start:
    """The first line.

    ``migrations`` and ``head``: pretend to be a later version, which has these.
    ``instead``: ``restore`` (``source``, or the newest) or ``rekey`` (to ``new_passphrase``, or
    the keyring), say what came of it and end; "" opens the workspace and listens.
    """

    folder: str
    passphrase: str = ""
    migrations: str = ""
    head: str = ""
    instead: str = ""
    source: str = ""
    new_passphrase: str = ""


class Console:
    """One start of the program, doing what it is told."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self._services = container.services

    def start(self) -> None:
        self._services.syncing.start()

    def pull(self) -> None:
        """What the console does when somebody presses Try now, or the machine wakes."""
        self._services.syncing.try_now()

    def undo_window(self, seconds: int) -> None:
        self._services.directory.set_setting(UNDO_SECONDS, str(seconds)).result(_ANSWER_S)

    def reply(self, case: int, text: str, *, direct: bool, picture: bool) -> str:
        draft = Draft(
            text,
            visibility=Visibility.DIRECT if direct else None,
            attachments=(_PICTURE,) if picture else (),
        )
        return str(self._services.replies.reply(CaseId(case), draft).result(_ANSWER_S).id)

    def like(self, interaction: int) -> str:
        wished = self._services.replies.like(InteractionUid(interaction))
        return str(wished.result(_ANSWER_S).id)

    def boost(self, interaction: int) -> str:
        wished = self._services.replies.boost(InteractionUid(interaction))
        return str(wished.result(_ANSWER_S).id)

    def delete(self, interaction: int) -> str:
        wished = self._services.replies.delete(InteractionUid(interaction))
        return str(wished.result(_ANSWER_S).id)

    def undo(self, item: str) -> None:
        self._services.replies.undo_send(OutboxId(item)).result(_ANSWER_S)

    def settle(self, item: str, how: str) -> None:
        """An agent decides about what waits for one: ``retry``, ``arrived`` or ``discard``."""
        getattr(self._services.replies, how)(OutboxId(item)).result(_ANSWER_S)

    def note(self, case: int, text: str) -> str:
        return str(self._services.cases.note(CaseId(case), text).result(_ANSWER_S).id)

    def tag(self, case: int, text: str) -> str:
        return str(self._services.cases.tag(CaseId(case), [text]).result(_ANSWER_S).id)

    def keep(self) -> None:
        """From now on a backup a day, beginning now if one is due."""
        self._services.safekeeping.start()

    def backup(self, file: str = "", *, wait: bool = False) -> str:
        """Begin a backup; its file, once it is made, to whoever waits for it."""
        made = self._services.safekeeping.backup(Path(file) if file else None)
        return str(made.result(_ANSWER_S).path) if wait else ""

    def obey(self, words: Words) -> object:
        command: Callable[..., object] = getattr(self, words.pop("do"))
        return command(**words)


def _serve(lines: TextIO) -> None:
    """Open the workspace that the first line names, then do what the others say."""

    def say(**words: object) -> None:
        lines.write(json.dumps(words) + "\n")
        lines.flush()

    say(pid=os.getpid())
    start = Start(**json.loads(lines.readline()))
    if start.migrations:
        _pretend_to_be_newer(Path(start.migrations), start.head)
    try:
        if start.instead:
            say(value=_instead(start))
            return
        console = Console(open_container(Path(start.folder), passphrase=start.passphrase))
    except SeamlineError as error:
        say(error=str(error))
        return
    say(value=None)
    for line in lines:
        try:
            say(value=console.obey(json.loads(line)))
        except SeamlineError as error:
            say(error=str(error))


def _instead(start: Start) -> str:
    """What is done while nobody has the workspace open; returns what came of it."""
    folder = Path(start.folder)
    if start.instead == "restore":
        source = Path(start.source) if start.source else None
        done = safekeeping.restore(folder, source=source, passphrase=start.passphrase)
        return str(done.kept_aside)
    assert start.instead == "rekey", start.instead
    changed = safekeeping.rekey(
        folder, passphrase=start.passphrase, new_passphrase=start.new_passphrase
    )
    return changed.manifest.unlock


def _pretend_to_be_newer(migrations: Path, head: str) -> None:
    """Be a later version of the program, which has other migrations."""
    migrating.migrations_folder = lambda: migrations
    opening.HEAD = head


def _be_forked(connection: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        with connection, connection.makefile("rw", encoding="utf-8") as lines:
            _serve(lines)
    except BrokenPipeError:  # whoever steered it is gone
        pass
    except BaseException:  # noqa: BLE001 - this is the top of a program
        traceback.print_exc()
    finally:
        os._exit(0)  # as abrupt as a kill: nothing of the parent's is closed twice


def main(place: str) -> None:
    for channel in connectable():
        connector_class(channel)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are buried by the system
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(place)
        door.listen()
        while True:
            ready, _, _ = select.select([door, sys.stdin], [], [])
            if sys.stdin in ready:  # it is closed: the harness is gone
                return
            connection, _ = door.accept()
            if os.fork() == 0:
                door.close()
                _be_forked(connection)
            connection.close()


if __name__ == "__main__":
    main(sys.argv[1])
