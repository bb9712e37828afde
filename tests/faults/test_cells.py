"""Every fault against every operation of both connectors: what must hold of all of them.

Nothing but an error a person can read comes out, nothing hangs, and of what was to be sent it is
never claimed that it did not arrive when it may have.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import httpx
import pytest

from app.connectors import http
from app.connectors.channels.mastodon import streaming
from tests.faults.bluesky import BLUESKY
from tests.faults.driving import SOUND, Seen, drive
from tests.faults.faults import FAULTS, Fault, Road
from tests.faults.mastodon import MASTODON
from tests.faults.operations import Kind, Operation, Service

SENT_AT_ONCE = ("send", "like", "boost", "delete")
"""Operations whose last request is the one that a fault strikes."""
NEVER_LEFT = ("no_dns", "no_such_name", "refused", "tls", "timeout_before")
PERHAPS_ARRIVED = (
    "timeout_after",
    "timeout_answer",
    "cut_before",
    "cut_answer",
    "500",
    "truncated",
)
REFUSED = ("400", "403", "422")
RESTS = {
    "429_seconds": 300,
    "429_date": 300,
    "429_epoch": 300,
    "429_iso": 300,
    "429_date_ahead": 300,
    "429_bare": 60,
}

_real_lookup = socket.getaddrinfo


@pytest.fixture(params=[MASTODON, BLUESKY], ids=lambda service: service.channel.value)
def service(request: pytest.FixtureRequest) -> Service:
    played: Service = request.param
    return played


@pytest.fixture
def surroundings(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    """Short patience for what never answers, and names that nobody knows."""

    def look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name and name.endswith(".invalid"):
            code = socket.EAI_AGAIN if fault.road is Road.NO_DNS else socket.EAI_NONAME
            raise socket.gaierror(code, "no such name")
        return _real_lookup(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(http, "TIMEOUT", httpx.Timeout(0.5 if fault.slow else 10))
    monkeypatch.setattr(streaming, "PING_SECONDS", 0.5 if fault.slow else 30)


def _drive_all(service: Service, fault: Fault) -> dict[Operation, Seen]:
    async def run() -> list[Seen]:
        return list(await asyncio.gather(*(drive(service, o, fault) for o in service.operations)))

    return dict(zip(service.operations, asyncio.run(run()), strict=True))


@pytest.mark.parametrize("fault", [SOUND], ids=["sound"])
def test_without_a_fault_everything_works(
    service: Service, fault: Fault, surroundings: None
) -> None:
    for operation, seen in _drive_all(service, fault).items():
        assert not seen.error, f"{operation.name}: {seen}"


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_told_in_words_and_what_was_sent_is_not_denied(
    service: Service, fault: Fault, surroundings: None
) -> None:
    for operation, seen in _drive_all(service, fault).items():
        where = f"{fault.name} × {operation.name}: {seen}"
        if seen.error:
            assert seen.message.endswith("."), where
            assert seen.hint, where
            assert "token" not in (seen.message + seen.hint).lower().split(), where
        if operation.kind is Kind.SENDING:
            _judge_sending(fault, operation, seen, where)


def _judge_sending(fault: Fault, operation: Operation, seen: Seen, where: str) -> None:
    if fault.name in NEVER_LEFT:
        assert (seen.error, seen.reached, seen.asked) == ("Unreachable", False, 0), where
        assert seen.retryable, where
    if fault.name in RESTS:
        assert (seen.error, seen.reached) == ("RateLimited", False), where
        assert seen.rest == RESTS[fault.name], where
    if operation.name not in SENT_AT_ONCE:
        return
    if fault.name in PERHAPS_ARRIVED:
        assert seen.error, where
        assert seen.reached, where
    if fault.name in REFUSED:
        assert seen.error, where
        assert not seen.reached, where
        assert not seen.retryable, where
