"""Mastodon, and whatever else speaks its client API (GoToSocial, Pleroma, Akkoma, Pixelfed)."""

from app.connectors.channels.mastodon.connector import Mastodon
from app.connectors.channels.mastodon.signin import sign_in_with_browser, sign_in_with_token

__all__ = ["Mastodon", "sign_in_with_browser", "sign_in_with_token"]
