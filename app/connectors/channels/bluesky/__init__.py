"""Bluesky: sign-in and the connector."""

from __future__ import annotations

from app.connectors.channels.bluesky.connector import Bluesky
from app.connectors.channels.bluesky.signin import sign_in

__all__ = ["Bluesky", "sign_in"]
