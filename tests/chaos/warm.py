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
from pathlib import Path
from typing import Any, TextIO

from app.connectors.registry import connectable, connector_class
from app.container import Container, open_container
from app.domain.errors import SeamlineError
from app.domain.ids import CaseId, OutboxId
from app.domain.replies import Draft
from app.services.sending_settings import UNDO_SECONDS
from app.store import migrating, opening

_ANSWER_S = 60.0

Words = dict[str, Any]


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

    def reply(self, case: int, text: str) -> str:
        item = self._services.replies.reply(CaseId(case), Draft(text)).result(_ANSWER_S)
        return str(item.id)

    def undo(self, item: str) -> None:
        self._services.replies.undo_send(OutboxId(item)).result(_ANSWER_S)

    def note(self, case: int, text: str) -> str:
        return str(self._services.cases.note(CaseId(case), text).result(_ANSWER_S).id)

    def tag(self, case: int, text: str) -> str:
        return str(self._services.cases.tag(CaseId(case), [text]).result(_ANSWER_S).id)

    def obey(self, words: Words) -> object:
        command: Callable[..., object] = getattr(self, words.pop("do"))
        return command(**words)


def _serve(lines: TextIO) -> None:
    """Open the workspace that the first line names, then do what the others say."""

    def say(**words: object) -> None:
        lines.write(json.dumps(words) + "\n")
        lines.flush()

    say(pid=os.getpid())
    first = json.loads(lines.readline())
    if first.get("migrations"):
        _pretend_to_be_newer(Path(first["migrations"]), first["head"])
    try:
        console = Console(open_container(Path(first["folder"])))
    except SeamlineError as error:
        say(error=str(error))
        return
    say(value=None)
    for line in lines:
        try:
            say(value=console.obey(json.loads(line)))
        except SeamlineError as error:
            say(error=str(error))


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
