"""An account as it is shown, out of what is kept of it and how it fares."""

from __future__ import annotations

from app.domain.views import AccountState, AccountStatus, AccountView
from app.store.at_hand import AccountRecord


def view_of(record: AccountRecord, status: AccountStatus | None) -> AccountView:
    """``status`` None: nothing was tried with it yet."""
    if record.sample:
        status = AccountStatus(AccountState.SAMPLE)
    elif status is None:
        known = record.synced_ms is not None
        status = AccountStatus(AccountState.UP_TO_DATE if known else AccountState.SYNCING)
    return AccountView(
        account=record.id,
        channel=record.channel,
        server=record.server,
        native_id=record.native_id,
        handle=record.handle,
        name=record.display_name,
        owner=record.owner,
        state=status.state,
        message=status.message,
        until_ms=status.until_ms,
        synced_ms=record.synced_ms,
        history_since_ms=record.history_since_ms,
        fetched=status.fetched,
        pictures=record.pictures,
    )
