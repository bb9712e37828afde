"""What people, their browsers and other pages can do while a Mastodon account is connected."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx

Act = Callable[[httpx.AsyncClient, str, str], Awaitable[list[int]]]
"""What comes back to our listener: told a browser, the listener’s address and our state; returns
the statuses that it was answered with."""


@dataclass(frozen=True, slots=True)
class Visit:
    """``code`` of ``verdicts.BROWSER``, or "ok"; ``answers`` are the statuses that the browser is
    shown, in order. ``listens``: whether this computer lets us listen at all."""

    name: str
    title: str
    code: str
    act: Act
    answers: tuple[int, ...] = ()
    listens: bool = True


def _gets(*queries: dict[str, str], path: str = "") -> Act:
    """Requests in this order; STATE stands for the right state."""

    async def act(browser: httpx.AsyncClient, back: str, state: str) -> list[int]:
        statuses = []
        for query in queries:
            params = {key: value.replace("STATE", state) for key, value in query.items()}
            statuses.append((await browser.get(f"{back}{path}", params=params)).status_code)
        return statuses

    return act


async def _posts(browser: httpx.AsyncClient, back: str, state: str) -> list[int]:
    answer = await browser.post(back, params={"code": "stolen", "state": state})
    return [answer.status_code]


async def _stays_away(_browser: httpx.AsyncClient, _back: str, _state: str) -> list[int]:
    return []


_AGREED = {"code": "agreed", "state": "STATE"}

VISITS = (
    Visit("agreed", "the person agrees", "ok", _gets(_AGREED), (200,)),
    Visit(
        "denied",
        "the person says no",
        "denied",
        _gets({"error": "access_denied", "state": "STATE"}),
        (200,),
    ),
    Visit(
        "no_code", "the page comes back without a code", "denied", _gets({"state": "STATE"}), (200,)
    ),
    Visit("no_answer", "the person closes the page", "nobody", _stays_away),
    Visit(
        "wrong_state",
        "an answer with another state, and none with ours",
        "nobody",
        _gets({"code": "stolen", "state": "guessed"}, {"code": "stolen"}),
        (400, 400),
    ),
    Visit(
        "forged_first",
        "an answer with another state, then the person agrees",
        "ok",
        _gets({"code": "stolen", "state": "guessed"}, _AGREED),
        (400, 200),
    ),
    Visit("posted", "an answer that is posted, as a form would", "nobody", _posts, (404,)),
    Visit(
        "other_path",
        "an answer at another path",
        "nobody",
        _gets(_AGREED, path="elsewhere"),
        (404,),
    ),
    Visit(
        "no_listener",
        "this computer lets nobody listen",
        "no-listener",
        _stays_away,
        listens=False,
    ),
)
