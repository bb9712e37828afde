"""A workspace, its accounts' services and the syncing between them, on the real network thread."""

from __future__ import annotations

import threading
import time as wall
from collections.abc import Callable

from app.connectors.base import Capabilities, Connector
from app.domain.clock import FakeClock
from app.domain.ids import AccountId
from app.domain.interactions import Visibility
from app.domain.views import AccountState
from app.services.syncing import Syncing
from app.store import accounts
from app.store.accounts import AccountRecord
from app.store.database import Workspace
from app.sync.network import NetworkThread
from app.sync.pool import ConnectorFactory
from tests.sync.fake_connector import FakeConnector, FakeService
from tests.sync.hand_time import HandTime
from tests.sync.test_puller import connect

_PATIENCE_S = 30.0
"""As long as a busy machine may take; what comes sooner is not waited for."""


class World:
    """A workspace, its services by account, and the syncing between them."""

    def __init__(
        self, workspace: Workspace, clock: FakeClock, factory: ConnectorFactory | None = None
    ) -> None:
        """``factory`` makes the connectors, where they are not to be fakes."""
        self.workspace = workspace
        self.time = HandTime(clock)
        self.clock = clock
        self.network = NetworkThread()
        self.services: dict[AccountId, FakeService] = {}
        self.streaming = False
        self.made = 0
        self.syncing = Syncing(
            workspace, self.network, factory or self.connector, clock, pauses=self.time.pauses
        )

    def connector(self, record: AccountRecord) -> Connector:
        self.made += 1
        connector = FakeConnector(self.service(record.id))
        if self.streaming:
            connector.capabilities = Capabilities(  # type: ignore[misc]  # as if its class said so
                visibilities=tuple(Visibility), streams=True
            )
        return connector

    def connect(self, native_id: str = "1") -> tuple[AccountId, FakeService]:
        account = connect(self.workspace, native_id)
        # History is not what most tests are about.
        self.workspace.write(
            lambda tx: accounts.update_account(tx, account, history_done=True)
        ).result()
        return account, self.service(account)

    def service(self, account: AccountId) -> FakeService:
        return self.services.setdefault(account, FakeService(self.clock))

    def advance(self, seconds: float) -> None:
        done = threading.Event()

        def go() -> None:
            self.time.advance(seconds)
            done.set()

        self.network.call(go)
        assert done.wait(_PATIENCE_S)

    def close(self) -> None:
        self.syncing.stop()
        assert self.network.stop()
        self.workspace.close()

    def turn(self) -> None:
        """Returns when the loop has been round."""
        self.network.submit(_nothing()).result(_PATIENCE_S)

    def said(self, account: AccountId) -> str:
        """What the status of an account says."""
        status = self.syncing.status(account)
        return status.message if status else ""

    def state(self, account: AccountId) -> AccountState | None:
        status = self.syncing.status(account)
        return status.state if status else None


def until(condition: Callable[[], bool], deadline_s: float = _PATIENCE_S) -> None:
    """Polls, with a deadline."""
    end = wall.monotonic() + deadline_s
    pause = threading.Event()
    while not condition():
        assert wall.monotonic() < end, "what was waited for did not happen"
        pause.wait(0.005)


async def _nothing() -> None:
    """A turn of the loop."""
