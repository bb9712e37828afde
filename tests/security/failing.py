"""Runs the program’s own insides against a service and a file that fail in every way, and says so.

``python -m tests.security.failing FOLDER MARKER``: every answer, address and row holds the marker;
what is logged goes to standard error, as it does in the program.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from pathlib import Path

import httpx

from app import logging_setup
from app.container import Container, open_container
from app.domain.departments import CARE
from app.domain.interactions import Channel
from app.domain.replies import Draft
from app.domain.views import QueueName, QueueRef
from app.services.sending_settings import UNDO_SECONDS
from app.store import accounts
from app.store.database import Tx
from app.store.ingest import ingest
from app.store.tables import agent
from app.store.vault import Vault
from tests.faults.server import Answer, FaultServer, as_json
from tests.store.building import said


def failures(marker: str) -> dict[str, Answer]:
    """What the service answers, by the name of the failure."""
    words = f"{marker} was not accepted"
    return {
        "html": Answer(200, f"<html>{marker}</html>".encode(), {"content-type": "text/html"}),
        "wrong type": as_json({"id": {"x": marker}}),
        "wrong rows": as_json([{"id": "7", "type": "mention", "status": {"content": marker}}]),
        "truncated": as_json([marker] * 50).but(stop_at=0.5),
        "refused": as_json({"error": words}, 422),
        "forbidden": as_json({"error": words, "error_description": words}, 403),
        "broken": as_json({"error": words}, 500),
        "elsewhere": Answer(302, b"", {"location": f"https://{marker}.invalid/?token={marker}"}),
        "too often": as_json({"error": words}, 429, retry_after=marker),
        "unauthorized": as_json({"error": words}, 401),
    }


def connect(container: Container, server: str, marker: str, case_text: str) -> None:
    """An account at the failing server, a customer’s message, and an answer that waits."""

    def op(tx: Tx) -> None:
        accounts.put_account(
            tx, channel=Channel.MASTODON, server=server, native_id="1", handle=f"@{marker}",
            display_name=marker, avatar_url="", owner=CARE,
        )  # fmt: skip

    container.workspace.write(op).result()
    account = container.services.accounts.list().result()[0].account
    Vault(container.workspace, "", None).set(account, {"token": marker})
    fact = said("1", marker, case_text)
    container.workspace.write(lambda tx: ingest(tx, account, (fact,))).result()
    container.services.directory.set_setting(UNDO_SECONDS, "0").result()


def answer(container: Container, text: str) -> None:
    """Put an answer in the outbox, to leave with the next sync."""
    [row] = container.services.queues.page(QueueRef(QueueName.ALL)).result().rows
    container.services.replies.reply(row.case, Draft(text=text)).result()


async def drive(container: Container, marker: str) -> None:
    """Sync and send while each failure lasts."""
    current: list[Answer] = []

    def respond(_request: httpx.Request) -> Answer:
        return current[0]

    async with FaultServer(respond) as server:
        address = f"http://127.0.0.1:{server.port}"
        await asyncio.to_thread(connect, container, address, marker, f"where is {marker}")
        for name, failure in failures(marker).items():
            current[:] = [failure]
            before = len(server.requests)
            await asyncio.to_thread(answer, container, f"{marker} is on its way")
            await asyncio.wrap_future(container.services.syncing.once())
            assert len(server.requests) > before, f"“{name}” was not asked for"


def fails(container: Container, marker: str) -> None:
    """What the file refuses: a row that is there already, a statement that does not parse."""
    values = {"id": marker, "name": marker, "department": CARE}

    def twice(tx: Tx) -> None:
        tx.conn.execute(agent.insert(), values)
        tx.conn.execute(agent.insert(), values)

    def nonsense(tx: Tx) -> None:
        tx.conn.exec_driver_sql("SELECT nothing FROM nowhere WHERE name = ?", (marker,))

    works: tuple[Callable[[Tx], None], ...] = (twice, nonsense)
    log = logging.getLogger("app.failing")
    for work in works:
        error = container.workspace.write(work).exception()
        assert error is not None
        # What others would write of it, should they log it without our formatter.
        sys.stderr.write(f"{error!r} {error}\n")
        log.error("the file refused it: %s", error, exc_info=error)
    raise KeyError(marker)


def main() -> None:
    folder, marker = Path(sys.argv[1]), sys.argv[2]
    logging_setup.configure()
    container = open_container(folder)
    try:
        asyncio.run(drive(container, marker))
        fails(container, marker)
    finally:
        container.close()


if __name__ == "__main__":
    main()
