"""What the syncs of all accounts share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.domain.errors import SeamlineError
from app.domain.ids import AccountId
from app.domain.records import dataclass
from app.domain.views import AccountStatus
from app.store.database import Workspace
from app.sync.pause import Pauses
from app.sync.pool import ConnectorPool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """``spread`` gives random numbers from 0 to 1.

    ``heard``     told how an attempt went.
    ``tries_at``  told when a failing account is tried next.
    ``show``      told how the account is doing.
    """

    workspace: Workspace
    pool: ConnectorPool
    pauses: Pauses
    spread: Callable[[], float]
    heard: Callable[[AccountId, SeamlineError | None], None]
    tries_at: Callable[[AccountId, datetime], None]
    show: Callable[[AccountId, AccountStatus], None]
