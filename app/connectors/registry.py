"""Which connector serves which channel. A new channel is one line here."""

from __future__ import annotations

from importlib import import_module

from app.connectors.base import Connector
from app.domain.errors import BadInput
from app.domain.interactions import Channel

_CONNECTORS: dict[Channel, str] = {
    Channel.MASTODON: "app.connectors.channels.mastodon:Mastodon",
    Channel.BLUESKY: "app.connectors.channels.bluesky:Bluesky",
}


def connectable() -> tuple[Channel, ...]:
    """The channels an account can be connected on."""
    return tuple(_CONNECTORS)


def connector_class(channel: Channel) -> type[Connector]:
    """The connector of a channel, imported only now so that start stays quick."""
    path = _CONNECTORS.get(channel)
    if path is None:
        names = " and ".join(known.label for known in _CONNECTORS)
        raise BadInput(
            f"{channel.label} accounts cannot be connected yet.",
            hint=f"This version connects {names}.",
        )
    module, _, name = path.partition(":")
    loaded: type[Connector] = getattr(import_module(module), name)
    return loaded
