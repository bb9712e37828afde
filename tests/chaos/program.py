"""The program as the harness sees it: started, told what to do, killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

from tests.chaos.file_keyring import PLACE
from tests.peers.bluesky_network import wait_for

ROOT = Path(__file__).parents[2]
_GONE_WITHIN_S = 20.0


class Gone(Exception):
    """The program was killed before it answered."""


class Refused(Exception):
    """The program answered with a sentence why not."""


def surroundings(scratch: Path) -> dict[str, str]:
    """The environment of every program that is started: its own home and keyring."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "LANG") if name in os.environ}
    return kept | {
        "HOME": str(scratch),
        PLACE: str(scratch / "keyring.json"),
        "PYTHON_KEYRING_BACKEND": "tests.chaos.file_keyring.FileKeyring",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


class Program:
    """One start of the program on a workspace, from the parent that forks it."""

    def __init__(self, door: Path, folder: Path, **first: str) -> None:
        """``first`` is what it shall know from the start; see ``tests.chaos.warm.Start``."""
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.connect(str(door))
        self._lines: TextIO = self._connection.makefile("rw", encoding="utf-8")
        self.pid = int(self._hear()["pid"])
        self._say({"folder": str(folder), **first})

    def opened(self) -> Any:
        """Wait until the workspace is open, or for what it does instead and what came of it.

        Raises Gone or Refused.
        """
        return self._answer()

    def ask(self, do: str, **words: object) -> Any:
        """Tell it to do something and wait for the answer. Raises Gone or Refused."""
        self._say({"do": do, **words})
        return self._answer()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def bury(self) -> None:
        """Kill it if it still lives, and return when nothing of it is left."""
        self.kill()
        wait_for(lambda: not Path(f"/proc/{self.pid}").exists(), _GONE_WITHIN_S)
        with suppress(OSError):  # what was never sent need not be
            self._lines.close()
        self._connection.close()

    def _say(self, words: dict[str, object]) -> None:
        try:
            self._lines.write(json.dumps(words) + "\n")
            self._lines.flush()
        except OSError as error:
            raise Gone from error

    def _answer(self) -> Any:
        words = self._hear()
        if "error" in words:
            raise Refused(words["error"])
        return words["value"]

    def _hear(self) -> dict[str, Any]:
        try:
            line = self._lines.readline()
        except OSError as error:
            raise Gone from error
        if not line.endswith("\n"):
            raise Gone
        heard: dict[str, Any] = json.loads(line)
        return heard


class killed:  # noqa: N801 - reads as a sentence where it is used
    """Kills the program that many seconds after the block was entered."""

    def __init__(self, program: Program, after_s: float) -> None:
        self._dead = threading.Event()
        self._timer = threading.Timer(after_s, self._kill)
        self._program = program

    def __enter__(self) -> threading.Event:
        self._timer.start()
        return self._dead

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()

    def _kill(self) -> None:
        self._program.kill()
        self._dead.set()


def start_and_kill(door: Path, folder: Path, after_s: float, **first: str) -> Any:
    """A start that dies after so long; what it had answered by then, None if nothing.

    A refusal counts when the next start refuses too; that one is asked again.
    """
    program = Program(door, folder, **first)
    said = None
    with killed(program, after_s) as dead:
        with suppress(Gone, Refused):
            said = program.opened()
        dead.wait()
    program.bury()
    return said


@contextmanager
def forking(scratch: Path) -> Iterator[Path]:
    """The parent that programs are forked from; gives the socket to connect to."""
    door = scratch / "door"
    command = [sys.executable, "-B", "-m", "tests.chaos.warm", str(door)]
    with (scratch / "programs.log").open("wb") as log:
        parent = subprocess.Popen(
            command, cwd=ROOT, env=surroundings(scratch), stdin=subprocess.PIPE, stderr=log
        )
    try:
        wait_for(lambda: door.exists() or parent.poll() is not None, 60)
        assert parent.poll() is None, (scratch / "programs.log").read_text("utf-8")
        yield door
    finally:
        assert parent.stdin is not None
        parent.stdin.close()
        parent.wait(_GONE_WITHIN_S)


def run_cold(scratch: Path, folder: Path, *arguments: str, kill_after_s: float) -> None:
    """Start ``seamline`` as a person's shell does, and kill it after so many seconds."""
    command = [sys.executable, "-B", "-m", "app", "--workspace", str(folder), *arguments]
    with (scratch / "programs.log").open("ab") as log:
        program = subprocess.Popen(
            command, cwd=ROOT, env=surroundings(scratch), stdout=log, stderr=log
        )
    time.sleep(kill_after_s)  # the random instant itself, nothing is waited for
    program.kill()
    program.wait()
