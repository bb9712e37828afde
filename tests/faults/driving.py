"""Driving one cell: a fault, an operation, and what became of it."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from email.utils import format_datetime
from typing import Any

import httpx

from app.connectors.base import Connector
from app.domain.clock import Clock, FakeClock, SystemClock
from app.domain.errors import ConnectorError, RateLimited, SeamlineError
from tests.faults.faults import FAULTS, Fault, Road, Scene
from tests.faults.operations import Operation, Service, Stage, asked
from tests.faults.server import Answer, FaultServer, SilentServer, as_json, of_somebody_else

NOWHERE = "nowhere.invalid"
SOUND = Fault("sound", "no fault")
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What an operation came to: what it gave, and where it failed the error in domain’s words.

    ``kept`` is the result, or what was handed over before the failure. In ``message`` and ``hint``
    the server is called HOST, a time of day TIME, a status STATUS and the service’s own words SAID.
    ``rest`` is how many seconds it wants to be left alone. ``asked`` counts the requests that
    reached the server.
    """

    kept: tuple[str, ...] = ()
    error: str = ""
    retryable: bool = False
    reached: bool = False
    message: str = ""
    hint: str = ""
    rest: int | None = None
    asked: int = 0


async def drive(service: Service, operation: Operation, fault: Fault) -> Seen:
    """Run the operation on a server with this fault."""
    respond = _responder(service, operation, fault)
    clock = FakeClock(service.now + fault.ahead)
    opened: list[Connector] = []
    kept: list[str] = []
    async with _road(fault.road, respond) as (address, server):

        def connector() -> Connector:
            made = service.connector(address, clock)
            opened.append(made)
            return made

        stage = Stage(address, clock, service.now + fault.stamped_ahead, connector, kept)
        try:
            async with asyncio.timeout(_PATIENCE):
                result = await operation.run(stage)
        except SeamlineError as error:
            told = _told(error, clock if opened else SystemClock(), _plain(address, service.said))
            return replace(told, kept=_once(kept), asked=len(server.requests))
        else:
            return Seen(_once(result), asked=len(server.requests))
        finally:
            for one in opened:
                await one.close()


@asynccontextmanager
async def _road(
    road: Road, respond: Callable[[httpx.Request], Answer | list[Answer]]
) -> AsyncIterator[tuple[str, FaultServer]]:
    """The address that connectors are given, and the server that is, or is not, behind it."""
    tls = of_somebody_else() if road is Road.FOREIGN else None
    server = SilentServer() if road is Road.SILENT else FaultServer(respond, tls)
    async with server:
        match road:
            case Road.NO_DNS | Road.NO_SUCH_NAME:
                address = f"https://{NOWHERE}"
            case Road.REFUSED:
                with socket.create_server(("127.0.0.1", 0)) as taken:
                    port = taken.getsockname()[1]
                address = f"http://127.0.0.1:{port}"
            case Road.NO_TLS | Road.FOREIGN | Road.SILENT:
                address = f"https://127.0.0.1:{server.port}"
            case Road.GOOD:
                address = f"http://127.0.0.1:{server.port}"
        yield address, server


def _responder(
    service: Service, operation: Operation, fault: Fault
) -> Callable[[httpx.Request], Answer | list[Answer]]:
    """Sound answers, but for the requests that the fault strikes in this operation."""
    routes = service.routes()
    struck: dict[str, Any] = {}
    count = 0

    def sound(request: httpx.Request) -> Any:
        for pattern, make in routes.items():
            if re.fullmatch(pattern, asked(request)):
                return make(request)
        raise AssertionError(f"the sound server was asked for {asked(request)}")

    def dated(answer: Answer) -> Answer:
        date = format_datetime(service.now, usegmt=True)
        return answer.but(headers={"date": date, **answer.headers})

    def strike(request: httpx.Request, value: Any) -> Answer:
        nonlocal count
        first = struck.setdefault(asked(request), value)
        scene = Scene(value, first, service.now, count, service.words)
        count += 1
        assert fault.strikes is not None
        return fault.strikes(scene)

    def respond(request: httpx.Request) -> Answer | list[Answer]:
        value = sound(request)
        hit = service.strikes(operation, fault, request)
        if "sec-websocket-key" in request.headers:
            messages = [as_json(one) for one in value]
            if hit:
                bad = strike(request, value[0])
                if bad.status != httpx.codes.OK or bad.unread or _says_nothing(bad):
                    return dated(bad)
                messages[0] = bad
            return messages
        return dated(strike(request, value) if hit else as_json(value))

    return respond


def _once(told: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(told))


def _says_nothing(answer: Answer) -> bool:
    return answer.stop_at is not None and answer.stop_at < 0


def _plain(address: str, said: str) -> Callable[[str], str]:
    """Takes out of a sentence what is not the same in every run or for every fault."""
    host = address.partition("://")[2]

    def plain(text: str) -> str:
        text = text.replace(host, "HOST").replace(host.partition(":")[0], "HOST")
        text = re.sub(r"\b\d\d:\d\d\b", "TIME", text)
        return re.sub(r"(status|HTTP) \d{3}", r"\1 STATUS", re.sub(said, "SAID", text))

    return plain


def _told(error: SeamlineError, clock: Clock, plain: Callable[[str], str]) -> Seen:
    rest = None
    if isinstance(error, RateLimited):
        # A sign-in goes by the clock of the machine.
        now = clock.now()
        rest = 10 * round((error.retry_at - now).total_seconds() / 10)
    return Seen(
        error=_family(error),
        retryable=isinstance(error, ConnectorError) and error.retryable,
        reached=isinstance(error, ConnectorError) and error.reached,
        message=plain(error.message),
        hint=plain(error.hint),
        rest=rest,
    )


def _family(error: SeamlineError) -> str:
    """The name that ``app.domain.errors`` gives the error, whatever a connector calls its own."""
    return next(
        one.__name__ for one in type(error).__mro__ if one.__module__ == SeamlineError.__module__
    )


def fault_named(name: str) -> Fault:
    return next(one for one in FAULTS if one.name == name)
