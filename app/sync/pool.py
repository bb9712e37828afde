"""One connector an account, made when it is first needed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from app.connectors.base import Connector
from app.domain.errors import NotFound, SeamlineError
from app.domain.ids import AccountId
from app.store.accounts import AccountRecord

_log = logging.getLogger(__name__)

ConnectorFactory = Callable[[AccountRecord], Connector]
"""Makes an account's connector with its secrets. May block (a keyring), so it runs on a thread."""

FindAccount = Callable[[AccountId], Awaitable[AccountRecord | None]]


class SampleSendsNothingError(SeamlineError):
    """The sample workspace has no outside."""

    def __init__(self) -> None:
        super().__init__(
            "The sample workspace sends nothing.",
            hint="Connect an account of your own to write to customers.",
        )


class ConnectorPool:
    """Lives on the network thread's loop."""

    def __init__(self, factory: ConnectorFactory, find: FindAccount) -> None:
        self._factory = factory
        self._find = find
        self._made: dict[AccountId, Connector] = {}
        self._making = asyncio.Lock()

    async def of(self, account: AccountId) -> Connector:
        """The account's connector.

        Raises NotFound for an account that is not connected any more, SampleSendsNothingError for
        one of the sample, and whatever the keyring has to say.
        """
        async with self._making:
            made = self._made.get(account)
            if made is not None:
                return made
            record = await self._find(account)
            if record is None:
                raise NotFound(
                    "The account this belongs to is no longer connected.",
                    hint="Connect it again, then retry.",
                )
            if record.sample:
                raise SampleSendsNothingError
            made = await asyncio.to_thread(self._factory, record)
            self._made[account] = made
            return made

    async def drop(self, account: AccountId) -> None:
        """Forget a connector, so that the next one is made with the present secrets."""
        made = self._made.pop(account, None)
        if made is not None:
            await _close(made)

    async def close(self) -> None:
        made, self._made = tuple(self._made.values()), {}
        for connector in made:
            await _close(connector)


async def _close(connector: Connector) -> None:
    try:
        await connector.close()
    except Exception:  # noqa: BLE001
        # What is thrown away may fail at it; nothing depends on it any more.
        _log.warning("a connector of %s did not close cleanly", connector.channel, exc_info=True)
