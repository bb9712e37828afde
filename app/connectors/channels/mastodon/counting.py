"""How Mastodon counts a post: grapheme clusters, a link as 23, a mention without its server."""

from __future__ import annotations

import regex

from app.connectors.base import Length, Limits
from app.connectors.channels.mastodon.shapes import Instance, MediaLimits, StatusLimits

URL_LENGTH = 23
DEFAULT = Limits(max_length=500)

_LINK = regex.compile(r"(?<![\w/@])https?://[^\s<>\"]*[^\s<>\".,:;!?)\]'’”]", regex.IGNORECASE)
_MENTION = regex.compile(r"(?<![\w/])@([\w.-]*\w)@[\w.-]*\w(?::\d+)?")
_GRAPHEME = regex.compile(r"\X")


def shortened(text: str) -> str:
    """The text with every mention as Mastodon shows it: without its server."""
    return _MENTION.sub(r"@\1", text)


def measure(text: str, limits: Limits) -> Length:
    """The length as the server counts it."""
    counted = shortened(_LINK.sub("x" * URL_LENGTH, text))
    used = len(counted) if counted.isascii() else len(_GRAPHEME.findall(counted))
    return Length(used=used, left=limits.max_length - used)


def limits_of(instance: Instance) -> Limits:
    """What the instance tells, the service’s defaults for what it does not."""
    configuration = instance.configuration
    statuses = (configuration and configuration.statuses) or StatusLimits()
    media = (configuration and configuration.media_attachments) or MediaLimits()
    return Limits(
        max_length=statuses.max_characters or instance.max_toot_chars or DEFAULT.max_length,
        max_attachment_bytes=media.image_size_limit or DEFAULT.max_attachment_bytes,
        max_description=media.description_limit or DEFAULT.max_description,
    )
