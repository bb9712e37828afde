"""Connecting through the browser: whatever comes back, one sentence, and only our state counts."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import httpx
import pytest

from app.connectors.base import SignIn
from app.connectors.channels.mastodon import sign_in_with_browser
from app.domain.errors import SeamlineError
from tests.faults.browser import VISITS, Visit
from tests.faults.mastodon import MASTODON
from tests.faults.operations import asked
from tests.faults.server import Answer, FaultServer, as_json
from tests.faults.verdicts import BROWSER


def _sound(request: httpx.Request) -> Answer:
    for pattern, make in MASTODON.routes().items():
        if re.fullmatch(pattern, asked(request)):
            return as_json(make(request))
    raise AssertionError(f"the sound server was asked for {asked(request)}")


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.name)
def test_what_comes_back_from_the_browser(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    statuses: list[int] = []
    exchanged: list[httpx.Request] = []

    async def run() -> tuple[str, SignIn | SeamlineError]:
        browsing: list[asyncio.Task[None]] = []

        async def browse(query: httpx.QueryParams) -> None:
            async with httpx.AsyncClient(trust_env=False) as browser:
                statuses.extend(await visit.act(browser, query["redirect_uri"], query["state"]))

        def open_browser(address: str) -> None:
            browsing.append(asyncio.create_task(browse(httpx.URL(address).params)))

        async with FaultServer(_sound) as server:
            host = f"127.0.0.1:{server.port}"
            if not visit.listens:
                monkeypatch.setattr(asyncio, "start_server", _nobody_listens)
            patience = 1.5 if visit.code == "nobody" else 20
            came: SignIn | SeamlineError
            try:
                came = await sign_in_with_browser(f"http://{host}", open_browser, patience=patience)
            except SeamlineError as error:
                came = error
            await asyncio.gather(*browsing)
            exchanged.extend(one for one in server.requests if one.url.path == "/oauth/token")
            return host, came

    host, came = asyncio.run(run())
    assert tuple(statuses) == visit.answers
    # A code is exchanged only when it came with our state.
    codes = [httpx.QueryParams(one.content.decode())["code"] for one in exchanged]
    if visit.code == "ok":
        assert isinstance(came, SignIn)
        assert codes == ["agreed"]
        return
    assert isinstance(came, SeamlineError)
    assert codes == []
    told = BROWSER[visit.code]
    assert type(came).__name__ == told.error
    assert (came.message.replace(host, "HOST"), came.hint) == (told.message, told.hint)


async def _nobody_listens(*_args: Any, **_kwargs: Any) -> Any:
    raise OSError(98, "Address already in use")
