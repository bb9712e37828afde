"""Before a reply leaves, its thread is looked at again.

While a reply waits (for its undo window, for the network), a colleague may have answered from
another program, and the customer may have edited or deleted what is answered. Then the reply is
held and an agent is asked. Not being able to look never keeps a reply from leaving.
"""

from __future__ import annotations

import asyncio
import logging

from app.connectors.base import Connector, Page
from app.domain.errors import SeamlineError
from app.domain.ids import OutboxId
from app.domain.outbox import Act, OutboxItem
from app.store import outbox, settings
from app.store.database import Connection, Tx, Workspace
from app.store.ingest import ingest
from app.store.known import Known, known
from app.sync.pause import stored
from app.sync.pool import ConnectorPool

_log = logging.getLogger(__name__)

SETTING = "second_look"
ASK, SEND = "ask", "send"
PATIENCE_S = 4.0
"""How long looking may hold up a reply."""
_HINT = "Read the conversation, then send it anyway, edit it or discard it."


class SecondLook:
    """Lives on the network thread's loop."""

    def __init__(self, workspace: Workspace, pool: ConnectorPool) -> None:
        self._workspace = workspace
        self._pool = pool

    async def holds(self, item_id: OutboxId) -> bool:
        """Look at what a due item answers; True when it is now held for an agent."""
        try:
            item = await stored(self._workspace.read(lambda conn: _to_look_at(conn, item_id)))
            if item is None:
                return False
            page = await self._page(item)
            return await stored(self._workspace.write(lambda tx: _compare(tx, item, page)))
        except Exception:  # noqa: BLE001 - a bug of looking must not keep a reply from leaving
            _log.exception("a thread could not be compared before an answer to it left")
            return False

    async def refresh(self, item_id: OutboxId) -> None:
        """Bring what the service shows of an item's thread into the workspace.

        Raises the ``ConnectorError`` that stood in the way, or NotFound.
        """
        item = await stored(self._workspace.read(lambda conn: outbox.get(conn, item_id)))
        page = await _look(await self._pool.of(item.account), item.target)
        await stored(self._workspace.write(lambda tx: _take(tx, item, page)))

    async def _page(self, item: OutboxItem) -> Page:
        """The thread as it is now; empty where it cannot be had in time.

        Then what other pulls have brought still counts.
        """
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await _look(await self._pool.of(item.account), item.target)
        except (SeamlineError, TimeoutError) as error:
            _log.info("a thread on %s was not looked at again: %r", item.channel, type(error))
            return Page(())


async def _look(connector: Connector, target: str) -> Page:
    page = await connector.thread(target)
    if any(fact.native_id == target for fact in page.facts):
        return page
    # A thread that does not show it is no proof that it is gone.
    itself = await connector.refetch((target,))
    return Page((*page.facts, *itself.facts), gone=itself.gone)


def _to_look_at(conn: Connection, item_id: OutboxId) -> OutboxItem | None:
    """The item, where there is something to compare and the setting asks for it."""
    item = outbox.get(conn, item_id, with_bodies=False)
    asks = settings.settings(conn).get(SETTING, ASK) == ASK
    if item.act is not Act.REPLY or not asks or outbox.known_then(conn, item_id) is None:
        return None
    return item


def _take(tx: Tx, item: OutboxItem, page: Page) -> None:
    if page.facts or page.gone:
        ingest(tx, item.account, page.facts, gone=page.gone)


def _compare(tx: Tx, item: OutboxItem, page: Page) -> bool:
    """In one transaction: what came is stored, and the item held when it makes a difference."""
    _take(tx, item, page)
    then = outbox.known_then(tx.conn, item.id)
    now = known(tx.conn, item.account, item.target)
    if then is None or now is None:
        return False
    why = what_changed(then, now)
    return bool(why) and outbox.hold(tx, item.id, error=why, hint=_HINT)


def what_changed(then: Known, now: Known) -> str:
    """What an agent did not know when they wrote, in one sentence; "" when nothing matters."""
    if now.deleted and not then.deleted:
        return "The message this answers was deleted meanwhile."
    if now.answers > then.answers:
        return "This was answered meanwhile, by a colleague or another program."
    if now.revisions > then.revisions:
        return "The message this answers was edited meanwhile."
    return ""
