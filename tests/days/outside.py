"""The services outside, as far as a day needs them: what the brand sends arrives, and comes back
as the brand’s own post."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.connectors.base import Delivered
from app.domain.clock import Clock
from app.domain.ids import AccountId
from app.domain.interactions import (
    Channel,
    Direction,
    IdentityFact,
    InteractionFact,
    Kind,
    Visibility,
)
from app.domain.outbox import Act, OutboxItem
from app.store.accounts import AccountRecord
from app.sync.pool import ConnectorPool
from tests.sync.fake_connector import FakeConnector, FakeService

_HALDEN = IdentityFact(Channel.MASTODON, "halden", "@halden", "Halden Coffee")


class Outside(FakeService):
    """One for all accounts; ``arrived`` is what was sent, oldest first."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._wrote: dict[str, InteractionFact] = {}

    def wrote(self, fact: InteractionFact) -> None:
        """Somebody wrote this there."""
        self._wrote[fact.native_id] = fact

    def pool(self, accounts: Mapping[AccountId, AccountRecord]) -> ConnectorPool:
        """Connectors for these accounts, whatever their channel."""

        async def find(account: AccountId) -> AccountRecord | None:
            return accounts.get(account)

        return ConnectorPool(lambda record: _Line(self, record.channel), find)

    def own_post(self, item: OutboxItem, native_id: str, channel: Channel) -> InteractionFact:
        """What the brand sent, as it stands at the service from now on."""
        answered = self._wrote.get(item.target)
        direct = item.visibility is Visibility.DIRECT
        fact = InteractionFact(
            native_id=native_id,
            kind=Kind.DIRECT if direct else Kind.REPLY,
            direction=Direction.OUTBOUND,
            author=replace(_HALDEN, channel=channel),
            occurred_at=self.clock.now(),
            text=item.text,
            party=answered.author if answered is not None else None,
            in_reply_to=item.target,
            visibility=item.visibility,
        )
        self.wrote(fact)
        return fact


class _Line(FakeConnector):
    """The connector of one account."""

    def __init__(self, outside: Outside, channel: Channel) -> None:
        super().__init__(outside)
        self._outside, self._channel = outside, channel

    def _delivered(self, item: OutboxItem) -> Delivered:
        native_id = f"sent-{item.id}"
        if item.act is not Act.REPLY:
            return Delivered(native_id)
        return Delivered(native_id, self._outside.own_post(item, native_id, self._channel))
