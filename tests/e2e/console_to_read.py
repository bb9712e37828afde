"""The console on a sample workspace, to be read by another program.

``python -m tests.e2e.console_to_read FOLDER`` shows it until its input ends. A line of the input
is one of these:

``message TEXT``  Marta writes this, at that moment;
``outbox``        is answered by a line of JSON: the texts in the outbox of the workspace, and their
                  states;
``front``         the window takes the keyboard.
"""

from __future__ import annotations

import json
import sys
import threading
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QMetaObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.container import Container, open_sample
from app.domain.ids import AccountId
from app.domain.interactions import Channel, Direction, InteractionFact, Kind
from app.services.sample.book import NOW, book
from app.store.ingest import ingest
from app.ui.application import run
from app.ui.session import Doors
from app.ui.window import ConsoleWindow

CUSTOMER = "Marta Lindqvist"


def messages() -> tuple[AccountId, InteractionFact]:
    """The account she writes to on Mastodon, and one of her mentions there."""
    story = book()
    return next(
        (account.id, fact)
        for account in story.accounts
        for fact in story.facts[account.id]
        if account.channel is Channel.MASTODON
        and fact.kind is Kind.MENTION
        and fact.author.display_name == CUSTOMER
    )


def write(opened: Container, number: int, text: str) -> None:
    """Put a mention of hers into the workspace, as a connector would."""
    account, earlier = messages()
    fact = InteractionFact(
        native_id=f"late-{number}",
        kind=Kind.MENTION,
        direction=Direction.INBOUND,
        author=earlier.author,
        occurred_at=NOW + timedelta(seconds=number),
        text=text,
    )
    opened.workspace.write(lambda tx: ingest(tx, account, [fact])).result()


def outbox(opened: Container) -> dict[str, str]:
    entries = opened.services.queues.outbox().result()
    return {entry.item.text: entry.item.state.value for entry in entries}


def come_to_the_front() -> None:
    """Take the keyboard of the screen; where no window manager runs, nobody else gives it."""
    for window in QApplication.topLevelWidgets():
        if isinstance(window, ConsoleWindow):
            window.activateWindow()


def main(folder: Path) -> int:
    opened = open_sample(folder)

    def listen() -> None:
        application = QApplication.instance()
        assert application is not None
        for number, line in enumerate(sys.stdin):
            command, _, rest = line.strip().partition(" ")
            if command == "message":
                write(opened, number, rest)
            elif command == "front":
                QTimer.singleShot(0, application, come_to_the_front)
            else:
                print(json.dumps(outbox(opened)), flush=True)  # noqa: T201 - this is its answer
        QMetaObject.invokeMethod(application, "closeAllWindows", Qt.ConnectionType.QueuedConnection)

    def door(_passphrase: str | None) -> Container:
        threading.Thread(target=listen, name="input", daemon=True).start()
        return opened

    return run(Doors(first=door, own=door, sample=door, other=lambda _folder, _key: opened))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
