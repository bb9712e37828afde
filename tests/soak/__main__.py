"""``python -m tests.soak --actions 10000``: an hour of work in one window, and what it leaves.

Ends with 1 when anything rose that must stay level, when Qt or Python warned, or when something
failed behind the screen. The same ``--seed`` draws the same actions.
"""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any

import keyring
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtTest import QTest

from app.container import Container
from app.domain.ids import CaseId, CustomerId
from app.store.connection import forget_pages
from app.ui.runtime import MainThreadCollector, prepare
from app.ui.session import Doors, Session
from app.ui.window import ConsoleWindow
from scripts.display import hidden_display
from tests.keyrings import MemoryKeyring
from tests.soak.acting import Hand
from tests.soak.crowd import REGULAR, open_crowded
from tests.soak.gauges import Reading, take_reading
from tests.soak.judging import faults_of, kb_an_action

_READINGS = 40
_SPACED = 12
"""Actions between two readings, at least: coming to rest takes a second."""
_NOWHERE = "This plugin does not support"
"""What Qt says of windows to raise where it draws nowhere."""
_QUIET = (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg)


class Complaints(logging.Handler):
    """Everything that was said while nobody looked: by Qt, by Python, in the log."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: Counter[str] = Counter()

    def listen(self) -> None:
        logging.getLogger().addHandler(self)
        qInstallMessageHandler(self._qt)
        warnings.simplefilter("error")
        sys.excepthook = self._raised
        sys.unraisablehook = self._unraisable

    def emit(self, record: logging.LogRecord) -> None:
        self.said[f"log: {record.getMessage()} {record.exc_info and record.exc_info[1]!r}"] += 1

    def _qt(self, kind: QtMsgType, _context: QMessageLogContext, words: str) -> None:
        if kind not in _QUIET and not words.startswith(_NOWHERE):
            self.said[f"Qt: {words}"] += 1

    def _raised(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        self.said[f"raised: {error!r}"] += 1
        sys.__excepthook__(kind, error, trace)

    def _unraisable(self, told: Any) -> None:
        self.said[f"raised: {told.exc_value!r} in {told.object!r}"] += 1


def main() -> int:
    args = _arguments()
    print(f"seed {args.seed}, {args.actions} actions", flush=True)
    keyring.set_keyring(MemoryKeyring())
    complaints = Complaints()
    complaints.listen()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder, hidden_display() as display:
        # Where there is no X server, Qt draws nowhere.
        os.environ.update(display, QT_QPA_PLATFORM="xcb" if display else "offscreen")
        readings, hand = _soak(args.actions, Random(args.seed), Path(folder))
    print("done:", ", ".join(f"{name} {count}" for name, count in sorted(hand.done.items())))
    print(f"memory: {kb_an_action(readings):+.2f} KB an action after the warm-up")
    faults = [*faults_of(readings), *hand.faults]
    faults += [f"{words} ({times} times)" for words, times in complaints.said.items()]
    for fault in faults:
        print(f"fault: {fault}")
    if faults:
        print(f"again: python -m tests.soak --seed {args.seed} --actions {args.actions}")
    return 1 if faults else 0


def _soak(actions: int, rng: Random, folder: Path) -> tuple[list[Reading], Hand]:
    application = prepare("light")
    application.setQuitOnLastWindowClosed(False)
    collector = MainThreadCollector(application)
    container, crowd = open_crowded(folder / "workspace", rng)
    session = Session(Doors(*(lambda *_: container,) * 4), application)
    session.open_first()
    while not isinstance(session.window, ConsoleWindow):
        QTest.qWait(10)
    window = session.window
    window.activateWindow()
    hand = Hand(window, crowd, rng)
    readings = _work(window, container, hand, actions)
    window.close()
    session.close()
    collector.stop()
    return readings, hand


def _work(window: ConsoleWindow, container: Container, hand: Hand, actions: int) -> list[Reading]:
    customer, case = _regular(container)
    readings: list[Reading] = []
    began = time.monotonic()
    every = max(_SPACED, actions // _READINGS)
    for number in range(actions + 1):
        if number % every == 0:
            hand.rest(customer, case)
            _forget_pages(container)
            readings.append(take_reading(number))
            _tell(readings[-1], time.monotonic() - began)
        hand.act()
    return readings


def _forget_pages(container: Container) -> None:
    """A file that grows fills the page caches to their bound; what is judged lies beside them."""
    container.workspace.read(forget_pages).result()
    container.workspace.write(lambda tx: forget_pages(tx.conn)).result()


def _regular(container: Container) -> tuple[CustomerId, CaseId]:
    services = container.services
    (hit,) = services.customers.list(REGULAR).result()
    card = services.customers.card(hit.customer).result()
    return hit.customer, card.cases[0].case


def _tell(one: Reading, seconds: float) -> None:
    print(
        f"{one.action:6} actions {seconds:6.0f} s  {one.resident_kb:8,} KB  objects {one.objects}"
        f"  held {one.wrappers}  values {one.values}  timers {one.timers}"
        f"  threads {one.threads}  files {one.files}",
        flush=True,
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--actions", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=None, help="drawn and printed if not given")
    args = parser.parse_args()
    args.seed = secrets.randbelow(10**6) if args.seed is None else args.seed
    return args


if __name__ == "__main__":
    sys.exit(main())
