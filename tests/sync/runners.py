"""An outbox runner whose accounts all live at one fake service."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.departments import CARE
from app.domain.errors import SeamlineError
from app.domain.ids import AccountId
from app.domain.interactions import Channel
from app.store.accounts import AccountRecord
from app.store.database import Workspace
from app.sync.outbox_runner import OutboxRunner
from app.sync.pause import Pauses
from app.sync.pool import ConnectorPool
from tests.sync.fake_connector import FakeConnector, FakeService


def make_record(number: int = 1, *, sample: bool = False) -> AccountRecord:
    return AccountRecord(
        id=AccountId(number),
        channel=Channel.MASTODON,
        server="https://home.example",
        native_id=str(number),
        handle="@brand@home.example",
        display_name="Brand",
        avatar_url="",
        owner=CARE,
        sample=sample,
        created_ms=0,
        synced_ms=None,
        history_since_ms=None,
        history_done=True,
    )


async def find_any(account: AccountId) -> AccountRecord | None:
    """Every account is connected."""
    return make_record(account)


def make_pool(service: FakeService, *, sample: bool = False, known: bool = True) -> ConnectorPool:
    async def find(account: AccountId) -> AccountRecord | None:
        return make_record(account, sample=sample) if known else None

    return ConnectorPool(lambda _record: FakeConnector(service), find)


def make_runner(
    workspace: Workspace,
    service: FakeService,
    pauses: Pauses,
    *,
    pool: ConnectorPool | None = None,
    heard: Callable[[AccountId, SeamlineError | None], None] = lambda _account, _error: None,
) -> OutboxRunner:
    """Its delays have no randomness in them."""
    return OutboxRunner(
        workspace, pool or make_pool(service), pauses, spread=lambda: 1.0, heard=heard
    )
