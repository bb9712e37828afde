"""What the table’s columns are: an operation of a connector, and the requests that a fault hits."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

import httpx

from app.connectors.base import Connector, Delivered, Limits, Page, SignIn
from app.domain.clock import Clock
from app.domain.interactions import Channel
from tests.faults.faults import Fault
from tests.faults.server import Answer

Routes = Mapping[str, Callable[[httpx.Request], Any]]
"""The sound answers as JSON values, by a pattern of ``METHOD /path``."""


class Kind(Enum):
    """What an operation is to the person, and so what a failure must leave behind."""

    SIGN_IN = "sign-in"
    READING = "reading"
    SENDING = "sending"
    LOOKING_UP = "looking up"
    LIMITS = "limits"


@dataclass(frozen=True, slots=True)
class Stage:
    """Where an operation runs: the service’s address and our clock.

    ``stamp`` is what our clock said when the item was written that is now sent or looked up.
    ``kept`` grows by what the operation hands over, also when it fails later.
    """

    server: str
    clock: Clock
    stamp: datetime
    connector: Callable[[], Connector]
    kept: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Operation:
    """``hits``: a pattern of the requests that a fault strikes, ``METHOD /path``; "" for none."""

    name: str
    title: str
    kind: Kind
    hits: str
    run: Callable[[Stage], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True)
class Service:
    """A channel’s service as the tests play it."""

    channel: Channel
    now: datetime
    routes: Callable[[], Routes]
    operations: tuple[Operation, ...]
    words: Callable[[int, str], Answer]
    said: str
    """A pattern of the service’s own words for its refusals."""
    connector: Callable[[str, Clock], Connector]
    renewal: str
    """A pattern of the requests that renew a token, "" where there is none."""
    forgives: Callable[[Fault, httpx.Request], bool]
    """Whether a request that a fault would strike gets a sound answer all the same."""

    def strikes(self, operation: Operation, fault: Fault, request: httpx.Request) -> bool:
        """Whether the answer to this request is the faulty one."""
        hits = [operation.hits, self.renewal if fault.on_renewal else ""]
        struck = any(re.fullmatch(hit, asked(request)) for hit in hits if hit)
        return fault.strikes is not None and struck and not self.forgives(fault, request)


def asked(request: httpx.Request) -> str:
    return f"{request.method} {request.url.path}"


async def pages(stage: Stage, source: AsyncIterator[Page], most: int = 50) -> list[str]:
    """What a reader hands over, in words that can be compared: what is stored, and whether the
    position moved. The most pages a sound reader gives here are three."""
    count = 0
    async for page in source:
        count += 1
        stage.kept.extend(told(page))
        if count == most:
            stage.kept.append("…")
            break
    return stage.kept


def told(page: Page) -> list[str]:
    return [
        *(f"{fact.direction} {fact.native_id}" for fact in page.facts),
        *(f"gone {native_id}" for native_id in page.gone),
        *(["position"] if page.cursor else []),
    ]


def delivered(result: Delivered | None) -> list[str]:
    return ["not there"] if result is None else [f"arrived {result.native_id}"]


def signed(result: SignIn) -> list[str]:
    return [f"{result.profile.handle} {result.profile.native_id}"]


def limited(limits: Limits) -> list[str]:
    return [f"{limits.max_length} {limits.unit}"]
