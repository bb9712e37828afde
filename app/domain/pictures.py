"""Pictures of messages: who may load them, and what is kept of one."""

from __future__ import annotations

from enum import StrEnum

from app.domain.records import dataclass


class PictureChoice(StrEnum):
    """Whether pictures of an account’s messages are loaded. The words are stored.

    Loading tells a stranger’s server that, when and from where a message is read.
    """

    ASK = "ask"
    """Only those an agent asks for."""
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A picture as it is kept: decoded once, made smaller and encoded anew by ourselves, so that
    nothing of a stranger’s file is left in it. ``width`` and ``height`` in pixels."""

    body: bytes
    mime: str
    width: int
    height: int
