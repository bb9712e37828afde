"""Every fault against every operation of both connectors: each cell is what the table says."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import httpx
import pytest

from app.connectors import http
from app.connectors.channels.mastodon import streaming
from tests.faults.driving import SOUND, Seen, drive
from tests.faults.expected import SERVICES, Cell, cell
from tests.faults.faults import FAULTS, Fault, Road
from tests.faults.operations import Kind, Operation, Service

NEVER_LEFT = {Road.NO_DNS, Road.NO_SUCH_NAME, Road.REFUSED, Road.NO_TLS, Road.FOREIGN, Road.SILENT}

_real_lookup = socket.getaddrinfo


@pytest.fixture(params=list(SERVICES.values()), ids=lambda service: service.channel.value)
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
    monkeypatch.setattr(http, "TIMEOUT", httpx.Timeout(1 if fault.slow else 20))
    monkeypatch.setattr(streaming, "PING_SECONDS", 1 if fault.slow else 30)


def _drive_all(service: Service, fault: Fault) -> dict[Operation, Seen]:
    async def run() -> list[Seen]:
        return list(await asyncio.gather(*(drive(service, o, fault) for o in service.operations)))

    return dict(zip(service.operations, asyncio.run(run()), strict=True))


@pytest.mark.parametrize("fault", [SOUND, *FAULTS], ids=lambda fault: fault.name)
def test_every_cell_is_what_the_table_says(
    service: Service, fault: Fault, surroundings: None
) -> None:
    wrong = []
    for operation, seen in _drive_all(service, fault).items():
        expected = cell(service.channel, fault, operation)
        came = _as_expected(operation, seen)
        if came != expected_words(expected, operation):
            wrong.append(
                f"{operation.name} ({expected.code}):\n    {came}\n"
                f" != {expected_words(expected, operation)}"
            )
        if fault.road in NEVER_LEFT and seen.asked:
            wrong.append(f"{operation.name}: {seen.asked} requests arrived")
    assert not wrong, "\n".join([f"{service.channel} × {fault.name}", *wrong])


def expected_words(expected: Cell, operation: Operation) -> tuple[object, ...]:
    """The cell as it can be compared with what was seen."""
    told = expected.verdict
    if told is None:
        return (expected.kept,)
    reached = expected.reached if operation.kind is Kind.SENDING else None
    sentences = (told.message, told.hint)
    return expected.kept, told.error, sentences, told.retryable, reached, expected.rest


def _as_expected(operation: Operation, seen: Seen) -> tuple[object, ...]:
    """What was seen. Whether a request has had an effect is asked of those that can have one."""
    if not seen.error:
        return (seen.kept,)
    reached = seen.reached if operation.kind is Kind.SENDING else None
    sentences = (seen.message, seen.hint)
    return seen.kept, seen.error, sentences, seen.retryable, reached, seen.rest
