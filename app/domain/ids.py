"""Identifiers: distinct types, and ids computed from their cause.

Two laptops that see the same mention must make the same customer, conversation and case.
So whatever a machine decides has an id that is a hash of its cause (63 bits of BLAKE2b), which
is at the same time the row id in the workspace: no look-up is needed to ingest, and nothing is
random. At ten million ids the chance that any two collide is below one in 100,000.
What a person decides (an event, an outbox item) has a UUIDv7 (RFC 9562, section 5.7).
"""

from __future__ import annotations

import os
import struct
import threading
import time
from functools import lru_cache
from hashlib import blake2b
from typing import NewType

AccountId = NewType("AccountId", int)
IdentityId = NewType("IdentityId", int)
CustomerId = NewType("CustomerId", int)
ConversationId = NewType("ConversationId", int)
CaseId = NewType("CaseId", int)
InteractionUid = NewType("InteractionUid", int)
"""Global id of an interaction: the hash of (account, native id)."""
InteractionKey = NewType("InteractionKey", int)
"""Local, time-ordered row id of an interaction; paging cursor and row id of the text index."""
DepartmentId = NewType("DepartmentId", str)
AgentId = NewType("AgentId", str)
DeviceId = NewType("DeviceId", str)
PictureId = NewType("PictureId", int)
"""The hash of a picture’s address."""
EventId = NewType("EventId", str)
OutboxId = NewType("OutboxId", str)

_MASK_63 = (1 << 63) - 1
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_REF_LENGTH = 6
_REF_SHORTEST = 3
_KEY_EPOCH_MS = 946_684_800_000  # 2000-01-01T00:00:00Z
_KEY_SEQUENCE_BITS = 6
"""Few, for the text index keeps the distance to the key before with every word of every text, and a
number below 47 bits takes six bytes wherever it stands, not eight."""


def hash63(*parts: str | int) -> int:
    """A positive 63-bit hash of the parts, the same on every machine."""
    joined = "\x1f".join(map(str, parts)).encode()
    return int.from_bytes(blake2b(joined, digest_size=8).digest(), "big") & _MASK_63


def account_id(channel: str, server: str, native_id: str) -> AccountId:
    return AccountId(hash63("account", channel, server, native_id))


@lru_cache(maxsize=1 << 16)
def identity_id(channel: str, native_id: str) -> IdentityId:
    """``native_id`` is what the channel never reuses: a DID, a fully qualified acct, an address."""
    return IdentityId(hash63("identity", channel, native_id))


def founding_customer(identity: IdentityId) -> CustomerId:
    """The customer an identity makes by itself; it has the same number."""
    return CustomerId(identity)


def agent_subject(agent: AgentId) -> int:
    """What decisions about an agent are filed under."""
    return hash63("agent", agent)


def rules_subject(name: str) -> int:
    """What decisions about a part of the workspace’s setup are filed under."""
    return hash63("rules", name)


def conversation_id(account: AccountId, root_native_id: str) -> ConversationId:
    return ConversationId(hash63("conversation", account, root_native_id))


def case_id(conversation: ConversationId, identity: IdentityId) -> CaseId:
    """One case for each customer's identity in a conversation; it is reopened, never doubled."""
    return CaseId(hash63("case", conversation, identity))


@lru_cache(maxsize=1 << 16)
def interaction_uid(account: AccountId, native_id: str) -> InteractionUid:
    return InteractionUid(hash63("interaction", account, native_id))


@lru_cache(maxsize=1 << 12)
def picture_id(url: str) -> PictureId:
    return PictureId(hash63("picture", url))


def caused_event_id(kind: str, *cause: str | int) -> EventId:
    """The id of an event that a rule decided: the same on every laptop that sees the cause."""
    joined = "\x1f".join(str(part) for part in (kind, *cause)).encode()
    return EventId(blake2b(joined, digest_size=16, person=b"seamline-event").hexdigest())


def interaction_key(occurred_ms: int, uid: InteractionUid) -> InteractionKey:
    """The wished-for key of an interaction: milliseconds since 2000, then 6 bits of its uid.

    The store resolves a collision by taking the next free number. Until 2069 a key fits 47 bits.
    """
    since = max(0, occurred_ms - _KEY_EPOCH_MS)
    return InteractionKey((since << _KEY_SEQUENCE_BITS) | (uid & ((1 << _KEY_SEQUENCE_BITS) - 1)))


def key_floor(at_ms: int) -> InteractionKey:
    """The smallest key an interaction of that millisecond can have."""
    return InteractionKey(max(0, at_ms - _KEY_EPOCH_MS) << _KEY_SEQUENCE_BITS)


def key_ms(key: int) -> int:
    """The moment that an interaction key stands for, in milliseconds since 1970."""
    return (key >> _KEY_SEQUENCE_BITS) + _KEY_EPOCH_MS


def case_ref(case: CaseId) -> str:
    """What a person reads and types for a case: six characters of Crockford's base 32.

    It is the same on every laptop, which a running number could not be. Two cases may share a
    reference; whoever resolves one must be ready for several.
    """
    value = case >> (63 - 5 * _REF_LENGTH)
    return "".join(
        _CROCKFORD[(value >> (5 * place)) & 31] for place in reversed(range(_REF_LENGTH))
    )


def case_ref_range(ref: str) -> tuple[CaseId, CaseId] | None:
    """The ids (first, last) a typed reference, or a prefix of one, can mean; None if unreadable.

    Case, a leading ``#`` and the look-alikes O, I and L are forgiven, as Crockford's rules say.
    """
    text = ref.strip().lstrip("#").upper().translate(str.maketrans("OIL", "011"))
    if not _REF_SHORTEST <= len(text) <= _REF_LENGTH or any(c not in _CROCKFORD for c in text):
        return None
    value = 0
    for char in text:
        value = value << 5 | _CROCKFORD.index(char)
    shift = 63 - 5 * len(text)
    return CaseId(value << shift), CaseId(((value + 1) << shift) - 1)


class _Uuid7:
    """UUIDv7, increasing within this process (RFC 9562, section 6.2, method 1)."""

    _COUNTER_MAX = 0xFFF

    def __init__(self) -> None:
        self._last_ms = 0
        self._counter = 0
        self._lock = threading.Lock()

    def __call__(self) -> str:
        stamp, counter = self._next()
        raw = bytearray(struct.pack(">Q", stamp)[2:] + struct.pack(">H", 0x7000 | counter))
        raw += os.urandom(8)
        raw[8] = raw[8] & 0x3F | 0x80
        text = raw.hex()
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))

    def _next(self) -> tuple[int, int]:
        with self._lock:
            now = time.time_ns() // 1_000_000
            if now > self._last_ms:
                self._last_ms, self._counter = now, os.urandom(1)[0]
            elif self._counter < self._COUNTER_MAX:
                self._counter += 1
            else:
                self._last_ms, self._counter = self._last_ms + 1, 0
            return self._last_ms, self._counter


uuid7 = _Uuid7()
"""A new UUIDv7 as text."""
