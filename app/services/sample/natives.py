"""Ids that look like each channel's own, the same at every run."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

from app.domain.clock import to_ms
from app.domain.interactions import Channel
from app.domain.tid import derived_record_key

_X_EPOCH_MS = 1_288_834_974_657
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_MIXED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def _number(*cause: str | int) -> int:
    joined = "\x1f".join(str(part) for part in cause).encode()
    return int.from_bytes(blake2b(joined, digest_size=16, person=b"sample").digest(), "big")


def _spelled(alphabet: str, length: int, *cause: str | int) -> str:
    value = _number(*cause)
    return "".join(
        alphabet[(value >> (6 * place)) % len(alphabet)] for place in range(min(length, 21))
    ).ljust(length, alphabet[0])


def identity_native(channel: Channel, handle: str) -> str:
    """What the channel would call the holder of this handle."""
    match channel:
        case Channel.MASTODON:
            return handle.lstrip("@").lower()
        case Channel.BLUESKY:
            return f"did:plc:{_spelled(_LETTERS, 21, handle)}aaa"
        case Channel.X:
            return str(10**8 + _number(handle) % (9 * 10**8))
        case Channel.FACEBOOK:
            return f"1000{_number(handle) % 10**11:011d}"
        case Channel.INSTAGRAM:
            return f"17841{_number(handle) % 10**12:012d}"
        case Channel.LINKEDIN:
            return f"urn:li:person:{_spelled(_MIXED, 10, handle)}"
        case Channel.YOUTUBE:
            return f"UC{_spelled(_MIXED, 21, handle)}g"
        case Channel.EMAIL:
            return handle.lower()


def message_native(channel: Channel, author: str, at: datetime, number: int) -> str:
    """What the channel would call a message; ``number`` tells those of one moment apart."""
    ms = to_ms(at)
    match channel:
        case Channel.MASTODON:
            return str((ms << 16) | (number & 0xFFFF))
        case Channel.BLUESKY:
            key = derived_record_key(at, f"{author} {number}")
            return f"at://{author}/app.bsky.feed.post/{key}"
        case Channel.X:
            return str(((ms - _X_EPOCH_MS) << 22) | (number & 0x3FFFFF))
        case Channel.FACEBOOK:
            return f"10642{_number('page') % 10**10}_{ms}{number % 100:02d}"
        case Channel.INSTAGRAM:
            return f"178{ms}{number % 1000:03d}"
        case Channel.LINKEDIN:
            return f"urn:li:activity:{(ms << 22) | (number & 0x3FFFFF)}"
        case Channel.YOUTUBE:
            return f"Ug{_spelled(_MIXED, 20, author, ms, number)}AaABAg"
        case Channel.EMAIL:
            domain = author.rpartition("@")[2] or "halden.example"
            return f"<{ms:x}.{number:x}@{domain}>"
