"""Asks the process that holds the dictionaries, and waits for nothing."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLocale, QObject, QProcess, QProcessEnvironment, Signal, Slot

import app
from app.domain.records import dataclass
from app.ui.spelling import SPELLING

_MOST_STARTS = 3
_WAIT_MS = 1_000
_log = logging.getLogger(__name__)

Answer = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Checked:
    """``name``: the dictionary that was asked, "" where none fits; ``wrong``: the spans of what
    it does not know, (first, behind the last) in characters."""

    name: str
    wrong: tuple[tuple[int, int], ...]


class Speller(QObject):
    """One for the program. The process starts with the first question, not before.

    Answers come in a later turn of the event loop, in the order of the questions; those of a
    process that died or was stopped never come.

    ``changed``: words were added, another language chosen, or checking was turned on or off.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._starts = 0
        self._number = 0
        self._open: dict[int, Answer] = {}

    def dictionaries(self, then: Callable[[tuple[str, ...]], None]) -> None:
        """The names of the dictionaries of this computer: "de_DE", "en_US"."""
        self._ask("list", {}, lambda answer: then(tuple(answer.get("names", ()))))

    def check(
        self,
        text: str,
        then: Callable[[Checked], None],
        *,
        chosen: str = "",
        language: str = "",
        known: Sequence[str] = (),
    ) -> None:
        """The words of a text no dictionary knows.

        ``chosen`` is a dictionary’s name; without one that of ``language`` is asked, unless half
        of the words are unknown in it and known in another. ``known``: words that were added.
        """
        here = QLocale.system().name()
        about = {
            "text": text,
            "chosen": chosen,
            "language": language,
            "here": here,
            "known": list(known),
        }
        self._ask("check", about, lambda answer: then(_checked(answer)))

    def suggest(self, name: str, word: str, then: Callable[[tuple[str, ...]], None]) -> None:
        """What may have been meant by a word, the likeliest first; at most six."""
        about = {"name": name, "word": word}
        self._ask("suggest", about, lambda answer: then(tuple(answer.get("words", ()))))

    def stop(self) -> None:
        """End the process: nothing of what was written stays in its memory."""
        process, self._process = self._process, None
        self._open.clear()
        if process is None:
            return
        self._starts = 0
        process.finished.disconnect(self._finished)
        process.errorOccurred.disconnect(self._failed)
        process.closeWriteChannel()
        if process.state() is not QProcess.ProcessState.NotRunning:
            process.kill()
            process.waitForFinished(_WAIT_MS)
        process.deleteLater()

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def _ask(self, what: str, about: dict[str, Any], then: Answer) -> None:
        process = self._process or self._start()
        if process is None:
            return
        self._number += 1
        self._open[self._number] = then
        question = {"id": self._number, "ask": what, "about": about}
        process.write(json.dumps(question).encode() + b"\n")

    def _start(self) -> QProcess | None:
        """Again where it ended by itself, but not for ever: a dictionary may be broken."""
        if self._starts >= _MOST_STARTS:
            return None
        self._starts += 1
        self._process = process = QProcess(self)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.SeparateChannels)
        process.setStandardErrorFile(QProcess.nullDevice())
        process.setProcessEnvironment(_environment())
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._failed)
        program, *arguments = _command()
        process.start(program, arguments)
        return process

    @Slot()
    def _read(self) -> None:
        process = self._process
        while process is not None and process is self._process and process.canReadLine():
            answer = json.loads(bytes(process.readLine().data()))
            if "failed" in answer:
                _log.warning("A dictionary could not be asked: %s", answer["failed"])
            then = self._open.pop(answer["id"], None)
            if then is not None and "failed" not in answer:
                then(answer)

    @Slot()
    def _finished(self) -> None:
        _log.warning("The process that holds the dictionaries ended")
        self._forget()

    @Slot(QProcess.ProcessError)
    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            _log.warning("The process that holds the dictionaries did not start")
            self._starts = _MOST_STARTS
            self._forget()

    def _forget(self) -> None:
        process, self._process = self._process, None
        self._open.clear()
        if process is not None:
            process.deleteLater()


def _checked(answer: dict[str, Any]) -> Checked:
    spans = tuple((int(first), int(behind)) for first, behind in answer["wrong"])
    return Checked(str(answer["name"]), spans)


def _command() -> tuple[str, ...]:
    if getattr(sys, "frozen", False):
        return (sys.executable, SPELLING)
    return (sys.executable, "-m", "app.ui.spelling.worker")


def _environment() -> QProcessEnvironment:
    """It finds this program’s own modules, and is told no secret."""
    found = QProcessEnvironment.systemEnvironment()
    found.remove("SEAMLINE_PASSPHRASE")
    if not getattr(sys, "frozen", False):
        found.insert("PYTHONPATH", str(Path(app.__file__).parents[1]))
    return found


_installed: list[Speller] = []


def use_speller(speller: Speller) -> None:
    """Let the fields of this program be checked."""
    _installed[:] = [speller]


def forget_speller() -> None:
    """Check no more; the process ends."""
    for each in _installed:
        each.stop()
    _installed.clear()


def speller() -> Speller | None:
    """Who is asked about spelling; None where nobody is, as in most tests."""
    return _installed[0] if _installed else None
